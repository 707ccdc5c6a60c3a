import Metrology
import Testing

@Suite struct ConformityTests {
    private static let symmetric = ErrorLimits(symmetric: 2)

    @Test(arguments: [
        (0.0, Verdict.conforming), (2, .conforming), (-2, .conforming), (2.000001, .notConforming),
        (-2.000001, .notConforming), (1e9, .notConforming),
    ])
    func `under a regulation the error alone decides`(error: Double, verdict: Verdict) {
        // However large U is: the regulation fixed method, standard and environment.
        for u in [0.0, 0.1, 5, 1000] {
            #expect(
                Conformity.decide(
                    error: error, limits: Self.symmetric, expandedUncertainty: u, rule: .byRegulation) == verdict)
        }
    }

    @Test func `an error at the limit on paper is at the limit here`() {
        // 0.1 + 0.2 is above 0.3 in binary by 5.6e-17.
        let sum = 0.1 + 0.2
        #expect(sum > 0.3)
        let limits = ErrorLimits(symmetric: 0.3)
        for error in [sum, -sum] {
            #expect(
                Conformity.decide(error: error, limits: limits, expandedUncertainty: 0, rule: .byRegulation)
                    == .conforming)
        }
        #expect(
            Conformity.decide(error: 0.300_000_001, limits: limits, expandedUncertainty: 0, rule: .byRegulation)
                == .notConforming)
    }

    @Test(arguments: [
        (1.0, Verdict.conforming), (-1, .conforming), (1.001, .undetermined), (-1.001, .undetermined),
        (2, .undetermined), (2.999, .undetermined), (3, .notConforming), (-3, .notConforming),
    ])
    func `three zones where U is above a third of the limit`(error: Double, verdict: Verdict) {
        #expect(
            Conformity.decide(error: error, limits: Self.symmetric, expandedUncertainty: 1, rule: .threeZones)
                == verdict)
    }

    @Test func `no third zone where U is at most a third of the limit`() {
        func decide(_ error: Double, _ u: Double, _ limit: Double) -> Verdict {
            Conformity.decide(
                error: error, limits: ErrorLimits(symmetric: limit), expandedUncertainty: u, rule: .threeZones)
        }
        #expect(decide(1.99, 0.6, 2) == .conforming)
        #expect(decide(2.01, 0.6, 2) == .notConforming)
        // 0.1/0.3 is a third on paper and above it in binary.
        #expect(3 * 0.1 > 0.3)
        #expect(decide(0.3, 0.1, 0.3) == .conforming)
        #expect(decide(0.3, 0.1001, 0.3) == .undetermined)
    }

    @Test func `limits of one side, of unlike sides, and none`() {
        func decide(_ error: Double, _ lower: Double?, _ upper: Double?, u: Double = 0) -> Verdict {
            Conformity.decide(
                error: error, limits: ErrorLimits(lower: lower, upper: upper), expandedUncertainty: u,
                rule: u > 0 ? .threeZones : .byRegulation)
        }
        #expect(decide(-1e6, nil, 4) == .conforming)
        #expect(decide(4.1, nil, 4) == .notConforming)
        #expect(decide(1e6, -4, nil) == .conforming)
        #expect(decide(-4.1, -4, nil) == .notConforming)
        #expect(decide(1e6, nil, nil) == .conforming)
        // MPEV is the smaller side: 0.5 is above a third of 1.
        #expect(ErrorLimits(lower: -4, upper: 1).magnitude == 1)
        #expect(ErrorLimits(lower: nil, upper: nil).magnitude == nil)
        #expect(decide(0.6, -4, 1, u: 0.5) == .undetermined)
        #expect(decide(-3.5, -4, 1, u: 0.5) == .conforming)
        #expect(decide(-3.6, -4, 1, u: 0.5) == .undetermined)
    }

    @Test func `no number, no verdict`() {
        for error in [Double.nan, .infinity, -.infinity] {
            for rule in DecisionRule.allCases {
                #expect(
                    Conformity.decide(error: error, limits: Self.symmetric, expandedUncertainty: 1, rule: rule)
                        == .undetermined)
            }
        }
    }
}

@Suite struct ReportingTests {
    @Test(arguments: [
        (0.286705, 2), (0.752773, 2), (0.00025, 5), (9.94, 1), (9.96, 0), (1.0, 1), (12.5, 0), (123.4, 0),
        (0.0995, 2), (0.00996, 3), (0.1, 2), (1e-12, 9), (0, 3), (-1, 3), (.nan, 3), (.infinity, 3),
    ])
    func `two significant digits of U`(expanded: Double, places: Int) {
        #expect(Reporting.places(forUncertainty: expanded) == places)
    }

    @Test(arguments: [
        (0.286705, 2, "0.29"), (-0.125, 2, "-0.12"), (0.125, 2, "0.12"), (0.375, 2, "0.38"), (1.2, 3, "1.200"),
        (-0.001, 2, "0.00"), (100, 0, "100"), (1.0 / 3, 4, "0.3333"), (-2.0 / 3, 3, "-0.667"), (2.675, 2, "2.68"),
        (1e-30, 9, "0.000000000"), (.leastNonzeroMagnitude, 3, "0.000"), (123456.789, 1, "123456.8"),
        (1e17, 1, "100000000000000000.0"),
        (0.0009996, 6, "0.001000"),
    ])
    func `an estimate to its last place`(value: Double, places: Int, text: String) {
        #expect(Reporting.rounded(value, places: places)?.description == text)
    }

    @Test(arguments: [
        // On paper 0.135, 13.5 and 0.3: the last binary digits are the arithmetic's own.
        (0.13499999999999998, 2, "0.14"), (13.499999999999998, 0, "14"), (0.1 + 0.2, 1, "0.3"),
        (-0.13499999999999998, 2, "-0.14"),
        // Below a tie by far more than the arithmetic's rounding, in a number of many digits.
        (0.0000149999999612345, 5, "0.00001"), (0.1249999999612345678, 2, "0.12"), (0.13499999996123457, 2, "0.13"),
    ])
    func `a tie on paper is a tie, and only that`(value: Double, places: Int, text: String) {
        #expect(Reporting.rounded(value, places: places)?.description == text)
    }

    @Test(arguments: [Double.nan, .infinity, -.infinity, 1e18, -1e300])
    func `what cannot be a result is not printed`(value: Double) {
        #expect(Reporting.rounded(value, places: 2) == nil)
    }
}

@Suite struct SeededGeneratorTests {
    /// xoshiro256++ seeded by SplitMix64, computed outside this program.
    @Test func `the first values of a seed are fixed`() {
        var one = SeededGenerator(seed: 1)
        #expect(
            (0..<4).map { _ in one.next() } == [
                0xcfc5_d07f_6f03_c29b, 0xbf42_4132_963f_e08d, 0x19a3_7d57_57aa_f520, 0xbf08_119f_05cd_56d6,
            ])
        var other = SeededGenerator(seed: 1, stream: 1)
        #expect((0..<2).map { _ in other.next() } == [0xf04d_f2b4_98c1_b5bd, 0x6bad_5e88_2af2_8052])
        var zero = SeededGenerator(seed: 0)
        #expect((0..<2).map { _ in zero.next() } == [0x5317_5d61_490b_23df, 0x61da_6f3d_c380_d507])
    }

    @Test func `moments of the uniform and the normal distribution`() {
        var generator = SeededGenerator(seed: 2026)
        let count = 200_000
        let n = Double(count)
        let uniform = (0..<count).map { _ in generator.uniform() }
        #expect(uniform.allSatisfy { (0..<1).contains($0) })
        // Five standard deviations of each statistic at this count.
        #expect(abs(uniform.reduce(0, +) / n - 0.5) < 5 * (1 / (12 * n)).squareRoot())
        #expect(abs(uniform.reduce(0) { $0 + $1 * $1 } / n - 1.0 / 3) < 5 * (4 / (45 * n)).squareRoot())

        let normal = (0..<count).map { _ in generator.normal() }
        func moment(_ k: Int) -> Double {
            normal.reduce(0) { sum, x in sum + (0..<k).reduce(1.0) { p, _ in p * x } } / n
        }
        #expect(abs(moment(1)) < 5 * (1 / n).squareRoot())
        #expect(abs(moment(2) - 1) < 5 * (2 / n).squareRoot())
        #expect(abs(moment(3)) < 5 * (15 / n).squareRoot())
        #expect(abs(moment(4) - 3) < 5 * (96 / n).squareRoot())
    }

    @Test func `a range is filled and not left`() {
        var generator = SeededGenerator(seed: 7)
        let values = (0..<10_000).map { _ in generator.uniform(in: -3...5) }
        #expect(values.allSatisfy { (-3...5).contains($0) })
        #expect(values.contains { $0 < -2.9 })
        #expect(values.contains { $0 > 4.9 })
    }
}
