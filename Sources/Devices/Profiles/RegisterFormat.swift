import Metrology

public enum RegisterFormat: String, Hashable, Sendable, CaseIterable {
    case uint16, int16, uint32, int32, uint64, int64, float32, float64
    /// Four decimal digits in each register.
    case bcd
    /// Two characters in each register.
    case ascii
    /// One bit.
    case bool

    /// How many registers it takes; nil where the profile says.
    var width: Int? {
        switch self {
        case .uint16, .int16, .bool: 1
        case .uint32, .int32, .float32: 2
        case .uint64, .int64, .float64: 4
        case .bcd, .ascii: nil
        }
    }

    /// The raw number in `registers`, most significant first, exactly; nil for what is none.
    func number(_ registers: [UInt16]) -> ExactDecimal? {
        guard width == nil || registers.count == width, registers.count <= 8 else { return nil }
        let bits = registers.reduce(UInt128(0)) { $0 << 16 | UInt128($1) }
        switch self {
        case .uint16, .uint32, .uint64, .bool:
            return ExactDecimal(coefficient: Int128(bits), places: 0)
        case .int16: return ExactDecimal(Int(Int16(truncatingIfNeeded: bits)))
        case .int32: return ExactDecimal(Int(Int32(truncatingIfNeeded: bits)))
        case .int64: return ExactDecimal(Int(Int64(truncatingIfNeeded: bits)))
        case .float32:
            let value = Float(bitPattern: UInt32(truncatingIfNeeded: bits))
            return value.isFinite ? ExactDecimal(nearest: value) : nil
        case .float64:
            let value = Double(bitPattern: UInt64(truncatingIfNeeded: bits))
            return value.isFinite ? ExactDecimal(nearest: value) : nil
        case .bcd: return registers.decimalDigits.map { ExactDecimal(coefficient: $0, places: 0) }
        case .ascii: return nil
        }
    }

    /// The registers that hold `raw`, most significant first; nil where it does not fit.
    func registers(for raw: ExactDecimal) -> [UInt16]? {
        let whole = raw.rounded(toPlaces: 0)
        if self != .float32, self != .float64, whole != raw { return nil }
        func words(_ bits: UInt64?) -> [UInt16]? {
            guard let bits, let width else { return nil }
            return (0..<width).reversed().map { UInt16(truncatingIfNeeded: bits >> (16 * UInt64($0))) }
        }
        switch self {
        case .uint16: return words(UInt16(exactly: whole.coefficient).map(UInt64.init))
        case .int16: return words(Int16(exactly: whole.coefficient).map { UInt64(UInt16(bitPattern: $0)) })
        case .uint32: return words(UInt32(exactly: whole.coefficient).map(UInt64.init))
        case .int32: return words(Int32(exactly: whole.coefficient).map { UInt64(UInt32(bitPattern: $0)) })
        case .uint64: return words(UInt64(exactly: whole.coefficient))
        case .int64: return words(Int64(exactly: whole.coefficient).map(UInt64.init(bitPattern:)))
        case .float32:
            let value = Float(raw.double)
            return value.isFinite ? words(UInt64(value.bitPattern)) : nil
        case .float64: return words(raw.double.bitPattern)
        // What is written in digits, characters or bits has no writable instrument yet.
        case .bcd, .ascii, .bool: return nil
        }
    }
}

/// In which order the bytes of a value stand, A being the most significant.
///
/// A value of four registers follows the same rule: CDAB sends the least significant register first.
public enum WordOrder: String, Hashable, Sendable, CaseIterable {
    case abcd = "ABCD"
    case cdab = "CDAB"
    case badc = "BADC"
    case dcba = "DCBA"

    private var lowWordFirst: Bool { self == .cdab || self == .dcba }
    private var bytesSwapped: Bool { self == .badc || self == .dcba }

    /// Registers as they came, or as they are sent, turned most significant first, and back.
    func mostSignificantFirst(_ registers: [UInt16]) -> [UInt16] {
        let words = lowWordFirst ? registers.reversed() : registers
        return bytesSwapped ? words.map(\.byteSwapped) : words
    }
}

extension [UInt16] {
    /// Four decimal digits each; nil where a digit is none.
    fileprivate var decimalDigits: Int128? {
        var value: Int128 = 0
        for register in self {
            for shift in [12, 8, 4, 0] {
                let digit = register >> UInt16(shift) & 0xF
                guard digit < 10 else { return nil }
                value = value * 10 + Int128(digit)
            }
        }
        return value
    }
}
