public import Metrology

/// What value information stands for (EN 13757-3, tables of primary VIF and of the extensions FB and FD).
public struct MBusMeaning: Hashable, Sendable {
    /// A word like "thermal power"; the standard does not tell heat from electricity, so that energy is "energy".
    public let quantity: String
    /// nil for what is no quantity: a number, a state, a time.
    public let unit: MeasurementUnit?
    /// Value = raw number × scale, in ``unit``.
    public let scale: ExactDecimal
    /// Whether binary data hold a date or a time.
    public let isTime: Bool
    /// Codes that say more of the value and are not interpreted here, from the first that is unknown.
    public let others: [UInt8]

    /// nil where the table has no such code. `bytes` are VIF and VIFE; `plainText` the characters of VIF 7C.
    public init?(_ bytes: [UInt8], plainText: String?) {
        guard let first = bytes.first else { return nil }
        let codes = bytes.map { $0 & 0x7F }
        let base: Base?
        var rest: ArraySlice<UInt8>
        switch first {
        case 0xFB where codes.count > 1: (base, rest) = (Base(extensionFB: codes[1]), codes[2...])
        case 0xFD where codes.count > 1: (base, rest) = (Base(extensionFD: codes[1]), codes[2...])
        case 0x7C, 0xFC:
            let unit = plainText.flatMap { MeasurementUnit($0) ?? MeasurementUnit(String($0.reversed())) }
            (base, rest) = (Base("written out", unit, 0), codes[1...])
        default: (base, rest) = (Base(primary: codes[0]), codes[1...])
        }
        guard var base else { return nil }
        while let code = rest.first {
            switch code {
            // Errors are a fault of the record; sums of one direction are still of the quantity.
            case 0x00...0x1F, 0x3B, 0x3C: break
            case 0x50...0x5F:
                base = Base("duration beyond a limit", ["s", "min", "h", "d"][Int(code & 3)], 0)
            case 0x70...0x77: base.exponent += Int(code & 7) - 6
            case 0x7D: base.exponent += 3
            // From here on the codes are the maker's.
            case 0x7F:
                self.init(base, others: Array(rest))
                return
            default:
                self.init(Base(base.quantity, MeasurementUnit?.none, 0), others: Array(rest))
                return
            }
            rest.removeFirst()
        }
        self.init(base, others: [])
    }

    private init(_ base: Base, others: [UInt8]) {
        quantity = base.quantity
        unit = base.unit
        scale = .powerOfTen(base.exponent)
        isTime = base.isTime
        self.others = others
    }

    /// The fault a record states of itself in place of a value.
    static func error(in bytes: [UInt8]) -> FrameFault? {
        let start = bytes.first == 0xFB || bytes.first == 0xFD ? 2 : 1
        for byte in bytes.dropFirst(start) {
            switch byte & 0x7F {
            case 0x7F: return nil
            case 0x15: return .notAvailable
            case let code where code > 0 && code <= 0x1F:
                return .refused(code: Int(code), names: names[code].map { [$0] } ?? [])
            default: break
            }
        }
        return nil
    }

    private static let names: [UInt8: String] = [
        0x01: "too many DIFE", 0x02: "storage number not implemented", 0x03: "unit number not implemented",
        0x04: "tariff number not implemented", 0x05: "function not implemented", 0x06: "data class not implemented",
        0x07: "data size not implemented", 0x0B: "too many VIFE", 0x0C: "illegal VIF group",
        0x0D: "illegal VIF exponent", 0x0E: "VIF and DIF do not fit", 0x0F: "action not implemented",
        0x16: "data overflow", 0x17: "data underflow", 0x18: "data error", 0x1C: "premature end of record",
    ]
}

extension MBusMeaning {
    /// One row of the tables.
    struct Base {
        let quantity: String
        let unit: MeasurementUnit?
        var exponent: Int
        var isTime = false

        init(_ quantity: String, _ unit: MeasurementUnit?, _ exponent: Int) {
            (self.quantity, self.unit, self.exponent) = (quantity, unit, exponent)
        }

        init(_ quantity: String, _ unit: String, _ exponent: Int) {
            self.init(quantity, MeasurementUnit(unit), exponent)
        }

        init(_ quantity: String, isTime: Bool = false) {
            self.init(quantity, MeasurementUnit?.none, 0)
            self.isTime = isTime
        }
    }
}

extension ExactDecimal {
    static func powerOfTen(_ exponent: Int) -> ExactDecimal {
        exponent < 0
            ? ExactDecimal(coefficient: 1, places: -exponent)
            : ExactDecimal(coefficient: (0..<exponent).reduce(1) { power, _ in power * 10 }, places: 0)
    }
}
