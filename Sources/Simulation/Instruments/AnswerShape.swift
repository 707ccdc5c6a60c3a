/// What the frames of a protocol look like from outside: where the address stands and where the check, so that one can
/// be spoilt without the other.
public enum AnswerShape: Hashable, Sendable {
    case modbus(SlaveFrames)
    case dlt645, cjt188, mbus
    /// Lines of characters.
    case text

    /// Whether `fault` means something in this protocol.
    public func takes(_ fault: WireFault) -> Bool {
        switch fault {
        case .wrongTransaction: self == .modbus(.tcp)
        case .wrongUnit: self != .text
        case .exception:
            switch self {
            case .modbus, .dlt645, .cjt188: true
            case .mbus, .text: false
            }
        default: true
        }
    }

    /// With a check that fails; a frame without one has one byte changed in the middle.
    func withWrongCheck(_ frame: [UInt8]) -> [UInt8] {
        guard !frame.isEmpty else { return frame }
        var frame = frame
        switch self {
        case .modbus(.rtu) where frame.count >= 2, .dlt645 where frame.count >= 2, .cjt188 where frame.count >= 2,
            .mbus where frame.count >= 2:
            frame[frame.count - 2] ^= 0x5A
        case .modbus(.ascii) where frame.count >= 4:
            // Another digit, so that the line is well formed and only its sum wrong.
            frame[frame.count - 3] = frame[frame.count - 3] == 0x30 ? 0x31 : 0x30
        case .modbus(.tcp) where frame.count >= 4:
            // No check but the number of the protocol, which is 0 for Modbus.
            frame[3] ^= 0x5A
        default: frame[frame.count / 2] ^= 0x80
        }
        return frame
    }

    /// From another address; nil where the protocol has none.
    func withOtherUnit(_ frame: [UInt8]) -> [UInt8]? {
        switch self {
        case .modbus(let frames):
            guard let (transaction, unit, pdu) = Self.parts(frame, frames) else { return nil }
            return SlaveFraming.frame(pdu, unit: unit &+ 1, transaction: transaction, frames)
        case .dlt645: return Self.changed(frame, at: 1)
        case .cjt188: return Self.changed(frame, at: 2)
        case .mbus: return frame.first == 0x68 ? Self.changed(frame, at: 5, summedFrom: 4) : nil
        case .text: return nil
        }
    }

    /// A refusal with `code` in place of the answer; nil where the protocol has none.
    func refusal(of frame: [UInt8], code: UInt8) -> [UInt8]? {
        switch self {
        case .modbus(let frames):
            guard let (transaction, unit, pdu) = Self.parts(frame, frames) else { return nil }
            return SlaveFraming.frame([pdu[0] | 0x80, code], unit: unit, transaction: transaction, frames)
        case .dlt645:
            // 68 A0…A5 68 C L data CS 16; bit 6 of the control code says that it is an error.
            guard let start = frame.firstIndex(of: 0x68), frame.count >= start + 12 else { return nil }
            let head = frame[start..<(start + 8)]
            return frame[..<start] + Self.summed(head + [frame[start + 8] | 0x40, 1, code &+ 0x33])
        case .cjt188:
            // 68 T A0…A6 C L data CS 16; bit 6 of the control code says that the answer is abnormal.
            guard let start = frame.firstIndex(of: 0x68), frame.count >= start + 15 else { return nil }
            let head = frame[start..<(start + 9)]
            return frame[..<start] + Self.summed(head + [frame[start + 9] | 0x40, 3, frame[start + 13], code, 0])
        case .mbus, .text: return nil
        }
    }

    /// With the number of the next transaction.
    func withOtherTransaction(_ frame: [UInt8]) -> [UInt8] {
        guard self == .modbus(.tcp), frame.count > 1 else { return frame }
        var frame = frame
        frame[1] &+= 1
        return frame
    }

    /// What of a question does not change when it is asked again.
    func lasting(_ question: [UInt8]) -> [UInt8] {
        self == .modbus(.tcp) ? Array(question.dropFirst(2)) : question
    }

    /// An answer given before, as the answer to the question that `due` answers.
    func again(_ kept: [UInt8], for due: [UInt8]) -> [UInt8] {
        self == .modbus(.tcp) ? Array(due.prefix(2) + kept.dropFirst(2)) : kept
    }

    private static func parts(_ frame: [UInt8], _ frames: SlaveFrames) -> (UInt16, UInt8, [UInt8])? {
        var framing = SlaveFraming(frames)
        switch frames {
        case .rtu:
            // Only requests are told by their length; an answer is here whole.
            return frame.count >= 4 ? (0, frame[0], Array(frame[1..<(frame.count - 2)])) : nil
        case .ascii, .tcp:
            framing.append(frame)
            return framing.next().map { ($0.transaction, $0.unit, $0.pdu) }
        }
    }

    /// With the lowest decimal digit of an address byte changed, and its sum made good.
    private static func changed(_ frame: [UInt8], at offset: Int, summedFrom first: Int = 0) -> [UInt8]? {
        guard let start = frame.firstIndex(of: 0x68), frame.count > start + offset + 2 else { return nil }
        var frame = frame
        frame[start + offset] = frame[start + offset] & 15 == 9 ? frame[start + offset] - 9 : frame[start + offset] + 1
        let end = frame.count - 2
        frame[end] = frame[(start + first)..<end].reduce(0, &+)
        return frame
    }

    private static func summed(_ content: some Sequence<UInt8>) -> [UInt8] {
        let content = Array(content)
        return content + [content.reduce(0, &+), 0x16]
    }
}
