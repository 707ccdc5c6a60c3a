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
        guard let (coefficient, places) = Self.parts(text, largestExponent: 39),
            coefficient.magnitude < 1_000_000_000_000_000_000, places <= 15
        else { return nil }
        self.init(coefficient: coefficient, places: places)
    }

    /// `value` to fifteen significant digits, ties to even: all that a double holds for certain.
    /// A result that is 0.135 on paper and 0.13499999999999998 in the machine is 0.135 again.
    init?(fifteenDigitsOf value: Double) {
        guard value.magnitude < 1e18,
            let (coefficient, places) = Self.parts(value.description, largestExponent: 330)
        else { return nil }
        let excess = String(coefficient.magnitude).count - 15
        let exact = ExactDecimal(coefficient: coefficient, places: places)
        self = excess > 0 ? exact.rounded(toPlaces: max(0, places - excess)) : exact
    }

    private static func parts(
        _ text: String, largestExponent: Int
    ) -> (coefficient: Int128, places: Int)? {
        var rest = Substring(text)
        let isNegative = rest.hasPrefix("-")
        if isNegative || rest.hasPrefix("+") { rest.removeFirst() }
        var exponent = 0
        if let mark = rest.firstIndex(where: { $0 == "e" || $0 == "E" }) {
            guard let value = Int(rest[rest.index(after: mark)...]),
                (-largestExponent...largestExponent).contains(value)
            else { return nil }
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
        return Int128(digits).map { (isNegative ? -$0 : $0, places) }
    }

    /// The shortest decimal that reads back as `value`; nil where it is not finite or out of range.
    public init?(shortest value: Double) {
        self.init(value.description)
    }

    /// As ``init(shortest:)-(Double)``, for single precision: the seven or so digits a float32 register holds.
    public init?(shortest value: Float) {
        self.init(value.description)
    }

    /// `value` to fifteen places: what a binary register shows, though near zero it has more of them than are kept.
    ///
    /// - Returns: nil where it is not finite or out of range.
    public init?(nearest value: Double) { self.init(nearest: value.description) }

    /// As ``init(nearest:)-(Double)``, for single precision.
    public init?(nearest value: Float) { self.init(nearest: value.description) }

    private init?(nearest description: String) {
        if let exact = ExactDecimal(description) {
            self = exact
            return
        }
        guard let (coefficient, places) = Self.parts(description, largestExponent: 330), places > 15,
            coefficient.magnitude < 1_000_000_000_000_000_000
        else { return nil }
        // Less than a tenth of the last place, whatever its digits.
        self =
            places > 33
            ? ExactDecimal(coefficient: 0, places: 15)
            : ExactDecimal(coefficient: coefficient, places: places).rounded(toPlaces: 15)
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

    /// Whole part and fraction of each, the fractions to one number of places. Aligning whole
    /// coefficients instead would overflow where a long product meets a large number.
    private static func aligned(
        _ a: ExactDecimal, _ b: ExactDecimal
    ) -> ((Int128, Int128), (Int128, Int128)) {
        let places = max(a.places, b.places)
        func parts(_ x: ExactDecimal) -> (Int128, Int128) {
            let (whole, rest) = x.coefficient.quotientAndRemainder(dividingBy: powerOfTen(x.places))
            return (whole, rest * powerOfTen(places - x.places))
        }
        return (parts(a), parts(b))
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
        // Beyond 38 digits the power of ten overflows, and no coefficient reaches half of it.
        guard self.places - places <= 38 else { return ExactDecimal(coefficient: 0, places: places) }
        let divisor = Self.powerOfTen(self.places - places)
        let (quotient, remainder) = coefficient.quotientAndRemainder(dividingBy: divisor)
        let twice = remainder.magnitude * 2
        let isAway =
            twice > divisor.magnitude || (twice == divisor.magnitude && quotient % 2 != 0)
        let step: Int128 = coefficient < 0 ? -1 : 1
        return ExactDecimal(coefficient: quotient + (isAway ? step : 0), places: places)
    }
}
