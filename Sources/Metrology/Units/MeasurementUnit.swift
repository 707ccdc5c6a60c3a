/// A unit of measurement: how a number in it becomes a number in coherent SI units.
///
/// `SI value = number × factor + offset`. Only the Celsius scale has an offset; a temperature
/// difference is stated in K.
public struct MeasurementUnit: Hashable, Sendable {
    /// What the numbers of a unit may be used for.
    public enum Scale: Hashable, Sendable {
        /// Sums, products, powers.
        case ratio
        /// Points on a scale whose zero is a convention: only their differences are temperatures.
        case celsius
        /// Logarithms of a ratio, of the kind named: `dB`, `Np`, `pH`.
        case level(String)
    }

    /// As it is written and printed, for example `m3/h`.
    public let symbol: String
    public let dimension: QuantityDimension
    public let factor: Double
    public let offset: Double
    public let scale: Scale

    init(
        symbol: String, dimension: QuantityDimension, factor: Double, offset: Double = 0, scale: Scale = .ratio
    ) {
        self.symbol = symbol
        self.dimension = dimension
        self.factor = factor
        self.offset = offset
        self.scale = scale
    }

    public static let one = MeasurementUnit(symbol: "1", dimension: .one, factor: 1)
    public static let percent = MeasurementUnit(symbol: "%", dimension: .one, factor: 0.01)
    public static let celsius = MeasurementUnit(
        symbol: "°C", dimension: .temperature, factor: 1, offset: 273.15, scale: .celsius)

    /// Reads products and quotients of known units with whole exponents: `m3/h`, `kW·h`, `kg/m3`, `%`.
    ///
    /// A single `/` divides by everything after it up to the next `/`. SI prefixes are understood
    /// where the unit takes them. `°C`, `dB`, `Np` and `pH` stand alone: a point on a scale and a
    /// logarithm have no place in a product.
    ///
    /// - Parameter customary: units by data, known beside those of the SI.
    /// - Returns: nil where a part is not known.
    public init?(_ symbol: String, with customary: CustomaryUnits = CustomaryUnits()) {
        if let alone = Self.alone[symbol] {
            self = alone
            return
        }
        var dimension = QuantityDimension.one
        var factor = 1.0
        for (index, quotient) in symbol.split(separator: "/", omittingEmptySubsequences: false).enumerated() {
            // `mGy/(mA·s)`: what stands after a stroke is divided by as a whole, with parentheses or without.
            let isGroup = index > 0 && quotient.hasPrefix("(") && quotient.hasSuffix(")")
            let parts = (isGroup ? quotient.dropFirst().dropLast() : quotient).split {
                $0 == "·" || $0 == "*" || $0 == " "
            }
            guard !parts.isEmpty else { return nil }
            for part in parts {
                guard let atom = UnitSymbols.atom(String(part), customary) else { return nil }
                dimension = index == 0 ? dimension * atom.dimension : dimension / atom.dimension
                factor = index == 0 ? factor * atom.factor : factor / atom.factor
            }
        }
        self.init(symbol: symbol, dimension: dimension, factor: factor)
    }

    private static let alone: [String: MeasurementUnit] = {
        var units = ["°C": celsius, "℃": celsius, "degC": celsius]
        for symbol in ["dB", "dB(A)", "dB(C)", "dB(Z)"] {
            units[symbol] = MeasurementUnit(symbol: symbol, dimension: .one, factor: 1, scale: .level("dB"))
        }
        for symbol in ["Np", "pH"] {
            units[symbol] = MeasurementUnit(symbol: symbol, dimension: .one, factor: 1, scale: .level(symbol))
        }
        return units
    }()

    /// `number` of this unit in coherent SI units.
    public func si(_ number: Double) -> Double { number * factor + offset }

    /// A coherent SI value as a number of this unit.
    public func number(fromSI value: Double) -> Double { (value - offset) / factor }
}

extension MeasurementUnit: CustomStringConvertible {
    public var description: String { symbol }
}
