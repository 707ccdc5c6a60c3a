import Metrology
import Procedures

/// A procedure as a person reads it before approving it.
struct ProcedureText {
    private let procedure: Procedure

    init(_ procedure: Procedure) { self.procedure = procedure }

    var text: String {
        var lines = [
            "\(procedure.number)  \(procedure.title.zh)  \(procedure.title.en)",
            "施行 in force from \(procedure.inForceFrom.map { "\($0)" } ?? "? (not known)")  复核 review: \(procedure.review)",
            "来源 source: \(procedure.source)", "sha256 \(procedure.digest)",
            "阶段 stages: " + procedure.stages.map { "\($0.words.zh) \($0.words.en)" }.joined(separator: ", "),
        ]
        lines.append("\n铭牌 nameplate")
        lines += procedure.nameplate.map {
            "  \($0.name): \($0.words.zh) \($0.words.en)\(allowed($0))  \(source($0.provenance))"
        }
        for value in procedure.derived {
            for line in value.cases {
                lines.append(
                    "  \(value.name) = \(line.formula.text) (\(value.unit))\(when(line.applies))  \(value.words.zh) \(value.words.en)"
                )
            }
        }
        lines.append("\n条件 conditions")
        lines += procedure.conditions.map { condition in
            let within =
                condition.within.map { "\($0.lowerBound) … \($0.upperBound) \(condition.unit)" }
                ?? "recorded in \(condition.unit)"
            return "  \(condition.words.zh) \(condition.words.en): \(within)  \(source(condition.provenance))"
        }
        lines.append("\n标准 standards")
        lines += procedure.standards.map { rule in
            let fitness = rule.fitness.map {
                ": at most \(Reporting.rounded($0.fraction, places: 3) ?? ExactDecimal(1)) of the limit of \($0.test).\($0.result)  \(source($0.provenance))"
            }
            return "  \(rule.role): \(rule.words.zh) \(rule.words.en) (\(rule.unit))\(fitness ?? "")"
        }
        lines.append("\n检查 checks")
        lines += procedure.checks.map { "  \($0.words.zh) \($0.words.en)\(when($0.applies))  \(source($0.provenance))" }
        for test in procedure.tests { lines += self.lines(of: test) }
        lines.append("\n有效期 validity")
        lines += procedure.validity.map { line in
            "  \(line.kind.rawValue) \(line.months.map { "\($0) months at most" } ?? "")\(when(line.applies))  \(source(line.provenance))"
        }
        lines.append("\n结论 wording: \(procedure.conformingWording.zh) / \(procedure.notConformingWording.zh)")
        lines += procedure.unknown.map { "未转录 not transcribed: \($0)" }
        lines += procedure.notes.map { "注 note: \($0.zh == $0.en ? $0.en : "\($0.zh) \($0.en)")" }
        return lines.joined(separator: "\n")
    }

    private func lines(of test: Procedure.Test) -> [String] {
        var lines = [
            "\n试验 test \(test.id): \(test.words.zh) \(test.words.en)\(when(test.applies))  \(source(test.provenance))"
        ]
        lines.append("  点 points: \(points(test))")
        if !test.strokes.isEmpty { lines.append("  行程 strokes: \(test.strokes.joined(separator: ", "))") }
        let times =
            test.repeats.lowerBound == test.repeats.upperBound
            ? "\(test.repeats.lowerBound)" : "at least \(test.repeats.lowerBound)"
        lines.append("  次数 readings of each: \(times)")
        lines += test.readings.map { "  读数 \($0.name): \($0.words.zh) \($0.words.en) (\($0.unit))" }
        for result in test.results {
            lines.append(
                "  结果 \(result.id) = \(result.formula.text) (\(result.unit)), per \(result.reach.rawValue)\(when(result.applies))  \(result.words.zh) \(result.words.en)"
            )
            if let step = result.roundedTo { lines.append("      rounded to \(step.text) before it is compared") }
            lines += result.limits.map { "      \(bounds($0.bounds))\(when($0.applies))  \(source($0.provenance))" }
        }
        return lines
    }

    private func points(_ test: Procedure.Test) -> String {
        let unit = test.setting.map { " \($0.unit)" } ?? ""
        switch test.points {
        case .none: return "the whole instrument"
        case .unknown(let why): return "not transcribed: \(why)"
        case .evenly(let count, let from, let to): return "\(count), evenly from \(from.text) to \(to.text)"
        case .chosen(let least, let from, let to, let including):
            return "\(least) at least" + (from.map { " from \($0.text)" } ?? "") + (to.map { " to \($0.text)" } ?? "")
                + (including.isEmpty ? "" : ", among them " + including.map(\.text).joined(separator: ", "))
        case .listed(let points):
            return points.map { point in
                guard let from = point.from, let to = point.to else { return point.id }
                return from.text == to.text ? "\(point.id) = \(from.text)" : "\(point.id) = \(from.text) … \(to.text)"
            }.joined(separator: ", ") + unit
        }
    }

    private func bounds(_ bounds: Procedure.Limit.Bounds) -> String {
        switch bounds {
        case .symmetric(let formula): "± \(formula.text)"
        case .between(let lower, let upper):
            [lower.map { "≥ \($0.text)" }, upper.map { "≤ \($0.text)" }].compactMap { $0 }.joined(separator: ", ")
        case .none: "not limited"
        case .unknown(let why): "未转录 not transcribed: \(why)"
        }
    }

    private func when(_ applies: Applicability) -> String {
        applies.requirements.isEmpty
            ? ""
            : "  [" + applies.requirements.map { "\($0.name) \(requirement($0.requirement))" }.joined(separator: ", ")
                + "]"
    }

    private func requirement(_ requirement: Applicability.Requirement) -> String {
        switch requirement {
        case .isOneOf(let words): words.joined(separator: "/")
        case .equals(let formulas): "= " + formulas.map(\.text).joined(separator: "/")
        case .range(let atLeast, let above, let atMost, let below):
            [
                atLeast.map { "≥ \($0.text)" }, above.map { "> \($0.text)" }, atMost.map { "≤ \($0.text)" },
                below.map { "< \($0.text)" },
            ]
            .compactMap { $0 }.joined(separator: " ")
        }
    }

    private func allowed(_ item: Procedure.NameplateItem) -> String {
        switch item.values {
        case .numbers(let unit, let oneOf, _):
            (oneOf.isEmpty ? "" : " " + oneOf.map { "\($0)" }.joined(separator: "/")) + (unit == .one ? "" : " \(unit)")
        case .words(let words): " " + words.joined(separator: "/")
        }
    }

    private func source(_ provenance: Procedure.Provenance) -> String {
        "[\(provenance.confidence.rawValue): \(provenance.source)]"
    }
}
