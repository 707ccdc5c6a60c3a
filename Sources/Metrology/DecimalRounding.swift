/// How a digit that stands exactly between two is decided.
public enum RoundingRule: String, Hashable, Sendable, CaseIterable {
    /// Away from zero.
    case halfUp = "half-up"
    /// To the even digit (GB/T 8170-2008, 3.2).
    case halfEven = "half-even"
    /// The uncertainty never down (JCGM 100, 7.2.6); an estimate as by ``halfUp``.
    case up
}

extension Reporting {
    /// An estimate and its uncertainty as they are written: the uncertainty to `digits` significant
    /// digits, the estimate to the same last place (JCGM 100, 7.2.6; JJF 1059.1-2012, 5.3.8).
    ///
    /// - Returns: nil unless `uncertainty` is positive and `digits` at least 1.
    public static func rounded(
        _ estimate: ExactDecimal, uncertainty: ExactDecimal, digits: Int, rule: RoundingRule
    ) -> (estimate: ExactDecimal, uncertainty: ExactDecimal)? {
        guard let (written, places) = significant(uncertainty, digits: digits, rule: rule) else { return nil }
        return (estimate.rounded(toPlaces: places, isAway: rule.estimate), written)
    }

    /// δ = ½·10ˡ, where u = c·10ˡ with c of `digits` digits (JCGM 101, 7.9.2).
    ///
    /// - Returns: nil unless `u` is positive and `digits` at least 1.
    public static func numericalTolerance(_ u: ExactDecimal, digits: Int) -> ExactDecimal? {
        guard let (_, places) = significant(u, digits: digits, rule: .halfUp) else { return nil }
        return places >= 0
            ? ExactDecimal(coefficient: 5, places: places + 1)
            : ExactDecimal(coefficient: 5 * ExactDecimal.powerOfTen(-places - 1), places: 0)
    }

    /// `value` to so many significant digits, and the place of the last, negative left of the point.
    private static func significant(
        _ value: ExactDecimal, digits: Int, rule: RoundingRule
    ) -> (ExactDecimal, places: Int)? {
        guard value.coefficient > 0, (1...18).contains(digits) else { return nil }
        func length(_ number: ExactDecimal) -> Int { String(number.coefficient).count - number.places }
        let places = digits - length(value)
        let written = value.rounded(toPlaces: places, isAway: rule.uncertainty)
        // 0.00996 becomes 0.0100, a digit too many: one place less.
        guard length(written) > length(value) else { return (written, places) }
        return (value.rounded(toPlaces: places - 1, isAway: rule.uncertainty), places - 1)
    }
}

extension RoundingRule {
    /// Whether the quotient is stepped away from zero, given it and how twice the remainder compares with
    /// the divisor: below (negative), equal, above; never asked about no remainder.
    fileprivate typealias Step = (_ quotient: Int128, _ comparison: Int) -> Bool

    fileprivate var estimate: Step {
        switch self {
        case .halfUp, .up: { _, comparison in comparison >= 0 }
        case .halfEven: { quotient, comparison in comparison > 0 || (comparison == 0 && quotient % 2 != 0) }
        }
    }

    fileprivate var uncertainty: Step {
        self == .up ? { _, _ in true } : estimate
    }
}

extension ExactDecimal {
    /// Rounded to `places`, negative for tens and hundreds; a number with fewer places is given zeros.
    fileprivate func rounded(toPlaces places: Int, isAway: RoundingRule.Step) -> ExactDecimal {
        let drop = self.places - places
        guard drop > 0 else { return rounded(toPlaces: places) }
        var quotient: Int128 = 0
        // With 38 digits dropped nothing of a coefficient remains, not even half.
        if drop <= 37 {
            let divisor = Self.powerOfTen(drop)
            let (whole, rest) = coefficient.quotientAndRemainder(dividingBy: divisor)
            let other = divisor - Int128(rest.magnitude)
            let comparison = rest.magnitude < other.magnitude ? -1 : rest.magnitude == other.magnitude ? 0 : 1
            quotient = whole
            if rest != 0, isAway(whole, comparison) { quotient += coefficient < 0 ? -1 : 1 }
        }
        return places >= 0
            ? ExactDecimal(coefficient: quotient, places: places)
            : ExactDecimal(coefficient: quotient * Self.powerOfTen(-places), places: 0)
    }
}
