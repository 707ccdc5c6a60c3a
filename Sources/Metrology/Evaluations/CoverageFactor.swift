/// Factors from standard to expanded uncertainty for a coverage probability `p`.
public enum CoverageFactor {
    /// k with P(|T| ≤ k) = p, any positive degrees of freedom, infinity included (JCGM 100, G.3.4).
    public static func studentT(p: Double, degreesOfFreedom nu: Double) -> Double {
        guard p > 0, p < 1 else { return .nan }
        return StudentT.quantile(upperTail: (1 - p) / 2, degreesOfFreedom: nu)
    }

    /// k of the hyper-ellipsoid of `m` jointly normal outputs: √χ²_p(m) (JCGM 102, 6.5.2).
    public static func ellipse(p: Double, outputs m: Int) -> Double {
        guard p > 0, p < 1, m >= 1 else { return .nan }
        return ChiSquared.quantile(p, degreesOfFreedom: Double(m)).squareRoot()
    }
}
