/// A line through points that are uncertain in x and in y (generalised distance regression, ISO/TS 28037:2010, clauses 7
/// and 8), by the unified equations of York, Evensen, López and Delgado (Am. J. Phys. 72, 2004).
public struct TotalLeastSquaresLine: Hashable, Sendable {
    public let intercept: Double
    public let slope: Double
    public let interceptUncertainty: Double
    public let slopeUncertainty: Double
    /// Of intercept and slope.
    public let covariance: Double
    /// Weighted sum of squared distances; expected near the degrees of freedom.
    public let chiSquared: Double
    public let degreesOfFreedom: Int

    /// Of the points on the line: where it is known best, and the variance there.
    private let centre: Centre

    private struct Centre: Hashable, Sendable {
        let x, y, variance: Double
    }

    /// The line of the smallest ``chiSquared`` of all, also where points that scatter widely have other lines that no
    /// line near by improves on.
    ///
    /// - Parameters:
    ///   - uX: and `uY`: standard uncertainties, not negative; of each point one at least positive.
    ///   - r: correlation of x and y of each point; zeros where not given.
    /// - Throws: ``CurveError``.
    public init(x: [Double], y: [Double], uX: [Double], uY: [Double], r: [Double]? = nil)
        throws(CurveError)
    {
        let count = x.count
        let r = r ?? .init(repeating: 0, count: count)
        guard [y.count, uX.count, uY.count, r.count].allSatisfy({ $0 == count }) else {
            throw .unequalCounts
        }
        guard count >= 3 else { throw .tooFewPoints(needed: 3, found: count) }
        guard (x + y).allSatisfy(\.isFinite) else { throw .notFinite }
        guard Set(x).count >= 2 else { throw .notDistinct }
        guard zip(uX, uY).allSatisfy({ $0 >= 0 && $1 >= 0 && $0 + $1 > 0 && ($0 + $1).isFinite }) else {
            throw .notPositive(what: "an uncertainty of x or y of each point")
        }
        if let r = r.first(where: { !(abs($0) <= 1) }) { throw .impossibleCorrelation(r) }
        let points = UncertainPoints(x: x, y: y, uX: uX, uY: uY, r: r)
        guard let best = points.best() else { throw .noSlope }

        let total = best.weights.reduce(0, +)
        let mean = zip(best.weights, best.adjusted).reduce(0) { $0 + $1.0 * $1.1 } / total
        let spread = zip(best.weights, best.adjusted).reduce(0) {
            $0 + $1.0 * ($1.1 - mean) * ($1.1 - mean)
        }
        let variance = 1 / spread
        centre = Centre(x: best.meanX + mean, y: best.meanY + best.slope * mean, variance: 1 / total)
        slope = best.slope
        intercept = best.meanY - best.slope * best.meanX
        slopeUncertainty = variance.squareRoot()
        interceptUncertainty = (1 / total + centre.x * centre.x * variance).squareRoot()
        covariance = -centre.x * variance
        chiSquared = best.chiSquared
        degreesOfFreedom = count - 2
        // A vertical line has the same distance: what is found is no more the slope than any other.
        guard variance.isFinite, best.chiSquared < (1 - 1e-9) * points.verticalChiSquared else {
            throw .noSlope
        }
    }

    /// The line at `x` and its standard uncertainty there.
    public func predict(_ x: Double) -> (y: Double, u: Double) {
        // About the centre, where the uncertainties of intercept and slope do not cancel.
        let d = x - centre.x
        return (
            centre.y + slope * d,
            (centre.variance + d * d * slopeUncertainty * slopeUncertainty).squareRoot()
        )
    }

    /// The x at which the line is `y`, with the uncertainty of the line and of y; nil for a level line.
    public func inverse(_ y: Double, u: Double = 0) -> (x: Double, u: Double)? {
        guard abs(slope) > 1e-12 * slopeUncertainty else { return nil }
        let x = centre.x + (y - centre.y) / slope
        let line = predict(x).u
        return (x, (line * line + u * u).squareRoot() / abs(slope))
    }
}
