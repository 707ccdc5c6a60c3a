import Metrology

/// A water, heat or gas meter of CJ/T 188 that answers from its values.
public struct CJT188Voice: InstrumentVoice {
    /// In which order the meter takes the two bytes of an identifier. It answers in the order it was asked, and is
    /// silent to the other.
    public enum IdentifierOrder: Hashable, Sendable {
        case either
        /// `90 1F`
        case mostSignificantFirst
        /// `1F 90`
        case leastSignificantFirst
    }

    public struct Field: Hashable, Sendable {
        public var channel: String
        /// Counted from the identifier, as documents print it: 3 is the first byte behind the serial byte.
        public var offset: Int
        public var bytes: Int
        public var decimals: Int
        /// The byte that names the unit, and where it stands.
        public var unit: Unit?

        public struct Unit: Hashable, Sendable {
            public var offset: Int
            public var code: UInt8

            public init(offset: Int, code: UInt8) {
                self.offset = offset
                self.code = code
            }
        }

        public init(_ channel: String, offset: Int, bytes: Int, decimals: Int, unit: Unit? = nil) {
            self.channel = channel
            self.offset = offset
            self.bytes = bytes
            self.decimals = decimals
            self.unit = unit
        }
    }

    private let type: UInt8
    /// Seven bytes, as they stand in a frame.
    private let address: [UInt8]
    private let identifier: UInt16
    private let order: IdentifierOrder
    private let fields: [Field]
    private let status: [UInt8]
    private let wakeUp: Int
    private let values: ShownValues
    private var frames = HeardFrames(CJT188Voice.length)

    /// - Parameters:
    ///   - type: 10 to 19 water, 20 to 29 heat and cold, 30 to 39 gas; it decides how long an answer is.
    ///   - address: fourteen digits, the maker's four first.
    ///   - identifier: of the reading, DI1 first: 901F.
    ///   - status: the two bytes at the end, unless a field stands there.
    ///   - wakeUp: bytes FE before an answer.
    /// - Returns: nil where the address is none.
    public init?(
        type: UInt8, address: String, identifier: UInt16 = 0x901F, order: IdentifierOrder = .either, fields: [Field],
        status: (UInt8, UInt8) = (0, 0), wakeUp: Int = 0, values: @escaping ShownValues
    ) {
        guard let address = WireNumber.packed(address, count: 7) else { return nil }
        self.type = type
        self.address = address
        self.identifier = identifier
        self.order = order
        self.fields = fields
        self.status = [status.0, status.1]
        self.wakeUp = max(0, wakeUp)
        self.values = values
    }

    public mutating func hear(_ bytes: [UInt8], at time: Double) -> [SpokenAnswer] {
        frames.hear(bytes).compactMap { answer(to: $0, time) }
    }

    public mutating func hearSilence(at time: Double) { frames.forget() }

    private static let addressIdentifier: UInt16 = 0x810A

    private func answer(to frame: [UInt8], _ time: Double) -> SpokenAnswer? {
        guard frame[1] == type || frame[1] == 0xAA,
            zip(frame[2...8], address).allSatisfy({ $0 == $1 || $0 == 0xAA })
        else { return nil }
        let control = frame[9]
        let data = Array(frame[11..<(frame.count - 2)])
        guard [0x01, 0x03].contains(control), data.count == 3 else { return nil }
        let (mostFirst, leastFirst) = (
            UInt16(data[0]) << 8 | UInt16(data[1]), UInt16(data[1]) << 8 | UInt16(data[0])
        )
        let meant = control == 0x01 ? identifier : Self.addressIdentifier
        let isTaken =
            (mostFirst == meant && order != .leastSignificantFirst)
            || (leastFirst == meant && order != .mostSignificantFirst)
        if isTaken { return spoken(control | 0x80, control == 0x01 ? reading(data, time) : data) }
        // An identifier in the order this meter does not take is no question to it; any other is refused.
        guard mostFirst != meant, leastFirst != meant else { return nil }
        return spoken(control | 0xC0, [data[2]] + status)
    }

    /// Data from the identifier on; the clock, which is not set, stands at zero.
    private func reading(_ request: [UInt8], _ time: Double) -> [UInt8] {
        let count = (0x20...0x2F).contains(type) ? 46 : 22
        let ends = fields.map { max($0.offset + $0.bytes, ($0.unit?.offset ?? 0) + 1) }
        var data = request + [UInt8](repeating: 0, count: max(count, ends.max() ?? 0) - request.count)
        data.replaceSubrange((data.count - 2)..., with: status)
        for field in fields where field.offset >= 3 && field.bytes > 0 {
            data.replaceSubrange(field.offset..<(field.offset + field.bytes), with: encoded(field, time))
            if let unit = field.unit, unit.offset >= 3 { data[unit.offset] = unit.code }
        }
        return data
    }

    /// FF in every byte where there is no value, or none that fits.
    private func encoded(_ field: Field, _ time: Double) -> [UInt8] {
        guard let number = values(field.channel, time)?.number,
            let steps = WireNumber.steps(number, of: ExactDecimal(coefficient: 1, places: field.decimals)),
            let bytes = WireNumber.packed(steps, count: field.bytes)
        else { return [UInt8](repeating: 0xFF, count: field.bytes) }
        return bytes
    }

    private func spoken(_ control: UInt8, _ data: [UInt8]) -> SpokenAnswer {
        let body = [0x68, type] + address + [control, UInt8(truncatingIfNeeded: data.count)] + data
        return SpokenAnswer([UInt8](repeating: 0xFE, count: wakeUp) + body + [body.byteSum, 0x16])
    }

    @Sendable private static func length(_ bytes: ArraySlice<UInt8>) -> Int? {
        let first = bytes.startIndex
        guard bytes.first == 0x68 else { return nil }
        guard bytes.count >= 11 else { return 13 }
        let count = Int(bytes[first + 10]) + 13
        guard bytes.count >= count else { return count }
        let check = first + count - 2
        return bytes[check + 1] == 0x16 && bytes[first..<check].byteSum == bytes[check] ? count : nil
    }
}
