import Chronometry
public import Procedures
import Registry

extension CoverageReport {
    /// The report for a person.
    ///
    /// - Parameter detailed: code of a region whose institutes are listed category by category.
    public func text(_ catalogue: Catalogue, detailed: String? = nil) -> String {
        var lines = [
            "检定能力 / coverage  \(day)  计数单位 / unit: \(unit.name.zh) / \(unit.name.en)  "
                + "共 / of \(categories)",
            "",
            summary(catalogue).text,
        ]
        for coverage in institutions {
            let isDetailed = detailed != nil && coverage.institution.region == detailed
            let institution = coverage.institution
            lines += ["", "\(institution.key)  \(institution.name.zh) / \(institution.name.en)"]
            if isDetailed { lines.append(details(coverage, catalogue).text) }
            lines += forecast(coverage, catalogue)
            if !isDetailed { lines += remedies(coverage, catalogue) }
        }
        if institutions.contains(where: \.institution.isDemonstration) {
            lines += ["", "演示数据,非真实机构 / demonstration data: no real institute"]
        }
        return lines.joined(separator: "\n")
    }

    private func summary(_ catalogue: Catalogue) -> AlignedTable {
        var table = AlignedTable()
        table.add(["机构 / institute", "能检 / can", "目标 / target", "", "最先失效,最后一天 / next to lapse, last day"])
        for coverage in institutions {
            let target = coverage.target.map(String.init) ?? "–"
            let state = coverage.isBelowTarget ? "不足 / below" : "达标 / met"
            let next = coverage.nextToLapse.flatMap { capability in
                capability.lapse.map {
                    "\($0.lastDay)  \(name(capability.category, catalogue)): \($0.text.zh)"
                }
            }
            table.add([
                coverage.institution.name.zh, String(coverage.count), target, state, next ?? "–",
            ])
        }
        return table
    }

    private func details(_ coverage: InstitutionCoverage, _ catalogue: Catalogue) -> AlignedTable {
        var table = AlignedTable()
        for capability in coverage.capabilities {
            let name = name(capability.category, catalogue)
            if let lapse = capability.lapse {
                table.add(["  ✓", name, "至 / until \(lapse.lastDay)", "\(lapse.text.zh) / \(lapse.text.en)"])
            } else if capability.isCapable {
                table.add(["  ✓", name])
            } else {
                for (index, gap) in capability.gaps.enumerated() {
                    table.add([
                        index == 0 ? "  ✗" : "", index == 0 ? name : "", "",
                        "\(gap.text.zh) / \(gap.text.en)",
                    ])
                }
            }
        }
        return table
    }

    private func forecast(_ coverage: InstitutionCoverage, _ catalogue: Catalogue) -> [String] {
        guard let forecast = coverage.forecast else { return [] }
        var lines = ["  预测 / forecast  \(forecast.day): \(forecast.count)"]
        if let day = forecast.belowTargetFrom, let target = coverage.target {
            lines.append("  自 \(day) 起低于目标 \(target) / under the target of \(target) from \(day)")
        }
        var table = AlignedTable()
        for change in forecast.changes {
            table.add([
                "    \(change.day)", change.isGained ? "+" : "−", name(change.category, catalogue),
                "→ \(change.count)", change.cause.map { "\($0.text.zh) / \($0.text.en)" } ?? "",
            ])
        }
        return forecast.changes.isEmpty ? lines : lines + [table.text]
    }

    private func remedies(_ coverage: InstitutionCoverage, _ catalogue: Catalogue) -> [String] {
        let cheapest = coverage.remedies.prefix(3)
        guard !cheapest.isEmpty else { return [] }
        return ["  最易补齐 / cheapest to gain:"]
            + cheapest.map { capability in
                let gaps = capability.gaps.map { "\($0.text.zh) / \($0.text.en)" }
                return "    \(name(capability.category, catalogue)): \(gaps.joined(separator: "; "))"
            }
    }

    private func name(_ category: String, _ catalogue: Catalogue) -> String {
        catalogue.entry(category)?.zh ?? category
    }
}
