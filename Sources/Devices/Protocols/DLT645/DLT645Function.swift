/// The two editions of DL/T 645: they share the frame and differ in codes and identifiers.
public enum DLT645Edition: String, Hashable, Sendable, CaseIterable {
    case of1997 = "1997"
    case of2007 = "2007"

    /// Bytes of a data identifier.
    public var identifierBytes: Int { self == .of2007 ? 4 : 2 }

    /// The control code of `function` in a request; nil where the edition has none.
    public func code(_ function: DLT645Function) -> UInt8? {
        switch self {
        case .of2007: function.rawValue
        case .of1997: Self.codesOf1997[function]
        }
    }

    /// The function of a control code, whatever its flags; nil for one the edition does not define.
    public func function(_ control: UInt8) -> DLT645Function? {
        let code = control & 0x1F
        switch self {
        case .of2007: return DLT645Function(rawValue: code)
        case .of1997: return Self.codesOf1997.first { $0.value == code }?.key
        }
    }

    private static let codesOf1997: [DLT645Function: UInt8] = [
        .read: 0x01, .readFollowing: 0x02, .write: 0x04, .broadcastTime: 0x08, .writeAddress: 0x0A,
        .changeSpeed: 0x0C, .changePassword: 0x0F, .clearDemand: 0x10,
    ]

    /// What the bits of an error byte mean, from bit 0 (edition of 2007).
    ///
    /// The edition of 1997 names none of its bits in the sources this was made from.
    public func names(ofError byte: UInt8) -> [String] {
        guard self == .of2007 else { return [] }
        return Self.errors.indices.filter { byte >> UInt8($0) & 1 == 1 }.map { Self.errors[$0] }
    }

    private static let errors = [
        "other error", "no such data", "wrong password or no authority", "speed cannot be changed",
        "too many yearly time zones", "too many daily time slots", "too many tariffs",
    ]
}

/// What a frame asks for; the raw values are the control codes of the edition of 2007 (5.2.4).
public enum DLT645Function: UInt8, Hashable, Sendable, CaseIterable {
    case broadcastTime = 0x08
    case read = 0x11
    case readFollowing = 0x12
    case readAddress = 0x13
    case write = 0x14
    case writeAddress = 0x15
    case freeze = 0x16
    case changeSpeed = 0x17
    case changePassword = 0x18
    case clearDemand = 0x19
    case clearMeter = 0x1A
    case clearEvents = 0x1B
    case relay = 0x1C
}
