/// 统一社会信用代码: the 18 characters that identify a legal entity (GB 32100-2015).
public struct SocialCreditCode: Hashable, Sendable {
    public let text: String

    /// - Returns: nil where the text is not 18 characters of the code's alphabet, or where the last
    ///   is not the check character of the others, which is what a mistyped code has.
    public init?(_ text: String) {
        let values = text.compactMap(Self.alphabet.firstIndex)
        guard text.count == 18, values.count == 18,
            values[17] == Self.check(of: values.dropLast())
        else { return nil }
        self.text = text
    }

    /// Digits and capitals without I, O, S, V and Z.
    private static let alphabet = Array("0123456789ABCDEFGHJKLMNPQRTUWXY")

    /// 31 minus the weighted sum modulo 31; the weights are the powers of 3 (GB 32100-2015, annex A).
    private static func check(of values: some Sequence<Int>) -> Int {
        var (sum, weight) = (0, 1)
        for value in values {
            sum += value * weight
            weight = weight * 3 % 31
        }
        return (31 - sum % 31) % 31
    }
}
