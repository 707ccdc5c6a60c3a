public import Metrology

/// An answer of the fixed data structure (EN 1434-3, CI 73): two counters.
public struct MBusFixedTelegram: Hashable, Sendable {
    public struct Counter: Hashable, Sendable {
        /// The number in its unit; a fault where the digits are none or the unit is not known here.
        public let value: Result<Quantity, FrameFault>
        /// Whether it is the reading of a fixed day and not of now.
        public let isStored: Bool
    }

    public let address: UInt8
    /// Eight digits.
    public let identification: String
    public let accessNumber: UInt8
    /// As sent.
    public let status: UInt8
    /// Four bits, as ``MBusMedium``.
    public let medium: UInt8
    public let counters: [Counter]

    /// - Throws: ``FrameFault`` for any other frame.
    public init(_ frame: MBusFrame) throws(FrameFault) {
        guard case .long(let control, let address, 0x73, let data) = frame else {
            throw .unsupported("a frame without the fixed data structure")
        }
        guard control & 0xCF == 0x08 else { throw .otherFunction(asked: 0x08, answered: control) }
        guard data.count == 16 else { throw .wrongLength(said: 16, found: data.count) }
        self.address = address
        identification = data.prefix(4).reversed().map { Int($0).hexadecimal }.joined()
        accessNumber = data[4]
        // Sources disagree which of these bits makes the counters binary, and which makes them stored.
        guard data[5] & 0b1100_0011 == 0 else { throw .unsupported("counters that are binary or stored") }
        status = data[5]
        medium = (data[6] >> 6) | (data[7] >> 6) << 2
        let codes = [data[6] & 0x3F, data[7] & 0x3F]
        // A second counter of the same unit at the fixed day says so in place of its unit.
        let isHistoric = codes[1] == 0x3E
        counters = (0..<2).map { index in
            let bytes = Array(data[(8 + 4 * index)..<(12 + 4 * index)])
            let code = index == 1 && isHistoric ? codes[0] : codes[index]
            return Counter(
                value: MBusValue.digits(bytes).flatMap { Self.quantity($0, code) },
                isStored: index == 1 && isHistoric)
        }
    }

    private static func quantity(_ value: MBusValue, _ code: UInt8) -> Result<Quantity, FrameFault> {
        guard case .number(let number) = value else { return .failure(.notAvailable) }
        guard let (symbol, exponent) = unit(code), let unit = MeasurementUnit(symbol) else {
            return .failure(.unknownUnit(Int(code).hexadecimal))
        }
        return .success(Quantity(number * .powerOfTen(exponent), unit))
    }

    /// The table of units of the fixed structure: each unit in steps of ten.
    private static func unit(_ code: UInt8) -> (symbol: String, exponent: Int)? {
        let n = Int(code)
        switch code {
        case 0x02...0x0A: return ("Wh", n - 0x02)
        case 0x0B...0x13: return ("kJ", n - 0x0B)
        case 0x14...0x1C: return ("W", n - 0x14)
        case 0x1D...0x25: return ("kJ/h", n - 0x1D)
        case 0x26...0x2E: return ("mL", n - 0x26)
        case 0x2F...0x37: return ("mL/h", n - 0x2F)
        case 0x38: return ("°C", -3)
        case 0x3F: return ("1", 0)
        default: return nil
        }
    }
}
