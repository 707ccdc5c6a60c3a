extension TypeB {
    /// A normal quantity said to lie within ±`halfWidth` with probability `p`: a/z (4.3.4 to 4.3.6).
    public static func normal(halfWidth: Double, p: Double) -> Double {
        halfWidth / CoverageFactor.studentT(p: p, degreesOfFreedom: .infinity)
    }

    /// Values near the middle likelier than those near ±`halfWidth`: a/√6 (4.3.9).
    public static func triangular(halfWidth: Double) -> Double { halfWidth / 6.0.squareRoot() }

    /// Between rectangle (β = 1) and triangle (β = 0), β = top width / base width: a·√((1 + β²)/6) (4.3.9).
    public static func trapezoidal(halfWidth: Double, beta: Double) -> Double {
        halfWidth * ((1 + beta * beta) / 6).squareRoot()
    }

    /// A sinusoidal variation of amplitude `halfWidth`: a/√2 (H.1.3.4).
    public static func arcsine(halfWidth: Double) -> Double { halfWidth / 2.0.squareRoot() }

    /// Limits `above` and `below` the estimate, not equally far: (b₊ + b₋)/√12 (4.3.8).
    public static func asymmetric(above: Double, below: Double) -> Double {
        (above + below) / 12.0.squareRoot()
    }

    /// Degrees of freedom of an uncertainty itself known to within the fraction `relative`: ½·(Δu/u)⁻²
    /// (G.4.2).
    public static func degreesOfFreedom(relativeUncertainty relative: Double) -> Double {
        1 / (2 * relative * relative)
    }
}

/// Standard deviations from several small samples, or from the range of one.
public enum ExperimentalDeviation {
    /// √(Σν_i·s_i²/Σν_i) with Σν_i degrees of freedom (JCGM 100, 4.2.4; JJF 1059.1-2012, 4.3.2.4).
    public static func pooled(
        _ deviations: [Double], degreesOfFreedom: [Double]
    ) -> (deviation: Double, degreesOfFreedom: Double)? {
        guard !deviations.isEmpty, deviations.count == degreesOfFreedom.count,
            degreesOfFreedom.allSatisfy({ $0 > 0 })
        else { return nil }
        let nu = compensatedSum(degreesOfFreedom)
        let squares = compensatedSum(zip(deviations, degreesOfFreedom).map { $0 * $0 * $1 })
        return ((squares / nu).squareRoot(), nu)
    }

    /// R/C with the degrees of freedom of the range (JJF 1059.1-2012, 4.3.2.3).
    ///
    /// - Returns: nil but for 2 to 9 readings.
    public static func fromRange(_ range: Double, count: Int) -> (deviation: Double, degreesOfFreedom: Double)? {
        guard let factor = rangeFactors[count] else { return nil }
        return (range / factor.c, factor.nu)
    }

    private static let rangeFactors: [Int: (c: Double, nu: Double)] = [
        2: (1.13, 0.9), 3: (1.69, 1.8), 4: (2.06, 2.7), 5: (2.33, 3.6), 6: (2.53, 4.5), 7: (2.70, 5.3),
        8: (2.85, 6.0), 9: (2.97, 6.8),
    ]
}
