import Foundation
import Testing

/// Decisions by `steelyard conformity`, with the limits as regulations state them.
@Suite struct DecisionCaseTests {
    private func run(_ kind: String, _ given: String) throws -> Outcome {
        let folder = try Folder()
        let path = try folder.write("kind: \(kind)\ngiven: {\(given)}\n", to: "case.yaml")
        return try folder.steelyard("conformity", path, "--format", "json")
    }

    /// - Parameter status: 1 for a decision against the item.
    private func answer(_ kind: String, _ given: String, status: Int32 = 0) throws -> [String: Any] {
        let found = try run(kind, given)
        #expect(found.status == status, "\(found.errors)")
        return try #require(JSONSerialization.jsonObject(with: Data(found.output.utf8)) as? [String: Any])
    }

    /// Whichever is greater of 0.5 % of the range of 50 and 0.3: at 0.34 the value passes as the regulation rounds it
    /// only.
    @Test func `the limit in force stands beside the decision`() throws {
        let given =
            "y: '0.34', U: '0.1', rule: simple-acceptance, nominal: '50', "
            + "symmetric: {larger_of: [{relative: '0.005', of: nominal}, '0.3']}"
        let plain = try answer("decision", given, status: 1)
        #expect(plain["decision"] as? String == "fail" && plain["limit_high"] as? Double == 0.3)
        #expect((plain["reason"] as? String)?.contains("0.34 lies 0.04 above the upper limit 0.3") == true)
        #expect((plain["advice"] as? String)?.hasPrefix("reject: adjust and verify again") == true)
        let rounded = try answer("decision", given + ", round_to: '0.1'")
        #expect(rounded["decision"] as? String == "pass" && rounded["compared"] as? Double == 0.3)
        let higher = try answer("decision", given.replacing("'50'", with: "'100'"))
        #expect(higher["decision"] as? String == "pass" && higher["limit_low"] as? Double == -0.5)
        let sum = try answer(
            "decision",
            "y: '-0.72', U: '0.1', rule: guarded-rejection, reading: '120', "
                + "symmetric: {sum: [{relative: '0.005', of: reading}, '0.02']}")
        #expect(sum["decision"] as? String == "pass" && sum["limit_low"] as? Double == -0.62)
        #expect(sum["accept_low"] as? Double == -0.72)
    }

    /// 0.6/(2·0.1) is 3 on paper, and so it is compared with a requirement of 3 to 1.
    @Test func `ratios are those of the decimals`() throws {
        let found = try answer("decision", "y: '0', U: '0.1', rule: simple-acceptance, symmetric: '0.3'")
        #expect(found["TUR"] as? Double == 3)
        let zones = try answer("jjf1094", "error: '0.25', mpev: '0.3', U: '0.15'")
        #expect(zones["decision"] as? String == "pending" && zones["ratio"] as? Double == 0.5)
        #expect((zones["advice"] as? String)?.contains("smaller U") == true)
    }

    @Test(arguments: [
        ("specific-risk", "pdf: {type: normal, mean: 1, std: 0.1}, upper: 1.1", "P(true outside the limits)"),
        (
            "global-risk",
            "process: {type: normal, mean: 0, std: 1}, measurement: {std: 0.2}, tolerance: {lower: -2, upper: 2}",
            "R_C = P(true outside the tolerance and measured inside"
        ),
        ("guard-band-risk", "r: 1, k: 2", "measured at the acceptance limit"),
        ("capability", "lower: -1, upper: 1, U: 0.1", "TUR = T/(2U)"),
    ])
    func `a risk says what it is the probability of`(kind: String, given: String, words: String) throws {
        #expect((try answer(kind, given)["definition"] as? String)?.contains(words) == true)
    }

    @Test(arguments: [
        ("y: '1', U: '0.1', rule: simple-acceptance", "needs lower, upper or both, or symmetric"),
        ("y: '1', U: '-0.1', rule: simple-acceptance, upper: '2'", "must not be negative"),
        ("y: '1', U: '0.1', rule: simple-acceptance, lower: '3', upper: '2'", "the lower limit is above the upper one"),
        ("y: '1', U: '0.1', rule: simple-acceptance, upper: '2', round_to: '0'", "must be positive"),
        ("y: '1', U: '0.1', rule: simple-acceptance, symmetric: {relative: '0.1', of: reading}", "add 'reading'"),
        ("y: '1', U: '0.1', rule: simple-acceptance, symmetric: {percent: 1}", "a limit is a decimal, or one of"),
        ("y: '1', U: '0.1', rule: simple-acceptance, symmetric: {relative: '0.1', of: span}", "must be one of"),
    ])
    func `limits that are none are refused in one line`(given: String, words: String) throws {
        let found = try run("decision", given)
        #expect(found.status == 2 && found.output.isEmpty)
        #expect(found.errorLines.count == 1 && found.errors.contains(words), "\(found.errors)")
    }
}
