/// The regularized incomplete gamma functions P(a, x) and Q(a, x) = 1 − P (NIST DLMF 8.2.4).
public enum IncompleteGamma {
    /// Both parts, the smaller one computed directly: neither tail loses digits to a subtraction.
    ///
    /// - Parameters:
    ///   - a: positive.
    ///   - x: 0 or more; infinity is allowed.
    public static func regularized(_ a: Double, _ x: Double) -> (lower: Double, upper: Double) {
        guard a > 0, a.isFinite, x >= 0 else { return (.nan, .nan) }
        if x == 0 { return (0, 1) }
        if x == .infinity { return (1, 0) }
        let term = SaddlePoint.gammaTerm(a, x)
        if x < a + 1 {
            let lower = term * series(a, x)
            return (lower, 1 - lower)
        }
        let upper = term * a * fraction(a, x)
        return (1 - upper, upper)
    }

    /// 1 + x/(a + 1) + x²/((a + 1)(a + 2)) + … (DLMF 8.7.1).
    private static func series(_ a: Double, _ x: Double) -> Double {
        var sum = 1.0
        var term = 1.0
        var n = a
        while term > sum * 1e-17 {
            n += 1
            term *= x / n
            sum += term
        }
        return sum
    }

    /// The continued fraction of Γ(a, x)·eˣ·x⁻ᵃ (DLMF 8.9.2), by Lentz's method.
    private static func fraction(_ a: Double, _ x: Double) -> Double {
        let tiny = 1e-300
        var b = x + 1 - a
        var c = 1 / tiny
        var d = 1 / b
        var value = d
        for i in 1..<1_000_000 {
            let n = Double(i)
            let an = -n * (n - a)
            b += 2
            d = an * d + b
            if abs(d) < tiny { d = tiny }
            c = b + an / c
            if abs(c) < tiny { c = tiny }
            d = 1 / d
            value *= d * c
            if abs(d * c - 1) < 1e-16 { break }
        }
        return value
    }
}
