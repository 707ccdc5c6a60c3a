/// Student's t distribution with any positive number ν of degrees of freedom, whole or not.
///
/// Infinity is the normal distribution.
public enum StudentT {
    public static func density(_ t: Double, degreesOfFreedom nu: Double) -> Double {
        guard nu > 0 else { return .nan }
        guard nu < normalFrom else { return StandardNormal.density(t) }
        // Γ((ν + 1)/2)/(Γ(ν/2)·√(νπ)) by Stirling's formula and its error.
        let exponent =
            SaddlePoint.stirlingError(nu / 2 + 0.5) - SaddlePoint.stirlingError(nu / 2)
            + nu / 2 * naturalLogarithm(onePlus: 1 / nu) - 0.5
        return exponential(exponent) / (2 * Double.pi).squareRoot()
            * exponential(-(nu + 1) / 2 * naturalLogarithm(onePlus: t * t / nu))
    }

    /// P(T ≤ t), correct in both tails.
    public static func cumulative(_ t: Double, degreesOfFreedom nu: Double) -> Double {
        let (middle, outside) = absolute(abs(t), degreesOfFreedom: nu)
        if t <= 0 { return outside / 2 }
        return middle < 0.5 ? 0.5 + middle / 2 : 1 - outside / 2
    }

    /// P(T > t), without the subtraction.
    public static func upperTail(_ t: Double, degreesOfFreedom nu: Double) -> Double {
        cumulative(-t, degreesOfFreedom: nu)
    }

    /// The t with P(T ≤ t) = `p`.
    public static func quantile(_ p: Double, degreesOfFreedom nu: Double) -> Double {
        p <= 0.5
            ? -quantile(upperTail: p, degreesOfFreedom: nu)
            : quantile(upperTail: 1 - p, degreesOfFreedom: nu)
    }

    /// The t with P(T > t) = `q`.
    public static func quantile(upperTail q: Double, degreesOfFreedom nu: Double) -> Double {
        guard nu > 0, q >= 0, q <= 1 else { return .nan }
        guard nu < normalFrom else { return StandardNormal.quantile(upperTail: q) }
        if q > 0.5 { return -quantile(upperTail: 1 - q, degreesOfFreedom: nu) }
        // |T| is positive: P(|T| > t) = 2q. Student's tails are the heavier, so the normal quantile is below.
        if q == 0.5 { return 0 }
        let t = PositiveQuantile.solve(
            lower: 1 - 2 * q, upper: 2 * q, start: StandardNormal.quantile(upperTail: q),
            density: { 2 * density($0, degreesOfFreedom: nu) },
            tails: { absolute($0, degreesOfFreedom: nu) })
        // Its square overflows: such a tail, of less than one degree of freedom, has no number here.
        return t < 1e150 ? t : .infinity
    }

    /// Beyond it the difference to the normal distribution, about z⁴/(4ν), is below the last digit.
    private static let normalFrom = 1e19

    /// P(|T| ≤ t) and P(|T| > t).
    private static func absolute(
        _ t: Double, degreesOfFreedom nu: Double
    ) -> (lower: Double, upper: Double) {
        guard nu > 0 else { return (.nan, .nan) }
        guard nu < normalFrom else {
            return (StandardNormal.probability(from: -t, to: t), 2 * StandardNormal.upperTail(t))
        }
        let ratio = t * t / nu
        let x = ratio == .infinity ? 1 : ratio / (1 + ratio)
        return IncompleteBeta.regularized(x, complement: 1 / (1 + ratio), 0.5, nu / 2)
    }
}
