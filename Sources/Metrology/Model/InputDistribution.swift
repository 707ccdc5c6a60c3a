/// What is known of an input, as a probability distribution (JCGM 101, clause 6.4).
public enum InputDistribution: Hashable, Sendable {
    case constant(Double)
    case normal(mean: Double, standardDeviation: Double)
    case rectangular(mean: Double, halfWidth: Double)
    case triangular(mean: Double, halfWidth: Double)
    /// `beta`: width of the top over width of the base, 0…1.
    case trapezoidal(mean: Double, halfWidth: Double, beta: Double)
    case arcsine(mean: Double, halfWidth: Double)
    /// Limits at ±`halfWidth` that are themselves known to ±`inexactness`, the middle fixed (6.4.3).
    case curvilinearTrapezoid(mean: Double, halfWidth: Double, inexactness: Double)
    /// mean + scale·t. Its `scale` is the standard uncertainty of the GUM (4.2.3 with G.3.2), not its standard
    /// deviation, which is larger or does not exist.
    case studentT(mean: Double, scale: Double, degreesOfFreedom: Double)
    /// A t-distribution stretched so that its standard deviation is the one given; more than two degrees of freedom.
    case studentTOfDeviation(mean: Double, standardDeviation: Double, degreesOfFreedom: Double)
    /// From zero up, known by its mean alone (6.4.10).
    case exponential(mean: Double)
    /// shape·scale is the mean. Of `q` objects counted: shape q + 1, scale 1 (6.4.11).
    case gamma(shape: Double, scale: Double)

    /// The state of knowledge from repeated readings: mean + s/√n·t with n − 1 degrees of freedom (6.4.9).
    ///
    /// - Returns: nil for fewer than two readings.
    public static func observations(_ values: [Double]) -> InputDistribution? {
        guard let deviation = experimentalStandardDeviation(values) else { return nil }
        let count = Double(values.count)
        return .studentT(
            mean: values.reduce(0, +) / count, scale: deviation / count.squareRoot(), degreesOfFreedom: count - 1)
    }

    /// What a certificate states with U and k: normal, u = U/k.
    public static func certificate(mean: Double, expanded: Double, k: Double) -> InputDistribution {
        .normal(mean: mean, standardDeviation: expanded / k)
    }

    /// The last digit of an indication: anything within half a step of it is as likely.
    public static func resolution(mean: Double, step: Double) -> InputDistribution {
        .rectangular(mean: mean, halfWidth: step / 2)
    }

    public var mean: Double {
        switch self {
        case .constant(let value): value
        case .normal(let mean, _), .rectangular(let mean, _), .triangular(let mean, _), .trapezoidal(let mean, _, _),
            .arcsine(let mean, _), .curvilinearTrapezoid(let mean, _, _), .studentT(let mean, _, _),
            .studentTOfDeviation(let mean, _, _), .exponential(let mean):
            mean
        case .gamma(let shape, let scale): shape * scale
        }
    }

    /// u for the law of propagation.
    public var standardUncertainty: Double {
        switch self {
        case .constant: 0
        case .normal(_, let deviation), .studentTOfDeviation(_, let deviation, _): deviation
        case .rectangular(_, let a): a / 3.0.squareRoot()
        case .triangular(_, let a): a / 6.0.squareRoot()
        case .trapezoidal(_, let a, let beta): a * ((1 + beta * beta) / 6).squareRoot()
        case .arcsine(_, let a): a / 2.0.squareRoot()
        case .curvilinearTrapezoid(_, let a, let d): (a * a / 3 + d * d / 9).squareRoot()
        case .studentT(_, let scale, _): scale
        case .exponential(let mean): mean
        case .gamma(let shape, let scale): shape.squareRoot() * scale
        }
    }

    /// Of u; infinite where the distribution is taken as known.
    public var degreesOfFreedom: Double {
        if case .studentT(_, _, let nu) = self { nu } else { .infinity }
    }

    /// Where its values lie; for an unbounded distribution mean ± `reach` standard uncertainties.
    func support(reach: Double) -> ClosedRange<Double> {
        let width: Double
        switch self {
        case .constant: width = 0
        case .rectangular(_, let a), .triangular(_, let a), .trapezoidal(_, let a, _), .arcsine(_, let a): width = a
        case .curvilinearTrapezoid(_, let a, let d): width = a + d
        case .exponential, .gamma:
            return max(0, mean - reach * standardUncertainty)...mean + reach * standardUncertainty
        case .normal, .studentT, .studentTOfDeviation: width = reach * standardUncertainty
        }
        return mean - width...mean + width
    }

    /// What forbids using it; nil where nothing does.
    public var fault: String? {
        func negative(_ name: String, _ value: Double) -> String? {
            value >= 0 && value.isFinite ? nil : "\(name) must not be negative, as \(value) is"
        }
        if !mean.isFinite { return "the mean is not a number" }
        switch self {
        case .constant: return nil
        case .normal(_, let deviation): return negative("a standard uncertainty", deviation)
        case .rectangular(_, let a), .triangular(_, let a), .arcsine(_, let a):
            return negative("a half width", a)
        case .trapezoidal(_, let a, let beta):
            return negative("a half width", a) ?? (0...1 ~= beta ? nil : "beta is between 0 and 1, not \(beta)")
        case .curvilinearTrapezoid(_, let a, let d):
            return negative("a half width", a) ?? negative("an inexactness", d)
                ?? (d <= a ? nil : "an inexactness of \(d) is larger than the half width \(a)")
        case .studentT(_, let scale, let nu):
            return negative("a scale", scale) ?? (nu > 0 ? nil : "degrees of freedom must be positive, not \(nu)")
        case .studentTOfDeviation(_, let deviation, let nu):
            return negative("a standard uncertainty", deviation)
                ?? (nu > 2 ? nil : "a t-distribution has a standard deviation above 2 degrees of freedom, not at \(nu)")
        case .exponential(let mean): return mean > 0 ? nil : "the mean must be positive, not \(mean)"
        case .gamma(let shape, let scale):
            return shape > 0 && scale > 0 && shape.isFinite && scale.isFinite ? nil : "shape and scale must be positive"
        }
    }
}
