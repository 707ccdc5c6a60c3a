/// Fourteen digits of a meter of CJ/T 188: seven bytes, least significant first on the wire, the two most
/// significant the code of its maker. Bytes `AA` from the front stand for any.
public struct CJT188Address: Hashable, Sendable {
    /// As sent.
    public let bytes: [UInt8]

    public static let any = CJT188Address(unchecked: Array(repeating: 0xAA, count: 7))

    private init(unchecked bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// Seven bytes as they came. Makers' codes are not always decimal, so that every byte may stand there.
    public init?(bytes: some Sequence<UInt8>) {
        let bytes = Array(bytes)
        guard bytes.count == 7 else { return nil }
        self.bytes = bytes
    }

    /// Reads 1 to 14 hexadecimal digits, most significant first; leading zeros may be left out.
    public init?(_ text: String) {
        let characters = Array(text.utf8)
        guard (1...14).contains(characters.count) else { return nil }
        let padded = Array(repeating: UInt8(ascii: "0"), count: 14 - characters.count) + characters
        let pairs = stride(from: 12, through: 0, by: -2).map { index in
            let pair = String(decoding: padded[index..<(index + 2)], as: UTF8.self)
            return pair.allSatisfy(\.isHexDigit) ? UInt8(pair, radix: 16) : nil
        }
        self.init(bytes: pairs.compactMap(\.self))
    }

    /// The code of the maker, `7833`.
    public var maker: String { String("\(self)".prefix(4)) }

    public func matches(_ other: CJT188Address) -> Bool {
        zip(bytes, other.bytes).allSatisfy { $0 == 0xAA || $0 == $1 }
    }
}

extension CJT188Address: CustomStringConvertible {
    public var description: String { bytes.reversed().map { Int($0).hexadecimal }.joined() }
}

/// What a meter measures, by its type byte; a family is one half byte.
public enum CJT188Kind: String, Hashable, Sendable, CaseIterable {
    case water, heat, gas, other

    /// nil for types outside 10 to 49.
    public init?(type: UInt8) {
        switch type {
        case 0x10...0x19: self = .water
        case 0x20...0x29: self = .heat
        case 0x30...0x39: self = .gas
        case 0x40...0x49: self = .other
        default: return nil
        }
    }

    /// `cold water`, where the type is one of those defined.
    public static func name(ofType type: UInt8) -> String? {
        switch type {
        case 0x10: "cold water"
        case 0x11: "hot water"
        case 0x12: "drinking water"
        case 0x13: "reclaimed water"
        case 0x20: "heat"
        case 0x21: "cooling"
        // Of the edition of 2018 only.
        case 0x22: "heat and cooling"
        case 0x30: "gas"
        default: nil
        }
    }
}
