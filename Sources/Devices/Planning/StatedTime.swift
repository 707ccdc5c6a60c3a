/// A length of time as it is written: `200ms`, `5 s`, `15min`, `1h`.
public struct StatedTime: Hashable, Sendable {
    public let seconds: Double

    /// nil for anything that is not a number above or equal to 0 and one of the units ms, s, min, h.
    public init?(_ text: String) {
        let number = text.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
        let factors = ["ms": 0.001, "s": 1, "min": 60, "h": 3600]
        guard let value = Double(number), value.isFinite,
            let factor = factors[String(text.dropFirst(number.count).drop { $0 == " " })]
        else { return nil }
        seconds = value * factor
    }
}
