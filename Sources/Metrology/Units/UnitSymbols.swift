/// The symbols units are built from.
enum UnitSymbols {
    typealias Atom = (dimension: QuantityDimension, factor: Double)

    /// One symbol with an optional prefix and exponent: `m3`, `kPa`, `h`.
    static func atom(_ text: String, _ customary: CustomaryUnits) -> Atom? {
        if let known = symbol(text, customary) { return known }
        // An exponent is digits at the end, or a superscript.
        let plain = text.replacingSuperscripts
        let base = plain.prefix { !$0.isNumber && $0 != "-" }
        guard !base.isEmpty, base.count < plain.count,
            let exponent = Int(plain.dropFirst(base.count)), (-9...9).contains(exponent),
            let known = symbol(String(base), customary)
        else { return nil }
        let factor = (0..<abs(exponent)).reduce(1.0) { product, _ in product * known.factor }
        return (known.dimension.power(exponent), exponent < 0 ? 1 / factor : factor)
    }

    private static func symbol(_ text: String, _ customary: CustomaryUnits) -> Atom? {
        if let unit = customary.units[text] { return (unit.dimension, unit.factor) }
        if misleading.contains(text) { return nil }
        if let exact = table[text] { return (exact.dimension, exact.factor) }
        for (prefix, power) in prefixes where text.hasPrefix(prefix) {
            if let base = table[String(text.dropFirst(prefix.count))], base.takesPrefixes {
                return (base.dimension, base.factor * power)
            }
        }
        return nil
    }

    /// No picohenry, centitonne or gigasecond: who writes these means acidity, a carat or a gauss.
    private static let misleading: Set = ["pH", "ct", "Gs"]

    private static let prefixes: [(String, Double)] = [
        ("f", 1e-15), ("p", 1e-12), ("n", 1e-9), ("µ", 1e-6), ("μ", 1e-6), ("u", 1e-6), ("m", 1e-3), ("c", 1e-2),
        ("da", 1e1), ("d", 1e-1),
        ("h", 1e2), ("k", 1e3), ("M", 1e6), ("G", 1e9), ("T", 1e12),
    ]

    private typealias Entry = (dimension: QuantityDimension, factor: Double, takesPrefixes: Bool)

    /// SI Brochure, 9th edition, tables 2, 4, 7 and 8.
    private static let table: [String: Entry] = {
        let length = QuantityDimension(length: 1)
        let mass = QuantityDimension(mass: 1)
        let time = QuantityDimension(time: 1)
        let current = QuantityDimension(current: 1)
        let energy = QuantityDimension(length: 2, mass: 1, time: -2)
        let power = energy / time
        let pressure = QuantityDimension(length: -1, mass: 1, time: -2)
        let voltage = power / current
        let frequency = QuantityDimension.one / time
        let dose = energy / mass
        let intensity = QuantityDimension(intensity: 1)
        let units: [String: Entry] = [
            "1": (.one, 1, false), "%": (.one, 0.01, false), "‰": (.one, 1e-3, false), "ppm": (.one, 1e-6, false),
            "ppb": (.one, 1e-9, false), "%RH": (.one, 0.01, false), "rad": (.one, 1, true), "sr": (.one, 1, true),
            "°": (.one, .pi / 180, false), "′": (.one, .pi / 10_800, false), "″": (.one, .pi / 648_000, false),
            "imp": (.one, 1, false), "r": (.one, 1, false), "rpm": (frequency, 1.0 / 60, false),
            "m": (length, 1, true), "g": (mass, 1e-3, true), "t": (mass, 1000, true), "s": (time, 1, true),
            "min": (time, 60, false), "h": (time, 3600, false), "d": (time, 86_400, false),
            "A": (current, 1, true), "K": (.temperature, 1, true), "mol": (QuantityDimension(amount: 1), 1, true),
            "cd": (intensity, 1, true), "lm": (intensity, 1, true), "lx": (intensity / length / length, 1, true),
            "L": (.volume, 1e-3, true), "l": (.volume, 1e-3, true), "ha": (length * length, 1e4, false),
            "Hz": (frequency, 1, true), "Bq": (frequency, 1, true),
            "kat": (QuantityDimension(amount: 1) / time, 1, true),
            "N": (mass * length / time / time, 1, true), "Pa": (pressure, 1, true), "bar": (pressure, 1e5, true),
            "J": (energy, 1, true), "eV": (energy, 1.602_176_634e-19, true), "Wh": (energy, 3600, true),
            "W": (power, 1, true), "VA": (power, 1, true), "var": (power, 1, true), "varh": (energy, 3600, true),
            "VAh": (energy, 3600, true), "V": (voltage, 1, true), "C": (current * time, 1, true),
            "Ah": (current * time, 3600, true), "F": (current * time / voltage, 1, true),
            "Ω": (voltage / current, 1, true), "ohm": (voltage / current, 1, true),
            "S": (current / voltage, 1, true), "Wb": (voltage * time, 1, true),
            "T": (voltage * time / length / length, 1, true), "H": (voltage * time / current, 1, true),
            "Gy": (dose, 1, true), "Sv": (dose, 1, true),
            // Of lenses: the reciprocal of the focal length in metres (GB 3102.6).
            "D": (.one / length, 1, false),
        ]
        return units.merging(conventional) { first, _ in first }
    }()

    /// By conventional or defined values: mmHg 133.322 Pa; NIST SP 811 (2008), appendix B.8, for the others.
    private static let conventional: [String: Entry] = {
        let pressure = QuantityDimension(length: -1, mass: 1, time: -2)
        let length = QuantityDimension(length: 1)
        let mass = QuantityDimension(mass: 1)
        return [
            "mmHg": (pressure, 133.322, false), "inHg": (pressure, 3386.389, false),
            "mmH2O": (pressure, 9.806_65, false), "inH2O": (pressure, 249.0889, false),
            "psi": (pressure, 6894.757_293_168_361, false), "atm": (pressure, 101_325, false),
            "kgf": (QuantityDimension(length: 1, mass: 1, time: -2), 9.806_65, false),
            "in": (length, 0.0254, false), "ft": (length, 0.3048, false), "lb": (mass, 0.453_592_37, false),
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
