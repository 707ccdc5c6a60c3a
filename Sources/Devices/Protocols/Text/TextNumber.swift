public import Metrology

/// Numbers as instruments write them.
public enum TextNumber {
    /// Reads `+1.234567E-03`, `.5` or `- 12.5`: blanks between sign and digits are left out.
    ///
    /// - Throws: ``FrameFault/notAvailable`` for what stands for no value, ``FrameFault/unsupported(_:)`` for more
    ///   than 15 decimal places, ``FrameFault/notANumber(_:)`` for anything else.
    public static func decimal(_ text: String) throws(FrameFault) -> ExactDecimal {
        if isNotAvailable(text) { throw .notAvailable }
        let joined = text.filter { $0 != " " }
        if let number = ExactDecimal(joined) { return number }
        guard joined.utf8.allSatisfy({ "+-.0123456789eE".utf8.contains($0) }), let value = Double(joined),
            value.isFinite
        else { throw .notANumber(text) }
        // Zeros at the end of a small number only say how finely it is resolved.
        let halves = joined.split(whereSeparator: { $0 == "e" || $0 == "E" })
        if halves.count == 2, halves[0].contains(".") {
            var digits = halves[0]
            while digits.hasSuffix("0") { digits.removeLast() }
            if let number = ExactDecimal("\(digits)e\(halves[1])") { return number }
        }
        throw .unsupported("the number '\(text)', which has more than 15 decimal places or 18 digits,")
    }

    /// Words, dashes, and the number that SCPI sends in place of a value (SCPI-99, 7.2.1).
    public static func isNotAvailable(_ text: String) -> Bool {
        let word = text.filter { $0 != " " }.uppercased()
        if words.contains(word.hasPrefix("-") || word.hasPrefix("+") ? String(word.dropFirst()) : word) { return true }
        if word.count > 1, word.contains("-"), word.allSatisfy({ $0 == "-" || $0 == "." }) { return true }
        guard word.contains("E"), let number = Double(word) else { return false }
        return number.magnitude >= 9.9e37
    }

    private static let words: Set<String> = ["NAN", "INF", "INFINITY", "OVLD", "OVER", "OVERLOAD", "OL", "O.L", "0L"]
}
