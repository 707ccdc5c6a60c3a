import Metrology
import Testing

/// One line of a budget, in percent of the volume.
private struct BudgetLine {
    let name: String
    let input: String
    let evaluation: Influence.Evaluation
    let standardUncertainty: Double
    let contribution: Double
}

private struct WaterCase: CustomTestStringConvertible {
    let key: String
    let volume: Double
    let lines: [BudgetLine]
    let combined: Double
    let expanded: Double
    let printed: String
    let limit: Double
    let error: Double
    let verdict: Verdict
    var testDescription: String { key }
}

/// Cases `water-DN20-Q3` and `water-DN20-Q1` of the reference collection `uncertainty-cases.yaml`:
/// a DN20 class 2 meter by the collection method, u and U in percent, k = 2.
private let waterCases = [
    WaterCase(
        key: "water-DN20-Q3", volume: 0.1,
        lines: [
            BudgetLine(
                name: "bench, U = 0.2 %, k = 2", input: "reference", evaluation: .typeB,
                standardUncertainty: TypeB.certificate(expanded: 0.2, k: 2), contribution: 0.1),
            BudgetLine(
                name: "two readings of a 0.05 L scale", input: "indicated", evaluation: .typeB,
                standardUncertainty: TypeB.rectangular(halfWidth: 0.03535533905932738), contribution: 0.0204124),
            BudgetLine(
                name: "repeatability", input: "indicated", evaluation: .typeA, standardUncertainty: 0.1,
                contribution: 0.1),
            BudgetLine(
                name: "1 °C between meter and bench, 0.02 %/°C", input: "indicated", evaluation: .typeB,
                standardUncertainty: TypeB.rectangular(halfWidth: 0.02), contribution: 0.011547),
        ],
        combined: 0.143353, expanded: 0.286705, printed: "0.29", limit: 2, error: 1.2, verdict: .conforming),
    WaterCase(
        key: "water-DN20-Q1", volume: 0.01,
        lines: [
            BudgetLine(
                name: "bench, U = 0.2 %, k = 2", input: "reference", evaluation: .typeB,
                standardUncertainty: TypeB.certificate(expanded: 0.2, k: 2), contribution: 0.1),
            BudgetLine(
                name: "two readings of a 0.05 L scale", input: "indicated", evaluation: .typeB,
                standardUncertainty: TypeB.rectangular(halfWidth: 0.3535533905932738), contribution: 0.204124),
            BudgetLine(
                name: "repeatability", input: "indicated", evaluation: .typeA, standardUncertainty: 0.3,
                contribution: 0.3),
        ],
        combined: 0.376386, expanded: 0.752773, printed: "0.75", limit: 5, error: -5.2, verdict: .notConforming),
]

@Suite struct PropagationTests {
    @Test(arguments: waterCases)
    private func `the budget of a water meter`(water: WaterCase) throws {
        let formula = try Formula("(indicated - reference) / reference")
        // The case states its sensitivities as -1 and 1, which they are where the error is zero.
        let result = try formula.propagate(
            ["indicated": water.volume, "reference": water.volume],
            influences: water.lines.map {
                Influence(
                    name: $0.name, input: $0.input, evaluation: $0.evaluation,
                    standardUncertainty: $0.standardUncertainty / 100 * water.volume)
            })
        // The collection gives six digits.
        #expect(abs(result.combined * 100 - water.combined) < 5.1e-7)
        #expect(abs(result.expanded * 100 - water.expanded) < 5.1e-7)
        #expect(result.k == 2)
        #expect(result.effectiveDegreesOfFreedom == nil)
        #expect(result.contributions.count == water.lines.count)
        for (part, line) in zip(result.contributions, water.lines) {
            #expect(part.influence.name == line.name)
            #expect(abs(part.standardUncertainty * 100 - line.contribution) < 5.1e-7, "\(line.name)")
            #expect((part.sensitivity < 0) == (line.input == "reference"))
        }
        #expect(abs(result.contributions.reduce(0) { $0 + $1.share } - 1) < 1e-12)

        let expanded = result.expanded * 100
        let places = Reporting.places(forUncertainty: expanded)
        #expect(Reporting.rounded(expanded, places: places)?.description == water.printed)
        for rule in DecisionRule.allCases {
            #expect(
                Conformity.decide(
                    error: water.error, limits: ErrorLimits(symmetric: water.limit), expandedUncertainty: expanded,
                    rule: rule) == water.verdict)
        }
    }

    @Test func `effective degrees of freedom by Welch and Satterthwaite`() throws {
        // The grouped contributions of JCGM 100, H.1.
        let lines: [(String, Double, Double)] = [
            ("a", 25, 18), ("b", 9.7, 25.6), ("c", 2.9, 50), ("d", 16.6, 2),
        ]
        let formula = try Formula("a + b - c + d + e")
        let influences = lines.map {
            Influence(
                name: $0.0, input: $0.0, evaluation: .typeA, standardUncertainty: $0.1, degreesOfFreedom: $0.2)
        }
        let values = ["a": 0.0, "b": 0, "c": 0, "d": 0, "e": 0]
        let result = try formula.propagate(values, influences: influences, k: 2.92)
        #expect(abs(result.combined - 31.67112249352713) < 1e-12)
        #expect(abs(try #require(result.effectiveDegreesOfFreedom) - 16.76455398091716) < 1e-11)
        #expect(result.expanded == 2.92 * result.combined)

        // An influence of infinite degrees adds to u and to ν_eff, never to the sum below.
        let wider = try formula.propagate(
            values,
            influences: influences + [
                Influence(name: "e", input: "e", evaluation: .typeB, standardUncertainty: 40)
            ])
        let ratio = wider.combined / result.combined
        #expect(
            abs(try #require(wider.effectiveDegreesOfFreedom) / 16.76455398091716 - ratio * ratio * ratio * ratio)
                < 1e-12)
    }

    @Test func `several influences on one input, and none`() throws {
        let formula = try Formula("2 * x")
        let pair = ["first", "second"].map {
            Influence(
                name: $0, input: "x", evaluation: .typeB, standardUncertainty: $0 == "first" ? 3 : 4)
        }
        let result = try formula.propagate(["x": 1], influences: pair)
        #expect(result.estimate == 2)
        #expect(result.combined == 10)
        #expect(result.contributions.map(\.share) == [0.36, 0.64])
        let none = try formula.propagate(["x": 1], influences: [])
        #expect(none.combined == 0)
        #expect(none.effectiveDegreesOfFreedom == nil)
    }

    @Test func `an influence on nothing is an error`() throws {
        let formula = try Formula("2 * x")
        let influence = Influence(name: "drift", input: "y", evaluation: .typeB, standardUncertainty: 1)
        let error = #expect(throws: FormulaError.self) {
            try formula.propagate(["x": 1, "y": 1], influences: [influence])
        }
        #expect(error?.message == "the influence 'drift' acts on 'y', which the model does not use")
    }

    @Test func `the combined uncertainty is what random draws scatter by`() throws {
        let formula = try Formula("(indicated - reference) / reference * (1 + 0.0002 * dt)")
        let estimates = ["indicated": 0.1012, "reference": 0.1, "dt": 1.5]
        let spreads = ["indicated": 1e-4, "reference": 5e-5, "dt": 0.3]
        let result = try formula.propagate(
            estimates,
            influences: spreads.sorted { $0.key < $1.key }.map {
                Influence(name: $0.key, input: $0.key, evaluation: .typeA, standardUncertainty: $0.value)
            })
        var generator = SeededGenerator(seed: 1059)
        let draws = try (0..<40_000).map { _ in
            var point: [String: Double] = [:]
            for name in formula.names {
                point[name] = (estimates[name] ?? 0) + (spreads[name] ?? 0) * generator.normal()
            }
            return try formula.evaluate(point).value
        }
        // A standard deviation of 40 000 draws is itself known to 0.35 %.
        let spread = try #require(experimentalStandardDeviation(draws))
        #expect(abs(spread / result.combined - 1) < 0.018)
    }

    @Test func `standard uncertainties from what is known`() {
        #expect(abs(TypeB.rectangular(halfWidth: 3) - 1.7320508075688772) < 1e-15)
        #expect(abs(TypeB.resolution(0.12) - 0.034641016151377546) < 1e-16)
        #expect(TypeB.certificate(expanded: 0.5, k: 2.5) == 0.2)
        #expect(experimentalStandardDeviation([]) == nil)
        #expect(experimentalStandardDeviation([1]) == nil)
        #expect(experimentalStandardDeviation([10_000_001, 10_000_003, 10_000_002]) == 1)
        #expect(experimentalStandardDeviation([2, 2, 2]) == 0)
    }
}
