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
            let lower = term / fraction(a, b, x, complement)
            return (lower, 1 - lower)
        }
        let upper = term / fraction(b, a, complement, x)
        return (1 - upper, upper)
    }

    /// xᵃ·yᵇ/B(a, b)/I_x(a, b) as a continued fraction (Didonato and Morris, algorithm 708, 1992), by
    /// Lentz's method. It has a·y − b·x where DLMF 8.17.22 has 1 − x near 1, and so keeps its digits for
    /// a ratio of the parameters of 10⁹.
    private static func fraction(_ a: Double, _ b: Double, _ x: Double, _ y: Double) -> Double {
        let tiny = 1e-300
        func denominator(_ m: Double) -> Double {
            // The first quotient is 0/0 for m = 0 and a = 1.
            (m > 0 ? m + m * (b - m) * x / (a + 2 * m - 1) : 0)
                + (a + m) * (a * y - b * x + 1 + m * (1 + y)) / (a + 2 * m + 1)
        }
        var value = denominator(0)
        if abs(value) < tiny { value = tiny }
        var c = value
        var d = 0.0
        for i in 1..<1_000_000 {
            let m = Double(i)
            let ratio = x / (a + 2 * m - 1)
            let numerator = (a + m - 1) * ratio * (a + b + m - 1) * ratio * m * (b - m)
            let next = denominator(m)
            d = next + numerator * d
            if abs(d) < tiny { d = tiny }
            c = next + numerator / c
            if abs(c) < tiny { c = tiny }
            d = 1 / d
            value *= c * d
            if abs(c * d - 1) < 1e-16 { break }
        }
        return value
    }
}
