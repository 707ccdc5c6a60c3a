public import Metrology

/// How fast a channel changes: the mean between two of its readings.
public struct ChangeRate: Hashable, Sendable {
    /// In ``unit``.
    public let value: Double
    /// How far `value` can be off because the indication has steps, in ``unit``.
    public let step: Double
    /// `kW` of a counter in kWh, `m3/h` of one in m3; of anything else by the minute, `K/min`.
    public let unit: String
    /// Between the two readings, in seconds.
    public let seconds: Double

    /// A reading and when it was taken, in seconds of a clock that is never stepped.
    public struct Point: Hashable, Sendable {
        public let value: ExactDecimal
        public let seconds: Double

        public init(_ value: ExactDecimal, at seconds: Double) {
            self.value = value
            self.seconds = seconds
        }
    }

    /// - Parameters:
    ///   - channel: whose readings they are.
    ///   - unit: of both; the channel's own where the instrument tells none.
    /// - Returns: nil where no time has passed, and for a counter that has gone back and does not say where it starts again.
    public init?(from first: Point, to last: Point, of channel: DeviceProfile.Channel, in unit: MeasurementUnit) {
        let seconds = last.seconds - first.seconds
        guard seconds > 0 else { return nil }
        var change = last.value.double - first.value.double
        if channel.isCounter, change < 0 {
            guard let range = channel.rollsOverAt?.double, change < -range / 2 else { return nil }
            change += range
        }
        let (name, each) = channel.isCounter ? Self.hourly(unit) : Self.minutely(unit)
        value = change * each / seconds
        step = max(channel.step(of: first.value), channel.step(of: last.value)) * each / seconds
        self.unit = name
        self.seconds = seconds
    }

    /// A unit of a counter by the hour, under its own name where it has one.
    private static func hourly(_ unit: MeasurementUnit) -> (name: String, seconds: Double) {
        let symbol = unit.symbol
        if symbol.hasSuffix("h"), let power = MeasurementUnit(String(symbol.dropLast())),
            (power.factor * 3600 / unit.factor - 1).magnitude < 1e-9
        {
            return (power.symbol, 3600)
        }
        return (unit == .one ? "1/h" : "\(symbol)/h", 3600)
    }

    private static func minutely(_ unit: MeasurementUnit) -> (name: String, seconds: Double) {
        switch unit {
        case .one: ("1/min", 60)
        // A difference of temperatures is one in kelvin.
        case .celsius: ("K/min", 60)
        default: ("\(unit.symbol)/min", 60)
        }
    }
}

extension DeviceProfile.Channel {
    /// Quantities that only grow.
    private static let counted: Set = [
        "active energy", "reactive energy", "apparent energy", "energy", "volume", "thermal energy", "electric charge",
    ]

    /// Whether it only grows, so that its rate is a power or a flow.
    public var isCounter: Bool { content == .number && Self.counted.contains(quantity) }

    /// The smallest change that `value` can show, in the channel's unit.
    func step(of value: ExactDecimal) -> Double {
        if let resolution { return resolution.double }
        if let place = registers {
            let raw = value.double / scale.double
            return switch place.format {
            case .float32: Double(Float(raw).ulp) * scale.double
            case .float64: raw.ulp * scale.double
            default: scale.double
            }
        }
        if case .line? = ways.first { return ExactDecimal(coefficient: 1, places: value.places).double }
        return scale.double
    }
}
