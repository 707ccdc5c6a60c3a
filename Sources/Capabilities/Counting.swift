import Chronometry
import Procedures
import Registry

/// Counts capabilities in one unit, today and later.
struct Counting {
    let facts: CoverageFacts
    let unit: CountingUnit

    func capabilities(of institution: Institution, on day: CivilDate) -> [Capability] {
        required(on: day).map { facts.capability(of: institution, for: $0, on: day) }
    }

    func count(_ capabilities: [Capability]) -> Int {
        let capable = capabilities.filter(\.isCapable)
        switch unit {
        case .entry: return capable.count
        case .level1:
            return Set(capable.compactMap { facts.catalogue.entry($0.category)?.level1Zh }).count
        case .regulation: return Set(capable.flatMap(\.editions)).count
        }
    }

    /// How many there are at all.
    func categories(on day: CivilDate) -> Int {
        let entries = required(on: day)
        switch unit {
        case .entry: return entries.count
        case .level1: return Set(entries.map(\.level1Zh)).count
        case .regulation:
            return Set(entries.flatMap { facts.catalogue.editions(of: $0, on: day).map(\.number) }).count
        }
    }

    /// Walks through the days on which anything begins or ends.
    func forecast(
        _ institution: Institution, target: Int?, on day: CivilDate, to horizon: CivilDate,
        from today: [Capability]
    ) -> CoverageForecast {
        var changes: [CoverageForecast.Change] = []
        var (previous, count) = (today, count(today))
        var belowFrom = target.flatMap { count < $0 ? day : nil }
        for turning in facts.turningDays(of: institution, after: day, to: horizon) {
            let current = capabilities(of: institution, on: turning)
            count = self.count(current)
            if belowFrom == nil, let target, count < target { belowFrom = turning }
            let before = Dictionary(previous.map { ($0.category, $0) }) { first, _ in first }
            for capability in current {
                let former = before[capability.category]
                guard capability.isCapable != (former?.isCapable ?? false) else { continue }
                changes.append(
                    CoverageForecast.Change(
                        day: turning, category: capability.category,
                        isGained: capability.isCapable,
                        cause: capability.isCapable ? nil : former?.lapse, count: count))
            }
            previous = current
        }
        return CoverageForecast(
            day: horizon, count: count, changes: changes, belowTargetFrom: belowFrom)
    }

    private func required(on day: CivilDate) -> [CatalogueEntry] {
        facts.catalogue.entries.filter { facts.catalogue.requiresVerification($0, on: day) }
    }
}
