import Devices

/// How a simulated meter or instrument of a profile is reached and what it is set to.
struct VoiceSettings: Sendable {
    /// nil for the first of the profile that is not Modbus.
    var `protocol`: DeviceProtocol?
    /// Primary address on M-Bus; nil for the profile's own.
    var unit: Int?
    /// Digits: twelve of DL/T 645, fourteen of CJ/T 188, eight of M-Bus; fewer are filled up with zeros in front.
    var address: String?
    /// Bytes FE before an answer of DL/T 645 or CJ/T 188.
    var wakeUp = 0
    /// The channel on its display, of an instrument that answers one question for several.
    var shown: String?
    /// Exchanges recorded for the profile, whose answers lend their shape.
    var exchanges: [RecordedExchange] = []

    /// - Throws: ``VoiceError/badAddress(_:digits:)``.
    func digits(_ count: Int) throws(VoiceError) -> String {
        let text = address ?? "1"
        guard text.count <= count, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
            throw .badAddress(text, digits: count)
        }
        return String(repeating: "0", count: count - text.count) + text
    }
}

enum VoiceError: Error, Hashable, CustomStringConvertible {
    case badAddress(String, digits: Int)
    case notSpoken(profile: String, protocols: String)
    case unknownUnit(channel: String, profile: String)
    case badDescription(profile: String, what: String)

    var description: String {
        switch self {
        case .badAddress(let text, let digits): "address '\(text)' must be up to \(digits) digits"
        case .notSpoken(let profile, let protocols):
            "\(profile) speaks \(protocols), which this simulator does not: choose another profile"
        case .unknownUnit(let channel, let profile):
            "'\(channel)' of \(profile): the profile has no code for its unit: add one to its units"
        case .badDescription(let profile, let what): "\(profile): \(what) cannot be simulated: correct the profile"
        }
    }
}
