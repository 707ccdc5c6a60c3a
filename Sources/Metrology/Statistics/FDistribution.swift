/// The F distribution: the ratio of two independent variances with ν₁ and ν₂ degrees of freedom.
public enum FDistribution {
    public static func density(_ f: Double, _ nu1: Double, _ nu2: Double) -> Double {
        guard nu1 > 0, nu2 > 0, f > 0 else { return .nan }
        let (x, y) = share(f, nu1, nu2)
        return SaddlePoint.betaTerm(nu1 / 2, nu2 / 2, x, y) / f
    }

    public static func cumulative(_ f: Double, _ nu1: Double, _ nu2: Double) -> Double {
        tails(f, nu1, nu2).lower
    }

    /// P(F > f): the p-value of an analysis of variance (JCGM 100, H.5.2.2).
    public static func upperTail(_ f: Double, _ nu1: Double, _ nu2: Double) -> Double {
        tails(f, nu1, nu2).upper
    }

    /// The f with P(F ≤ f) = `p`: the critical value of the test at probability `p`.
    public static func quantile(_ p: Double, _ nu1: Double, _ nu2: Double) -> Double {
        guard nu1 > 0, nu2 > 0, nu1.isFinite, nu2.isFinite else { return .nan }
        return PositiveQuantile.solve(
            lower: p, upper: 1 - p, start: 1, density: { density($0, nu1, nu2) },
            tails: { tails($0, nu1, nu2) })
    }

    private static func tails(
        _ f: Double, _ nu1: Double, _ nu2: Double
    ) -> (lower: Double, upper: Double) {
        guard f >= 0 else { return (.nan, .nan) }
        let (x, y) = share(f, nu1, nu2)
        return IncompleteBeta.regularized(x, complement: y, nu1 / 2, nu2 / 2)
    }

    /// ν₁f/(ν₁f + ν₂) and its complement.
    private static func share(_ f: Double, _ nu1: Double, _ nu2: Double) -> (Double, Double) {
        let ratio = f / nu2 * nu1
        return ratio == .infinity ? (1, 0) : (ratio / (1 + ratio), 1 / (1 + ratio))
    }
}
