/// Probabilities of conformity of one measured item (JCGM 106, 7).
public struct SpecificRisk: Hashable, Sendable {
    public let below: Double
    public let above: Double
    public let conforming: Double
    /// min(T_U − y, y − T_L)/3u; nil unless the state of knowledge is normal and both limits are given.
    public let capabilityIndex: Double?

    public var nonconforming: Double { below + above }

    public init(_ knowledge: StateOfKnowledge, lower: Double?, upper: Double?) {
        below = lower.map(knowledge.lowerTail) ?? 0
        above = upper.map(knowledge.upperTail) ?? 0
        conforming = knowledge.probability(from: lower, to: upper)
        if let lower, let upper, knowledge.shape == .normal {
            capabilityIndex = min(upper - knowledge.mean, knowledge.mean - lower) / (3 * knowledge.scale)
        } else {
            capabilityIndex = nil
        }
    }
}

/// Closed forms of JCGM 106 and ILAC-G8 for a normal state of knowledge.
public enum NormalRisk {
    /// The item after a measurement with standard uncertainty `u`, from a normal prior (JCGM 106, A.4.4).
    public static func posterior(
        priorMean: Double, priorDeviation: Double, measured: Double, u: Double
    ) -> (mean: Double, deviation: Double) {
        // Weights of one sum 1: neither is lost where the two deviations differ much.
        let total = priorDeviation * priorDeviation + u * u
        let weight = priorDeviation * priorDeviation / total
        return (
            weight * measured + u * u / total * priorMean, u * priorDeviation / total.squareRoot()
        )
    }

    /// Largest specific risk of false acceptance at one limit, guard band w = r·U and U = k·u: Φ(−r·k).
    public static func largestSpecificRisk(r: Double, k: Double) -> Double {
        StandardNormal.upperTail(r * k)
    }
}

/// Guard-band factors from the test uncertainty ratio: acceptance limit = factor · tolerance limit
/// (ANSI/NCSL Z540.3 handbook).
public enum RatioGuardBand: String, Hashable, Sendable, CaseIterable {
    case rss
    case u95
    case rp10
    case method6

    /// - Returns: nil for a ratio that the method has no factor for.
    public func factor(ratio: Double) -> Double? {
        guard ratio > 0, ratio.isFinite else { return nil }
        switch self {
        case .rss: return ratio >= 1 ? (1 - 1 / (ratio * ratio)).squareRoot() : nil
        case .u95: return 1 - 1 / ratio
        case .rp10: return 1.25 - 1 / ratio
        case .method6:
            return 1 - (1.04 - exponential(0.38 * naturalLogarithm(ratio) - 0.54)) / ratio
        }
    }
}
