/// What a master sends (EN 13757-2, clause 5; EN 13757-3).
public enum MBusRequest {
    /// A meter that answers on this address was selected by ``select(_:)``.
    public static let selected: UInt8 = 0xFD
    /// Every meter hears it and answers: for a line with one meter.
    public static let test: UInt8 = 0xFE

    /// SND_NKE: initialises the link; answered by E5.
    public static func initialise(_ address: UInt8) -> MBusFrame {
        .short(control: 0x40, address: address)
    }

    /// REQ_UD2: asks for data; answered by a telegram.
    public static func data(_ address: UInt8, _ count: MBusFrameCount) -> MBusFrame {
        .short(control: count.isSet ? 0x7B : 0x5B, address: address)
    }

    /// SND_UD with CI 52: the meter that fits answers by E5 and is reached at ``selected`` from then on.
    public static func select(_ selection: MBusSelection) -> MBusFrame {
        .long(control: 0x53, address: selected, information: 0x52, data: selection.bytes)
    }

    /// SND_UD with CI 50: the meter begins again with its first telegram; answered by E5.
    public static func resetApplication(_ address: UInt8) -> MBusFrame {
        .long(control: 0x53, address: address, information: 0x50, data: [])
    }
}

/// The frame count bit: by it a meter knows a repeated request from the next one, so that no telegram
/// of a longer answer is lost or read twice (EN 13757-2, 5.5).
public struct MBusFrameCount: Hashable, Sendable {
    public private(set) var isSet: Bool

    /// As after ``MBusRequest/initialise(_:)``: the next request has it set.
    public init() { isSet = true }

    /// After an answer was taken; a repeated request leaves it as it was.
    public mutating func advance() { isSet.toggle() }
}

/// Which meters a selection means (EN 13757-3: secondary addressing).
public struct MBusSelection: Hashable, Sendable {
    /// Eight characters, most significant first: digits, or F for any digit.
    public let identification: String
    /// Three capital letters; nil for any.
    public let manufacturer: String?
    /// nil for any.
    public let version, medium: UInt8?

    /// nil where the identification or the manufacturer is not of its form.
    public init?(
        identification: String = "FFFFFFFF", manufacturer: String? = nil, version: UInt8? = nil,
        medium: UInt8? = nil
    ) {
        guard identification.utf8.count == 8,
            identification.allSatisfy({ ("0"..."9").contains($0) || $0 == "F" }),
            manufacturer.map({ MBusManufacturer.code($0) != nil }) ?? true
        else { return nil }
        self.identification = identification
        self.manufacturer = manufacturer
        self.version = version
        self.medium = medium
    }

    /// As sent: identification, manufacturer, version, medium, least significant byte first.
    public var bytes: [UInt8] {
        let digits = identification.compactMap { $0.hexDigitValue.map { UInt8(truncatingIfNeeded: $0) } }
        let pairs = stride(from: 6, through: 0, by: -2).map { digits[$0] << 4 | digits[$0 + 1] }
        let code = manufacturer.flatMap(MBusManufacturer.code) ?? 0xFFFF
        return pairs + [UInt8(truncatingIfNeeded: code), UInt8(truncatingIfNeeded: code >> 8)]
            + [version ?? 0xFF, medium ?? 0xFF]
    }
}

/// Three letters in fifteen bits (EN 62056-21, FLAG Association).
public enum MBusManufacturer {
    /// nil for anything but three capital letters.
    public static func code(_ letters: String) -> UInt16? {
        let bytes = Array(letters.utf8)
        guard bytes.count == 3, bytes.allSatisfy({ (0x41...0x5A).contains($0) }) else { return nil }
        return bytes.reduce(0) { $0 << 5 | UInt16($1 - 0x40) }
    }

    /// nil where a letter would lie outside A to Z.
    public static func letters(_ code: UInt16) -> String? {
        let bytes = [code >> 10 & 31, code >> 5 & 31, code & 31].map { UInt8($0) + 0x40 }
        guard code >> 15 == 0, bytes.allSatisfy({ (0x41...0x5A).contains($0) }) else { return nil }
        return String(decoding: bytes, as: UTF8.self)
    }
}
