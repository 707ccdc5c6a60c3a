import Metrology
import Testing

private func decimal(_ text: String) throws -> ExactDecimal { try #require(ExactDecimal(text)) }

@Suite struct LimitStatementTests {
    private static let reading = ExactDecimal("-230.0")
    private static let nominal = ExactDecimal("600")

    @Test(arguments: [
        (LimitStatement.absolute(ExactDecimal(2)), "2"),
        (.relative(ExactDecimal(coefficient: 5, places: 3), of: .reading), "1.15"),
        (.relative(ExactDecimal(coefficient: 1, places: 3), of: .nominal), "0.6"),
        (
            .sum([
                .relative(ExactDecimal(coefficient: 5, places: 3), of: .reading),
                .absolute(ExactDecimal(coefficient: 2, places: 2)),
            ]), "1.17"
        ),
        (
            .larger([
                .relative(ExactDecimal(coefficient: 1, places: 3), of: .reading),
                .absolute(ExactDecimal(coefficient: 5, places: 1)),
            ]), "0.5"
        ),
        (
            .smaller([
                .relative(ExactDecimal(coefficient: 1, places: 3), of: .reading),
                .absolute(ExactDecimal(coefficient: 5, places: 1)),
            ]), "0.23"
        ),
    ])
    func `a limit is computed as it is stated`(statement: LimitStatement, value: String) throws {
        let expected = try decimal(value)
        #expect(statement.value(reading: Self.reading, nominal: Self.nominal) == expected)
    }

    @Test func `a limit relative to what is not given has no value`() {
        let statement = LimitStatement.sum([.absolute(ExactDecimal(1)), .relative(ExactDecimal(1), of: .nominal)])
        #expect(statement.value(reading: Self.reading, nominal: nil) == nil)
        #expect(LimitStatement.larger([]).value(reading: nil, nominal: nil) == nil)
    }

    /// GB/T 8170-2008, 4: rounding to 0.5 and 0.2 units, ties to the even multiple.
    @Test(arguments: [
        ("60.25", "0.5", "60.0"), ("60.38", "0.5", "60.5"), ("60.28", "0.5", "60.5"), ("-60.75", "0.5", "-61.0"),
        ("60.75", "0.5", "61.0"),
        ("830", "20", "840"), ("842", "20", "840"), ("0.15", "0.1", "0.2"), ("0.25", "0.1", "0.2"),
        ("-0.25", "0.1", "-0.2"),
        ("0.2501", "0.1", "0.3"), ("3", "0.02", "3.00"), ("-930", "20", "-920"),
    ])
    func `rounding to a step is half even`(value: String, step: String, rounded: String) throws {
        let result = try #require(try decimal(value).rounded(toStep: try decimal(step)))
        #expect(result.description == rounded)
    }

    @Test func `a step that is none rounds nothing`() throws {
        #expect(try decimal("1").rounded(toStep: ExactDecimal(0)) == nil)
        #expect(try decimal("1").rounded(toStep: try decimal("-0.5")) == nil)
    }
}

@Suite struct ConformityAssessmentTests {
    private func assess(
        _ value: String, _ rule: AcceptanceRule, lower: String? = "-0.3", upper: String? = "0.3", U: String = "0.1",
        step: String? = nil
    ) throws -> ConformityAssessment {
        Conformity.assess(
            try decimal(value),
            limits: ToleranceInterval(lower: try lower.map(decimal), upper: try upper.map(decimal)),
            expandedUncertainty: try decimal(U), rule: rule, roundedTo: try step.map(decimal))
    }

    @Test func `every decision says why and what next`() throws {
        let r = ExactDecimal(1)
        for (value, rule, decision, reason, advice) in [
            (
                "0.3", AcceptanceRule.simpleAcceptance, ConformityDecision.pass, "0.3 lies within the limits ±0.3",
                "accept"
            ),
            ("0.31", .simpleAcceptance, .fail, "0.31 lies 0.01 above the upper limit 0.3", "reject: adjust"),
            ("-0.35", .simpleAcceptance, .fail, "-0.35 lies 0.05 below the lower limit -0.3", "reject: adjust"),
            ("0.2", .guardedAcceptance(r: r), .pass, "within ±0.2, the limits less a guard band of 0.1", "accept"),
            (
                "0.25", .guardedAcceptance(r: r), .fail, "but not within ±0.2",
                "with a smaller U the same value could be accepted"
            ),
            (
                "0.25", .guardedByWidth(ExactDecimal(coefficient: 2, places: 1)), .fail, "but not within ±0.1",
                "do not accept"
            ),
            ("0.4", .guardedRejection(r: r), .pass, "within ±0.4, the limits and a guard band of 0.1", "accept"),
            (
                "0.41", .guardedRejection(r: r), .fail,
                "0.41 lies 0.11 above the upper limit 0.3, more than the guard band", "reject"
            ),
            ("0.25", .nonBinary(r: r), .conditionalPass, "within the guard band of 0.1 from 0.3", "only if the risk"),
            ("0.35", .nonBinary(r: r), .conditionalFail, "within the guard band of 0.1 from it", "before rejecting"),
        ] {
            let found = try assess(value, rule)
            #expect(found.decision == decision && found.reason.contains(reason), "\(value): \(found)")
            #expect(found.advice.contains(advice), "\(value): \(found.advice)")
        }
        let pending = try assess("0.25", .threeZones, U: "0.15")
        #expect(pending.decision == .pending && pending.reason.contains("U = 0.15 is more than a third of the limit"))
        #expect(pending.advice.contains("smaller U"))
    }

    @Test func `one limit is as good as two`() throws {
        let above = try assess("5", .simpleAcceptance, lower: "4", upper: nil)
        #expect(above.decision == .pass && above.reason == "5 lies within the limits at least 4")
        #expect(above.testUncertaintyRatio == nil)
        #expect(try assess("3.9", .simpleAcceptance, lower: "4", upper: nil).decision == .fail)
        #expect(try assess("1", .simpleAcceptance, lower: nil, upper: nil).reason == "1 has no limit to keep")
        #expect(try assess("0.1", .simpleAcceptance, lower: "-0.1", upper: "0.4").reason.contains("-0.1 … 0.4"))
    }

    /// 0.34 is outside ±0.3; compared as the regulation rounds, to 0.1, it is at the limit.
    @Test func `a limit on a rounded value compares the rounded value`() throws {
        let rounded = try assess("0.34", .simpleAcceptance, step: "0.1")
        let compared = try decimal("0.3")
        #expect(rounded.decision == .pass && rounded.compared == compared)
        #expect(rounded.reason == "0.34, rounded to 0.3, lies within the limits ±0.3")
        #expect(try assess("0.35", .simpleAcceptance, step: "0.1").decision == .fail)
        #expect(try assess("0.34", .simpleAcceptance).decision == .fail)
    }

    @Test func `the ratio of tolerance and uncertainty stands beside the decision`() throws {
        let ratio = try #require(try assess("0", .simpleAcceptance).testUncertaintyRatio)
        #expect(ratio == 3)
        #expect(try assess("0", .simpleAcceptance, U: "0").testUncertaintyRatio == nil)
    }

    /// Quotients of decimals, rounded once; of the binary numbers the first is 2.9999999999999996.
    @Test(
        arguments: [
            ("0.6", "0.2", 3.0), ("0.3", "0.1", 3.0), ("-0.06", "0.2", -0.3), ("1", "3", 1.0 / 3), ("0", "0.1", 0.0),
            ("1e-12", "0.4", 2.5e-12), ("7e5", "0.7", 1e6),
        ] as [(String, String, Double)])
    func `ratios are those of the decimals`(number: String, other: String, ratio: Double) throws {
        #expect(try decimal(number).ratio(to: try decimal(other)) == ratio)
    }

    /// The words never change the decision: the same as the one function that decides.
    @Test func `an assessment decides as the decision does`() throws {
        var generator = SeededGenerator(seed: 3)
        for _ in 0..<2000 {
            let value = ExactDecimal(coefficient: Int128(Int(generator.next() % 1000)) - 500, places: 2)
            let limits = ToleranceInterval(
                symmetric: ExactDecimal(coefficient: Int128(Int(generator.next() % 400)), places: 2))
            let expanded = ExactDecimal(coefficient: Int128(Int(generator.next() % 200)), places: 2)
            for rule in [
                AcceptanceRule.simpleAcceptance, .threeZones, .guardedAcceptance(r: ExactDecimal(1)),
                .guardedRejection(r: ExactDecimal(1)), .nonBinary(r: ExactDecimal(1)), .guardedByWidth(ExactDecimal(1)),
            ] {
                let assessment = Conformity.assess(value, limits: limits, expandedUncertainty: expanded, rule: rule)
                #expect(
                    assessment.decision
                        == Conformity.decide(value, limits: limits, expandedUncertainty: expanded, rule: rule))
                if assessment.decision == .pass {
                    #expect((assessment.acceptance.excess(of: value) ?? ExactDecimal(1)) <= ExactDecimal(0))
                }
            }
        }
    }
}
