/// A unit of measurement: how a number in it becomes a number in coherent SI units.
///
/// `SI value = number × factor + offset`. Only the Celsius scale has an offset; a temperature
/// difference is stated in K.
public struct MeasurementUnit: Hashable, Sendable {
    /// As it is written and printed, for example `m3/h`.
    public let symbol: String
    public let dimension: QuantityDimension
    public let factor: Double
    public let offset: Double

    private init(symbol: String, dimension: QuantityDimension, factor: Double, offset: Double = 0) {
        self.symbol = symbol
        self.dimension = dimension
        self.factor = factor
        self.offset = offset
    }

    public static let one = MeasurementUnit(symbol: "1", dimension: .one, factor: 1)
    public static let percent = MeasurementUnit(symbol: "%", dimension: .one, factor: 0.01)
    public static let celsius = MeasurementUnit(
        symbol: "°C", dimension: .temperature, factor: 1, offset: 273.15)

    /// Reads products and quotients of known units with whole exponents: `m3/h`, `kW·h`, `kg/m3`, `%`.
    ///
    /// A single `/` divides by everything after it up to the next `/`. SI prefixes are understood
    /// where the unit takes them. `°C` stands alone: an affine unit has no place in a product.
    ///
    /// - Returns: nil where a part is not known.
    public init?(_ symbol: String) {
        if symbol == "°C" || symbol == "℃" {
            self = .celsius
            return
        }
        var dimension = QuantityDimension.one
        var factor = 1.0
        for (index, quotient) in symbol.split(separator: "/", omittingEmptySubsequences: false).enumerated() {
            let parts = quotient.split { $0 == "·" || $0 == "*" || $0 == " " }
            guard !parts.isEmpty else { return nil }
            for part in parts {
                guard let atom = Self.atom(String(part)) else { return nil }
                dimension = index == 0 ? dimension * atom.dimension : dimension / atom.dimension
                factor = index == 0 ? factor * atom.factor : factor / atom.factor
            }
        }
        self.init(symbol: symbol, dimension: dimension, factor: factor)
    }

    /// `number` of this unit in coherent SI units.
    public func si(_ number: Double) -> Double { number * factor + offset }

    /// A coherent SI value as a number of this unit.
    public func number(fromSI value: Double) -> Double { (value - offset) / factor }
}

extension MeasurementUnit: CustomStringConvertible {
    public var description: String { symbol }
}

extension MeasurementUnit {
    private typealias Atom = (dimension: QuantityDimension, factor: Double)

    /// One symbol with an optional prefix and exponent: `m3`, `kPa`, `h`.
    private static func atom(_ text: String) -> Atom? {
        if let known = symbol(text) { return known }
        // An exponent is digits at the end, or a superscript.
        let plain = text.replacingSuperscripts
        let base = plain.prefix { !$0.isNumber && $0 != "-" }
        guard !base.isEmpty, base.count < plain.count,
            let exponent = Int(plain.dropFirst(base.count)), (-9...9).contains(exponent),
            let known = symbol(String(base))
        else { return nil }
        let factor = (0..<abs(exponent)).reduce(1.0) { product, _ in product * known.factor }
        return (known.dimension.power(exponent), exponent < 0 ? 1 / factor : factor)
    }

    private static func symbol(_ text: String) -> Atom? {
        if let exact = table[text] { return (exact.dimension, exact.factor) }
        for (prefix, power) in prefixes where text.hasPrefix(prefix) {
            if let base = table[String(text.dropFirst(prefix.count))], base.takesPrefixes {
                return (base.dimension, base.factor * power)
            }
        }
        return nil
    }

    private static let prefixes: [(String, Double)] = [
        ("n", 1e-9), ("µ", 1e-6), ("μ", 1e-6), ("m", 1e-3), ("c", 1e-2), ("d", 1e-1), ("h", 1e2),
        ("k", 1e3), ("M", 1e6), ("G", 1e9), ("T", 1e12),
    ]

    /// SI Brochure, 9th edition, tables 2, 4, 7 and 8; mmHg by its conventional value 133.322 Pa.
    private static let table: [String: (dimension: QuantityDimension, factor: Double, takesPrefixes: Bool)] = {
        let energy = QuantityDimension(length: 2, mass: 1, time: -2)
        let power = QuantityDimension(length: 2, mass: 1, time: -3)
        let pressure = QuantityDimension(length: -1, mass: 1, time: -2)
        let voltage = QuantityDimension(length: 2, mass: 1, time: -3, current: -1)
        return [
            "1": (.one, 1, false), "%": (.one, 0.01, false), "ppm": (.one, 1e-6, false),
            "%RH": (.one, 0.01, false), "rad": (.one, 1, true), "imp": (.one, 1, false),
            "m": (QuantityDimension(length: 1), 1, true), "g": (QuantityDimension(mass: 1), 1e-3, true),
            "t": (QuantityDimension(mass: 1), 1000, true), "s": (QuantityDimension(time: 1), 1, true),
            "min": (QuantityDimension(time: 1), 60, false), "h": (QuantityDimension(time: 1), 3600, false),
            "d": (QuantityDimension(time: 1), 86_400, false), "A": (QuantityDimension(current: 1), 1, true),
            "K": (.temperature, 1, true), "mol": (QuantityDimension(amount: 1), 1, true),
            "cd": (QuantityDimension(intensity: 1), 1, true), "L": (.volume, 1e-3, true),
            "l": (.volume, 1e-3, true), "Hz": (QuantityDimension(time: -1), 1, true),
            "N": (QuantityDimension(length: 1, mass: 1, time: -2), 1, true), "Pa": (pressure, 1, true),
            "bar": (pressure, 1e5, true), "mmHg": (pressure, 133.322, false),
            "J": (energy, 1, true), "Wh": (energy, 3600, true), "W": (power, 1, true),
            "VA": (power, 1, true), "var": (power, 1, true), "varh": (energy, 3600, true),
            "VAh": (energy, 3600, true), "V": (voltage, 1, true),
            "Ω": (QuantityDimension(length: 2, mass: 1, time: -3, current: -2), 1, true),
        ]
    }()
}

extension String {
    fileprivate var replacingSuperscripts: String {
        let plain: [Character: Character] = [
            "⁰": "0", "¹": "1", "²": "2", "³": "3", "⁴": "4", "⁻": "-",
        ]
        return String(map { plain[$0] ?? $0 })
    }
}
