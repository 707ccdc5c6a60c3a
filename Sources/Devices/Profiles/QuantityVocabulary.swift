public import Metrology

/// The words for quantities in the profiles, each with a unit of its dimension.
public enum QuantityVocabulary {
    public static let units: [String: String] = [
        // electricity
        "voltage": "V", "current": "A", "active power": "W", "reactive power": "var", "apparent power": "VA",
        "power factor": "1", "frequency": "Hz", "phase angle": "°", "active energy": "kWh",
        "reactive energy": "kvarh", "apparent energy": "kVAh", "harmonic distortion": "%", "resistance": "Ω",
        "electric charge": "Ah", "power": "W", "energy": "kWh", "transformer ratio": "1", "conductivity": "S/m",
        // flow and heat
        "volume": "m3", "volume flow": "m3/h", "mass flow": "kg/h", "flow velocity": "m/s", "thermal energy": "kWh",
        "thermal power": "kW", "temperature": "°C", "temperature difference": "K", "specific enthalpy": "J/kg",
        // pressure, mass, length, climate
        "pressure": "Pa", "gauge pressure": "Pa", "absolute pressure": "Pa", "atmospheric pressure": "Pa",
        "weight": "g", "mass": "g", "length": "m", "level": "m", "relative humidity": "%RH",
        "dew point": "°C", "absolute humidity": "g/m3", "mixing ratio": "1", "velocity": "m/s", "precipitation": "mm",
        // gases, light, sound, radiation
        "concentration": "ppm", "mass concentration": "g/m3", "sound level": "dB", "illuminance": "lx",
        "irradiance": "W/m2", "acidity": "pH", "magnetic flux density": "T", "radiant power": "W",
        "radiant energy": "J", "dose-area product": "Gy·m2", "dose rate": "Gy/s", "absorbed dose": "Gy",
        // counting and time
        "duration": "s", "date and time": "1", "count": "1", "ratio": "1", "signal quality": "1",
        // what the instrument says of itself
        "serial number": "1", "identification": "1", "version": "1", "state": "1", "command": "1", "setting": "1",
        "setpoint": "1", "indication": "1",
    ]

    /// Whether `unit` is one of `quantity`: of its dimension, and a level or a difference where it is one.
    /// A word outside the vocabulary takes any unit.
    public static func takes(_ unit: MeasurementUnit, for quantity: String) -> Bool {
        guard let usual = self.unit(of: quantity) else { return true }
        return unit.dimension == usual.dimension && (unit.scale == usual.scale || usual == .celsius)
    }

    /// A unit of the dimension of `quantity`; nil for a word that stands outside the vocabulary.
    public static func unit(of quantity: String) -> MeasurementUnit? {
        units[quantity].flatMap { MeasurementUnit($0) }
    }
}
