/// The χ² distribution with any positive number ν of degrees of freedom.
public enum ChiSquared {
    public static func density(_ x: Double, degreesOfFreedom nu: Double) -> Double {
        guard nu > 0, x > 0 else { return x == 0 ? (nu < 2 ? .infinity : nu == 2 ? 0.5 : 0) : .nan }
        return SaddlePoint.gammaTerm(nu / 2, x / 2) * (nu / 2) / x
    }

    public static func cumulative(_ x: Double, degreesOfFreedom nu: Double) -> Double {
        IncompleteGamma.regularized(nu / 2, x / 2).lower
    }

    public static func upperTail(_ x: Double, degreesOfFreedom nu: Double) -> Double {
        IncompleteGamma.regularized(nu / 2, x / 2).upper
    }

    /// The x with P(X ≤ x) = `p`.
    public static func quantile(_ p: Double, degreesOfFreedom nu: Double) -> Double {
        solve(lower: p, upper: 1 - p, nu)
    }

    /// The x with P(X > x) = `q`.
    public static func quantile(upperTail q: Double, degreesOfFreedom nu: Double) -> Double {
        solve(lower: 1 - q, upper: q, nu)
    }

    private static func solve(lower: Double, upper: Double, _ nu: Double) -> Double {
        guard nu > 0, nu.isFinite else { return .nan }
        // Wilson and Hilferty's cube, where it is positive.
        let spread = 2 / (9 * nu)
        let z = lower <= upper ? StandardNormal.quantile(lower) : StandardNormal.quantile(upperTail: upper)
        let root = max(1 - spread + z * spread.squareRoot(), 1e-3)
        return PositiveQuantile.solve(
            lower: lower, upper: upper, start: nu * root * root * root,
            density: { density($0, degreesOfFreedom: nu) },
            tails: { IncompleteGamma.regularized(nu / 2, $0 / 2) })
    }
}
