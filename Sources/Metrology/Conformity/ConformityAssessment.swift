/// A decision with what it rests on, in words for the person who has to act on it.
public struct ConformityAssessment: Hashable, Sendable {
    public let decision: ConformityDecision
    /// What was compared: the value, rounded first where the limit is on a rounded one.
    public let compared: ExactDecimal
    /// The limits of tolerance in force.
    public let limits: ToleranceInterval
    /// Between these the rule accepts.
    public let acceptance: ToleranceInterval
    /// (upper − lower)/(2U), the test uncertainty ratio; nil for one limit or no uncertainty.
    public let testUncertaintyRatio: Double?
    /// Why, with the numbers.
    public let reason: String
    /// What to do next.
    public let advice: String
}

extension Conformity {
    /// Decides by ``decide(_:limits:expandedUncertainty:rule:)`` and says why and what next.
    ///
    /// - Parameter step: where the limit is on a rounded value, the step it is rounded to first; positive.
    public static func assess(
        _ value: ExactDecimal, limits: ToleranceInterval, expandedUncertainty: ExactDecimal, rule: AcceptanceRule,
        roundedTo step: ExactDecimal? = nil
    ) -> ConformityAssessment {
        let compared = step.flatMap { value.rounded(toStep: $0) } ?? value
        let decision = decide(compared, limits: limits, expandedUncertainty: expandedUncertainty, rule: rule)
        let words = AssessmentWords(
            value: value, compared: compared, limits: limits, expandedUncertainty: expandedUncertainty, rule: rule)
        var ratio: Double?
        if let lower = limits.lower, let upper = limits.upper, expandedUncertainty > ExactDecimal(0) {
            ratio = (upper - lower).ratio(to: ExactDecimal(2) * expandedUncertainty)
        }
        return ConformityAssessment(
            decision: decision, compared: compared, limits: limits, acceptance: words.acceptance,
            testUncertaintyRatio: ratio, reason: words.reason(decision), advice: words.advice(decision))
    }
}

private struct AssessmentWords {
    let value: ExactDecimal
    let compared: ExactDecimal
    let limits: ToleranceInterval
    let expandedUncertainty: ExactDecimal
    let rule: AcceptanceRule

    /// How far the acceptance limits lie inside the limits of tolerance, negative outside.
    private var band: ExactDecimal {
        switch rule {
        case .simpleAcceptance: ExactDecimal(0)
        case .guardedAcceptance(let r), .nonBinary(let r): r * expandedUncertainty
        case .guardedByWidth(let width): width
        case .guardedRejection(let r): -(r * expandedUncertainty)
        case .threeZones: limits.considersUncertainty(expandedUncertainty) ? expandedUncertainty : ExactDecimal(0)
        }
    }

    var acceptance: ToleranceInterval { limits.guarded(by: band) }

    private static func text(_ limits: ToleranceInterval) -> String {
        switch (limits.lower, limits.upper) {
        case (let lower?, let upper?): lower == -upper ? "±\(upper)" : "\(lower) … \(upper)"
        case (let lower?, nil): "at least \(lower)"
        case (nil, let upper?): "at most \(upper)"
        case (nil, nil): "no limit"
        }
    }

    /// Which side the value is nearer to or beyond, and its limit.
    private var side: (word: String, limit: ExactDecimal, excess: ExactDecimal)? {
        let below = limits.lower.map { ("below the lower limit", $0, $0 - compared) }
        let above = limits.upper.map { ("above the upper limit", $0, compared - $0) }
        return [below, above].compactMap { $0 }.max { $0.2 < $1.2 }
    }

    func reason(_ decision: ConformityDecision) -> String {
        let shown = compared == value ? "\(value)" : "\(value), rounded to \(compared),"
        guard let side else { return "\(shown) has no limit to keep" }
        let zero = ExactDecimal(0)
        let place =
            side.excess > zero
            ? "\(shown) lies \(side.excess) \(side.word) \(side.limit)"
            : "\(shown) lies within the limits \(Self.text(limits))"
        switch decision {
        case .pass where band == zero: return place
        case .pass:
            let guarded = band > zero ? "less" : "and"
            return place
                + ", and within \(Self.text(acceptance)), the limits \(guarded) a guard band of \(band.magnitude)"
        case .fail where side.excess <= zero:
            return place + ", but not within \(Self.text(acceptance)), the limits less a guard band of \(band)"
        case .fail where band < zero:
            return place + ", more than the guard band of \(band.magnitude)"
        case .fail: return place
        case .conditionalPass: return place + ", but within the guard band of \(band) from \(side.limit)"
        case .conditionalFail: return place + ", but within the guard band of \(band) from it"
        case .pending:
            return place + "; U = \(expandedUncertainty) is more than a third of the limit, and within U of the limit "
                + "neither can be said"
        }
    }

    func advice(_ decision: ConformityDecision) -> String {
        switch decision {
        case .pass: return "accept"
        case .fail where (side?.excess ?? ExactDecimal(0)) <= ExactDecimal(0):
            return "do not accept; with a smaller U the same value could be accepted"
        case .fail: return "reject: adjust and verify again, or issue a notice of the results"
        case .conditionalPass:
            return "accept only if the risk of a wrong acceptance may be borne, or measure again with a smaller U"
        case .conditionalFail: return "do not accept; measure again with a smaller U before rejecting"
        case .pending:
            return
                "measure again with a standard or a method of smaller U: from a third of the limit down the error alone decides"
        }
    }
}
