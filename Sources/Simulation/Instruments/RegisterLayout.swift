/// How a value stands in the registers of a simulated instrument.
public struct RegisterLayout: Hashable, Sendable {
    public enum Format: String, Hashable, Sendable, CaseIterable {
        case uint16, int16, uint32, int32, uint64, int64, float32, float64, bcd, ascii, bool
    }

    public var table: RegisterTable
    /// Counted from 0.
    public var address: Int
    /// Registers, or bits in a table of bits.
    public var count: Int
    public var format: Format
    /// Whether the register of the lowest worth comes first.
    public var lowWordFirst: Bool
    /// Whether the byte of lower worth comes first in each register.
    public var bytesSwapped: Bool
    /// Value = raw number × scale + offset.
    public var scale: Double
    public var offset: Double
    /// The bits of a single register that are its own; nil for all.
    public var bits: ClosedRange<Int>?

    public init(
        _ table: RegisterTable, _ address: Int, _ format: Format, count: Int, lowWordFirst: Bool = false,
        bytesSwapped: Bool = false, scale: Double = 1, offset: Double = 0, bits: ClosedRange<Int>? = nil
    ) {
        self.table = table
        self.address = address
        self.count = count
        self.format = format
        self.lowWordFirst = lowWordFirst
        self.bytesSwapped = bytesSwapped
        self.scale = scale
        self.offset = offset
        self.bits = bits
    }

    var range: Range<Int> { address..<(address + count) }

    /// The bits of each of its registers that belong to it, as the register stands on the line.
    var mask: UInt16 {
        guard let bits else { return .max }
        let mask = UInt16(truncatingIfNeeded: ((1 << bits.count) - 1) << bits.lowerBound)
        return bytesSwapped ? mask.byteSwapped : mask
    }

    /// The raw numbers it can hold; nil for a floating-point one.
    public var rawRange: ClosedRange<Double>? {
        if let bits { return 0...Double((1 << bits.count) - 1) }
        return switch format {
        case .uint16: 0...0xFFFF
        case .int16: -0x8000...0x7FFF
        case .uint32: 0...0xFFFF_FFFF
        case .int32: -0x8000_0000...0x7FFF_FFFF
        // What a binary64 tells apart from its neighbours.
        case .uint64: 0...0x1p53
        case .int64: -0x1p53...0x1p53
        case .bcd: 0...Double((0..<min(15, 4 * count)).reduce(1) { number, _ in number * 10 } - 1)
        case .bool: 0...1
        case .float32, .float64, .ascii: nil
        }
    }

    /// The registers that show `value`; one beyond their range shows its end.
    func registers(_ value: Double) -> [UInt16] {
        let raw = (value - offset) / scale
        let bits: UInt64
        switch format {
        case .float32: bits = UInt64(Float(raw).bitPattern)
        case .float64: bits = raw.bitPattern
        case .ascii: return registers(value == value.rounded() ? "\(Int(value))" : "\(value)")
        default:
            guard let range = rawRange else { return [] }
            let whole = Int64(min(max(raw.rounded(), range.lowerBound), range.upperBound))
            if let place = self.bits {
                bits = UInt64(bitPattern: whole << Int64(place.lowerBound))
            } else if format == .bcd {
                bits = Self.decimal(UInt64(bitPattern: whole))
            } else {
                bits = UInt64(bitPattern: whole)
            }
        }
        return ordered(
            (0..<count).reversed().map { $0 > 3 ? 0 : UInt16(truncatingIfNeeded: bits >> (16 * UInt64($0))) })
    }

    /// The registers that hold `text`, filled up with blanks.
    func registers(_ text: String) -> [UInt16] {
        let bytes =
            Array(text.utf8.prefix(2 * count)) + Array(repeating: 0x20, count: max(0, 2 * count - text.utf8.count))
        return ordered((0..<count).map { UInt16(bytes[2 * $0]) << 8 | UInt16(bytes[2 * $0 + 1]) })
    }

    private func ordered(_ words: [UInt16]) -> [UInt16] {
        let words = lowWordFirst ? words.reversed() : words
        return bytesSwapped ? words.map(\.byteSwapped) : words
    }

    private static func decimal(_ number: UInt64) -> UInt64 {
        var (rest, digits, shift) = (number, UInt64(0), UInt64(0))
        while rest > 0, shift < 64 {
            digits |= (rest % 10) << shift
            (rest, shift) = (rest / 10, shift + 4)
        }
        return digits
    }
}
