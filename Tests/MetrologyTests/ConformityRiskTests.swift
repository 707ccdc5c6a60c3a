import Metrology
import Testing

private func agrees(_ answer: Double, _ wanted: Double, _ relative: Double = 1e-8) -> Bool {
    abs(answer - wanted) <= relative * abs(wanted)
}

private func exact(_ text: String) -> ExactDecimal {
    ExactDecimal(text) ?? ExactDecimal(0)
}

@Suite struct DecisionTests {
    private static let limits = ToleranceInterval(lower: exact("9.80"), upper: exact("10.20"))

    private static func decide(_ y: String, _ u: String, _ rule: AcceptanceRule) -> ConformityDecision {
        Conformity.decide(exact(y), limits: limits, expandedUncertainty: exact(u), rule: rule)
    }

    private static let one = exact("1")

    @Test(arguments: [
        ("10.20", AcceptanceRule.simpleAcceptance, ConformityDecision.pass),
        ("10.2000000000001", .simpleAcceptance, .fail), ("9.80", .simpleAcceptance, .pass),
        ("10.15", .guardedAcceptance(r: exact("1")), .pass), ("10.1500001", .guardedAcceptance(r: exact("1")), .fail),
        ("9.85", .guardedAcceptance(r: exact("1")), .pass), ("10.25", .guardedRejection(r: exact("1")), .pass),
        ("10.2500001", .guardedRejection(r: exact("1")), .fail),
        ("10.1585", .guardedAcceptance(r: exact("0.83")), .pass),
        ("10.1586", .guardedAcceptance(r: exact("0.83")), .fail),
        ("10.15", .nonBinary(r: exact("1")), .pass), ("10.20", .nonBinary(r: exact("1")), .conditionalPass),
        ("10.25", .nonBinary(r: exact("1")), .conditionalFail), ("10.2501", .nonBinary(r: exact("1")), .fail),
        ("9.74", .nonBinary(r: exact("1")), .fail),
    ])
    func `a value exactly on the limit in force (ILAC-G8 4.2)`(
        y: String, rule: AcceptanceRule, decision: ConformityDecision
    ) {
        #expect(Self.decide(y, "0.05", rule) == decision)
    }

    @Test func `binary floating point would miss these`() {
        // 1.2 − 0.1 is below 1.1 in binary.
        #expect(1.2 - 0.1 < 1.1)
        let upper = ToleranceInterval(lower: nil, upper: exact("1.2"))
        #expect(
            Conformity.decide(
                exact("1.1"), limits: upper, expandedUncertainty: exact("0.1"), rule: .guardedAcceptance(r: Self.one))
                == .pass)
    }

    @Test func `mirrored limits give mirrored decisions`() {
        let mirrored = ToleranceInterval(lower: exact("-10.20"), upper: exact("-9.80"))
        for y in ["9.7", "9.75", "9.8", "9.85", "10", "10.17", "10.2", "10.23", "10.25", "10.3"] {
            for rule in [
                AcceptanceRule.simpleAcceptance, .guardedAcceptance(r: Self.one), .guardedRejection(r: Self.one),
                .nonBinary(r: Self.one), .threeZones,
            ] {
                let other = Conformity.decide(
                    -exact(y), limits: mirrored, expandedUncertainty: exact("0.05"), rule: rule)
                #expect(Self.decide(y, "0.05", rule) == other)
            }
        }
    }

    @Test func `where U is half the tolerance and more nothing can be accepted`() {
        for step in 0...40 {
            let y = exact("9.80") + exact("0.01") * ExactDecimal(step)
            let decision = Conformity.decide(
                y, limits: Self.limits, expandedUncertainty: exact("0.21"), rule: .guardedAcceptance(r: Self.one))
            #expect(decision == .fail)
        }
        #expect(!Self.limits.guarded(by: exact("0.21")).isPossible)
        #expect(Self.limits.guarded(by: exact("0.20")).isPossible)
    }

    @Test func `without limits there is nothing to fail`() {
        let none = ToleranceInterval(lower: nil, upper: nil)
        #expect(
            Conformity.decide(
                exact("1e9"), limits: none, expandedUncertainty: Self.one, rule: .guardedAcceptance(r: Self.one))
                == .pass)
    }
}

@Suite struct RiskTests {
    private static func normal(_ mean: Double, _ std: Double) throws -> StateOfKnowledge {
        try #require(StateOfKnowledge(.normal, mean: mean, scale: std))
    }

    @Test func `JCGM 106 7.3 and 7.4: Zener diode and motor oil`() throws {
        let diode = SpecificRisk(try Self.normal(-5.47, 0.05), lower: nil, upper: -5.40)
        #expect((diode.conforming * 100).rounded() == 92)
        #expect(diode.below == 0)
        let oil = SpecificRisk(try Self.normal(13.6, 1.8), lower: 12.5, upper: 16.3)
        #expect((oil.conforming * 100).rounded() == 66)
        #expect(agrees(oil.conforming + oil.nonconforming, 1, 1e-15))
    }

    @Test(arguments: [
        StateOfKnowledge.Shape.normal, .studentT(degreesOfFreedom: 4), .rectangular, .triangular,
        .trapezoidal(beta: 0.4), .arcsine,
    ])
    func `probabilities of every shape add up, and are the area under its density`(
        shape: StateOfKnowledge.Shape
    ) throws {
        let knowledge = try #require(StateOfKnowledge(shape, mean: 3, scale: 2))
        for x in [1.2, 2.5, 3, 3.7, 4.8] {
            #expect(agrees(knowledge.lowerTail(x) + knowledge.upperTail(x), 1, 1e-14))
            #expect(agrees(knowledge.lowerTail(x), knowledge.upperTail(6 - x), 1e-12))
            let slope = knowledge.probability(from: x - 1e-5, to: x + 1e-5) / 2e-5
            #expect(agrees(knowledge.density(x), slope, 1e-5))
        }
    }

    @Test(arguments: [
        StateOfKnowledge.Shape.normal, .studentT(degreesOfFreedom: 3), .rectangular, .triangular,
        .trapezoidal(beta: 0.4), .arcsine,
    ])
    func `the four outcomes of every process add up`(shape: StateOfKnowledge.Shape) throws {
        let process = try #require(StateOfKnowledge(shape, mean: 0.1, scale: 0.8))
        for acceptance in [(-1.0, 1.0), (-0.7, 0.9), (-1.2, 1.1)] {
            let risk = GlobalRisk(
                process: process, standardDeviation: 0.2, tolerance: (-1, 1), acceptance: acceptance)
            #expect(agrees(risk.accepted + risk.rejected, 1, 1e-9), "\(risk)")
            #expect(agrees(risk.accepted - risk.consumer + risk.producer, risk.conforming, 1e-9), "\(risk)")
        }
    }

    /// Values by arbitrary-precision quadrature outside this program.
    @Test func `NCSLI RP-19 draft and JCGM 106 9.5: situations with normal items`() throws {
        let first = GlobalRisk(
            process: try Self.normal(0, 0.5102134569246539), standardDeviation: 0.12755336423116348,
            tolerance: (-1, 1), acceptance: (-1, 1))
        #expect(agrees(first.consumer, 0.008710101881389511))
        #expect(agrees(first.consumerConditional, 0.009238976305569798))
        let tiny = GlobalRisk(
            process: try Self.normal(0, 0.25), standardDeviation: 0.0125, tolerance: (-1, 1),
            acceptance: (-0.95, 0.95))
        #expect(agrees(tiny.consumer, 9.164547119216182e-11))
    }

    @Test func `a bias shifts the acceptance limits`() throws {
        let process = try Self.normal(0.1, 0.5)
        let biased = GlobalRisk(
            process: process, standardDeviation: 0.1, bias: 0.05, tolerance: (-1, 1), acceptance: (-1, 1))
        let shifted = GlobalRisk(
            process: process, standardDeviation: 0.1, tolerance: (-1, 1), acceptance: (-1.05, 0.95))
        #expect(agrees(biased.consumer, shifted.consumer))
        #expect(agrees(biased.producer, shifted.producer))
    }

    @Test func `a wider guard band lowers the consumer's risk and raises the producer's`() throws {
        let process = try Self.normal(0, 0.6)
        let risks = [-0.1, 0, 0.05, 0.2, 0.5].map { w in
            GlobalRisk(
                process: process, standardDeviation: 0.15, tolerance: (-1, 1), acceptance: (-1 + w, 1 - w))
        }
        for (narrow, wide) in zip(risks, risks.dropFirst()) {
            #expect(wide.consumer < narrow.consumer)
            #expect(wide.producer > narrow.producer)
        }
    }

    @Test(arguments: [
        GuardBandSolution.Target.consumer, .producer, .consumerConditional, .producerConditional,
    ])
    func `the guard band found gives the risk that was wanted`(target: GuardBandSolution.Target) throws {
        let process = try Self.normal(0.1, 0.5)
        let there = GlobalRisk(
            process: process, standardDeviation: 0.1, tolerance: (-1, 1), acceptance: (-0.93, 0.93))
        let wanted =
            switch target {
            case .consumer: there.consumer
            case .producer: there.producer
            case .consumerConditional: there.consumerConditional
            case .producerConditional: there.producerConditional
            }
        let found = try #require(
            GuardBandSolution(
                process: process, standardDeviation: 0.1, tolerance: (-1, 1), target: target, wanted: wanted))
        #expect(abs(found.width - 0.07) < 1e-8, "\(found.width)")
    }

    @Test func `a risk that no guard band gives is not given`() throws {
        // All items: even accepting everything, no more than 0.3 % do not conform.
        #expect(
            GuardBandSolution(
                process: try Self.normal(0, 1.0 / 3), standardDeviation: 0.1, tolerance: (-1, 1), target: .consumer,
                wanted: 0.01) == nil)
    }

    @Test func `closed forms`() throws {
        // ILAC-G8:09/2019, guard band of U at k = 2: below 2.5 %; none: a half.
        #expect(agrees(NormalRisk.largestSpecificRisk(r: 1, k: 2), 0.022750131948179207))
        #expect(NormalRisk.largestSpecificRisk(r: 0, k: 2) == 0.5)
        // JCGM 106, A.4.4: a prior that knows nothing leaves the measurement.
        let posterior = NormalRisk.posterior(priorMean: 0, priorDeviation: 1e9, measured: 2, u: 1)
        #expect(agrees(posterior.mean, 2) && agrees(posterior.deviation, 1))
        #expect(agrees(try #require(RatioGuardBand.rss.factor(ratio: 2.5)), 0.916515138991168))
        #expect(RatioGuardBand.rss.factor(ratio: 0.5) == nil)
        #expect(agrees(try #require(RatioGuardBand.rp10.factor(ratio: 4)), 1))
    }
}
