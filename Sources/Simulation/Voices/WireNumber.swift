import Metrology

/// Numbers as they go into frames.
enum WireNumber {
    /// `value` / `step`, to the nearest whole number, ties away from zero.
    ///
    /// - Returns: nil where the numbers are too large.
    static func steps(_ value: ExactDecimal, of step: ExactDecimal) -> Int128? {
        guard step.coefficient > 0, let up = power(step.places), let down = power(value.places) else { return nil }
        let (numerator, a) = value.coefficient.multipliedReportingOverflow(by: up)
        let (denominator, b) = step.coefficient.multipliedReportingOverflow(by: down)
        guard !a, !b else { return nil }
        let (quotient, rest) = numerator.quotientAndRemainder(dividingBy: denominator)
        let isAbove = Int128(rest.magnitude) >= denominator - Int128(rest.magnitude)
        return isAbove ? quotient + (numerator < 0 ? -1 : 1) : quotient
    }

    /// `value` / `scale`, exact where 15 decimal places hold it, with the zeros at the end that `value` has.
    static func quotient(_ value: ExactDecimal, by scale: ExactDecimal) -> ExactDecimal? {
        for places in min(15, max(0, value.places - scale.places))...15 {
            let step = ExactDecimal(coefficient: scale.coefficient, places: scale.places + places)
            guard let count = steps(value, of: step) else { return nil }
            let result = ExactDecimal(coefficient: count, places: places)
            if result * scale == value || places == 15 { return result }
        }
        return nil
    }

    /// Two decimal digits a byte, least significant byte first.
    ///
    /// - Returns: nil where they do not fit.
    static func packed(_ magnitude: Int128, count: Int) -> [UInt8]? {
        var rest = magnitude
        var bytes: [UInt8] = []
        for _ in 0..<count {
            let (tens, ones) = (rest % 100).quotientAndRemainder(dividingBy: 10)
            bytes.append(UInt8(tens << 4 | ones))
            rest /= 100
        }
        return magnitude >= 0 && rest == 0 ? bytes : nil
    }

    /// Digits in pairs, the last pair first; nil unless `text` has exactly `count` pairs.
    static func packed(_ text: String, count: Int) -> [UInt8]? {
        let digits = text.utf8.map { $0 &- 0x30 }
        guard digits.count == 2 * count, digits.allSatisfy({ $0 <= 9 }) else { return nil }
        return stride(from: 0, to: digits.count, by: 2).reversed().map { digits[$0] << 4 | digits[$0 + 1] }
    }

    /// Characters, the last first, filled up with blanks; nil where they do not fit or are no ASCII.
    static func reversed(_ text: String, count: Int) -> [UInt8]? {
        let bytes = Array(text.utf8)
        guard bytes.count <= count, bytes.allSatisfy({ (0x20...0x7E).contains($0) }) else { return nil }
        return [UInt8](repeating: 0x20, count: count - bytes.count) + bytes.reversed()
    }

    private static func power(_ exponent: Int) -> Int128? {
        guard (0...37).contains(exponent) else { return nil }
        return (0..<exponent).reduce(Int128(1)) { power, _ in power * 10 }
    }
}
