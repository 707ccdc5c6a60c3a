/// A value with its unit, the number exactly as it was read or written.
public struct Quantity: Hashable, Sendable {
    public let number: ExactDecimal
    public let unit: MeasurementUnit

    public init(_ number: ExactDecimal, _ unit: MeasurementUnit) {
        self.number = number
        self.unit = unit
    }

    /// Reads `20.0 °C`, `4 m3/h`, `5 %` or `5%`; nil where number or unit is not understood.
    public init?(_ text: String) {
        let numeric = text.prefix { "+-.0123456789".contains($0) }
        let unit = text.dropFirst(numeric.count).drop { $0 == " " }
        guard let number = ExactDecimal(String(numeric)),
            let unit = MeasurementUnit(unit.isEmpty ? "1" : String(unit))
        else { return nil }
        self.init(number, unit)
    }

    /// In coherent SI units.
    public var si: Double { unit.si(number.double) }
}

extension Quantity: CustomStringConvertible {
    public var description: String {
        unit == .one ? number.description : "\(number) \(unit)"
    }
}
