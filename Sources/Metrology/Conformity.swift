/// What is decided about one error against its limits.
public enum Verdict: String, Hashable, Sendable, Codable, CaseIterable {
    case conforming
    case notConforming = "not-conforming"
    /// Between the zones of JJF 1094: neither can be said at this uncertainty.
    case undetermined
}

/// The rule by which an error is compared with its limits.
public enum DecisionRule: String, Hashable, Sendable, Codable, CaseIterable {
    /// Simple acceptance: the regulation already fixed method, standard and environment, so the
    /// error alone decides (JJF 1094-2002, 5.3.1).
    case byRegulation = "by-regulation"
    /// JJF 1094-2002, 5.3: where U > MPEV/3, a zone ±U around each limit stays undetermined.
    case threeZones = "three-zones"
}

/// Limits of error, lower and upper, in the unit of the error. A missing side is not limited.
public struct ErrorLimits: Hashable, Sendable, Codable {
    public let lower: Double?
    public let upper: Double?

    public init(lower: Double?, upper: Double?) {
        self.lower = lower
        self.upper = upper
    }

    public init(symmetric limit: Double) {
        self.init(lower: -limit, upper: limit)
    }

    /// The smaller magnitude of the two: MPEV of JJF 1094.
    public var magnitude: Double? {
        [lower, upper].compactMap { $0.map(abs) }.min()
    }
}

public enum Conformity {
    /// The one place where an error becomes a verdict. Equality with a limit conforms.
    ///
    /// A difference below 10⁻¹² of the limit is the arithmetic's own rounding and counts as
    /// equality: an error that is exactly at the limit on paper is at the limit here.
    ///
    /// - Parameters:
    ///   - error: and `limits`, `expandedUncertainty` in one unit.
    ///   - expandedUncertainty: U at about 95 %, not negative; not used by ``DecisionRule/byRegulation``.
    public static func decide(
        error: Double, limits: ErrorLimits, expandedUncertainty: Double, rule: DecisionRule
    ) -> Verdict {
        guard error.isFinite else { return .undetermined }
        let scale = 1e-12 * max(abs(limits.lower ?? 0), abs(limits.upper ?? 0))
        let below = limits.lower.map { $0 - error } ?? -.infinity
        let above = limits.upper.map { error - $0 } ?? -.infinity
        /// How far the error lies outside, negative inside.
        let excess = max(below, above)
        let guardBand: Double =
            switch rule {
            case .byRegulation: 0
            case .threeZones:
                (limits.magnitude.map { 3 * expandedUncertainty > $0 * (1 + 1e-12) } ?? false)
                    ? expandedUncertainty : 0
            }
        if guardBand == 0 { return excess <= scale ? .conforming : .notConforming }
        if excess <= -guardBand + scale { return .conforming }
        return excess >= guardBand - scale ? .notConforming : .undetermined
    }
}
