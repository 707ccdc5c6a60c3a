/// A straight line y = a + b·(x − offset) by least squares (JCGM 100, H.3).
public struct StraightLine: Hashable, Sendable {
    public let intercept: Double
    public let slope: Double
    public let interceptUncertainty: Double
    public let slopeUncertainty: Double
    public let covariance: Double
    /// Σw·(y − a − b·x)²: the sum of squared residuals, χ² where weights were given.
    public let sumOfSquares: Double
    public let degreesOfFreedom: Int
    public let offset: Double
    public let isWeighted: Bool

    /// Standard deviation of a residual; of one divided by its own u for a weighted line.
    public var residualDeviation: Double { (sumOfSquares / Double(degreesOfFreedom)).squareRoot() }
    public var correlation: Double { covariance / (interceptUncertainty * slopeUncertainty) }

    /// - Parameter u: standard uncertainties of `y`, weights 1/u²; the uncertainties of a and b then follow
    ///   from them alone and are not scaled by χ². Without them, from the residuals.
    /// - Returns: nil for fewer than three points, lists of unlike lengths, one x only, or a u that is not
    ///   positive.
    public init?(x: [Double], y: [Double], u: [Double]? = nil, offset: Double = 0) {
        guard x.count >= 3, x.count == y.count, u.map({ $0.count == x.count && $0.allSatisfy { $0 > 0 } }) ?? true
        else { return nil }
        let weights = u.map { $0.map { 1 / ($0 * $0) } } ?? x.map { _ in 1 }
        func weightedSum(_ values: [Double]) -> Double { compensatedSum(zip(weights, values).map { $0 * $1 }) }
        let total = compensatedSum(weights)
        let meanX = weightedSum(x) / total
        let meanY = weightedSum(y) / total
        let dx = x.map { $0 - meanX }
        let dy = y.map { $0 - meanY }
        let sxx = weightedSum(dx.map { $0 * $0 })
        guard sxx > 0, sxx.isFinite else { return nil }
        slope = weightedSum(zip(dx, dy).map { $0 * $1 }) / sxx
        let lever = meanX - offset
        intercept = meanY - slope * lever
        let b = slope
        sumOfSquares = weightedSum(zip(dx, dy).map { ($1 - b * $0) * ($1 - b * $0) })
        degreesOfFreedom = x.count - 2
        let variance = u == nil ? sumOfSquares / Double(degreesOfFreedom) : 1
        interceptUncertainty = (variance * (1 / total + lever * lever / sxx)).squareRoot()
        slopeUncertainty = (variance / sxx).squareRoot()
        covariance = -variance * lever / sxx
        self.offset = offset
        isWeighted = u != nil
    }

    /// The line at `x` and the standard uncertainty of the line there (H.3.4).
    public func predict(_ x: Double) -> (y: Double, u: Double) {
        let d = x - offset
        return (intercept + slope * d, variance(at: d).squareRoot())
    }

    /// The x at which the line has the value `y`, the mean of `readings` new observations.
    ///
    /// Their scatter is that of the residuals; a weighted line does not know it, and adds nothing for it.
    public func inverse(_ y: Double, readings: Int = 1) -> (x: Double, u: Double) {
        let d = (y - intercept) / slope
        let scatter = isWeighted ? 0 : residualDeviation * residualDeviation / Double(readings)
        return (d + offset, (scatter + variance(at: d)).squareRoot() / abs(slope))
    }

    private func variance(at d: Double) -> Double {
        interceptUncertainty * interceptUncertainty + d * d * slopeUncertainty * slopeUncertainty
            + 2 * d * covariance
    }
}
