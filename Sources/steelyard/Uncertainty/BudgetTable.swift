import Capabilities
import Metrology

/// The budget of each output: a table for the terminal, or a page.
struct BudgetTable {
    private let evaluation: ModelEvaluation
    private var model: MeasurementModel { evaluation.model }

    init(_ evaluation: ModelEvaluation) {
        self.evaluation = evaluation
    }

    var text: String {
        evaluation.first.outputs.indices.map { index in
            var lines = ["\(model.outputs[index].name) = \(model.outputs[index].formula.text)", ""]
            lines.append(TextTable(head: Self.head, rows: rows(index)).text)
            lines.append("")
            lines += statements(index)
            return lines.joined(separator: "\n")
        }
        .joined(separator: "\n\n") + jointLines.map { "\n\($0)" }.joined()
    }

    /// A page that needs nothing beside it.
    var html: String {
        let sections = evaluation.first.outputs.indices.map { index in
            let head = Self.head.map { "<th>\(Self.escaped($0))</th>" }.joined()
            let body = rows(index).map { row in
                "<tr>"
                    + row.enumerated().map { $0 == 0 ? "<th>\(Self.escaped($1))</th>" : "<td>\(Self.escaped($1))</td>" }
                    .joined() + "</tr>"
            }
            .joined(separator: "\n")
            let notes = statements(index).map { "<p>\(Self.escaped($0))</p>" }.joined(separator: "\n")
            return """
                <h2>\(Self.escaped(model.outputs[index].name)) = \(Self.escaped(model.outputs[index].formula.text))</h2>
                <table><thead><tr>\(head)</tr></thead><tbody>
                \(body)
                </tbody></table>
                \(notes)
                """
        }
        return """
            <!doctype html>
            <html lang="en"><head><meta charset="utf-8"><title>Uncertainty budget</title>
            <style>
            body { font: 15px/1.5 "Noto Sans", "Noto Sans CJK SC", sans-serif; margin: 2rem auto; max-width: 60rem; color: #1b2430; }
            table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
            th, td { padding: .3rem .6rem; border-bottom: 1px solid #d5dbe3; text-align: right; }
            th:first-child { text-align: left; } h2 { font-size: 1.1rem; } p { margin: .3rem 0; }
            </style></head><body>
            \(sections.joined(separator: "\n"))
            \(jointLines.map { "<p>\(Self.escaped($0))</p>" }.joined(separator: "\n"))
            </body></html>
            """
    }

    private static let head = ["quantity", "estimate", "unit", "u", "ν", "distribution", "c", "|c|·u", "share"]

    private func rows(_ index: Int) -> [[String]] {
        let output = evaluation.first.outputs[index]
        return zip(model.inputs.indices, model.inputs).flatMap { position, input in
            let u = model.standardUncertainty(of: input.name) ?? .nan
            let single = input.components.count == 1
            let whole = [
                input.name, BudgetNumbers.toThePlace(input.estimate, of: u), input.unit.symbol,
                BudgetNumbers.significant(u, 2),
                single ? BudgetNumbers.degreesOfFreedom(input.components[0].degreesOfFreedom) : "",
                single ? Self.name(of: input.components[0].distribution) : "",
                BudgetNumbers.significant(output.sensitivities[position], 4),
                BudgetNumbers.significant(output.contributions[position], 2),
                BudgetNumbers.percent(output.shares[position]),
            ]
            if single { return [whole] }
            // The parts of an input with several influences stand under it, indented.
            return [whole]
                + input.components.map { part in
                    [
                        "  " + part.name, "", "",
                        BudgetNumbers.significant(abs(part.factor) * part.standardUncertainty, 2),
                        BudgetNumbers.degreesOfFreedom(part.degreesOfFreedom), Self.name(of: part.distribution), "", "",
                        "",
                    ]
                }
        }
    }

    private static func name(of distribution: InputDistribution) -> String {
        switch distribution {
        case .constant: "constant"
        case .normal: "normal"
        case .rectangular: "rectangular"
        case .triangular: "triangular"
        case .trapezoidal: "trapezoidal"
        case .arcsine: "arcsine"
        case .curvilinearTrapezoid: "curvilinear trapezoid"
        case .studentT, .studentTOfDeviation: "Student t"
        case .exponential: "exponential"
        case .gamma: "gamma"
        }
    }

    private func statements(_ index: Int) -> [String] {
        let output = evaluation.first.outputs[index]
        let unit = model.outputs[index].unit
        let symbol = unit == .one ? "" : " \(unit.symbol)"
        let u = output.standardUncertainty
        func value(_ x: Double, _ u: Double) -> String { BudgetNumbers.toThePlace(x, of: u) + symbol }
        let nu =
            switch output.degreesOfFreedom {
            case .finite(let nu): BudgetNumbers.degreesOfFreedom(nu)
            case .infinite: "∞"
            case .undefined(let a, let b): "not defined ('\(a)' and '\(b)' are correlated by a stated coefficient)"
            }
        var lines = [
            "\(output.name) = \(value(output.estimate, u)), u = \(BudgetNumbers.significant(u, 2))\(symbol), ν_eff = \(nu)"
        ]
        if let expanded = evaluation.expanded[index] {
            let probability = expanded.p.map { ", p = \(BudgetNumbers.shortest(100 * $0)) %" } ?? ""
            lines.append(
                "U = \(BudgetNumbers.significant(expanded.expanded, 2))\(symbol), k = \(BudgetNumbers.significant(expanded.k, 3))\(probability): "
                    + "\(output.name) = (\(BudgetNumbers.toThePlace(output.estimate, of: expanded.expanded)) ± "
                    + "\(BudgetNumbers.significant(expanded.expanded, 2)))\(symbol)")
        }
        if let second = evaluation.second[index] {
            let deviation = second.standardUncertainty.map { "u = \(BudgetNumbers.significant($0, 2))\(symbol)" }
            lines.append(
                "second order, beside it: \(output.name) = \(value(second.estimate, u)), \(deviation ?? second.note ?? "no u")"
            )
        }
        let runs = [("Monte Carlo", evaluation.drawn), ("adaptive Monte Carlo", evaluation.adaptive?.result)]
        for (name, run) in runs {
            guard let run else { continue }
            let drawn = run.outputs[index]
            lines.append(
                "\(name), \(run.trials) trials, seed \(run.seed): mean \(value(drawn.mean, u)), u = "
                    + "\(BudgetNumbers.significant(drawn.standardDeviation, 3))\(symbol)")
            for interval in drawn.intervals {
                let (s, h) = (interval.symmetric, interval.shortest)
                lines.append(
                    "  \(BudgetNumbers.shortest(100 * interval.p)) %: symmetric [\(value(s.low, u / 10)), \(value(s.high, u / 10))], "
                        + "shortest [\(value(h.low, u / 10)), \(value(h.high, u / 10))]")
            }
        }
        if let adaptive = evaluation.adaptive {
            let quality = adaptive.quality[index]
            lines.append(
                "  δ = \(BudgetNumbers.significant(quality.tolerance, 2)), reached "
                    + "\(BudgetNumbers.significant(quality.reached, 2))\(adaptive.isStable ? "" : ": NOT stable")")
        }
        if let validation = evaluation.validation[index] {
            let differences = validation.first.differences
            lines.append(
                "law of propagation \(validation.first.isValid ? "validated" : "NOT validated") by Monte Carlo (JCGM 101, clause 8): "
                    + "differences \(BudgetNumbers.significant(differences.low, 2)) and "
                    + "\(BudgetNumbers.significant(differences.high, 2)), δ = "
                    + BudgetNumbers.significant(validation.first.tolerance, 2))
        }
        return lines
    }

    private var jointLines: [String] {
        evaluation.joint.map { region in
            "all outputs together, \(BudgetNumbers.shortest(100 * region.p)) %: ellipsoid k = "
                + "\(BudgetNumbers.significant(region.ellipseFactor, 4)), rectangle k = "
                + BudgetNumbers.significant(region.rectangleFactor, 4)
        }
    }

    private static func escaped(_ text: String) -> String {
        text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
            .replacing("  ", with: "&emsp;")
    }
}
