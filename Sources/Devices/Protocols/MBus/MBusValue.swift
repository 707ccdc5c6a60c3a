public import Metrology

/// What the data of a record hold, before any scale.
public enum MBusValue: Hashable, Sendable {
    case number(ExactDecimal)
    case time(MeterTime)
    case text(String)
    /// The record carries no data: it states only that it is there.
    case nothing
}

/// The data field: the low four bits of a DIF (EN 13757-3, table of codings).
enum MBusCoding: Hashable, Sendable {
    case none
    /// Two's complement, least significant byte first.
    case binary(bytes: Int)
    /// Two digits a byte; F in the top half byte is a minus.
    case packed(bytes: Int)
    case real
    /// The first byte of the data says how they are written and how long they are.
    case variable

    /// nil for the special functions.
    init?(dif: UInt8) {
        switch dif & 0x0F {
        // 8 selects data for a readout and carries none.
        case 0x0, 0x8: self = .none
        case 0x1, 0x2, 0x3, 0x4: self = .binary(bytes: Int(dif & 0x0F))
        case 0x5: self = .real
        case 0x6: self = .binary(bytes: 6)
        case 0x7: self = .binary(bytes: 8)
        case 0x9, 0xA, 0xB, 0xC: self = .packed(bytes: Int(dif & 0x0F) - 8)
        case 0xD: self = .variable
        case 0xE: self = .packed(bytes: 6)
        default: return nil
        }
    }
}

extension MBusValue {
    /// - Throws: ``FrameFault/tooShort(bytes:needed:)`` where the telegram ends within the data, which is a fault
    ///   of the telegram; what is wrong with the value itself is in the result.
    static func read(
        _ coding: MBusCoding, asTime: Bool, _ reader: inout ByteReader
    ) throws(FrameFault) -> Result<MBusValue, FrameFault> {
        switch coding {
        case .none: return .success(.nothing)
        case .binary(let count):
            let bytes = try reader.bytes(count)
            return asTime ? time(bytes) : .success(.number(integer(bytes)))
        case .packed(let count): return digits(try reader.bytes(count))
        case .real: return real(try reader.bytes(4))
        case .variable: return try variable(&reader)
        }
    }

    static func integer(_ bytes: [UInt8]) -> ExactDecimal {
        let raw = bytes.reversed().reduce(Int128(0)) { $0 << 8 | Int128($1) }
        let isNegative = (bytes.last ?? 0) & 0x80 != 0
        return ExactDecimal(coefficient: isNegative ? raw - Int128(1) << (8 * bytes.count) : raw, places: 0)
    }

    static func digits(_ bytes: [UInt8]) -> Result<MBusValue, FrameFault> {
        var halves = bytes.reversed().flatMap { [$0 >> 4, $0 & 15] }
        let isNegative = halves.first == 0xF
        if isNegative { halves.removeFirst() }
        guard halves.allSatisfy({ $0 <= 9 }) else { return .failure(.notDecimal(bytes)) }
        let magnitude = halves.reduce(Int128(0)) { $0 * 10 + Int128($1) }
        return .success(.number(ExactDecimal(coefficient: isNegative ? -magnitude : magnitude, places: 0)))
    }

    private static func real(_ bytes: [UInt8]) -> Result<MBusValue, FrameFault> {
        let value = Float(bitPattern: bytes.reversed().reduce(UInt32(0)) { $0 << 8 | UInt32($1) })
        guard value.isFinite else { return .failure(.notAvailable) }
        guard let number = ExactDecimal(nearest: value) else { return .failure(.notANumber("\(value)")) }
        return .success(.number(number))
    }

    /// The length byte: characters up to BF, then digits (C0 positive, D0 negative), then binary (E0).
    private static func variable(_ reader: inout ByteReader) throws(FrameFault) -> Result<MBusValue, FrameFault> {
        let kind = try reader.byte()
        let count = Int(kind & 0x0F)
        switch kind {
        case 0x00...0xBF: return .success(.text(text(try reader.bytes(Int(kind)))))
        case 0xC0...0xC9, 0xD0...0xD9:
            let bytes = try reader.bytes(count)
            guard bytes.allSatisfy({ $0 >> 4 <= 9 && $0 & 15 <= 9 }) else { return .failure(.notDecimal(bytes)) }
            let magnitude = bytes.reversed().reduce(Int128(0)) { $0 * 100 + Int128($1 >> 4) * 10 + Int128($1 & 15) }
            return .success(
                .number(ExactDecimal(coefficient: kind >= 0xD0 ? -magnitude : magnitude, places: 0)))
        case 0xE0...0xEF:
            let bytes = try reader.bytes(count)
            guard (1...8).contains(count) else {
                return .failure(.unsupported("a binary number of \(count) bytes"))
            }
            return .success(.number(integer(bytes)))
        default:
            throw .malformed("the length \(Int(kind).hexadecimal) of a variable record is reserved")
        }
    }

    /// Characters of ISO 8859-1, sent last one first.
    static func text(_ bytes: [UInt8]) -> String {
        String(String.UnicodeScalarView(bytes.reversed().map { Unicode.Scalar($0) }))
    }
}
