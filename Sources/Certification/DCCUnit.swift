internal import Metrology

/// A unit as D-SI spells it: `m3/h` is `\metre\tothe{3}\hour\tothe{-1}`.
///
/// Source: D-SI 2.2.1 (`si:unitType`: units of the SI Brochure, 9th edition), in the siunitx
/// spelling of PTB's good practice certificates. Divisors are negative exponents, as those
/// certificates have them; `\per` is read but not written.
public struct DCCUnit: Hashable, Sendable {
    /// As Metrology writes it.
    public let symbol: String
    /// For `si:unit`.
    public let spelling: String
    /// For `dcc:nonSIDefinition`: what a unit outside the SI Brochure stands for; nil within it.
    /// The spelling of such a unit begins with `|`.
    public let definition: String?

    /// - Parameter symbol: a symbol of `MeasurementUnit`, for example `m3/h`, `%`, `°C`, `kW·h`.
    /// - Throws: ``CalibrationCertificateError/unknownUnit(_:)`` for anything without a known name.
    public init(_ symbol: String) throws {
        // Metrology decides what is a unit; here only names are looked up.
        guard MeasurementUnit(symbol) != nil else {
            throw CalibrationCertificateError.unknownUnit(symbol)
        }
        var spelling = ""
        var definitions: [String] = []
        for (index, quotient) in symbol.split(separator: "/").enumerated() {
            for part in quotient.split(whereSeparator: { $0 == "·" || $0 == "*" || $0 == " " }) {
                switch try Self.factor(String(part), of: symbol) {
                case .named(let words, let exponent):
                    let signed = index == 0 ? exponent : -exponent
                    for word in words where word != "one" {
                        spelling += Self.factorSpelling(word, exponent: signed)
                    }
                case .outside(let definition): definitions.append(definition)
                }
            }
        }
        self.symbol = symbol
        if definitions.isEmpty {
            self.spelling = spelling.isEmpty ? "\\one" : spelling
            definition = nil
        } else {
            // An XML list splits at blanks, so the symbol may have none.
            self.spelling = "|" + symbol.split(separator: " ").joined(separator: "·")
            definition = definitions.joined(separator: "; ")
        }
    }

    /// `kilo metre` with exponent 2 becomes `\kilo\metre\tothe{2}`.
    private static func factorSpelling(_ word: String, exponent: Int) -> String {
        let name = word.split(separator: " ").map { "\\" + $0 }.joined()
        return exponent == 1 ? name : name + "\\tothe{\(exponent)}"
    }

    private enum Factor {
        /// Several names where the symbol is a product with one letter group, as `kWh` is.
        case named([String], exponent: Int)
        case outside(definition: String)
    }

    private static func factor(_ text: String, of whole: String) throws -> Factor {
        if let exact = base(text, prefix: nil, exponent: 1) { return exact }
        if let prefixed = prefixed(text, exponent: 1) { return prefixed }
        let superscripts: [Character: Character] = [
            "⁰": "0", "¹": "1", "²": "2", "³": "3", "⁴": "4", "⁻": "-",
        ]
        let plain = String(text.map { superscripts[$0] ?? $0 })
        let letters = String(plain.prefix { !$0.isNumber && $0 != "-" })
        guard let exponent = Int(plain.dropFirst(letters.count)),
            let factor = base(letters, prefix: nil, exponent: exponent)
                ?? prefixed(letters, exponent: exponent)
        else { throw CalibrationCertificateError.unknownUnit(whole) }
        return factor
    }

    private static func prefixed(_ text: String, exponent: Int) -> Factor? {
        guard let first = text.first, let prefix = prefixes[first] else { return nil }
        return base(String(text.dropFirst()), prefix: prefix, exponent: exponent)
    }

    private static func base(_ symbol: String, prefix: String?, exponent: Int) -> Factor? {
        if let definition = outsideTheSI[symbol] { return .outside(definition: definition) }
        guard var names = names[symbol], let first = names.first else { return nil }
        // The base unit of mass has its prefix in its name.
        if let prefix { names[0] = prefix == "kilo" && first == "gram" ? "kilogram" : "\(prefix) \(first)" }
        return .named(names, exponent: exponent)
    }

    private static let prefixes: [Character: String] = [
        "n": "nano", "µ": "micro", "μ": "micro", "m": "milli", "c": "centi", "d": "deci",
        "h": "hecto", "k": "kilo", "M": "mega", "G": "giga", "T": "tera",
    ]

    private static let names: [String: [String]] = [
        "1": ["one"], "%": ["percent"], "%RH": ["percent"], "ppm": ["ppm"], "rad": ["radian"],
        // A pulse is counted: its unit is one.
        "imp": ["one"],
        "m": ["metre"], "g": ["gram"], "t": ["tonne"], "s": ["second"], "min": ["minute"],
        "h": ["hour"], "d": ["day"], "A": ["ampere"], "K": ["kelvin"], "°C": ["degreecelsius"],
        "℃": ["degreecelsius"], "mol": ["mole"], "cd": ["candela"], "L": ["litre"],
        "l": ["litre"], "Hz": ["hertz"], "N": ["newton"], "Pa": ["pascal"], "bar": ["bar"],
        "J": ["joule"], "W": ["watt"], "V": ["volt"], "Ω": ["ohm"], "Wh": ["watt", "hour"],
        "VA": ["volt", "ampere"], "VAh": ["volt", "ampere", "hour"],
    ]

    private static let outsideTheSI: [String: String] = [
        "mmHg": "1 mmHg = 133.322 Pa (conventional millimetre of mercury)",
        "var": "1 var = 1 V·A of reactive power (IEC 60027-1)",
        "varh": "1 varh = 1 V·A·h of reactive energy (IEC 60027-1)",
    ]
}

extension DCCUnit {
    /// Whether `text` is a product of named units with at most one `\per`, or a marked unit from
    /// outside the SI.
    static func isWellFormed(_ text: String) -> Bool {
        if text.hasPrefix("|") { return text.count > 1 && text.xmlTokens == [text] }
        guard text.hasPrefix("\\") else { return false }
        var previous = Part.start
        var divisions = 0
        for word in text.dropFirst().split(separator: "\\", omittingEmptySubsequences: false) {
            let part = Part(word)
            switch part {
            case .prefix where previous != .prefix: break
            case .unit: break
            case .exponent where previous == .unit: break
            case .division where previous == .unit || previous == .exponent: divisions += 1
            default: return false
            }
            previous = part
        }
        return divisions <= 1 && (previous == .unit || previous == .exponent)
    }

    private enum Part {
        case start, prefix, unit, exponent, division, unknown

        init(_ word: Substring) {
            if word.hasPrefix("tothe{"), word.hasSuffix("}"), Int(word.dropFirst(6).dropLast()) != nil {
                self = .exponent
            } else if word == "per" {
                self = .division
            } else if prefixNames.contains(String(word)) {
                self = .prefix
            } else {
                self = unitNames.contains(String(word)) ? .unit : .unknown
            }
        }
    }

    private static let prefixNames: Set<String> = Set(
        """
        quecto ronto yocto zepto atto femto pico nano micro milli centi deci deca hecto kilo mega \
        giga tera peta exa zetta yotta ronna quetta
        """.xmlTokens)

    /// SI Brochure, 9th edition, tables 2, 4 and 8, with the counting and logarithmic units D-SI adds.
    private static let unitNames: Set<String> = Set(
        """
        ampere candela kelvin kilogram metre mole one second becquerel coulomb degreecelsius farad \
        gram gray henry hertz joule katal lumen lux newton ohm pascal percent ppm radian siemens \
        sievert steradian tesla volt watt weber astronomicalunit arcminute arcsecond bar bel bit \
        byte dalton day decibel degree electronvolt hectare hour litre minute neper tonne
        """.xmlTokens)
}
