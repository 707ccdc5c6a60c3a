/// A meter on M-Bus (EN 13757-2 and -3) that answers from its values.
///
/// It is reached by its primary address, by 254, or by its identification once it is selected; its answer takes one
/// telegram or several, which the frame count bit tells apart.
public struct MBusVoice: InstrumentVoice {
    public struct Identity: Hashable, Sendable {
        /// Eight digits.
        public var identification: String
        /// Three capital letters.
        public var manufacturer: String
        public var version, medium: UInt8

        public init(identification: String, manufacturer: String, version: UInt8, medium: UInt8) {
            self.identification = identification
            self.manufacturer = manufacturer
            self.version = version
            self.medium = medium
        }

        /// As it stands in a header and in a selection; nil where it is none.
        var bytes: [UInt8]? {
            let letters = manufacturer.utf8.map { UInt16($0) }
            guard let digits = WireNumber.packed(identification, count: 4), letters.count == 3,
                letters.allSatisfy({ (0x41...0x5A).contains($0) })
            else { return nil }
            let maker = letters.reduce(0) { $0 << 5 | ($1 - 0x40) }
            return digits + [UInt8(maker & 0xFF), UInt8(maker >> 8), version, medium]
        }
    }

    private let address: UInt8
    private let identity: [UInt8]
    private let records: [MBusVoiceRecord]
    private let telegrams: Int
    private let status: UInt8
    private let values: ShownValues
    private var frames = HeardFrames(MBusVoice.length)
    private var isSelected = false
    private var accessNumber: UInt8 = 0
    /// The frame count bit of the last request, and the answer it got.
    private var last: (bit: Bool, answer: [UInt8])?
    /// The telegrams of the readout under way that are still to come.
    private var pending: [[UInt8]] = []

    /// - Parameters:
    ///   - address: 0 to 250.
    ///   - telegrams: into how many the records are divided; more where they do not fit.
    ///   - status: the byte of state and errors in the header.
    /// - Returns: nil where the identity is none, or a record has no coding.
    public init?(
        address: UInt8, identity: Identity, records: [MBusVoiceRecord], telegrams: Int = 1, status: UInt8 = 0,
        values: @escaping ShownValues
    ) {
        guard let identity = identity.bytes, address <= 250, records.allSatisfy(\.isCoded) else { return nil }
        self.address = address
        self.identity = identity
        self.records = records
        self.telegrams = max(1, telegrams)
        self.status = status
        self.values = values
    }

    public mutating func hear(_ bytes: [UInt8], at time: Double) -> [SpokenAnswer] {
        frames.hear(bytes).compactMap { answer(to: $0, time).map { SpokenAnswer($0) } }
    }

    public mutating func hearSilence(at time: Double) { frames.forget() }

    private static let acknowledgement: [UInt8] = [0xE5]
    private static let selected: UInt8 = 253
    private static let everybodyAnswers: UInt8 = 254
    private static let everybody: UInt8 = 255

    private mutating func answer(to frame: [UInt8], _ time: Double) -> [UInt8]? {
        let isShort = frame[0] == 0x10
        let (control, to) = (frame[isShort ? 1 : 4], frame[isShort ? 2 : 5])
        let data = isShort ? [] : Array(frame[6..<(frame.count - 2)])
        // A selection speaks to all who may be meant, selected or not.
        if to == Self.selected, control & 0x4F == 0x43, data.first == 0x52 {
            isSelected = isMeant(by: Array(data.dropFirst()))
            restart()
            return isSelected ? Self.acknowledgement : nil
        }
        let isMine = to == address || to == Self.everybodyAnswers || to == Self.everybody
        guard isMine || (to == Self.selected && isSelected) else { return nil }
        var answer: [UInt8]?
        switch control & 0x4F {
        case 0x40:
            restart()
            if to == Self.selected { isSelected = false }
            answer = Self.acknowledgement
        case 0x43:
            // CI 50: from the first telegram again. Whatever else is sent is taken and changes nothing.
            if data.first == 0x50 { restart() }
            answer = Self.acknowledgement
        case 0x4A: answer = Self.acknowledgement
        case 0x4B: answer = telegram(control, time)
        default: answer = nil
        }
        return to == Self.everybody ? nil : answer
    }

    private mutating func restart() {
        last = nil
        pending = []
    }

    /// The same telegram again where the frame count bit is the same, else the next.
    private mutating func telegram(_ control: UInt8, _ time: Double) -> [UInt8] {
        let (bit, counts) = (control & 0x20 != 0, control & 0x10 != 0)
        if counts, let last, last.bit == bit { return last.answer }
        if !counts { restart() }
        if pending.isEmpty { pending = parts(time) }
        accessNumber &+= 1
        let data = pending.removeFirst()
        let body =
            [0x08, address, 0x72] + identity + [accessNumber, status, 0, 0] + data + (pending.isEmpty ? [] : [0x1F])
        let count = UInt8(body.count)
        let answer = [0x68, count, count, 0x68] + body + [body.byteSum, 0x16]
        last = counts ? (bit, answer) : nil
        return answer
    }

    /// Bytes of records in one telegram: 255 without control, address, control information, header and mark.
    private static let room = 239

    private func parts(_ time: Double) -> [[UInt8]] {
        let encoded = records.map { $0.bytes(values($0.channel, time)) }
        let share = max(1, (encoded.count + telegrams - 1) / telegrams)
        var parts: [[UInt8]] = [[]]
        var count = 0
        for record in encoded {
            if count == share || parts[parts.count - 1].count + record.count > Self.room {
                parts.append([])
                count = 0
            }
            parts[parts.count - 1] += record
            count += 1
        }
        return parts + [[UInt8]](repeating: [], count: max(0, telegrams - parts.count))
    }

    /// F stands for any digit of the identification, FF for any byte of the rest.
    private func isMeant(by selection: [UInt8]) -> Bool {
        guard selection.count >= 8 else { return false }
        let digits = zip(selection.prefix(4), identity).allSatisfy { asked, own in
            (asked >> 4 == 0xF || asked >> 4 == own >> 4) && (asked & 0xF == 0xF || asked & 0xF == own & 0xF)
        }
        let maker = selection[4...5] == identity[4...5] || selection[4...5] == [0xFF, 0xFF]
        return digits && maker && (6...7).allSatisfy { selection[$0] == 0xFF || selection[$0] == identity[$0] }
    }

    @Sendable private static func length(_ bytes: ArraySlice<UInt8>) -> Int? {
        let first = bytes.startIndex
        let count: Int
        let body: Range<Int>
        switch bytes.first {
        case 0x10:
            count = 5
            body = (first + 1)..<(first + 3)
        case 0x68:
            guard bytes.count >= 4 else { return 9 }
            guard bytes[first + 1] == bytes[first + 2], bytes[first + 1] >= 3, bytes[first + 3] == 0x68 else {
                return nil
            }
            count = Int(bytes[first + 1]) + 6
            body = (first + 4)..<(first + count - 2)
        default: return nil
        }
        guard bytes.count >= count else { return count }
        return bytes[first + count - 1] == 0x16 && bytes[body].byteSum == bytes[first + count - 2] ? count : nil
    }
}
