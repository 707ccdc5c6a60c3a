import Capabilities
import Chronometry
import Procedures
import Registry

/// 检定能力: can each institution verify what it has to, today?
struct CoveragePages: Sendable {
    let catalogue: Catalogue

    func overview(_ report: CoverageReport) -> Page {
        let below = report.institutions.filter(\.isBelowTarget).count
        let answer: Markup =
            below == 0
            ? "<p class=\"big good\">✓ 全部达标 <small>all at their targets on \(report.day)</small></p>"
            : "<p class=\"big bad\">✗ \(below) 个机构低于目标 <small>below target on \(report.day)</small></p>"
        let rows = report.institutions.map { row($0, of: report.categories) }
        let lapsing = report.institutions.flatMap { coverage in
            (coverage.forecast?.changes ?? []).filter { !$0.isGained }.map { (coverage.institution, $0) }
        }
        .sorted { $0.1.day < $1.1.day }.map { institution, change -> Markup in
            let words: Bilingual? = change.cause?.text
            let cause: String = words?.zh ?? ""
            return """
                <tr><td>\(change.day)</td><td>\(institution.name.zh)</td><td>\(name(change.category))</td>\
                <td class="n">→ \(change.count)</td><td class="soft">\(cause)</td></tr>
                """
        }
        return Page(
            title: "今天各机构能检定多少类？", english: "How many categories can each institution verify today?",
            isDemonstration: report.institutions.contains(where: \.institution.isDemonstration),
            content: """
                \(answer)
                <table><tr><th>机构 institution</th><th>能力/目标</th><th></th><th>先到期 lapses next</th></tr>\(rows)</table>
                <h1>将失去的能力<small>what will lapse</small></h1>
                <table><tr><th>日期</th><th>机构</th><th>项目</th><th>余</th><th>原因</th></tr>\(lapsing)</table>
                <p class="soft">目标来源 targets: \(report.targetSource)</p>
                """)
    }

    private func row(_ coverage: InstitutionCoverage, of categories: Int) -> Markup {
        let target = coverage.target ?? 0
        let mark: Markup =
            coverage.isBelowTarget ? "<span class=\"bad\">✗</span>" : "<span class=\"good\">✓</span>"
        let scale = max(1, categories)
        let lapse: Markup =
            if let next = coverage.nextToLapse, let when = next.lapse {
                "\(when.lastDay) \(name(next.category))"
            } else { "" }
        return """
            <tr><td><a href="/coverage/\(coverage.institution.key)">\(coverage.institution.name.zh)</a></td>
            <td class="n">\(mark) \(coverage.count)/\(target)</td>
            <td><div class="bar"><i style="width:\(100 * coverage.count / scale)%"></i>\
            <u style="left:\(100 * target / scale)%"></u></div></td>
            <td class="soft">\(lapse)</td></tr>
            """
    }

    /// One institution, category by category, with the reason for each gap.
    func detail(_ coverage: InstitutionCoverage, on day: CivilDate) -> Page {
        let rows = coverage.capabilities.map { capability -> Markup in
            let state: Markup =
                capability.isCapable ? "<span class=\"good\">✓ 能</span>" : "<span class=\"bad\">✗ 不能</span>"
            let until: String = capability.lapse.map { "至 \($0.lastDay)：\($0.text.zh)" } ?? ""
            let gaps: [String] = capability.gaps.map(\.text.zh)
            let why: String = capability.isCapable ? until : gaps.joined(separator: "；")
            return "<tr><td>\(name(capability.category))</td><td>\(state)</td><td class=\"soft\">\(why)</td></tr>"
        }
        return Page(
            title: "\(coverage.institution.name.zh)今天能检定什么？", english: "What can it verify on \(day)?",
            isDemonstration: coverage.institution.isDemonstration,
            content: """
                <p class="big">\(coverage.count) / \(coverage.target ?? 0)</p>
                <table><tr><th>项目 category</th><th></th><th>依据或原因 until when, or why not</th></tr>\(rows)</table>
                """)
    }

    private func name(_ key: String) -> String {
        catalogue.entry(key)?.zh ?? key
    }
}
