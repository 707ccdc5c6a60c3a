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

    /// - Parameters:
    ///   - uX: and `uY`: standard uncertainties, not negative; of each point one at least positive.
    ///   - r: correlation of x and y of each point; zeros where not given.
    /// - Throws: ``CurveError``.
    public init(x: [Double], y: [Double], uX: [Double], uY: [Double], r: [Double]? = nil) throws(CurveError) {
        let count = x.count
        let r = r ?? .init(repeating: 0, count: count)
        guard [y.count, uX.count, uY.count, r.count].allSatisfy({ $0 == count }) else { throw .unequalCounts }
        guard count >= 3 else { throw .tooFewPoints(needed: 3, found: count) }
        guard Set(x).count >= 2 else { throw .notDistinct }
        guard zip(uX, uY).allSatisfy({ $0 >= 0 && $1 >= 0 && $0 + $1 > 0 && ($0 + $1).isFinite }) else {
            throw .notPositive(what: "an uncertainty of x or y of each point")
        }
        if let r = r.first(where: { !(abs($0) <= 1) }) { throw .impossibleCorrelation(r) }
        guard let start = StraightLine(x: x, y: y, u: nil, offset: 0) else { throw .notDistinct }

        var slope = start.slope
        var isSettled = false
        var fit = (weights: [Double](), betas: [Double](), meanX: 0.0, meanY: 0.0)
        for _ in 0..<1000 where !isSettled {
            let weights = (0..<count).map { i in
                1 / (uY[i] * uY[i] + slope * slope * uX[i] * uX[i] - 2 * slope * r[i] * uX[i] * uY[i])
            }
            guard weights.allSatisfy({ $0 > 0 && $0.isFinite }) else { throw .noConvergence }
            let total = weights.reduce(0, +)
            let meanX = zip(weights, x).reduce(0) { $0 + $1.0 * $1.1 } / total
            let meanY = zip(weights, y).reduce(0) { $0 + $1.0 * $1.1 } / total
            let betas = (0..<count).map { i in
                let (u, v) = (x[i] - meanX, y[i] - meanY)
                let mixed = (slope * u + v) * r[i] * uX[i] * uY[i]
                return weights[i] * (u * uY[i] * uY[i] + slope * v * uX[i] * uX[i] - mixed)
            }
            let numerator = (0..<count).reduce(0.0) { $0 + weights[$1] * betas[$1] * (y[$1] - meanY) }
            let denominator = (0..<count).reduce(0.0) { $0 + weights[$1] * betas[$1] * (x[$1] - meanX) }
            guard denominator != 0 else { throw .noConvergence }
            let next = numerator / denominator
            isSettled = abs(next - slope) <= 1e-15 * abs(next)
            slope = next
            fit = (weights, betas, meanX, meanY)
        }
        // The last digits may swing between two neighbours for ever; anything wider is no fit.
        guard isSettled || Self.isNear(slope, fit, x, y) else { throw .noConvergence }
        self.slope = slope
        let intercept = fit.meanY - slope * fit.meanX
        self.intercept = intercept
        let total = fit.weights.reduce(0, +)
        let adjusted = fit.betas.map { fit.meanX + $0 }
        let mean = zip(fit.weights, adjusted).reduce(0) { $0 + $1.0 * $1.1 } / total
        let spread = zip(fit.weights, adjusted).reduce(0) { $0 + $1.0 * ($1.1 - mean) * ($1.1 - mean) }
        let variance = 1 / spread
        slopeUncertainty = variance.squareRoot()
        interceptUncertainty = (1 / total + mean * mean * variance).squareRoot()
        covariance = -mean * variance
        chiSquared = (0..<count).reduce(0.0) { sum, i in
            let distance = y[i] - slope * x[i] - intercept
            return sum + fit.weights[i] * distance * distance
        }
        degreesOfFreedom = count - 2
    }

    private static func isNear(
        _ slope: Double, _ fit: (weights: [Double], betas: [Double], meanX: Double, meanY: Double), _ x: [Double],
        _ y: [Double]
    ) -> Bool {
        let numerator = x.indices.reduce(0.0) { $0 + fit.weights[$1] * fit.betas[$1] * (y[$1] - fit.meanY) }
        let denominator = x.indices.reduce(0.0) { $0 + fit.weights[$1] * fit.betas[$1] * (x[$1] - fit.meanX) }
        return abs(numerator / denominator - slope) <= 1e-12 * abs(slope)
    }

    /// The line at `x` and its standard uncertainty there.
    public func predict(_ x: Double) -> (y: Double, u: Double) {
        let variance =
            interceptUncertainty * interceptUncertainty + 2 * x * covariance + x * x * slopeUncertainty
            * slopeUncertainty
        return (intercept + slope * x, max(0, variance).squareRoot())
    }

    /// The x at which the line is `y`, with the uncertainty of the line and of y; nil for a level line.
    public func inverse(_ y: Double, u: Double = 0) -> (x: Double, u: Double)? {
        guard slope != 0 else { return nil }
        let x = (y - intercept) / slope
        let line = predict(x).u
        return (x, (line * line + u * u).squareRoot() / abs(slope))
    }
}
