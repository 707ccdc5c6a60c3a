import Metrology

/// An electricity meter of DL/T 645 that answers from its values.
///
/// Reading, reading on, the address, blocks by FF in the place of a byte; the clock and freezing by broadcast; whatever
/// would change the meter is refused for want of its password.
public struct DLT645Voice: InstrumentVoice {
    public enum Edition: Hashable, Sendable {
        /// Identifiers of two bytes, codes 01, 02, 04.
        case of1997
        /// Identifiers of four bytes, codes 11 to 1C.
        case of2007
    }

    /// What stands under one identifier.
    public struct Item: Hashable, Sendable {
        public enum Form: Hashable, Sendable {
            /// BCD digits, least significant byte first; the top bit is the sign where the item has one.
            case number(decimals: Int, isSigned: Bool)
            /// Characters, the last first.
            case text
        }

        public var channel: String
        /// DI3 first in its bits, DI1 first in the edition of 1997.
        public var identifier: UInt32
        public var bytes: Int
        public var form: Form

        public init(_ channel: String, identifier: UInt32, bytes: Int, form: Form) {
            self.channel = channel
            self.identifier = identifier
            self.bytes = bytes
            self.form = form
        }
    }

    private let edition: Edition
    /// Six bytes, as they stand in a frame.
    private let address: [UInt8]
    private let items: [Item]
    private let values: ShownValues
    private let wakeUp: Int
    private let largestPart: Int
    private var frames = HeardFrames(DLT645Voice.length)
    /// What of a long answer of 1997, whose parts are not counted, is still to come.
    private var rest: (identifier: UInt32, data: [UInt8])?

    /// - Parameters:
    ///   - address: twelve digits.
    ///   - wakeUp: bytes FE before an answer.
    ///   - largestPart: bytes of data in one answer; what is longer is told in parts (200).
    /// - Returns: nil where the address is none.
    public init?(
        _ edition: Edition = .of2007, address: String, items: [Item], wakeUp: Int = 0, largestPart: Int = 190,
        values: @escaping ShownValues
    ) {
        guard let address = WireNumber.packed(address, count: 6), largestPart > 0 else { return nil }
        self.edition = edition
        self.address = address
        self.items = items.sorted { $0.identifier < $1.identifier }
        self.values = values
        self.wakeUp = max(0, wakeUp)
        self.largestPart = min(largestPart, 240)
    }

    public mutating func hear(_ bytes: [UInt8], at time: Double) -> [SpokenAnswer] {
        frames.hear(bytes).compactMap { answer(to: $0, time) }
    }

    public mutating func hearSilence(at time: Double) { frames.forget() }

    private mutating func answer(to frame: [UInt8], _ time: Double) -> SpokenAnswer? {
        let asked = frame[1...6]
        // AA stands for any digits; all 99 speaks to every meter, and none answers.
        guard zip(asked, address).allSatisfy({ $0 == $1 || $0 == 0xAA }) else { return nil }
        if asked.allSatisfy({ $0 == 0x99 }) { return nil }
        let control = frame[8]
        guard control & 0x80 == 0 else { return nil }
        let data = frame[10..<(frame.count - 2)].map { $0 &- 0x33 }
        guard let (flags, answer) = reply(to: control, data, time) else { return nil }
        return spoken(control | 0x80 | flags, answer)
    }

    private static let more: UInt8 = 0x20
    private static let refused: UInt8 = 0x40
    /// Bits of the error byte as the edition of 2007 has them; the sources name none for 1997, of which a meter here sends
    /// the same.
    private static let noSuchData: UInt8 = 0x02
    private static let wrongPassword: UInt8 = 0x04
    private static let fixedSpeed: UInt8 = 0x08

    private mutating func reply(
        to control: UInt8, _ data: [UInt8], _ time: Double
    ) -> (flags: UInt8, data: [UInt8])? {
        switch (edition, control) {
        case (.of2007, 0x11), (.of1997, 0x01): return first(data, time)
        case (.of2007, 0x12): return following(data, time)
        case (.of1997, 0x02): return rest(data)
        case (.of2007, 0x13): return (0, address)
        case (_, 0x08): return nil
        case (.of2007, 0x16): return (0, [])
        case (.of2007, 0x17), (.of1997, 0x0C): return (Self.refused, [Self.fixedSpeed])
        case (.of2007, 0x14), (.of2007, 0x15), (.of2007, 0x18...0x1C), (.of1997, 0x04), (.of1997, 0x0A),
            (.of1997, 0x0F), (.of1997, 0x10):
            return (Self.refused, [Self.wrongPassword])
        default: return nil
        }
    }

    private mutating func first(_ request: [UInt8], _ time: Double) -> (UInt8, [UInt8]) {
        let width = edition == .of2007 ? 4 : 2
        guard request.count >= width, let found = contents(of: request.prefix(width), time) else {
            return (Self.refused, [Self.noSuchData])
        }
        let identifier = Array(request.prefix(width))
        guard found.count > largestPart else { return (0, identifier + found) }
        rest = (Self.number(identifier), Array(found.dropFirst(largestPart)))
        return (Self.more, identifier + found.prefix(largestPart))
    }

    /// The part whose number stands behind the identifier; it comes back behind the data.
    private func following(_ request: [UInt8], _ time: Double) -> (UInt8, [UInt8]) {
        guard request.count == 5, let found = contents(of: request.prefix(4), time) else {
            return (Self.refused, [Self.noSuchData])
        }
        let part = found.dropFirst(Int(request[4]) * largestPart)
        guard request[4] > 0, !part.isEmpty else { return (Self.refused, [Self.noSuchData]) }
        return (
            part.count > largestPart ? Self.more : 0, request.prefix(4) + part.prefix(largestPart) + [request[4]]
        )
    }

    private mutating func rest(_ request: [UInt8]) -> (UInt8, [UInt8]) {
        guard request.count == 2, let (identifier, data) = rest, Self.number(request) == identifier else {
            return (Self.refused, [Self.noSuchData])
        }
        let after = data.dropFirst(largestPart)
        rest = after.isEmpty ? nil : (identifier, Array(after))
        return (after.isEmpty ? 0 : Self.more, request + data.prefix(largestPart))
    }

    /// The data under an identifier or, where one of its bytes is FF, of all items it stands for.
    private func contents(of identifier: ArraySlice<UInt8>, _ time: Double) -> [UInt8]? {
        let asked = Self.number(Array(identifier))
        if let item = items.first(where: { $0.identifier == asked }) { return encoded(item, time) }
        guard identifier.contains(0xFF) else { return nil }
        let meant = items.filter { item in
            identifier.enumerated().allSatisfy { place, byte in
                byte == 0xFF || byte == UInt8(truncatingIfNeeded: item.identifier >> UInt32(8 * place))
            }
        }
        return meant.isEmpty ? nil : meant.flatMap { encoded($0, time) }
    }

    /// FF in every byte where there is no value, or none that fits.
    private func encoded(_ item: Item, _ time: Double) -> [UInt8] {
        let nothing = [UInt8](repeating: 0xFF, count: item.bytes)
        guard let value = values(item.channel, time) else { return nothing }
        switch item.form {
        case .text: return WireNumber.reversed(value.characters, count: item.bytes) ?? nothing
        case .number(let decimals, let isSigned):
            guard let number = value.number,
                let steps = WireNumber.steps(number, of: ExactDecimal(coefficient: 1, places: decimals)),
                var bytes = WireNumber.packed(Int128(steps.magnitude), count: item.bytes), let top = bytes.last
            else { return nothing }
            if isSigned, top & 0x80 != 0 { return nothing }
            if steps < 0 {
                guard isSigned else { return nothing }
                bytes[bytes.count - 1] = top | 0x80
            }
            return bytes
        }
    }

    private func spoken(_ control: UInt8, _ data: [UInt8]) -> SpokenAnswer {
        let body = [0x68] + address + [0x68, control, UInt8(data.count)] + data.map { $0 &+ 0x33 }
        return SpokenAnswer([UInt8](repeating: 0xFE, count: wakeUp) + body + [body.byteSum, 0x16])
    }

    private static func number(_ identifier: [UInt8]) -> UInt32 {
        identifier.reversed().reduce(0) { $0 << 8 | UInt32($1) }
    }

    @Sendable private static func length(_ bytes: ArraySlice<UInt8>) -> Int? {
        let first = bytes.startIndex
        guard bytes.first == 0x68 else { return nil }
        guard bytes.count >= 10 else { return 12 }
        guard bytes[first + 7] == 0x68 else { return nil }
        let count = Int(bytes[first + 9]) + 12
        guard bytes.count >= count else { return count }
        let check = first + count - 2
        return bytes[check + 1] == 0x16 && bytes[first..<check].byteSum == bytes[check] ? count : nil
    }
}
