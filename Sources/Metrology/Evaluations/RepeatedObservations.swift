/// Type A evaluation of independent readings of one quantity (JCGM 100, 4.2).
public struct RepeatedObservations: Hashable, Sendable {
    public let count: Int
    public let mean: Double
    /// Experimental standard deviation s of one reading.
    public let standardDeviation: Double

    /// s/√n (4.2.3).
    public var standardUncertainty: Double { standardDeviation / Double(count).squareRoot() }
    /// n − 1.
    public var degreesOfFreedom: Int { count - 1 }

    /// Differences from the first reading are taken in decimals, so that digits common to all readings cost
    /// nothing.
    ///
    /// - Returns: nil for fewer than two readings.
    public init?(_ values: [ExactDecimal]) {
        guard values.count >= 2, let first = values.first else { return nil }
        let differences = values.map { ($0 - first).double }
        count = values.count
        let offset = compensatedSum(differences) / Double(count)
        let squares = compensatedSum(differences.map { ($0 - offset) * ($0 - offset) })
        standardDeviation = (squares / Double(count - 1)).squareRoot()
        mean = first.double + offset
    }

    /// Mean ∓ t_p(n − 1)·s/√n.
    ///
    /// - Parameter p: coverage probability, between 0 and 1.
    public func interval(p: Double) -> (k: Double, low: Double, high: Double) {
        let k = CoverageFactor.studentT(p: p, degreesOfFreedom: Double(degreesOfFreedom))
        return (k, mean - k * standardUncertainty, mean + k * standardUncertainty)
    }
}

/// Neumaier's sum: what each addition rounds away is kept and added at the end.
func compensatedSum(_ values: [Double]) -> Double {
    var sum = 0.0
    var lost = 0.0
    for value in values {
        let next = sum + value
        lost += abs(sum) >= abs(value) ? (sum - next) + value : (value - next) + sum
        sum = next
    }
    return sum + lost
}
