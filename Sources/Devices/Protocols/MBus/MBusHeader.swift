/// What a meter says of itself before its records (EN 13757-3, CI 72, 76 and 7A).
public struct MBusHeader: Hashable, Sendable {
    /// Eight digits; A to F where the meter sends them.
    public let identification: String
    /// Three letters; nil where the two bytes are none.
    public let manufacturer: String?
    public let version, medium: UInt8

    /// nil for anything but eight bytes: identification, manufacturer, version, medium, each least
    /// significant byte first.
    init?(_ bytes: [UInt8]) {
        guard bytes.count == 8 else { return nil }
        identification = bytes.prefix(4).reversed().map { Int($0).hexadecimal }.joined()
        manufacturer = MBusManufacturer.letters(UInt16(bytes[4]) | UInt16(bytes[5]) << 8)
        version = bytes[6]
        medium = bytes[7]
    }
}

/// The status byte of a telegram by the names of its bits (EN 13757-3).
public struct MBusStatus: Hashable, Sendable {
    public let byte: UInt8

    public init(_ byte: UInt8) { self.byte = byte }

    public var names: [String] {
        let application = ["", "application busy", "application error", "abnormal condition"][Int(byte & 3)]
        let flags = [(0x04, "power low"), (0x08, "permanent error"), (0x10, "temporary error")]
        let own = (5...7).filter { byte >> $0 & 1 == 1 }.map { "manufacturer's bit \($0)" }
        return [application].filter { !$0.isEmpty } + flags.filter { Int(byte) & $0.0 != 0 }.map(\.1) + own
    }
}

/// What the meter measures (EN 13757-3, table of device types).
public enum MBusMedium {
    /// nil for a code that is reserved.
    public static func name(_ code: UInt8) -> String? { names[code] }

    private static let names: [UInt8: String] = [
        0x00: "other", 0x01: "oil", 0x02: "electricity", 0x03: "gas", 0x04: "heat", 0x05: "steam",
        0x06: "warm water", 0x07: "water", 0x08: "heat cost allocator", 0x09: "compressed air",
        0x0A: "cooling, measured in the return", 0x0B: "cooling, measured in the flow",
        0x0C: "heat, measured in the flow", 0x0D: "heat and cooling", 0x0E: "bus or system", 0x0F: "unknown",
        0x15: "hot water", 0x16: "cold water", 0x17: "hot and cold water", 0x18: "pressure",
        0x19: "analogue to digital converter",
    ]
}
