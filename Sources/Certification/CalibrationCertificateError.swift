/// Why no Digital Calibration Certificate could be written.
public enum CalibrationCertificateError: Error, Sendable, Equatable {
    /// A text holds a character that XML 1.0 does not allow.
    case forbiddenCharacter(codePoint: UInt32, place: String)
    case missing(String)
    case malformedNumber(String, place: String)
    case malformedDate(String, place: String)
    case unknownUnit(String)
    /// What was written breaks rules of ``CalibrationCertificateRules``.
    case violations([CalibrationCertificateRules.Violation])
}

extension CalibrationCertificateError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .forbiddenCharacter(let codePoint, let place):
            "\(place) holds the control character U+\(String(codePoint, radix: 16, uppercase: true)), which no XML document can carry: correct the text"
        case .missing(let what):
            "\(what) is empty, and a Digital Calibration Certificate cannot do without: fill it in"
        case .malformedNumber(let text, let place):
            "\(place) reads '\(text)', which is not a decimal number with a point: correct it where it was made"
        case .malformedDate(let text, let place):
            "\(place) reads '\(text)', which is not a day of the calendar written yyyy-MM-dd: correct it"
        case .unknownUnit(let symbol):
            "the unit '\(symbol)' has no known D-SI spelling: use a unit the program knows, or add its name to DCCUnit"
        case .violations(let violations):
            "the Digital Calibration Certificate breaks \(violations.count) rule(s): \(violations.map(\.description).joined(separator: "; "))"
        }
    }
}
