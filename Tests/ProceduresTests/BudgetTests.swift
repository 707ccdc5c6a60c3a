import Metrology
import Procedures
import Testing

/// Uncertainties of results against sums written out here.
@Suite struct BudgetTests {
    private func outcome(_ influences: String, factor: String = "k: 2", extra: String = "", shown: String) throws
        -> ProcedureOutcome.Value
    {
        let procedure = try procedure(
            tests: """
                - id: t
                  zh: 试
                  en: trial
                  source: trial
                  confidence: high
                  repeats: {at_least: 1}
                  readings:
                    shown: {zh: 示值, en: shown, unit: kPa, resolution: 0.1 kPa}
                    given: {zh: 标准值, en: reference, unit: kPa, standard: reference}
                  results:
                    - {id: error, zh: 误差, en: error, formula: shown - given, unit: kPa}
                    - {id: mean_error, zh: 平均误差, en: mean error, per: point, formula: mean(error), unit: kPa, within: 1 kPa}
                  uncertainty:
                    - {of: mean_error, model: shown - given, \(factor), influences: [\(influences)]}
                """)
        let text = """
            nameplate: {}
            standards: {reference: {U: 0.2 %, k: 2}}
            \(extra)
            tests: {t: [{shown: [\(shown)], given: [\(shown.split(separator: ",").map { _ in "100" }.joined(separator: ", "))]}]}
            """
        let found = try procedure.evaluate(data(text, procedure)).values("mean_error", of: "t")
        return try #require(found.first)
    }

    private func u(_ value: ProcedureOutcome.Value) -> Double { (value.expandedUncertainty ?? .nan) / 2 }

    @Test func aCertificateInPartsOfTheValue() throws {
        let value = try outcome(
            "{input: given, kind: certificate, standard: reference, zh: 标, en: s}", shown: "100.1, 100.3")
        #expect(abs(u(value) - 0.1) < 1e-12)
        #expect(abs(value.value - 0.2) < 1e-9)
    }

    /// Equal readings round alike: four are known no better than one.
    @Test func theStepOfTheMeanOfFour() throws {
        let value = try outcome("{input: shown, kind: resolution, zh: 分, en: r}", shown: "100.1, 100.3, 100.2, 100.2")
        #expect(abs(u(value) - 0.1 / 12.0.squareRoot()) < 1e-12)
    }

    @Test func theScatterOfItsOwnReadings() throws {
        let value = try outcome(
            "{input: shown, kind: repeatability, of: shown, zh: 重, en: s}", shown: "100.1, 100.3, 100.2")
        let budget = try #require(value.budget)
        #expect(abs(budget.combined / 1000 - 0.1 / 3.0.squareRoot()) < 1e-9)
        // Two degrees of freedom at 95.45 %: 4.53 (JCGM 100, table G.2).
        #expect(abs(budget.k - 4.53) < 0.005)
        #expect(abs((value.budget?.effectiveDegreesOfFreedom ?? 0) - 2) < 1e-9)
    }

    @Test func theInstitutesOwnScatterAndStudent() throws {
        let value = try outcome(
            "{input: mean_error, kind: repeatability, of: error, zh: 重, en: s}", factor: "coverage: 95 %",
            extra: "repeatability: {t.error: {s: 0.3 kPa, n: 10}}", shown: "100.1")
        // t of 9 degrees of freedom, 95 % on both sides: 2.262 (JCGM 100, table G.2).
        #expect(abs((value.expandedUncertainty ?? 0) - 2.262 * 0.3) < 2e-4)
        #expect(abs((value.budget?.k ?? 0) - 2.262) < 5e-4)
    }

    @Test func widthsOfEachShape() throws {
        let shapes: [(String, Double)] = [
            ("rectangular, half_width: 0.3 kPa", 3), ("triangular, half_width: 0.3 kPa", 6),
            ("arcsine, half_width: 0.3 kPa", 2),
        ]
        for (shape, divisor) in shapes {
            let value = try outcome(
                "{input: given, kind: \(shape), zh: 宽, en: w, source: x, confidence: high}", shown: "100")
            #expect(abs(u(value) - 0.3 / divisor.squareRoot()) < 1e-12)
        }
        let value = try outcome(
            "{input: given, kind: expanded, expanded: 0.3 kPa, k: 3, zh: 扩, en: e, source: x, confidence: high}",
            shown: "100")
        #expect(abs(u(value) - 0.1) < 1e-12)
    }

    @Test func aScatterThatNobodyKnowsIsAskedFor() throws {
        #expect(throws: ReadingsFault.self) {
            try outcome("{input: shown, kind: repeatability, of: shown, zh: 重, en: s}", shown: "100.1")
        }
    }
}
