import DataFiles
import Metrology
import Procedures
import Testing

@Suite struct EvaluationTests {
    private static let plain = """
        - id: t
          zh: 试
          en: trial
          source: trial
          confidence: high
          setting: {name: p, zh: 压力, en: pressure, unit: kPa}
          points: {evenly: 3, from: "0[kPa]", to: "100[kPa]"}
          strokes: [rising, falling]
          readings:
            shown: {zh: 示值, en: indication, unit: kPa, resolution: 0.1 kPa}
          results:
            - {id: error, zh: 误差, en: error, formula: shown - p, unit: kPa, within: 0.5 kPa}
            - {id: corrected, zh: 修正, en: corrected, formula: "error - error[p1]", unit: kPa}
            - {id: hysteresis, zh: 回差, en: hysteresis, per: point, formula: "abs(shown[rising] - shown[falling])", unit: kPa, at_most: error_limit_least}
            - {id: worst, zh: 最大, en: worst, per: test, formula: "max(max(error), -min(error))", unit: kPa}
        """.replacing("error_limit_least", with: "min(error_limit)")

    private func lines(_ shown: [Double]) -> String {
        let places = [
            (0, "rising"), (50, "rising"), (100, "rising"), (100, "falling"), (50, "falling"), (0, "falling"),
        ]
        return "nameplate: {}\ntests:\n  t:\n"
            + zip(places, shown).map { "    - {at: \($0.0), stroke: \($0.1), shown: \($1)}\n" }.joined()
    }

    @Test func valuesStandAtTheirPlaces() throws {
        let procedure = try procedure(tests: Self.plain)
        let outcome = try procedure.evaluate(data(lines([0.1, 50.3, 100.2, 100.4, 50.6, 0.2]), procedure))
        let errors = outcome.values("error", of: "t")
        #expect(errors.map(\.point) == ["p1", "p2", "p3", "p3", "p2", "p1"])
        #expect(
            errors.map(\.verdict) == [.conforming, .conforming, .conforming, .conforming, .notConforming, .conforming])
        // Of the same stroke: 0.1 rising, 0.2 falling.
        let corrected = outcome.values("corrected", of: "t").map { ($0.value * 1e6).rounded() / 1e6 }
        #expect(corrected == [0, 0.2, 0.1, 0.2, 0.4, 0])
        let hysteresis = outcome.values("hysteresis", of: "t").map { ($0.value * 1e6).rounded() / 1e6 }
        #expect(hysteresis == [0.1, 0.3, 0.2])
        #expect(outcome.values("worst", of: "t").first.map { ($0.value * 1e6).rounded() / 1e6 } == 0.6)
        #expect(outcome.verdict == .notConforming)
    }

    /// 50.5 − 50 is 0.5 on paper, and in binary numbers of pascals it is not.
    @Test(arguments: [
        (50.5, Verdict.conforming), (50.500001, .notConforming), (49.5, .conforming), (49.499999, .notConforming),
    ])
    func aValueOnItsLimitIsInside(_ shown: Double, _ verdict: Verdict) throws {
        let procedure = try procedure(tests: Self.plain)
        let outcome = try procedure.evaluate(data(lines([0, shown, 100, 100, 50, 0]), procedure))
        #expect(outcome.values("error", of: "t")[1].verdict == verdict)
    }

    @Test func whatIsMissingIsNamed() throws {
        let procedure = try procedure(tests: Self.plain)
        func refusal(_ text: String) throws -> String {
            do {
                _ = try procedure.evaluate(data(text, procedure))
                return ""
            } catch { return "\(error)" }
        }
        #expect(try refusal("nameplate: {}\ntests: {}").contains("the test 't' (试 trial) has no readings"))
        #expect(
            try refusal("nameplate: {}\ntests: {t: [{at: 0, stroke: rising, shown: 0}]}").contains(
                "point p1: is read 1 times falling, and 0"))
        #expect(
            try refusal("nameplate: {}\ntests: {t: [{at: 25, stroke: rising, shown: 0}]}").contains("25: is no point"))
        #expect(
            try refusal("nameplate: {}\ntests: {t: [{at: 0, stroke: up, shown: 0}]}").contains(
                "no stroke 'up': it has rising, falling"))
        #expect(
            try refusal("nameplate: {}\ntests: {t: [{at: 0, stroke: rising, shown: 5 °C}]}").contains(
                "5 °C is no number of kPa"))
        #expect(
            try refusal("nameplate: {}\ntests: {t: [{at: 0, stroke: rising, shwn: 5}]}").contains(
                "did you mean 'shown'?"))
        #expect(try refusal("nameplate: {x: 1}\ntests: {}").contains("no nameplate value 'x'"))
    }

    /// GB/T 8170-2008, 3.2: a half goes to the even digit, whatever binary arithmetic left of it.
    @Test(arguments: [(0.05, 0.0), (0.15, 0.2), (0.25, 0.2), (0.35, 0.4), (-0.15, -0.2), (0.1499, 0.1), (0.2501, 0.3)])
    func roundingBeforeTheComparison(_ shown: Double, _ rounded: Double) throws {
        let procedure = try procedure(
            tests: """
                - id: t
                  zh: 试
                  en: trial
                  source: trial
                  confidence: high
                  readings: {shown: {zh: 示值, en: shown, unit: kPa}}
                  results: [{id: error, zh: 误差, en: error, formula: "shown - 100[kPa]", unit: kPa, rounded_to: 0.1 kPa, within: 0.2 kPa}]
                """)
        let text = Reporting.rounded(100 + shown, places: 6)?.description ?? ""
        let value = try procedure.evaluate(data("nameplate: {}\ntests: {t: [{shown: \(text)}]}", procedure)).values[0]
        #expect(abs(value.compared - rounded) < 1e-9)
        #expect(value.verdict == (abs(rounded) <= 0.2 ? .conforming : .notConforming))
    }

    @Test func unknownLimitsLeaveItOpen() throws {
        let procedure = try procedure(
            tests: """
                - id: t
                  zh: 试
                  en: trial
                  source: trial
                  confidence: high
                  readings: {shown: {zh: 示值, en: shown, unit: kPa}}
                  results: [{id: x, zh: 值, en: value, formula: shown, unit: kPa, unknown: not found}]
                """)
        #expect(procedure.unknown == ["t: limit of x: not found"])
        let outcome = try procedure.evaluate(data("nameplate: {}\ntests: {t: [{shown: 3}]}", procedure))
        #expect(outcome.verdict == .undetermined)
        #expect(outcome.values[0].missingLimit == "not found")
    }

    @Test func theFirstLineThatAppliesDecides() throws {
        let procedure = try procedure(
            nameplate: "{class: {zh: 级, en: class, choice: [A, B], source: x, confidence: high}}",
            tests: """
                - id: t
                  zh: 试
                  en: trial
                  source: trial
                  confidence: high
                  readings: {shown: {zh: 示值, en: shown, unit: kPa}}
                  results:
                    - id: x
                      zh: 值
                      en: value
                      formula: shown
                      unit: kPa
                      limits:
                        - {when: {class: A, stage: in-service}, at_most: 4 kPa}
                        - {when: {class: A, shown: {above: 10 kPa}}, none: recorded only}
                        - {when: {class: A}, at_most: 2 kPa, at_least: -1 kPa}
                """)
        func verdict(_ plate: String, _ stage: String, _ shown: String) throws -> Verdict? {
            try procedure.evaluate(
                data("stage: \(stage)\nnameplate: {class: \(plate)}\ntests: {t: [{shown: \(shown)}]}", procedure)
            ).values[0].verdict
        }
        #expect(try verdict("A", "in-service", "4") == .conforming)
        #expect(try verdict("A", "first", "4") == .notConforming)
        #expect(try verdict("A", "first", "-1") == .conforming)
        #expect(try verdict("A", "first", "-1.5 kPa") == .notConforming)
        #expect(try verdict("A", "first", "11") == nil)
        // No line applies: that is no pass.
        #expect(try verdict("B", "first", "1") == .undetermined)
    }

    @Test func zonesOfJJF1094TakeTheUncertainty() throws {
        func verdict(_ shown: String, _ decision: String) throws -> Verdict? {
            let procedure = try procedure(
                decision: decision,
                tests: """
                    - id: t
                      zh: 试
                      en: trial
                      source: trial
                      confidence: high
                      readings: {shown: {zh: 示值, en: shown, unit: kPa, standard: reference}}
                      results: [{id: x, zh: 值, en: value, formula: shown, unit: kPa, within: 1 kPa}]
                      uncertainty:
                        - {of: x, k: 2, influences: [{input: shown, kind: certificate, standard: reference, zh: 标准, en: standard}]}
                    """)
            let text = "nameplate: {}\nstandards: {reference: {U: 0.5 kPa, k: 2}}\ntests: {t: [{shown: \(shown)}]}"
            return try procedure.evaluate(data(text, procedure)).values[0].verdict
        }
        #expect(try verdict("0.9", "by-regulation") == .conforming)
        #expect(try verdict("0.9", "three-zones") == .undetermined)
        #expect(try verdict("0.5", "three-zones") == .conforming)
        #expect(try verdict("1.5", "three-zones") == .notConforming)
    }
}
