/// Whether the law of propagation was good enough: its interval against that of a Monte Carlo run (JCGM 101, 8.1).
public struct PropagationValidation: Sendable {
    /// δ.
    public let tolerance: Double
    /// |y − U_p − y_low| and |y + U_p − y_high|.
    public let differences: (low: Double, high: Double)

    public var isValid: Bool { differences.low <= tolerance && differences.high <= tolerance }

    public init(_ propagated: CoverageInterval, against drawn: CoverageInterval, tolerance: Double) {
        self.tolerance = tolerance
        differences = (abs(propagated.low - drawn.low), abs(propagated.high - drawn.high))
    }

}
