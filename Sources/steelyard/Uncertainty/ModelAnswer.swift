import Metrology

extension ModelEvaluation {
    /// The answer of a case: every number, for programs.
    var answer: CaseValue {
        let names = model.inputs.map(\.name)
        var entries: [(String, CaseValue)] = [
            ("outputs", .mapping(first.outputs.indices.map { (first.outputs[$0].name, output($0)) })),
            (
                "inputs",
                .mapping(
                    model.inputs.map { input in
                        (
                            input.name,
                            .mapping([
                                ("y", .number(input.estimate)),
                                ("u", .number(model.standardUncertainty(of: input.name) ?? .nan)),
                            ])
                        )
                    })
            ),
        ]
        let pairs = model.correlatedPairs
        if !pairs.isEmpty {
            entries.append(
                (
                    "input_correlation",
                    Self.matrix(names.filter { name in pairs.contains { $0.a == name || $0.b == name } }) { a, b in
                        model.correlation(a, b)
                    }
                ))
        }
        if first.outputs.count > 1 {
            let outputs = first.outputs.map(\.name)
            func index(_ name: String) -> Int { outputs.firstIndex(of: name) ?? 0 }
            entries.append(("covariance", Self.matrix(outputs) { first.covariance(index($0), index($1)) }))
            entries.append(("correlation", Self.matrix(outputs) { first.correlation(index($0), index($1)) }))
            if let drawn = drawn ?? adaptive?.result {
                entries.append(
                    ("mcm_correlation", Self.matrix(outputs) { drawn.correlation(index($0), index($1)) }))
            }
            entries.append(
                (
                    "joint",
                    .list(
                        joint.map { region in
                            .mapping([
                                ("p", .number(region.p)), ("k_ellipse", .number(region.ellipseFactor)),
                                ("k_rect", .number(region.rectangleFactor)),
                            ])
                        })
                ))
        }
        return .mapping(entries)
    }

    private func output(_ index: Int) -> CaseValue {
        let output = first.outputs[index]
        func byInput(_ values: [Double]) -> CaseValue {
            .mapping(zip(model.inputs, values).map { ($0.name, .number($1)) })
        }
        var entries: [(String, CaseValue)] = [
            ("y", .number(output.estimate)), ("u", .number(output.standardUncertainty)),
        ]
        if model.outputs[index].unit != .one { entries.append(("unit", .text(model.outputs[index].unit.symbol))) }
        switch output.degreesOfFreedom {
        case .finite(let nu): entries.append(("nu_eff", .number(nu)))
        case .infinite: entries.append(("nu_eff", .null))
        case .undefined(let a, let b):
            entries += [
                ("nu_eff", .null),
                ("nu_eff_note", .text("not defined: '\(a)' and '\(b)' are correlated by a stated coefficient")),
            ]
        }
        entries += [
            ("sensitivity", byInput(output.sensitivities)), ("contribution", byInput(output.contributions)),
            ("share", byInput(output.shares)),
        ]
        if let expanded = expanded[index] {
            entries.append(
                (
                    "coverage",
                    .mapping(
                        [("k", .number(expanded.k)), ("U", .number(expanded.expanded))]
                            + (expanded.p.map { [("p", .number($0))] } ?? [])
                            + (expanded.degreesOfFreedom.map { [("nu_eff_used", .number($0))] } ?? []))
                ))
        }
        entries.append(("intervals", Self.intervals(intervals[index].map { ($0.p, $0.first) })))
        entries.append(("second_order", secondOrder(index)))
        if let drawn { entries.append(("mcm", Self.monteCarlo(drawn, index))) }
        if let adaptive { entries.append(("adaptive", Self.adaptive(adaptive, index))) }
        if let validation = validation[index] {
            entries.append(
                (
                    "validation",
                    .mapping(
                        [
                            ("delta", .number(validation.first.tolerance)),
                            ("first_order", .boolean(validation.first.isValid)),
                            ("d_low", .number(validation.first.differences.low)),
                            ("d_high", .number(validation.first.differences.high)),
                        ] + (validation.second.map { [("higher_order", .boolean($0.isValid))] } ?? []))
                ))
        }
        return .mapping(entries)
    }

    private func secondOrder(_ index: Int) -> CaseValue {
        guard let second = second[index] else {
            return .mapping([("note", .text("the model has no finite second derivative at the estimates"))])
        }
        var entries: [(String, CaseValue)] = [("y", .number(second.estimate))]
        entries.append(("u", second.standardUncertainty.map { .number($0) } ?? .null))
        if let note = second.note { entries.append(("note", .text(note))) }
        entries.append(("intervals", Self.intervals(intervals[index].map { ($0.p, $0.second) })))
        return .mapping(entries)
    }

    private static func intervals(_ intervals: [(Double, CoverageInterval?)]) -> CaseValue {
        .list(
            intervals.compactMap { p, interval in
                interval.map { .mapping([("p", .number(p)), ("guf", ends($0))]) }
            })
    }

    private static func ends(_ interval: CoverageInterval) -> CaseValue {
        .list([.number(interval.low), .number(interval.high)])
    }

    private static func monteCarlo(_ drawn: MonteCarloResult, _ index: Int) -> CaseValue {
        let output = drawn.outputs[index]
        let errors = output.standardErrors
        return .mapping([
            ("trials", .integer(drawn.trials)), ("seed", .text(String(drawn.seed))), ("mean", .number(output.mean)),
            ("std", .number(output.standardDeviation)), ("median", .number(output.median)),
            (
                "intervals",
                .list(
                    output.intervals.map { interval in
                        .mapping([
                            ("p", .number(interval.p)), ("symmetric", ends(interval.symmetric)),
                            ("shortest", ends(interval.shortest)),
                        ])
                    })
            ),
            (
                "standard_error",
                .mapping([
                    ("mean", .number(errors.mean)), ("std", .number(errors.standardDeviation)),
                    ("ends", .list(errors.ends.map { .list([.number($0.low), .number($0.high)]) })),
                ])
            ),
        ])
    }

    private static func adaptive(_ adaptive: AdaptiveResult, _ index: Int) -> CaseValue {
        guard case .mapping(let entries) = monteCarlo(adaptive.result, index) else { return .null }
        let quality = adaptive.quality[index]
        return .mapping(
            entries + [
                ("delta", .number(quality.tolerance)), ("reached", .number(quality.reached)),
                ("stable", .boolean(adaptive.isStable)),
            ])
    }

    private static func matrix(_ names: [String], _ value: (String, String) -> Double?) -> CaseValue {
        .mapping(
            names.map { row in
                (
                    row,
                    .mapping(
                        names.compactMap { column in
                            value(row, column).map { (column, .number($0)) }
                        })
                )
            })
    }
}
