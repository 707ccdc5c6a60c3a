import Devices
import Metrology
import Simulation

/// What a simulated instrument shows where nobody says otherwise: something an instrument of its kind could show.
enum PlausibleValue {
    /// In the usual units of the vocabulary (`QuantityVocabulary`).
    private static let nominal: [String: Double] = [
        "voltage": 230, "current": 5, "active power": 1090, "reactive power": 360, "apparent power": 1150,
        "power factor": 0.95, "frequency": 50, "phase angle": 18, "active energy": 1234.5, "reactive energy": 406,
        "apparent energy": 1300, "harmonic distortion": 2.5, "resistance": 100, "electric charge": 10, "power": 1000,
        "energy": 1234.5, "transformer ratio": 1, "conductivity": 0.05, "volume": 123.456, "volume flow": 0.5,
        "mass flow": 500, "flow velocity": 1, "thermal energy": 5000, "thermal power": 5, "temperature": 20,
        "temperature difference": 10, "specific enthalpy": 40_000, "pressure": 300_000, "gauge pressure": 200_000,
        "absolute pressure": 101_325, "atmospheric pressure": 101_325, "weight": 100, "mass": 100, "length": 1,
        "level": 1, "relative humidity": 50, "dew point": 9, "absolute humidity": 8.6, "mixing ratio": 0.007,
        "velocity": 1, "precipitation": 1, "concentration": 400, "mass concentration": 0.5, "sound level": 65,
        "illuminance": 500, "irradiance": 500, "acidity": 7, "magnetic flux density": 0.05, "radiant power": 0.01,
        "radiant energy": 1, "dose-area product": 0.001, "dose rate": 0.001, "absorbed dose": 0.1, "duration": 3600,
        "count": 10, "ratio": 1, "signal quality": 80, "serial number": 1_234_567, "version": 1, "setting": 1,
        "setpoint": 1, "indication": 1, "identification": 1,
    ]

    /// By which part of itself a counter grows in an hour.
    private static let hourlyGrowth = 0.001

    /// Quantities that differ a little from one channel to the next, so that no two are taken for each other.
    private static let spread: Set = [
        "voltage", "current", "active power", "reactive power", "apparent power", "active energy", "reactive energy",
        "apparent energy", "volume", "thermal energy", "temperature", "energy", "power",
    ]

    /// - Parameter position: of the channel in its profile.
    static func of(_ channel: DeviceProfile.Channel, position: Int) -> SimulatedValue {
        guard channel.content != .flag, let usual = QuantityVocabulary.unit(of: channel.quantity),
            let nominal = nominal[channel.quantity]
        else { return SimulatedValue(.constant(channel.content == .flag ? Double(position % 2) : 0)) }
        let factor = spread.contains(channel.quantity) ? 1 + 0.002 * Double(position % 16) : 1
        let isComparable =
            usual.dimension == channel.unit.dimension && usual.scale == channel.unit.scale
        var value = isComparable ? channel.unit.number(fromSI: usual.si(nominal * factor)) : nominal * factor
        if let place = channel.registers, let range = place.layout?.rawRange {
            // A register that cannot show it shows a tenth of it, or a tenth of that.
            let (scale, offset) = (place.scale.double, place.offset.double)
            var divisions = 0
            while !range.contains(((value - offset) / scale).rounded()), divisions < 20 {
                value /= 10
                divisions += 1
            }
            if divisions == 20 { value = offset + range.upperBound / 2 * scale }
        }
        return SimulatedValue(
            channel.isCounter ? .counter(start: value, perHour: value * hourlyGrowth) : .constant(value))
    }
}

extension DeviceProfile.RegisterPlace {
    /// The same place as the simulated instrument understands it.
    var layout: RegisterLayout? {
        guard let table = Simulation.RegisterTable(rawValue: table.rawValue),
            let format = RegisterLayout.Format(rawValue: format.rawValue)
        else { return nil }
        return RegisterLayout(
            table, address, format, count: count, lowWordFirst: order == .cdab || order == .dcba,
            bytesSwapped: order == .badc || order == .dcba, scale: scale.double, offset: offset.double, bits: bits)
    }
}
