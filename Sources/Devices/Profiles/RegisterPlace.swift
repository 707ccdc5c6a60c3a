public import Metrology

/// The four tables of a Modbus instrument.
public enum ModbusTable: String, Hashable, Sendable, CaseIterable {
    case holding, input, coil, discrete

    public var readFunction: ModbusFunction {
        switch self {
        case .holding: .readHolding
        case .input: .readInput
        case .coil: .readCoils
        case .discrete: .readDiscrete
        }
    }
}

extension DeviceProfile {
    /// Where a channel stands among the registers of a Modbus instrument.
    public struct RegisterPlace: Hashable, Sendable {
        public var table: ModbusTable
        /// As sent on the wire, counted from 0.
        public var address: Int
        public var format: RegisterFormat
        /// Registers it takes (bits, in a table of bits).
        public var count: Int
        public var order: WordOrder
        /// Value = raw number × scale + offset, in the channel's unit.
        public var scale: ExactDecimal
        public var offset: ExactDecimal
        /// The bits of a single register that belong to it, 0 the least significant.
        public var bits: ClosedRange<Int>?
        /// What stands in the registers where there is no value, in `order`.
        public var notAvailable: [[UInt16]]
        /// nil for a channel that is only read.
        public var write: ModbusFunction?

        var range: Range<Int> { address..<(address + count) }
    }
}

extension DeviceProfile.RegisterPlace {
    /// What the registers of this place say.
    enum Reading {
        case number(ExactDecimal)
        case text(String)
        case notAvailable
        case notANumber
    }

    /// Decodes `registers`, exactly as many as the place takes, as they came.
    func reading(_ registers: [UInt16]) -> Reading {
        guard registers.count == count else { return .notANumber }
        let ordered = order.mostSignificantFirst(registers)
        guard !notAvailable.contains(ordered) else { return .notAvailable }
        if format == .ascii {
            let bytes = ordered.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] }
            return .text(String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self).trimmingBlanks)
        }
        guard var raw = format.number(ordered) else { return .notANumber }
        if let bits {
            let mask = Int128(1) << Int128(bits.count) - 1
            raw = ExactDecimal(coefficient: (raw.coefficient >> Int128(bits.lowerBound)) & mask, places: 0)
        }
        // Most registers are scaled by a power of ten and shifted by nothing.
        if scale == ExactDecimal(1), offset == ExactDecimal(0) { return .number(raw) }
        return .number(raw * scale + offset)
    }
}

extension String {
    /// Without the blanks an instrument fills its text up with.
    fileprivate var trimmingBlanks: String {
        String(drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
    }
}
