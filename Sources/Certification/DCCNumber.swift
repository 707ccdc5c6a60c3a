/// Numbers as D-SI 2.2.1 writes them.
enum DCCNumber {
    /// `si:decimalType` without its NaN: `-0.35`, `12`, `3.5e-1`.
    static func isDecimal(_ text: String) -> Bool {
        text.wholeMatch(of: /[-+]?([0-9]*\.[0-9]+|[0-9]+\.?)([Ee][-+]?[0-9]+)?/) != nil
    }

    /// `si:kValueType`: at least one, without exponent.
    static func isCoverageFactor(_ text: String) -> Bool {
        text.wholeMatch(of: /\+?[1-9][0-9]*(\.[0-9]*)?/) != nil
    }

    /// `si:probabilityValueType`: from 0 to 1, without exponent.
    static func isProbability(_ text: String) -> Bool {
        text.wholeMatch(of: /\+?(0(\.[0-9]*)?|1(\.0*)?)/) != nil
    }
}
