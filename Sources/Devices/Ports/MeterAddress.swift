/// The digits printed on a meter, by which a protocol without unit numbers reaches it.
protocol MeterAddress: Equatable, CustomStringConvertible {
    /// Any meter: the only one on its line answers.
    static var any: Self { get }
    /// In words, like `DL/T 645`.
    static var protocolName: String { get }
    /// How many digits a whole address has, in words.
    static var digits: String { get }

    init?(_ text: String)
}

extension MeterAddress {
    /// The address `connection` names; any where it names none.
    ///
    /// - Throws: ``DeviceError/badAddress(_:why:)`` for a unit number, and for what are no digits of an address.
    init(of connection: Connection) throws {
        guard connection.unit == nil else {
            throw DeviceError.badAddress(
                "\(connection.line)",
                why:
                    "a meter of \(Self.protocolName) has no unit number: name it by address= and its \(Self.digits) digits"
            )
        }
        guard let text = connection.address else {
            self = .any
            return
        }
        guard let address = Self(text) else {
            throw DeviceError.badAddress(
                "\(connection.line)", why: "a meter's address has up to \(Self.digits) digits, not '\(text)'")
        }
        self = address
    }

    /// What the meter is called on its line.
    var station: Station { self == .any ? .only : .address("\(self)") }
}

extension DLT645Address: MeterAddress {
    static var protocolName: String { "DL/T 645" }
    static var digits: String { "twelve" }
}

extension CJT188Address: MeterAddress {
    static var protocolName: String { "CJ/T 188" }
    static var digits: String { "fourteen" }
}
