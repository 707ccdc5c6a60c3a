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
    /// The one place where a value becomes a decision: exact decimals, unrounded, by ``AcceptanceRule``.
    ///
    /// A value exactly on the limit in force is accepted, except at the outer limits of JJF 1094, where
    /// MPEV + U is already not conforming (5.3.1.5).
    ///
    /// - Parameters:
    ///   - value: and `limits`, `expandedUncertainty` in one unit.
    ///   - expandedUncertainty: U, not negative.
    public static func decide(
        _ value: ExactDecimal, limits: ToleranceInterval, expandedUncertainty: ExactDecimal, rule: AcceptanceRule
    ) -> ConformityDecision {
        // How far the value lies outside, negative inside; nil where nothing is limited.
        guard let excess = limits.excess(of: value) else { return .pass }
        let zero = ExactDecimal(0)
        switch rule {
        case .simpleAcceptance:
            return excess <= zero ? .pass : .fail
        case .guardedAcceptance(let r):
            return excess <= -(r * expandedUncertainty) ? .pass : .fail
        case .guardedByWidth(let width):
            return excess <= -width ? .pass : .fail
        case .guardedRejection(let r):
            return excess <= r * expandedUncertainty ? .pass : .fail
        case .nonBinary(let r):
            let band = r * expandedUncertainty
            if excess <= -band { return .pass }
            if excess <= zero { return .conditionalPass }
            return excess <= band ? .conditionalFail : .fail
        case .threeZones:
            guard limits.considersUncertainty(expandedUncertainty) else {
                return excess <= zero ? .pass : .fail
            }
            if excess <= -expandedUncertainty { return .pass }
            return excess >= expandedUncertainty ? .fail : .pending
        }
    }

    /// The same decision about a computed error.
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
        if rule == .byRegulation, let verdict = farFromLimits(error, limits) { return verdict }
        let scale = PaperScale(limits)
        let decision = decide(
            scale.decimal(error),
            limits: ToleranceInterval(
                lower: limits.lower.map(scale.decimal), upper: limits.upper.map(scale.decimal)),
            expandedUncertainty: scale.decimal(expandedUncertainty),
            rule: rule == .byRegulation ? .simpleAcceptance : .threeZones)
        return switch decision {
        case .pass, .conditionalPass: .conforming
        case .fail, .conditionalFail: .notConforming
        case .pending: .undetermined
        }
    }
}

extension Conformity {
    /// The verdict where no limit is so near that it matters how binary numbers stand on paper; nil where one is.
    private static func farFromLimits(_ error: Double, _ limits: ErrorLimits) -> Verdict? {
        let size = max(abs(error), abs(limits.lower ?? 0), abs(limits.upper ?? 0))
        let distances = [limits.lower.map { error - $0 }, limits.upper.map { $0 - error }].compactMap { $0 }
        guard distances.allSatisfy({ abs($0) > 1e-9 * size }) else { return nil }
        return distances.allSatisfy { $0 > 0 } ? .conforming : .notConforming
    }
}

/// Binary numbers as they stand on paper: to twelve places of the limit's own magnitude.
private struct PaperScale {
    private let factor: Double

    init(_ limits: ErrorLimits) {
        let limit = max(abs(limits.lower ?? 0), abs(limits.upper ?? 0))
        factor = limit > 0 && limit.isFinite ? 1 / limit : 1
    }

    func decimal(_ value: Double) -> ExactDecimal {
        // Beyond a million times the limit nothing is told apart any more.
        let scaled = max(-1e6, min(1e6, value * factor))
        return ExactDecimal(fifteenDigitsOf: scaled)?.rounded(toPlaces: 12) ?? ExactDecimal(0)
    }
}
