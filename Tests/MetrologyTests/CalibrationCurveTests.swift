import Metrology
import Testing

private func isClose(_ a: Double, _ b: Double, _ relative: Double) -> Bool {
    abs(a - b) <= relative * abs(b)
}

@Suite struct PolynomialCurveTests {
    /// NIST StRD, Wampler1: y = 1 + x + x² + x³ + x⁴ + x⁵ at 0…20; certified coefficients are all one.
    @Test func `an exact polynomial of fifth degree is found`() throws {
        let x = (0...20).map(Double.init)
        let y = x.map { x in
            (0...5).reduce(0.0) { sum, k in sum + (0..<k).reduce(1.0) { power, _ in power * x } }
        }
        let curve = try PolynomialCurve(x: x, y: y, degree: 5)
        for coefficient in curve.coefficients { #expect(abs(coefficient - 1) < 1e-8) }
        #expect(curve.residualDeviation < 1e-8)
        #expect(isClose(try curve.inverse(y[7]).x, 7, 1e-12))
    }

    /// NIST StRD, Norris: certified line −0.262323073774029 + 1.00211681802045·x, residual 0.884796396144373.
    @Test func `a certified line is met to eleven digits`() throws {
        let points: [(Double, Double)] = [
            (0.1, 0.2), (338.8, 337.4), (118.1, 118.2), (888.0, 884.6), (9.2, 10.1), (228.1, 226.5),
            (668.5, 666.3),
            (998.5, 996.3), (449.1, 448.6), (778.9, 777.0), (559.2, 558.2), (0.3, 0.4), (0.1, 0.6),
            (778.1, 775.5),
            (668.8, 666.9), (339.3, 338.0), (448.9, 447.5), (10.8, 11.6), (557.7, 556.0), (228.3, 228.1),
            (998.0, 995.8),
            (888.8, 887.6), (119.6, 120.2), (0.3, 0.3), (0.6, 0.3), (557.6, 556.8), (339.3, 339.1),
            (888.0, 887.2),
            (998.5, 999.0), (778.9, 779.0), (10.2, 11.1), (117.6, 118.3), (228.9, 229.2), (668.4, 669.1),
            (449.2, 448.9),
            (0.2, 0.5),
        ]
        // The set lists y before x.
        let curve = try PolynomialCurve(x: points.map(\.1), y: points.map(\.0), degree: 1)
        #expect(isClose(curve.coefficients[0], -0.262323073774029, 1e-11))
        #expect(isClose(curve.coefficients[1], 1.00211681802045, 1e-13))
        #expect(isClose(curve.residualDeviation, 0.884796396144373, 1e-11))
        #expect(isClose(curve.covariance[0][0].squareRoot(), 0.232818234301152, 1e-11))
        #expect(isClose(curve.covariance[1][1].squareRoot(), 0.429796848199937e-3, 1e-11))
    }

    @Test func `known uncertainties weigh, and a diagonal matrix says the same`() throws {
        let (x, y) = ([0.0, 1, 2, 3, 5], [1.1, 2.9, 5.2, 6.9, 11.3])
        let u = [0.1, 0.2, 0.1, 0.3, 0.2]
        let diagonal = (0..<5).map { row in (0..<5).map { $0 == row ? u[row] * u[row] : 0 } }
        let weighted = try PolynomialCurve(x: x, y: y, degree: 2, weights: .independent(u))
        let general = try PolynomialCurve(x: x, y: y, degree: 2, weights: .covariance(diagonal))
        for k in 0...2 {
            #expect(isClose(weighted.coefficients[k], general.coefficients[k], 1e-10))
            #expect(isClose(weighted.covariance[k][k], general.covariance[k][k], 1e-10))
        }
        #expect(isClose(weighted.chiSquared, general.chiSquared, 1e-9))
        // A common part of all y moves the curve as a whole: it adds to the constant term alone.
        let common = diagonal.map { row in row.map { $0 + 0.25 } }
        let shifted = try PolynomialCurve(x: x, y: y, degree: 2, weights: .covariance(common))
        #expect(isClose(shifted.covariance[0][0], weighted.covariance[0][0] + 0.25, 1e-9))
        #expect(isClose(shifted.covariance[1][1], weighted.covariance[1][1], 1e-9))
        #expect(isClose(shifted.coefficients[2], weighted.coefficients[2], 1e-8))
    }

    /// The same line by the other evaluation of this module (JCGM 100, H.3).
    @Test func `a line of first degree is the straight line`() throws {
        let (x, y) = ([1.5, 2.0, 2.5, 3.1, 4.2], [-0.17, -0.16, -0.17, -0.15, -0.14])
        let curve = try PolynomialCurve(x: x, y: y, degree: 1)
        let line = try #require(StraightLine(x: x, y: y, u: nil, offset: 0))
        #expect(isClose(curve.coefficients[1], line.slope, 1e-10))
        #expect(isClose(curve.covariance[0][1], line.covariance, 1e-10))
        let (first, second) = (curve.predict(3), line.predict(3))
        #expect(isClose(first.y, second.y, 1e-12) && isClose(first.u, second.u, 1e-10))
    }

    @Test func `what cannot be fitted or turned round is refused`() throws {
        #expect(throws: CurveError.tooFewPoints(needed: 4, found: 3)) {
            try PolynomialCurve(x: [1, 2, 3], y: [1, 2, 3], degree: 2)
        }
        #expect(throws: CurveError.notDistinct) {
            try PolynomialCurve(x: [1, 1, 2, 2], y: [1, 2, 3, 4], degree: 2)
        }
        #expect(throws: CurveError.unequalCounts) {
            try PolynomialCurve(x: [1, 2, 3], y: [1, 2], degree: 1)
        }
        #expect(throws: CurveError.notPositive(what: "an uncertainty of y")) {
            try PolynomialCurve(
                x: [1, 2, 3], y: [1, 2, 3], degree: 1, weights: .independent([1, 0, 1]))
        }
        #expect(throws: CurveError.notPositiveDefinite) {
            try PolynomialCurve(
                x: [1, 2], y: [1, 2], degree: 1, weights: .covariance([[1, 2], [2, 1]]))
        }
        for degree in [0, -3] {
            #expect(throws: CurveError.impossibleDegree(degree)) {
                try PolynomialCurve(x: [1, 2, 3], y: [1, 2, 3], degree: degree)
            }
        }
        #expect(throws: CurveError.notFinite) {
            try PolynomialCurve(x: [1, 2, 3], y: [1, .nan, 3], degree: 1)
        }
        #expect(throws: CurveError.notFinite) {
            try PolynomialCurve(x: [1, 2, .infinity], y: [1, 2, 3], degree: 1)
        }
        #expect(throws: CurveError.notPositiveDefinite) {
            try PolynomialCurve(
                x: [1, 2], y: [1, 2], degree: 1, weights: .covariance([[1, 0], [0, .nan]]))
        }
        let parabola = try PolynomialCurve(x: [-2, -1, 0, 1, 2], y: [4, 1, 0, 1, 4], degree: 2)
        #expect(throws: CurveError.noInverse(y: 1, roots: 2, range: -2...2)) { try parabola.inverse(1) }
        #expect(throws: CurveError.noInverse(y: 5, roots: 0, range: -2...2)) { try parabola.inverse(5) }
        // Two places closer together than any grid would tell, and one where the curve only touches the value.
        #expect(throws: CurveError.noInverse(y: 1e-9, roots: 2, range: -2...2)) {
            try parabola.inverse(1e-9)
        }
        let touching = #expect(throws: CurveError.self) { try parabola.inverse(0) }
        #expect(touching?.description.hasPrefix("the curve is level at x = ") == true)
    }

    /// y = 3x + 0.1 takes its values at the ends of the range there, whichever way the last digit fell; in between the
    /// uncertainty of y and of the line, divided by the slope, is that of x.
    @Test func `a value at the end of the range has its place`() throws {
        let x = [0.1, 0.7, 1.3, 2.9]
        let u = [0.02, 0.02, 0.02, 0.02]
        let curve = try PolynomialCurve(
            x: x, y: x.map { 3 * $0 + 0.1 }, degree: 1, weights: .independent(u))
        for place in x {
            let found = try curve.inverse(3 * place + 0.1, u: 0.03)
            let line = curve.predict(place).u
            #expect(abs(found.x - place) < 1e-14)
            #expect(isClose(found.u, (line * line + 0.03 * 0.03).squareRoot() / 3, 1e-12))
        }
        #expect(throws: CurveError.noInverse(y: 8.9, roots: 0, range: 0.1...2.9)) {
            try curve.inverse(8.9)
        }
    }

    /// Of three places of a cubic only those within the range count.
    @Test func `a cubic has its inverse where it rises alone`() throws {
        let x = [0.6, 0.8, 1.0, 1.2, 1.4]
        let curve = try PolynomialCurve(x: x, y: x.map { $0 * ($0 * $0 - 0.25) }, degree: 3)
        #expect(isClose(try curve.inverse(0.75).x, 1, 1e-12))
        let wide = [-1.0, -0.5, 0, 0.5, 1]
        let turning = try PolynomialCurve(x: wide, y: wide.map { $0 * ($0 * $0 - 0.25) }, degree: 3)
        #expect(throws: CurveError.noInverse(y: 0.01, roots: 3, range: -1...1)) {
            try turning.inverse(0.01)
        }
        #expect(isClose(try turning.inverse(0.75).x, 1, 1e-12))
    }

    /// Variances that differ by eighteen powers of ten are no lack of rank, and weigh as the same u do.
    @Test func `variances of unlike size make no covariance matrix singular`() throws {
        let (x, y, u) = ([0.0, 1, 2], [1.0, 2, 2], [1e-6, 1, 1000])
        let diagonal = (0..<3).map { row in (0..<3).map { $0 == row ? u[row] * u[row] : 0 } }
        let general = try PolynomialCurve(x: x, y: y, degree: 1, weights: .covariance(diagonal))
        let weighted = try PolynomialCurve(x: x, y: y, degree: 1, weights: .independent(u))
        #expect(isClose(general.coefficients[1], weighted.coefficients[1], 1e-12))
        #expect(isClose(general.covariance[1][1], weighted.covariance[1][1], 1e-9))
        // Positive semidefinite only: two y are one.
        #expect(throws: CurveError.notPositiveDefinite) {
            try PolynomialCurve(
                x: x, y: y, degree: 1,
                weights: .covariance([[1e-12, 1e-9, 0], [1e-9, 1e-6, 0], [0, 0, 1]]))
        }
    }
}

@Suite struct TotalLeastSquaresLineTests {
    private static let x = [0.0, 0.9, 1.8, 2.6, 3.3, 4.4, 5.2, 6.1, 6.5, 7.4]
    private static let y = [5.9, 5.4, 4.4, 4.6, 3.5, 3.7, 2.8, 2.8, 2.4, 1.5]
    private static let uX = [1000.0, 1000, 500, 800, 200, 80, 60, 20, 1.8, 1].map {
        1 / $0.squareRoot()
    }
    private static let uY = [1.0, 1.8, 4, 8, 20, 20, 70, 70, 100, 500].map { 1 / $0.squareRoot() }

    /// Pearson's data with York's weights: intercept 5.47991022, slope −0.480533407 (York et al. 2004, table II).
    @Test func `Pearson's data with York's weights`() throws {
        let line = try TotalLeastSquaresLine(x: Self.x, y: Self.y, uX: Self.uX, uY: Self.uY)
        #expect(isClose(line.intercept, 5.479_910_22, 1e-9))
        #expect(isClose(line.slope, -0.480_533_407, 1e-9))
        #expect(isClose(line.chiSquared, 11.866_353_2, 1e-8))
        #expect(
            abs(line.interceptUncertainty - 0.29497) < 5e-6
                && abs(line.slopeUncertainty - 0.0579850) < 5e-8)
    }

    /// The sum of squared distances has its minimum there, with correlated x and y too.
    @Test(arguments: [0.0, 0.6, -0.9])
    func `no line near by is closer to the points`(r: Double) throws {
        let correlations = [Double](repeating: r, count: 10)
        let line = try TotalLeastSquaresLine(
            x: Self.x, y: Self.y, uX: Self.uX, uY: Self.uY, r: correlations)
        func distance(_ intercept: Double, _ slope: Double) -> Double {
            Self.x.indices.reduce(0.0) { sum, i in
                let (u, v) = (Self.uX[i], Self.uY[i])
                let miss = Self.y[i] - intercept - slope * Self.x[i]
                return sum + miss * miss / (v * v + slope * slope * u * u - 2 * slope * r * u * v)
            }
        }
        let least = distance(line.intercept, line.slope)
        #expect(isClose(least, line.chiSquared, 1e-10))
        for (a, b) in [(1e-4, 0.0), (-1e-4, 0), (0, 1e-4), (0, -1e-4), (1e-4, -2e-5), (-1e-4, 2e-5)] {
            #expect(distance(line.intercept + a, line.slope + b) > least)
        }
    }

    /// Widely scattered points have several lines that none near by improves on; an iteration from the ordinary line may
    /// end at another than the closest.
    @Test func `no line at all is closer to the points`() throws {
        var generator = SeededGenerator(seed: 28037)
        var found = 0
        for _ in 0..<300 {
            let indices = 0..<(3 + Int(generator.next() % 9))
            let (scaleX, scaleY) = (generator.uniform(in: 0.1...3), generator.uniform(in: 0.1...3))
            let x = indices.map { _ in generator.uniform(in: 0...10) }
            let slope = generator.uniform(in: -4...4)
            let uX = x.map { _ in scaleX * generator.uniform(in: 0.01...1) }
            let uY = x.map { _ in scaleY * generator.uniform(in: 0.01...1) }
            let r = x.map { _ in generator.uniform(in: -0.99...0.99) }
            let y = indices.map { 1 + slope * x[$0] + 5 * uY[$0] * generator.uniform(in: -1...1) }
            let shownX = indices.map { x[$0] + 3 * uX[$0] * generator.uniform(in: -1...1) }
            func distance(_ slope: Double) -> Double {
                let weights = indices.map { i in
                    1 / (uY[i] * uY[i] + slope * slope * uX[i] * uX[i] - 2 * slope * r[i] * uX[i] * uY[i])
                }
                let rests = indices.map { y[$0] - slope * shownX[$0] }
                let mean = zip(weights, rests).reduce(0) { $0 + $1.0 * $1.1 } / weights.reduce(0, +)
                return zip(weights, rests).reduce(0) { $0 + $1.0 * ($1.1 - mean) * ($1.1 - mean) }
            }
            let others = (-2000...2000).map { distance(Double($0) / (2001 - abs(Double($0)))) }
            let least = try #require(others.min())
            guard let line = try? TotalLeastSquaresLine(x: shownX, y: y, uX: uX, uY: uY, r: r) else {
                // Then the steepest of the others is the closest.
                #expect(others.first == least || others.last == least)
                continue
            }
            #expect(isClose(line.chiSquared, distance(line.slope), 1e-8))
            #expect(line.chiSquared <= least * (1 + 1e-9))
            found += 1
        }
        #expect(found > 280)
    }

    /// A line that is level, and one as steep as ten figures show; both exactly through their points.
    @Test func `lines of all slopes are found`() throws {
        let u = [0.1, 0.2, 0.1, 0.1]
        for slope in [0, 1e-7, -3, 1e5, -1e5] {
            let x = [0.0, 1, 2, 3]
            let line = try TotalLeastSquaresLine(x: x, y: x.map { slope * $0 + 2 }, uX: u, uY: u)
            #expect(abs(line.slope - slope) <= 1e-12 * abs(slope) + 1e-15)
            #expect(abs(line.predict(0).y - 2) <= 1e-12 * (2 + abs(slope)))
            #expect((line.inverse(2) == nil) == (slope == 0))
        }
        // From symmetry level, up to rounding: not a slope to divide by.
        let same = [0.1, 0.1, 0.1, 0.1]
        let hill = try TotalLeastSquaresLine(x: [0.1, 1.1, 2.1, 3.1], y: [1.1, 2.3, 2.3, 1.1], uX: same, uY: same)
        #expect(abs(hill.slope) < 1e-15 && hill.inverse(2) == nil)
    }

    @Test func `far from zero a line is known no less`() throws {
        let (y, u) = ([0.1, 1.2, 1.9, 3.1], [0.1, 0.1, 0.1, 0.1])
        let near = try TotalLeastSquaresLine(x: [0, 1, 2, 3], y: y, uX: u, uY: u)
        let far = try TotalLeastSquaresLine(x: [0, 1, 2, 3].map { $0 + 1e8 }, y: y, uX: u, uY: u)
        let (first, second) = (near.predict(1.7), far.predict(1e8 + 1.7))
        #expect(isClose(first.y, second.y, 1e-7) && isClose(first.u, second.u, 1e-7))
    }

    @Test func `without uncertainty in x it is the weighted line`() throws {
        let none = [Double](repeating: 0, count: 10)
        let line = try TotalLeastSquaresLine(x: Self.x, y: Self.y, uX: none, uY: Self.uY)
        let weighted = try PolynomialCurve(
            x: Self.x, y: Self.y, degree: 1, weights: .independent(Self.uY))
        #expect(isClose(line.slope, weighted.coefficients[1], 1e-12))
        #expect(isClose(line.interceptUncertainty, weighted.covariance[0][0].squareRoot(), 1e-11))
        #expect(isClose(line.covariance, weighted.covariance[0][1], 1e-11))
        let (x, u) = try #require(line.inverse(3, u: 0.1))
        #expect(isClose(line.predict(x).y, 3, 1e-12) && u > 0.1 / abs(line.slope))
    }

    @Test func `what is no set of points is refused`() {
        #expect(throws: CurveError.tooFewPoints(needed: 3, found: 2)) {
            try TotalLeastSquaresLine(x: [1, 2], y: [1, 2], uX: [1, 1], uY: [1, 1])
        }
        #expect(throws: CurveError.impossibleCorrelation(1.5)) {
            try TotalLeastSquaresLine(
                x: [1, 2, 3], y: [1, 2, 3], uX: [1, 1, 1], uY: [1, 1, 1], r: [0, 1.5, 0])
        }
        #expect(throws: CurveError.notPositive(what: "an uncertainty of x or y of each point")) {
            try TotalLeastSquaresLine(x: [1, 2, 3], y: [1, 2, 3], uX: [1, 0, 1], uY: [1, 0, 1])
        }
        #expect(throws: CurveError.notFinite) {
            try TotalLeastSquaresLine(x: [1, .nan, 3], y: [1, 2, 3], uX: [1, 1, 1], uY: [1, 1, 1])
        }
        // The corners of a square are as near to any line through its centre.
        #expect(throws: CurveError.noSlope) {
            try TotalLeastSquaresLine(
                x: [0, 1, 0, 1], y: [0, 0, 1, 1], uX: [1, 1, 1, 1], uY: [1, 1, 1, 1])
        }
        #expect(throws: CurveError.noSlope) {
            try TotalLeastSquaresLine(
                x: [0, 0.1, 0, 0.1], y: [0, 0, 9, 9], uX: [1, 1, 1, 1], uY: [1, 1, 1, 1])
        }
        #expect(throws: CurveError.notDistinct) {
            try TotalLeastSquaresLine(x: [2, 2, 2], y: [1, 2, 3], uX: [1, 1, 1], uY: [1, 1, 1])
        }
    }
}
