/// The standard normal distribution Φ.
public enum StandardNormal {
    /// φ(z) = exp(−z²/2)/√(2π).
    public static func density(_ z: Double) -> Double {
        // z² as a short square and a small rest: exp then keeps its digits far out in the tail.
        let short = (z * 1024).rounded(.toNearestOrEven) / 1024
        guard abs(z) < 40 else { return z.isNaN ? .nan : 0 }
        return exponential(-short * short / 2) * exponential(-(z - short) * (z + short) / 2)
            / (2 * Double.pi).squareRoot()
    }

    /// Φ(z), correct to its own last digits in both tails.
    public static func cumulative(_ z: Double) -> Double {
        upperTail(-z)
    }

    /// 1 − Φ(z), without the subtraction.
    public static func upperTail(_ z: Double) -> Double {
        if z > 2 { return fraction(z) }
        if z < -2 { return 1 - fraction(-z) }
        return 0.5 - half(z)
    }

    /// P(a < Z ≤ b), taken on the side where it loses no digits.
    public static func probability(from a: Double, to b: Double) -> Double {
        if a >= 0 { return upperTail(a) - upperTail(b) }
        if b <= 0 { return cumulative(b) - cumulative(a) }
        return 1 - (cumulative(a) + upperTail(b))
    }

    /// Φ(z) − ½ by its power series (NIST DLMF 7.6.2).
    private static func half(_ z: Double) -> Double {
        var sum = z
        var term = z
        var odd = 1.0
        while abs(term) > abs(sum) * 1e-17 {
            odd += 2
            term *= z * z / odd
            sum += term
        }
        return sum * density(z)
    }

    /// 1 − Φ(z) = φ(z)/(z + 1/(z + 2/(z + 3/(z + …)))) (Laplace), for z > 2.
    private static func fraction(_ z: Double) -> Double {
        guard z < 40 else { return z.isNaN ? .nan : 0 }
        // Enough steps from the inside out for the last digit at z = 2.
        var inner = z
        for n in stride(from: z < 5 ? 160.0 : 60, to: 0, by: -1) { inner = z + n / inner }
        return density(z) / inner
    }

    /// The z with Φ(z) = `p`, by algorithm AS 241 (Wichura 1988), relative error about 10⁻¹⁶.
    ///
    /// - Returns: ∓∞ at 0 and 1, NaN outside.
    public static func quantile(_ p: Double) -> Double {
        p <= 0.5 ? -quantile(upperTail: p) : quantile(upperTail: 1 - p)
    }

    /// The z with 1 − Φ(z) = `q`: for a tail too small to be written as 1 − q.
    public static func quantile(upperTail q: Double) -> Double {
        guard q >= 0, q <= 1 else { return .nan }
        if q > 0.5 { return -quantile(upperTail: 1 - q) }
        if q == 0 { return .infinity }
        let middle = 0.5 - q
        if middle <= 0.425 {
            let r = 0.180625 - middle * middle
            return middle * polynomial(centre.0, r) / polynomial(centre.1, r)
        }
        let r = (-naturalLogarithm(q)).squareRoot()
        return r <= 5
            ? polynomial(tail.0, r - 1.6) / polynomial(tail.1, r - 1.6)
            : polynomial(farTail.0, r - 5) / polynomial(farTail.1, r - 5)
    }

    private static func polynomial(_ coefficients: [Double], _ x: Double) -> Double {
        coefficients.reversed().reduce(0) { $0 * x + $1 }
    }

    private static let centre: ([Double], [Double]) = (
        [
            3.3871328727963666080e0, 1.3314166789178437745e+2, 1.9715909503065514427e+3, 1.3731693765509461125e+4,
            4.5921953931549871457e+4, 6.7265770927008700853e+4, 3.3430575583588128105e+4, 2.5090809287301226727e+3,
        ],
        [
            1, 4.2313330701600911252e+1, 6.8718700749205790830e+2, 5.3941960214247511077e+3,
            2.1213794301586595867e+4, 3.9307895800092710610e+4, 2.8729085735721942674e+4, 5.2264952788528545610e+3,
        ]
    )

    private static let tail: ([Double], [Double]) = (
        [
            1.42343711074968357734e0, 4.63033784615654529590e0, 5.76949722146069140550e0, 3.64784832476320460504e0,
            1.27045825245236838258e0, 2.41780725177450611770e-1, 2.27238449892691845833e-2, 7.74545014278341407640e-4,
        ],
        [
            1, 2.05319162663775882187e0, 1.67638483018380384940e0, 6.89767334985100004550e-1,
            1.48103976427480074590e-1, 1.51986665636164571966e-2, 5.47593808499534494600e-4, 1.05075007164441684324e-9,
        ]
    )

    private static let farTail: ([Double], [Double]) = (
        [
            6.65790464350110377720e0, 5.46378491116411436990e0, 1.78482653991729133580e0, 2.96560571828504891230e-1,
            2.65321895265761230930e-2, 1.24266094738807843860e-3, 2.71155556874348757815e-5, 2.01033439929228813265e-7,
        ],
        [
            1, 5.99832206555887937690e-1, 1.36929880922735805310e-1, 1.48753612908506148525e-2,
            7.86869131145613259100e-4, 1.84631831751005468180e-5, 1.42151175831644588870e-7, 2.04426310338993978564e-15,
        ]
    )
}
