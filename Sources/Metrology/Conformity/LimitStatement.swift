/// How far a value may be from where it should be, as regulations and data sheets say it: `0.02`, `0.5 % of reading`,
/// `±(0.5 % of reading + 0.02)`, `±2 % or ±0.1, whichever is greater`.
public indirect enum LimitStatement: Hashable, Sendable {
    case absolute(ExactDecimal)
    /// A part of a value: 0.005 is half a per cent.
    case relative(ExactDecimal, of: Basis)
    case sum([LimitStatement])
    case larger([LimitStatement])
    case smaller([LimitStatement])

    public enum Basis: String, Hashable, Sendable, CaseIterable {
        /// What the instrument shows; a limit relative to it moves with the reading.
        case reading
        /// What was set: the standard's value, the range, the full scale.
        case nominal
    }

    /// The limit in force.
    ///
    /// - Returns: nil where it is relative to a value that is not given, or a list is empty.
    public func value(reading: ExactDecimal?, nominal: ExactDecimal?) -> ExactDecimal? {
        func all(_ parts: [LimitStatement]) -> [ExactDecimal]? {
            let values = parts.compactMap { $0.value(reading: reading, nominal: nominal) }
            return values.count == parts.count && !parts.isEmpty ? values : nil
        }
        switch self {
        case .absolute(let limit): return limit
        case .relative(let part, let basis):
            // Of a negative reading the limit is as wide as of its opposite.
            return (basis == .reading ? reading : nominal).map { part * $0.magnitude }
        case .sum(let parts): return all(parts).map { $0.dropFirst().reduce($0[0], +) }
        case .larger(let parts): return all(parts)?.max()
        case .smaller(let parts): return all(parts)?.min()
        }
    }
}

extension ExactDecimal {
    /// This number by another, rounded once: 0.6 by 0.2 is 3, which the quotient of two binary numbers is not.
    public func ratio(to other: ExactDecimal) -> Double {
        let places = max(self.places, other.places)
        return Double(rounded(toPlaces: places).coefficient) / Double(other.rounded(toPlaces: places).coefficient)
    }

    /// The multiple of `step` nearest to this number, of two as near the even one (GB/T 8170-2008, 3.2 and 4).
    ///
    /// - Returns: nil for a step that is not positive.
    public func rounded(toStep step: ExactDecimal) -> ExactDecimal? {
        guard step > ExactDecimal(0) else { return nil }
        let places = max(self.places, step.places)
        let (value, divisor) = (rounded(toPlaces: places).coefficient, step.rounded(toPlaces: places).coefficient)
        let (whole, rest) = value.quotientAndRemainder(dividingBy: divisor)
        let twice = 2 * rest.magnitude
        var quotient = whole
        if twice > divisor.magnitude || (twice == divisor.magnitude && whole % 2 != 0) {
            quotient += value < 0 ? -1 : 1
        }
        return ExactDecimal(coefficient: quotient * divisor, places: places).rounded(toPlaces: step.places)
    }
}
