import DataFiles
import Foundation
import Procedures
import Testing

/// Files that are wrong in one place are refused there.
@Suite struct ProcedureFileTests {
    private static let test = """
        - id: t
          zh: 试
          en: trial
          source: trial
          confidence: high
          strokes: [rising, falling]
          repeats: 2
          readings: {shown: {zh: 示值, en: shown, unit: kPa}}
          results: [RESULT]
        """

    private func complaint(_ result: String, _ edit: (String) -> String = { $0 }) -> String {
        do {
            _ = try procedure(tests: edit(Self.test.replacing("RESULT", with: "{id: x, zh: 值, en: value, \(result)}")))
            return "accepted"
        } catch { return "\(error)" }
    }

    @Test func theFormulaIsCheckedBeforeAnythingIsRead() {
        #expect(complaint("formula: shown, unit: kPa") == "accepted")
        #expect(complaint("formula: shown, unit: MPa, within: 5 kPa") == "accepted")
        #expect(complaint("formula: shown, unit: K").contains("where K"))
        #expect(complaint("formula: shwn, unit: kPa").contains("'shwn' is not known here"))
        #expect(complaint("formula: shown + 1, unit: kPa").contains("cannot add unlike quantities"))
        #expect(complaint("formula: 'shown + 1[kPaa]', unit: kPa").contains("'kPaa' is not a unit known here"))
        #expect(complaint("formula: 'shown[upward]', unit: kPa").contains("no point or stroke 'upward'"))
        #expect(complaint("formula: shown, unit: kPa, within: 5 s").contains("where"))
        #expect(complaint("formula: shown, unit: kPa, within: 5").contains("where"))
        #expect(complaint("formula: shown, unit: kPa, within: 5 kPa, at_most: 3 kPa").contains("in one way only"))
        #expect(
            complaint("formula: shown, unit: kPa, limits: [{when: {stag: first}, within: 5 kPa}]").contains(
                "did you mean 'stage'?"))
        #expect(
            complaint("formula: shown, unit: kPa, limits: [{when: {stage: later}, within: 5 kPa}]").contains(
                "never 'later'"))
        #expect(
            complaint("formula: shown, unit: kPa, limits: [{when: {shown: 3}, within: 5 kPa}]").contains("'shown' is"))
        #expect(complaint("formula: shown, unit: kPa, confidence: low, source: x").contains("must be one of"))
    }

    @Test func severalReadingsHaveToBeOne() {
        #expect(complaint("per: point, formula: shown, unit: kPa").contains("write mean(shown), max(shown)"))
        #expect(complaint("per: point, formula: mean(shown), unit: kPa") == "accepted")
        #expect(
            complaint("per: point, formula: shown, unit: kPa") {
                $0.replacing("repeats: 2", with: "repeats: 1").replacing("[rising, falling]", with: "[rising]")
            } == "accepted")
    }

    @Test func theCharacterIsPointedAt() {
        let said = complaint("formula: 'mean(shown[rising]) + bad', unit: kPa, per: point")
        let caret = said.split(separator: "\n").last?.prefix { $0 == " " }.count
        let line = said.split(separator: "\n").dropLast().last.map(String.init) ?? ""
        let column = line.range(of: "bad").map { line.distance(from: line.startIndex, to: $0.lowerBound) }
        // Three wide characters before it take two cells each.
        #expect(caret == column.map { $0 + line.unicodeScalars.count { $0.value > 0x2E80 } }, "\(said)")
    }

    @Test func plates() throws {
        let procedure = try procedure(
            nameplate: """
                {class: {zh: 级, en: class, unit: "1", one_of: [1, 1.6], same_as: {1.5: 1.6}, source: x, confidence: high}, low: {zh: 下限, en: lower, unit: kPa, any_sign: true, source: x, confidence: high}, kind: {zh: 式, en: kind, choice: [a, b], optional: true, source: x, confidence: high}}
                """,
            tests: Self.test.replacing("RESULT", with: "{id: x, zh: 值, en: value, formula: shown, unit: kPa}"))
        let values = try procedure.values(of: procedure.plate(["class": "1.5", "low": "-0.1 MPa", "kind": "a"]))
        #expect(values["class"] == 1.6)
        #expect(values["low"] == -100_000)
        #expect(throws: ProcedureError.self) { try procedure.values(of: procedure.plate(["class": "2", "low": "0"])) }
        #expect(throws: ProcedureError.self) { try procedure.values(of: procedure.plate(["class": "1"])) }
        #expect(throws: ProcedureError.self) {
            try procedure.values(of: procedure.plate(["class": "1", "low": "0", "kind": "c"]))
        }
        #expect(throws: ReadingsFault.self) { try procedure.values(of: procedure.plate(["class": "1", "low": "0 s"])) }
    }
}
