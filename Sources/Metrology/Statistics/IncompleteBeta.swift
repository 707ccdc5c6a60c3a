/// The regularized incomplete beta function I_x(a, b) and its complement (NIST DLMF 8.17.2).
public enum IncompleteBeta {
    /// I_x(a, b) and 1 − I_x(a, b), the smaller one computed directly.
    ///
    /// - Parameters:
    ///   - x: from 0 to 1.
    ///   - complement: 1 − x, given apart because the caller often knows it to more digits.
    ///   - a: positive, as is `b`.
    public static func regularized(
        _ x: Double, complement: Double, _ a: Double, _ b: Double
    ) -> (lower: Double, upper: Double) {
        guard a > 0, b > 0, a.isFinite, b.isFinite, x >= 0, complement >= 0 else { return (.nan, .nan) }
        if x == 0 { return (0, 1) }
        if complement == 0 { return (1, 0) }
        let term = SaddlePoint.betaTerm(a, b, x, complement)
        if x < (a + 1) / (a + b + 2) {
            let lower = term * fraction(a, b, x) / a
            return (lower, 1 - lower)
        }
        let upper = term * fraction(b, a, complement) / b
        return (1 - upper, upper)
    }

    /// The continued fraction DLMF 8.17.22, by Lentz's method; it needs about √max(a, b) steps.
    private static func fraction(_ a: Double, _ b: Double, _ x: Double) -> Double {
        let tiny = 1e-300
        func away(_ value: Double) -> Double { abs(value) < tiny ? tiny : value }
        var c = 1.0
        var d = 1 / away(1 - (a + b) * x / (a + 1))
        var value = d
        for i in 1..<1_000_000 {
            let m = Double(i)
            let even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
            d = 1 / away(1 + even * d)
            c = away(1 + even / c)
            value *= d * c
            let odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
            d = 1 / away(1 + odd * d)
            c = away(1 + odd / c)
            value *= d * c
            if abs(d * c - 1) < 1e-16 { break }
        }
        return value
    }
}
