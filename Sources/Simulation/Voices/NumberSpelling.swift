import Metrology

/// The ways in which an instrument may write a number.
enum NumberSpelling {
    /// Plain first, then with more decimals, fewer, a sign, filled up in front, and with an exponent.
    static func decimals(_ number: ExactDecimal, like sample: String?) -> [String] {
        let shown = sample.map { places($0) } ?? 0
        let least = number.trimmedPlaces
        let own = max(least, min(number.places, 15))
        var orders = [max(own, shown), own, least]
        orders += Array(least...(least + 8))
        // An instrument that shows fewer rounds.
        orders += (0..<least).reversed()
        let magnitude = number.magnitude
        var found: [String] = []
        var seen: Set<Int> = []
        let signs = number.coefficient < 0 ? ["-"] : ["", "+", " "]
        for places in orders where seen.insert(places).inserted {
            let digits = "\(magnitude.rounded(toPlaces: places))"
            for fill in 0...10 {
                for sign in signs {
                    found.append(sign + String(repeating: "0", count: fill) + digits)
                    guard fill > 0 else { continue }
                    found.append(sign + String(repeating: " ", count: fill) + digits)
                    found.append(String(repeating: " ", count: fill) + sign + digits)
                }
            }
            if places == 0 { for sign in signs { found.append(sign + digits + ".") } }
        }
        return found + scientific(magnitude).flatMap { text in signs.map { $0 + text } }
    }

    /// `1.25E+01` and its kin, of as many digits as it takes or more.
    private static func scientific(_ magnitude: ExactDecimal) -> [String] {
        let least = magnitude.rounded(toPlaces: magnitude.trimmedPlaces)
        var digits = String(least.coefficient)
        var exponent = digits.count - 1 - least.places
        if least.coefficient == 0 { exponent = 0 }
        var texts: [String] = []
        while digits.count > 1, digits.last == "0" { digits.removeLast() }
        for more in 0...8 {
            let all = digits + String(repeating: "0", count: more)
            let mantissa = all.count == 1 ? all : "\(all.prefix(1)).\(all.dropFirst())"
            let power = exponent.magnitude
            for letter in ["E", "e"] {
                for sign in exponent < 0 ? ["-"] : ["+", ""] {
                    texts.append("\(mantissa)\(letter)\(sign)\(power < 10 ? "0" : "")\(power)")
                    if power < 10 { texts.append("\(mantissa)\(letter)\(sign)\(power)") }
                }
            }
        }
        return texts
    }

    /// Digits behind the point of a text that may have an exponent.
    private static func places(_ text: String) -> Int {
        let mantissa = text.prefix { $0 != "E" && $0 != "e" }
        guard let point = mantissa.firstIndex(of: ".") else { return 0 }
        return min(12, mantissa[mantissa.index(after: point)...].count { $0.isNumber })
    }

    /// In as many digits as it takes, or more.
    static func hexadecimal(_ number: ExactDecimal) -> [String] {
        let whole = number.rounded(toPlaces: 0).coefficient
        guard whole >= 0 else { return [] }
        let digits = String(whole, radix: 16, uppercase: true)
        return (0...8).map { String(repeating: "0", count: $0) + digits }
    }

    /// Single precision, the least significant byte first.
    static func float32(_ number: ExactDecimal) -> String {
        let bits = Float(number.double).bitPattern.byteSwapped
        let digits = String(bits, radix: 16, uppercase: true)
        return String(repeating: "0", count: 8 - digits.count) + digits
    }

    /// Mantissa and exponent in digits, of which the mantissa has as many as it can.
    static func mantissas(_ number: ExactDecimal, exponentZero: Int) -> [(mantissa: String, exponent: String)] {
        var found: [(String, String)] = []
        for exponent in 0...99 {
            let power = exponent - exponentZero
            guard (-15...15).contains(power) else { continue }
            let step =
                power <= 0
                ? ExactDecimal(coefficient: 1, places: -power)
                : ExactDecimal(coefficient: (0..<power).reduce(1) { found, _ in found * 10 }, places: 0)
            guard let mantissa = WireNumber.steps(number, of: step) else { continue }
            let digits = String(mantissa)
            for fill in 0...4 {
                found.append(
                    (
                        String(repeating: "0", count: fill) + digits, (exponent < 10 ? "0" : "") + "\(exponent)"
                    ))
            }
        }
        return found
    }
}

extension ExactDecimal {
    /// The places it takes to write it without zeros at the end.
    fileprivate var trimmedPlaces: Int {
        var (value, left) = (coefficient, places)
        while left > 0, value % 10 == 0 { (value, left) = (value / 10, left - 1) }
        return left
    }
}
