// Densities of the gamma and beta families without cancellation, after C. Loader, Fast and
// accurate computation of binomial probabilities (2000): the exponent is a sum of small terms
// instead of a difference of large ones, so that it keeps its digits at any size of the parameters.

/// ln(1 + x), all digits kept for small x (Kahan's quotient).
func naturalLogarithm(onePlus x: Double) -> Double {
    let sum = 1 + x
    return sum == 1 ? x : x * naturalLogarithm(sum) / (sum - 1)
}

enum SaddlePoint {
    /// ln Γ(n + 1) less Stirling's (n + ½)·ln n − n + ½·ln 2π.
    static func stirlingError(_ n: Double) -> Double {
        guard n < 16 else { return stirlingSeries(n) }
        // δ(n) − δ(n + 1) = (n + ½)·ln(1 + 1/n) − 1 leads up to where the series is exact.
        var sum = 0.0
        var at = n
        while at < 16 {
            sum += (at + 0.5) * naturalLogarithm(onePlus: 1 / at) - 1
            at += 1
        }
        return sum + stirlingSeries(at)
    }

    private static func stirlingSeries(_ n: Double) -> Double {
        let square = n * n
        let inner = 1 / 1260.0 - (1 / 1680.0 - (1 / 1188.0 - 691 / 360360.0 / square) / square) / square
        return (1 / 12.0 - (1 / 360.0 - inner / square) / square) / n
    }

    /// x·ln(x/m) + m − x, all digits kept where x is near m.
    ///
    /// - Parameter difference: x − m, given by a caller who knows it better than the subtraction does.
    static func deviance(_ x: Double, _ m: Double, difference: Double) -> Double {
        guard abs(difference) < 0.1 * (x + m) else {
            return x > 0 ? x * naturalLogarithm(x / m) - difference : m
        }
        // With v = (x − m)/(x + m): ln(x/m) = 2·(v + v³/3 + v⁵/5 + …).
        let v = difference / (x + m)
        var sum = difference * v
        var term = 2 * x * v
        for odd in stride(from: 3.0, through: 2001, by: 2) {
            term *= v * v
            let next = sum + term / odd
            if next == sum { break }
            sum = next
        }
        return sum
    }

    /// xᵃ·e⁻ˣ/Γ(a + 1).
    static func gammaTerm(_ a: Double, _ x: Double) -> Double {
        exponential(-stirlingError(a) - deviance(a, x, difference: a - x)) / (2 * Double.pi * a).squareRoot()
    }

    /// xᵃ·yᵇ/B(a, b), where y = 1 − x.
    static func betaTerm(_ a: Double, _ b: Double, _ x: Double, _ y: Double) -> Double {
        let n = a + b
        // a − n·x = n·y − b, from the smaller of x and y: the other one was rounded near 1.
        let difference = x <= y ? a - n * x : n * y - b
        let exponent =
            stirlingError(n) - stirlingError(a) - stirlingError(b)
            - deviance(a, n * x, difference: difference) - deviance(b, n * y, difference: -difference)
        return exponential(exponent) * (a * b / (2 * Double.pi * n)).squareRoot()
    }
}
