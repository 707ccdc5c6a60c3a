/// The twelve digits a meter is known by on its line (DL/T 645-2007, 5.2.2): six bytes of two decimal
/// digits, least significant first on the wire; pairs `AA` from the front stand for any.
public struct DLT645Address: Hashable, Sendable {
    /// As sent.
    public let bytes: [UInt8]

    /// Every meter; the answer carries the meter's own address.
    public static let any = DLT645Address(repeating: 0xAA)
    /// Every meter, and none answers.
    public static let broadcast = DLT645Address(repeating: 0x99)

    private init(repeating byte: UInt8) {
        bytes = Array(repeating: byte, count: 6)
    }

    /// Six bytes as they came; nil where they are neither digits nor wildcards before all digits.
    public init?(bytes: some Sequence<UInt8>) {
        let bytes = Array(bytes)
        guard bytes.count == 6 else { return nil }
        let digits = bytes.prefix { $0 != 0xAA }
        guard digits.allSatisfy({ PackedDecimal.byte($0) != nil }),
            bytes.dropFirst(digits.count).allSatisfy({ $0 == 0xAA })
        else { return nil }
        self.bytes = bytes
    }

    /// Reads 1 to 12 digits as printed on the meter, most significant first; leading zeros may be left out.
    public init?(_ text: String) {
        let characters = Array(text.utf8)
        guard (1...12).contains(characters.count), text.allSatisfy(\.isHexDigit) else { return nil }
        let padded = Array(repeating: UInt8(ascii: "0"), count: 12 - characters.count) + characters
        var bytes: [UInt8] = []
        for index in stride(from: 10, through: 0, by: -2) {
            guard let byte = UInt8(String(decoding: padded[index..<(index + 2)], as: UTF8.self), radix: 16) else {
                return nil
            }
            bytes.append(byte)
        }
        self.init(bytes: bytes)
    }

    public var hasWildcards: Bool { bytes.last == 0xAA }

    /// Whether `other`, an address without wildcards, is one this stands for.
    public func matches(_ other: DLT645Address) -> Bool {
        !other.hasWildcards && zip(bytes, other.bytes).allSatisfy { $0 == 0xAA || $0 == $1 }
    }
}

extension DLT645Address: CustomStringConvertible {
    public var description: String { bytes.reversed().map { Int($0).hexadecimal }.joined() }
}
