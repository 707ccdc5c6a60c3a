/// A frame of the data link layer of M-Bus (EN 13757-2, format class FT 1.2 of EN 60870-5-1).
public enum MBusFrame: Hashable, Sendable {
    /// The single character E5.
    case acknowledgement
    /// `10 C A check 16`.
    case short(control: UInt8, address: UInt8)
    /// `68 L L 68 C A CI data check 16`; without data it is the control frame.
    case long(control: UInt8, address: UInt8, information: UInt8, data: [UInt8])

    /// Bytes of data one frame can carry: its length is one byte and counts C, A and CI too.
    public static let dataLimit = 252

    /// As sent; nil where the data are longer than ``dataLimit``.
    public var bytes: [UInt8]? {
        switch self {
        case .acknowledgement: return [Self.acknowledgementByte]
        case .short(let control, let address):
            return [Self.shortStart, control, address, control &+ address, Self.stop]
        case .long(let control, let address, let information, let data):
            guard data.count <= Self.dataLimit, let length = UInt8(exactly: data.count + 3) else { return nil }
            let body = [control, address, information] + data
            return [Self.longStart, length, length, Self.longStart] + body + [body.sum, Self.stop]
        }
    }

    static let acknowledgementByte: UInt8 = 0xE5
    static let shortStart: UInt8 = 0x10
    static let longStart: UInt8 = 0x68
    static let stop: UInt8 = 0x16
}

/// How M-Bus frames are told from everything else on the line.
public struct MBusFormat: FrameFormat {
    /// Whether a lone E5 counts. It has no check, so that it is taken only by who waits for one.
    public let takesAcknowledgement: Bool

    public init(takesAcknowledgement: Bool) {
        self.takesAcknowledgement = takesAcknowledgement
    }

    public func sight(of bytes: ArraySlice<UInt8>) -> FrameSight<MBusFrame> {
        switch bytes.first {
        case MBusFrame.acknowledgementByte where takesAcknowledgement: .frame(.acknowledgement, length: 1)
        case MBusFrame.shortStart: short(Array(bytes.prefix(5)))
        case MBusFrame.longStart: long(bytes)
        default: .none
        }
    }

    private func short(_ bytes: [UInt8]) -> FrameSight<MBusFrame> {
        guard bytes.count == 5 else { return .incomplete }
        guard bytes[4] == MBusFrame.stop else { return .none }
        let due = bytes[1] &+ bytes[2]
        guard bytes[3] == due else { return .broken(.checksum(sent: Int(bytes[3]), computed: Int(due))) }
        return .frame(.short(control: bytes[1], address: bytes[2]), length: 5)
    }

    private func long(_ bytes: ArraySlice<UInt8>) -> FrameSight<MBusFrame> {
        let start = Array(bytes.prefix(4))
        guard start.count > 1 else { return .incomplete }
        guard start[1] >= 3 else { return .none }
        guard start.count > 2 else { return .incomplete }
        guard start[2] == start[1] else {
            return .broken(.malformed("its two lengths differ, \(start[1]) and \(start[2])"))
        }
        guard start.count > 3 else { return .incomplete }
        guard start[3] == MBusFrame.longStart else { return .broken(.malformed("no 68 after its lengths")) }
        let length = Int(start[1])
        guard bytes.count >= length + 6 else { return .incomplete }
        let body = Array(bytes.dropFirst(4).prefix(length))
        let end = Array(bytes.dropFirst(4 + length).prefix(2))
        guard end[1] == MBusFrame.stop else { return .broken(.malformed("no 16 at its end")) }
        guard end[0] == body.sum else {
            return .broken(.checksum(sent: Int(end[0]), computed: Int(body.sum)))
        }
        return .frame(
            .long(control: body[0], address: body[1], information: body[2], data: Array(body[3...])),
            length: length + 6)
    }
}
