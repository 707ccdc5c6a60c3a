/// A decimal number exactly as it was written: `20.0` stays `20.0`.
///
/// Readings, limits and energy values are kept as this type, so that what an operator typed or a
/// meter sent is what the record holds. At most 18 significant digits, of which at most 15 after
/// the point, can be read; sums and one product of such numbers are always exact.
public struct ExactDecimal: Sendable {
    /// The number without its point.
    public let coefficient: Int128
    /// Digits after the point, 0 or more.
    public let places: Int

    public init(coefficient: Int128, places: Int) {
        self.coefficient = coefficient
        self.places = places
    }

    public init(_ whole: Int) {
        self.init(coefficient: Int128(whole), places: 0)
    }

    /// Reads `-12.50`, `+3`, `.5` or `1.2e-3`.
    ///
    /// - Returns: nil for anything else, and beyond 18 significant digits or 15 places.
    public init?(_ text: String) {
        var rest = Substring(text)
        let isNegative = rest.hasPrefix("-")
        if isNegative || rest.hasPrefix("+") { rest.removeFirst() }
        var exponent = 0
        if let mark = rest.firstIndex(where: { $0 == "e" || $0 == "E" }) {
            guard let value = Int(rest[rest.index(after: mark)...]), abs(value) < 40 else { return nil }
            exponent = value
            rest = rest[..<mark]
        }
        let halves = rest.split(separator: ".", omittingEmptySubsequences: false)
        guard halves.count <= 2, rest.contains(where: \.isASCIIDigit),
            halves.allSatisfy({ $0.allSatisfy(\.isASCIIDigit) })
        else { return nil }
        let fraction = halves.count == 2 ? halves[1] : ""
        var digits = String(halves[0]) + String(fraction)
        var places = fraction.count - exponent
        while places < 0 {
            digits += "0"
            places += 1
        }
        let significant = digits.drop { $0 == "0" }
        guard significant.count <= 18, places <= 15, let value = Int128(digits) else { return nil }
        self.init(coefficient: isNegative ? -value : value, places: places)
    }

    /// The shortest decimal that reads back as `value`; nil where it is not finite or out of range.
    public init?(shortest value: Double) {
        self.init(value.description)
    }

    /// As ``init(shortest:)-(Double)``, for single precision: the seven or so digits a float32 register holds.
    public init?(shortest value: Float) {
        self.init(value.description)
    }

    /// The nearest binary number.
    public var double: Double {
        // A decimal description always reads as a number.
        Double(description) ?? .nan
    }
}

extension Character {
    fileprivate var isASCIIDigit: Bool { ("0"..."9").contains(self) }
}

extension ExactDecimal: CustomStringConvertible {
    public var description: String {
        let digits = String(coefficient.magnitude)
        let sign = coefficient < 0 ? "-" : ""
        guard places > 0 else { return sign + digits }
        let padded = String(repeating: "0", count: max(0, places + 1 - digits.count)) + digits
        return sign + padded.dropLast(places) + "." + padded.suffix(places)
    }
}

extension ExactDecimal: Comparable, Hashable {
    public static func == (a: ExactDecimal, b: ExactDecimal) -> Bool {
        let (x, y) = aligned(a, b)
        return x == y
    }

    public static func < (a: ExactDecimal, b: ExactDecimal) -> Bool {
        let (x, y) = aligned(a, b)
        return x < y
    }

    public func hash(into hasher: inout Hasher) {
        var (value, places) = (coefficient, places)
        while places > 0, value % 10 == 0 {
            value /= 10
            places -= 1
        }
        hasher.combine(value)
        hasher.combine(places)
    }

    private static func aligned(_ a: ExactDecimal, _ b: ExactDecimal) -> (Int128, Int128) {
        let places = max(a.places, b.places)
        return (a.coefficient(at: places), b.coefficient(at: places))
    }

    private func coefficient(at places: Int) -> Int128 {
        coefficient * Self.powerOfTen(places - self.places)
    }

    static func powerOfTen(_ n: Int) -> Int128 {
        (0..<max(0, n)).reduce(1) { power, _ in power * 10 }
    }
}

extension ExactDecimal {
    public static func + (a: ExactDecimal, b: ExactDecimal) -> ExactDecimal {
        let places = max(a.places, b.places)
        return ExactDecimal(
            coefficient: a.coefficient(at: places) + b.coefficient(at: places), places: places)
    }

    public static prefix func - (a: ExactDecimal) -> ExactDecimal {
        ExactDecimal(coefficient: -a.coefficient, places: a.places)
    }

    public static func - (a: ExactDecimal, b: ExactDecimal) -> ExactDecimal { a + -b }

    public static func * (a: ExactDecimal, b: ExactDecimal) -> ExactDecimal {
        ExactDecimal(coefficient: a.coefficient * b.coefficient, places: a.places + b.places)
    }

    public var magnitude: ExactDecimal { coefficient < 0 ? -self : self }

    /// Rounded to `places` digits after the point, ties to the even digit (GB/T 8170-2008, 3.2).
    /// A number with fewer places is given zeros.
    public func rounded(toPlaces places: Int) -> ExactDecimal {
        guard places < self.places else {
            return ExactDecimal(coefficient: coefficient(at: places), places: places)
        }
        let divisor = Self.powerOfTen(self.places - places)
        let (quotient, remainder) = coefficient.quotientAndRemainder(dividingBy: divisor)
        let twice = remainder.magnitude * 2
        let isAway =
            twice > divisor.magnitude || (twice == divisor.magnitude && quotient % 2 != 0)
        let step: Int128 = coefficient < 0 ? -1 : 1
        return ExactDecimal(coefficient: quotient + (isAway ? step : 0), places: places)
    }
}
