/// One elementary influence on an input of a model, as a standard uncertainty (JCGM 100, 4.1.6).
public struct Influence: Hashable, Sendable, Codable {
    public enum Evaluation: String, Hashable, Sendable, Codable {
        case typeA = "A"
        case typeB = "B"
    }

    public let name: String
    /// The name of the model's input it acts on.
    public let input: String
    public let evaluation: Evaluation
    /// In the coherent SI unit of the input.
    public let standardUncertainty: Double
    /// nil for an influence known so well that its degrees of freedom do not matter (G.4.3).
    public let degreesOfFreedom: Double?

    public init(
        name: String, input: String, evaluation: Evaluation, standardUncertainty: Double,
        degreesOfFreedom: Double? = nil
    ) {
        self.name = name
        self.input = input
        self.evaluation = evaluation
        self.standardUncertainty = standardUncertainty
        self.degreesOfFreedom = degreesOfFreedom
    }
}

/// Standard uncertainties from what is known without repeated readings (JCGM 100, 4.3).
public enum TypeB {
    /// Anything within ±`halfWidth` equally likely: a/√3 (4.3.7).
    public static func rectangular(halfWidth: Double) -> Double { halfWidth / 3.0.squareRoot() }

    /// A digital indication with step `resolution`: δ/√12 (F.2.2.1).
    public static func resolution(_ resolution: Double) -> Double { resolution / 12.0.squareRoot() }

    /// A certificate's expanded uncertainty: U/k (4.3.3).
    public static func certificate(expanded: Double, k: Double) -> Double { expanded / k }
}

/// Standard deviation of a single observation (Bessel); nil for fewer than two.
public func experimentalStandardDeviation(_ values: [Double]) -> Double? {
    guard values.count >= 2 else { return nil }
    let mean = values.reduce(0, +) / Double(values.count)
    let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    return (squares / Double(values.count - 1)).squareRoot()
}

/// The outcome of the law of propagation of uncertainty.
public struct PropagatedUncertainty: Hashable, Sendable, Codable {
    public struct Contribution: Hashable, Sendable, Codable {
        public let influence: Influence
        /// ∂f/∂x at the estimates, SI.
        public let sensitivity: Double
        /// |c|·u, in the SI unit of the result.
        public let standardUncertainty: Double
        /// Part of the combined variance, 0…1.
        public let share: Double
    }

    /// Estimate of the measurand, SI.
    public let estimate: Double
    /// u_c, SI.
    public let combined: Double
    public let contributions: [Contribution]
    /// Welch–Satterthwaite (G.2b); nil stands for infinitely many.
    public let effectiveDegreesOfFreedom: Double?
    /// Coverage factor used.
    public let k: Double

    /// U = k·u_c, SI.
    public var expanded: Double { k * combined }
}

extension Formula {
    /// First-order law of propagation for uncorrelated influences (JCGM 100, 5.1.2).
    ///
    /// - Parameters:
    ///   - values: estimates of the inputs, SI.
    ///   - influences: several may act on one input; one on a name the formula does not use is an error.
    ///   - k: coverage factor; 2 unless a procedure says otherwise (JJF 1059.1-2012, 5.3.2).
    public func propagate(
        _ values: [String: Double], influences: [Influence], k: Double = 2
    ) throws -> PropagatedUncertainty {
        let (estimate, derivatives) = try evaluate(values)
        var parts: [(Influence, sensitivity: Double, u: Double)] = []
        for influence in influences {
            guard let sensitivity = derivatives[influence.input] else {
                throw FormulaError(
                    message: "the influence '\(influence.name)' acts on '\(influence.input)', "
                        + "which the model does not use", offset: 0, in: text)
            }
            let u = abs(sensitivity) * influence.standardUncertainty
            parts.append((influence, sensitivity, u))
        }
        let variance = parts.reduce(0) { $0 + $1.u * $1.u }
        // G.2b: ν_eff = u_c⁴ / Σ u_i⁴/ν_i, influences with infinite ν adding nothing to the sum.
        let denominator = parts.reduce(0.0) { sum, part in
            guard let nu = part.0.degreesOfFreedom else { return sum }
            return sum + part.u * part.u * part.u * part.u / nu
        }
        return PropagatedUncertainty(
            estimate: estimate, combined: variance.squareRoot(),
            contributions: parts.map {
                .init(
                    influence: $0.0, sensitivity: $0.sensitivity, standardUncertainty: $0.u,
                    share: variance > 0 ? $0.u * $0.u / variance : 0)
            },
            effectiveDegreesOfFreedom: denominator > 0 ? variance * variance / denominator : nil,
            k: k)
    }
}
