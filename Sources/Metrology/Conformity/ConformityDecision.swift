/// What a decision rule says about one measured value.
public enum ConformityDecision: String, Hashable, Sendable, CaseIterable {
    case pass
    /// Inside the tolerance, but within the guard band of its limit (ILAC-G8:09/2019, 4.2.3).
    case conditionalPass = "conditional-pass"
    /// Neither can be said at this uncertainty (JJF 1094-2002, 5.3.1.5).
    case pending
    /// Outside the tolerance, but within the guard band of its limit.
    case conditionalFail = "conditional-fail"
    case fail
}

/// How a measured value and its expanded uncertainty U are compared with limits; the guard band is
/// w = r·U (JCGM 106, 8.3; ILAC-G8:09/2019, 4.2).
public enum AcceptanceRule: Hashable, Sendable {
    /// The value alone decides (JCGM 106, 8.2).
    case simpleAcceptance
    /// Accepted only where it is inside by the guard band (JCGM 106, 8.3.2).
    case guardedAcceptance(r: ExactDecimal)
    /// Accepted only where it is inside by a guard band that somebody chose, whatever U is.
    case guardedByWidth(ExactDecimal)
    /// Rejected only where it is outside by the guard band (JCGM 106, 8.3.3).
    case guardedRejection(r: ExactDecimal)
    /// Four answers, with a guard band on each side of the limit (ILAC-G8:09/2019, 4.2.3).
    case nonBinary(r: ExactDecimal)
    /// Where U > MPEV/3 a zone ±U around each limit is pending (JJF 1094-2002, 5.3.1.4 and 5.3.1.5).
    case threeZones
}

/// Limits of tolerance in exact decimals; a missing side is not limited.
public struct ToleranceInterval: Hashable, Sendable {
    public let lower: ExactDecimal?
    public let upper: ExactDecimal?

    public init(lower: ExactDecimal?, upper: ExactDecimal?) {
        self.lower = lower
        self.upper = upper
    }

    /// ±MPEV.
    public init(symmetric limit: ExactDecimal) {
        self.init(lower: -limit, upper: limit)
    }

    /// How far `value` lies outside, negative inside; nil where nothing is limited.
    public func excess(of value: ExactDecimal) -> ExactDecimal? {
        [lower.map { $0 - value }, upper.map { value - $0 }].compactMap { $0 }.max()
    }

    /// Whether `expandedUncertainty` is above a third of the smaller limit, so that JJF 1094-2002,
    /// 5.3.1.4, lets nobody ignore it. Compared as 3·U with MPEV: a third has no decimal.
    public func considersUncertainty(_ expandedUncertainty: ExactDecimal) -> Bool {
        guard let limit = [lower, upper].compactMap({ $0?.magnitude }).min() else { return false }
        return ExactDecimal(3) * expandedUncertainty > limit
    }

    /// Both limits moved inward by `width` (JCGM 106, 8.3.2).
    public func guarded(by width: ExactDecimal) -> ToleranceInterval {
        ToleranceInterval(lower: lower.map { $0 + width }, upper: upper.map { $0 - width })
    }

    /// Whether any value can lie inside.
    public var isPossible: Bool {
        guard let lower, let upper else { return true }
        return lower <= upper
    }
}
