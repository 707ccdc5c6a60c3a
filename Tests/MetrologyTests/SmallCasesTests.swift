import Metrology
import Testing

private func decimals(_ texts: [String]) throws -> [ExactDecimal] {
    try texts.map { try #require(ExactDecimal($0)) }
}

private func agrees(_ answer: Double, _ wanted: Double, _ relative: Double = 1e-9) -> Bool {
    abs(answer - wanted) <= relative * abs(wanted)
}

@Suite struct EvaluationTests {
    @Test func `NIST StRD NumAcc3: common digits cost nothing`() throws {
        let pairs = Array(repeating: ["1000000.1", "1000000.3"], count: 500).flatMap { $0 }
        let readings = try #require(RepeatedObservations(try decimals(["1000000.2"] + pairs)))
        #expect(readings.count == 1001)
        #expect(readings.mean == 1000000.2)
        // Exact in decimals; in binary the readings themselves are already off by 10⁻¹⁰.
        #expect(agrees(readings.standardDeviation, 0.1, 1e-14))
    }

    @Test func `one reading has no deviation`() throws {
        #expect(RepeatedObservations(try decimals(["1.0"])) == nil)
        #expect(RepeatedObservations([]) == nil)
    }

    /// JCGM 100:2008, H.3, Table H.6.
    private static let thermometer = StraightLine(
        x: [21.521, 22.012, 22.512, 23.003, 23.507, 23.999, 24.513, 25.002, 25.503, 26.010, 26.511],
        y: [-0.171, -0.169, -0.166, -0.159, -0.164, -0.165, -0.156, -0.157, -0.159, -0.161, -0.160], offset: 20)

    @Test func `JCGM 100 H.3: the thermometer's line`() throws {
        let line = try #require(Self.thermometer)
        func printed(_ value: Double, _ places: Int) -> String? {
            Reporting.rounded(value, places: places)?.description
        }
        #expect(printed(line.intercept, 4) == "-0.1712")
        #expect(printed(line.slope, 5) == "0.00218")
        #expect(printed(line.interceptUncertainty, 4) == "0.0029")
        #expect(printed(line.slopeUncertainty, 5) == "0.00067")
        #expect(printed(line.correlation, 3) == "-0.930")
        #expect(printed(line.residualDeviation, 4) == "0.0035")
        let at30 = line.predict(30)
        #expect(printed(at30.y, 4) == "-0.1494")
        #expect(printed(at30.u, 4) == "0.0041")
    }

    @Test func `where the origin of a line is changes nothing but the intercept`() throws {
        let line = try #require(Self.thermometer)
        let x = [1.0, 2, 4, 7]
        let y = [2.1, 3.9, 8.2, 13.8]
        let near = try #require(StraightLine(x: x, y: y))
        let far = try #require(StraightLine(x: x, y: y, offset: 1000))
        #expect(agrees(near.slope, far.slope))
        #expect(agrees(near.predict(5).y, far.predict(5).y))
        #expect(agrees(near.predict(5).u, far.predict(5).u, 1e-6))
        let there = line.predict(27)
        #expect(agrees(line.inverse(there.y).x, 27))
    }

    @Test func `weights that are all the same give the same line`() throws {
        let x = [1.0, 2, 4, 7]
        let y = [2.1, 3.9, 8.2, 13.8]
        let plain = try #require(StraightLine(x: x, y: y))
        let s = plain.residualDeviation
        let weighted = try #require(StraightLine(x: x, y: y, u: [s, s, s, s]))
        #expect(agrees(weighted.slope, plain.slope))
        #expect(agrees(weighted.slopeUncertainty, plain.slopeUncertainty))
        #expect(agrees(weighted.covariance, plain.covariance))
        #expect(agrees(weighted.sumOfSquares, 2))
    }

    @Test func `no line through too little`() {
        #expect(StraightLine(x: [1, 2], y: [1, 2]) == nil)
        #expect(StraightLine(x: [3, 3, 3], y: [1, 2, 3]) == nil)
        #expect(StraightLine(x: [1, 2, 3], y: [1, 2]) == nil)
        #expect(StraightLine(x: [1, 2, 3], y: [1, 2, 3], u: [1, 0, 1]) == nil)
    }

    /// JCGM 100:2008, H.5, Table H.9 (µV above 10 V).
    @Test func `JCGM 100 H.5: the Zener standard over ten days`() throws {
        let analysis = try #require(
            VarianceComponents(
                means: [172, 116, 13, 144, 106, 31, 60, 125, 163, 41],
                deviations: [60, 77, 111, 101, 67, 93, 80, 73, 88, 86], perGroup: 5))
        #expect(analysis.grandMean.rounded() == 97)
        #expect(analysis.deviationOfMeans.rounded() == 57)
        #expect(analysis.betweenEstimate.rounded() == 128)
        #expect(analysis.within.rounded() == 85)
        #expect(analysis.uncertaintyFromMeans.rounded() == 18)
        #expect(analysis.betweenComponent.rounded() == 43)
        #expect(analysis.uncertaintyPooled.rounded() == 13)
        #expect((analysis.criticalRatio(p: 0.95) * 100).rounded() == 212)
        #expect((analysis.criticalRatio(p: 0.975) * 100).rounded() == 245)
        // At its own significance the ratio is critical.
        #expect(agrees(analysis.criticalRatio(p: 1 - analysis.significance), analysis.ratio))
    }

    @Test func `groups that do not differ have no component between them`() throws {
        let same = try decimals(["1.0", "1.2", "0.8"])
        let analysis = try #require(VarianceComponents([same, same, same]))
        #expect(analysis.betweenComponent == 0)
        #expect(analysis.ratio == 0)
        #expect(VarianceComponents([same, Array(same.dropLast())]) == nil)
    }

    /// JCGM 100:2008, 4.3.3 to 4.3.9, F.2.2 and H.1.3.4: printed figures.
    @Test func `statements of type B`() throws {
        #expect(agrees(TypeB.certificate(expanded: 240e-6, k: 3), 80e-6))
        #expect((TypeB.normal(halfWidth: 129e-6, p: 0.99) * 1e6).rounded() == 50)
        #expect((TypeB.normal(halfWidth: 0.04, p: 2 / 3.0) * 100).rounded() == 4)
        #expect((TypeB.resolution(1) * 100).rounded() == 29)
        #expect((TypeB.arcsine(halfWidth: 0.5) * 100).rounded() == 35)
        #expect(TypeB.degreesOfFreedom(relativeUncertainty: 0.25) == 8)
        // The trapezoid ends in the rectangle and the triangle.
        #expect(agrees(TypeB.trapezoidal(halfWidth: 2, beta: 1), TypeB.rectangular(halfWidth: 2)))
        #expect(agrees(TypeB.trapezoidal(halfWidth: 2, beta: 0), TypeB.triangular(halfWidth: 2)))
        #expect(agrees(TypeB.asymmetric(above: 2, below: 2), TypeB.rectangular(halfWidth: 2)))
        #expect(ExperimentalDeviation.pooled([1, 2], degreesOfFreedom: [1]) == nil)
        #expect(ExperimentalDeviation.fromRange(1, count: 10) == nil)
    }
}

@Suite struct DecimalRoundingTests {
    @Test(arguments: [
        // JCGM 100, 7.2.6.
        ("10.05762", "0.027", RoundingRule.halfUp, "10.058", "0.027"),
        ("0", "0.01047", .up, "0.000", "0.011"),
        // Ties, on paper and not in binary (GB/T 8170-2008, 3.2).
        ("10.0585", "0.0250", .halfEven, "10.058", "0.025"), ("10.0585", "0.0250", .halfUp, "10.059", "0.025"),
        ("-0.0425", "0.0125", .halfEven, "-0.042", "0.012"), ("-0.0425", "0.0125", .halfUp, "-0.043", "0.013"),
        // Left of the point, and a carry.
        ("1234567", "8400", .halfUp, "1234600", "8400"), ("0.99960", "0.00996", .halfUp, "1.000", "0.010"),
        ("0.5", "9950", .halfUp, "0", "10000"), ("6.3250", "0.00025", .halfEven, "6.32500", "0.00025"),
        ("1.25", "0.10", .up, "1.25", "0.10"),
    ])
    func `an estimate and its uncertainty end at one place`(
        y: String, u: String, rule: RoundingRule, yText: String, uText: String
    ) throws {
        let (estimate, uncertainty) = (try #require(ExactDecimal(y)), try #require(ExactDecimal(u)))
        let written = try #require(Reporting.rounded(estimate, uncertainty: uncertainty, digits: 2, rule: rule))
        #expect(written.estimate.description == yText)
        #expect(written.uncertainty.description == uText)
    }

    @Test func `no place without an uncertainty`() {
        for u in [ExactDecimal(0), ExactDecimal(-1)] {
            #expect(Reporting.rounded(ExactDecimal(1), uncertainty: u, digits: 2, rule: .halfUp) == nil)
        }
        #expect(Reporting.rounded(ExactDecimal(1), uncertainty: ExactDecimal(1), digits: 0, rule: .halfUp) == nil)
    }

    /// JCGM 101:2008, 7.9.2.
    @Test(arguments: [
        ("0.00035", 2, "0.000005"), ("0.0004", 1, "0.00005"), ("2", 1, "0.5"), ("35", 1, "5"), ("0.0996", 2, "0.005"),
        ("1200", 2, "50"),
    ])
    func `the numerical tolerance of an uncertainty`(u: String, digits: Int, delta: String) throws {
        let value = try #require(ExactDecimal(u))
        let found = Reporting.numericalTolerance(value, digits: digits)
        #expect(found?.description == delta)
    }
}
