public import Chronometry
import Procedures
public import Registry

/// What the institutes can verify on one day, against their targets.
public struct CoverageReport: Sendable {
    public let day: CivilDate
    public let unit: CountingUnit
    /// How many categories there are to cover that day, in that unit.
    public let categories: Int
    /// Where the targets come from.
    public let targetSource: String
    /// The city first, then the counties in order of their keys.
    public let institutions: [InstitutionCoverage]
}

public struct InstitutionCoverage: Sendable {
    public let institution: Institution
    public let target: Int?
    /// Categories it can verify, in the report's unit.
    public let count: Int
    /// One for each entry of the catalogue that is verified compulsorily that day, in its order.
    public let capabilities: [Capability]
    /// What is missing least, cheapest first: entries the institute could gain by its own doing.
    public let remedies: [Capability]
    public let forecast: CoverageForecast?

    public var isBelowTarget: Bool { target.map { count < $0 } ?? false }

    /// The capability that lapses first.
    public var nextToLapse: Capability? {
        capabilities.filter { $0.lapse != nil }.min {
            guard let a = $0.lapse, let b = $1.lapse else { return false }
            return a.lastDay < b.lastDay
        }
    }
}

/// How the count moves until a later day if nothing new is brought about.
public struct CoverageForecast: Sendable {
    public struct Change: Hashable, Sendable {
        /// The first day on which it is so.
        public let day: CivilDate
        /// Key of the catalogue entry.
        public let category: String
        public let isGained: Bool
        /// What ended; nil for a gain.
        public let cause: Lapse?
        /// The count on that day, all its changes included.
        public let count: Int
    }

    public let day: CivilDate
    public let count: Int
    public let changes: [Change]
    /// The first day, from the report's own on, on which the count is under the target.
    public let belowTargetFrom: CivilDate?
}

public enum Coverage {
    /// - Parameters:
    ///   - region: code of a division: its institutes and those of the divisions in it; nil for all.
    ///   - forecastDays: how far to look ahead; nil for not at all.
    /// - Throws: ``CapabilitiesError`` where the region is unknown, or has no institute with a target.
    public static func report(
        _ facts: CoverageFacts, targets: CoverageTargets, region: String? = nil,
        on day: CivilDate, forecastDays: Int? = nil
    ) throws -> CoverageReport {
        if let days = forecastDays, days < 0 { throw CapabilitiesError.pastForecast(days: days) }
        let inside = try regions(within: region, facts)
        let chosen = facts.institutions.filter { institution in
            targets.target(of: institution.level) != nil
                && (inside.map { $0.contains(institution.region ?? "") } ?? true)
        }
        guard !chosen.isEmpty else { throw CapabilitiesError.noInstitution(region: region) }
        let counting = Counting(facts: facts, unit: targets.unit)
        return CoverageReport(
            day: day, unit: targets.unit, categories: counting.categories(on: day),
            targetSource: targets.source,
            institutions: chosen.sorted { rank($0) < rank($1) }
                .map { institution in
                    let target = targets.target(of: institution.level)
                    let capabilities = counting.capabilities(of: institution, on: day)
                    return InstitutionCoverage(
                        institution: institution, target: target,
                        count: counting.count(capabilities), capabilities: capabilities,
                        remedies: remedies(capabilities, facts.catalogue),
                        forecast: forecastDays.map {
                            counting.forecast(
                                institution, target: target, on: day,
                                to: day.advanced(byDays: $0), from: capabilities)
                        })
                })
    }

    private static func rank(_ institution: Institution) -> (Int, String) {
        (institution.level == .city ? 0 : 1, institution.key)
    }

    /// The codes of `region` and of everything in it; nil where no region is asked for.
    private static func regions(
        within region: String?, _ facts: CoverageFacts
    ) throws -> Set<String>? {
        guard let region else { return nil }
        guard facts.regions.contains(where: { $0.code == region }) else {
            throw CapabilitiesError.unknownRegion(code: region)
        }
        var inside: Set<String> = [region]
        // Regions stand in no order of depth, so that this is repeated until nothing is added.
        while true {
            let more = facts.regions.filter { inside.contains($0.parent ?? "") }.map(\.code)
            guard !inside.isSuperset(of: more) else { return inside }
            inside.formUnion(more)
        }
    }

    /// Fewest missing facts first; then what a livelihood depends on; then the catalogue's order.
    private static func remedies(
        _ capabilities: [Capability], _ catalogue: Catalogue
    ) -> [Capability] {
        let possible = capabilities.filter { capability in
            !capability.isCapable && capability.gaps.allSatisfy(\.isInInstitutesHands)
        }
        func rank(_ index: Int) -> (Int, Int, Int) {
            let capability = possible[index]
            let isLivelihood = catalogue.entry(capability.category)?.isLivelihood == true
            return (capability.missingFacts, isLivelihood ? 0 : 1, index)
        }
        return possible.indices.sorted { rank($0) < rank($1) }.map { possible[$0] }
    }
}
