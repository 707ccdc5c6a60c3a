/// Quantiles of a positive variable whose logarithm has a log-concave density: χ², F and |t| all do.
///
/// Both ln P(X ≤ eˢ) and ln P(X > eˢ) are then concave in s, so that Newton's method on the
/// logarithm of the smaller of the two approaches the root from one side and cannot go astray.
enum PositiveQuantile {
    /// The x with P(X ≤ x) = `lower` and P(X > x) = `upper`.
    ///
    /// - Parameters:
    ///   - lower: and `upper` add up to 1; the smaller one decides, so that no digit of a tail is lost.
    ///   - tails: P(X ≤ x) and P(X > x).
    static func solve(
        lower: Double, upper: Double, start: Double, density: (Double) -> Double,
        tails: (Double) -> (lower: Double, upper: Double)
    ) -> Double {
        guard lower >= 0, upper >= 0 else { return .nan }
        if lower == 0 { return 0 }
        if upper == 0 { return .infinity }
        let isLower = lower <= upper
        let target = naturalLogarithm(isLower ? lower : upper)
        var x = start
        var previous = Double.infinity
        for _ in 0..<2000 {
            let tail = isLower ? tails(x).lower : tails(x).upper
            let slope = x * density(x) / tail
            // Underflow: the root lies towards the middle.
            guard tail > 0, slope > 0, slope.isFinite else {
                x *= exponential(isLower ? 1 : -1)
                continue
            }
            let miss = (naturalLogarithm(tail) - target) / slope
            let step = max(-4, min(4, isLower ? -miss : miss))
            x *= exponential(step)
            // At the limit of the arithmetic the steps stop shrinking.
            if abs(step) < 1e-15 || (abs(step) < 1e-9 && abs(step) >= previous / 2) { return x }
            previous = abs(step)
        }
        return x
    }
}
