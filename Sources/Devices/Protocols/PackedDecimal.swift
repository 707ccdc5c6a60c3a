import Metrology

/// Two decimal digits a byte, least significant byte first.
enum PackedDecimal {
    /// What the most significant bit says.
    enum Sign: Hashable, Sendable {
        case none
        /// Set in a negative number; the digits follow in the other seven bits.
        case topBit
    }

    /// - Throws: ``FrameFault/notAvailable`` where all bytes are FF, ``FrameFault/notDecimal(_:)``
    ///   where a half byte is above 9.
    static func number(_ bytes: [UInt8], places: Int, sign: Sign = .none) throws(FrameFault) -> ExactDecimal {
        guard !bytes.isEmpty, bytes.count <= 16 else { throw .tooShort(bytes: bytes.count, needed: 1) }
        if bytes.allSatisfy({ $0 == 0xFF }) { throw .notAvailable }
        var digits = bytes
        let isNegative = sign == .topBit && digits[digits.count - 1] & 0x80 != 0
        if isNegative { digits[digits.count - 1] &= 0x7F }
        var coefficient: Int128 = 0
        for byte in digits.reversed() {
            guard byte >> 4 <= 9, byte & 15 <= 9 else { throw .notDecimal(bytes) }
            coefficient = coefficient * 100 + Int128(byte >> 4) * 10 + Int128(byte & 15)
        }
        return ExactDecimal(coefficient: isNegative ? -coefficient : coefficient, places: places)
    }

    /// One byte of two digits.
    static func byte(_ byte: UInt8) -> Int? {
        byte >> 4 <= 9 && byte & 15 <= 9 ? Int(byte >> 4) * 10 + Int(byte & 15) : nil
    }

    /// - Returns: nil where `value` has more places, more digits or a sign that the bytes cannot hold.
    static func bytes(_ value: ExactDecimal, count: Int, places: Int, sign: Sign = .none) -> [UInt8]? {
        let exact = value.rounded(toPlaces: places)
        guard exact == value, count <= 16, sign == .topBit || exact.coefficient >= 0 else { return nil }
        var rest = exact.coefficient.magnitude
        var bytes: [UInt8] = []
        for _ in 0..<count {
            bytes.append(UInt8(rest / 10 % 10) << 4 | UInt8(rest % 10))
            rest /= 100
        }
        guard rest == 0, let top = bytes.last, sign == .none || top & 0x80 == 0 else { return nil }
        if exact.coefficient < 0 { bytes[count - 1] |= 0x80 }
        return bytes
    }

    /// A number of two digits as one byte.
    static func byte(of number: Int) -> UInt8 { UInt8(truncatingIfNeeded: (number / 10 % 10) * 16 + number % 10) }
}
