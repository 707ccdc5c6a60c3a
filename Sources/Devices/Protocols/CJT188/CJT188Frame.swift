/// A frame of CJ/T 188: `68 T A0…A6 C L DATA CS 16`, without an offset.
public struct CJT188Frame: Hashable, Sendable {
    /// Type of the meter.
    public let type: UInt8
    public let address: CJT188Address
    public let control: UInt8
    public let data: [UInt8]

    /// Bytes of data accepted; the longest answer of a source has 46.
    public static let dataLimit = 128

    /// nil where the data are longer than ``dataLimit``.
    public init?(type: UInt8, address: CJT188Address, control: UInt8, data: [UInt8]) {
        guard data.count <= Self.dataLimit else { return nil }
        self.init(type, address, control, data)
    }

    init(_ type: UInt8, _ address: CJT188Address, _ control: UInt8, _ data: [UInt8]) {
        self.type = type
        self.address = address
        self.control = control
        self.data = data
    }

    public var isAnswer: Bool { control & 0x80 != 0 }
    public var isError: Bool { control & 0x40 != 0 }

    /// As sent, after `wakeUp` bytes FE.
    public func bytes(wakeUp: Int = 0) -> [UInt8] {
        let body =
            [CJT188Format.start, type] + address.bytes + [control, UInt8(data.count)] + data
        return Array(repeating: CJT188Format.filler, count: max(0, wakeUp)) + body + [body.sum, CJT188Format.stop]
    }
}

/// How frames of CJ/T 188 are told from everything else on the line.
public struct CJT188Format: FrameFormat {
    public init() {}

    static let start: UInt8 = 0x68
    static let stop: UInt8 = 0x16
    static let filler: UInt8 = 0xFE

    public func isFiller(_ byte: UInt8) -> Bool { byte == Self.filler }

    public func sight(of bytes: ArraySlice<UInt8>) -> FrameSight<CJT188Frame> {
        let head = Array(bytes.prefix(11))
        guard head[0] == Self.start else { return .none }
        guard head.count > 1 else { return .incomplete }
        guard CJT188Kind(type: head[1]) != nil else { return .none }
        guard head.count == 11, let address = CJT188Address(bytes: head[2...8]) else { return .incomplete }
        let length = Int(head[10])
        guard length <= CJT188Frame.dataLimit else {
            return .broken(.malformed("it says \(length) bytes of data, more than \(CJT188Frame.dataLimit)"))
        }
        guard bytes.count >= 13 + length else { return .incomplete }
        let body = bytes.prefix(11 + length)
        let end = Array(bytes.dropFirst(11 + length).prefix(2))
        guard end[1] == Self.stop else { return .broken(.malformed("no 16 at its end")) }
        guard end[0] == body.sum else {
            return .broken(.checksum(sent: Int(end[0]), computed: Int(body.sum)))
        }
        return .frame(CJT188Frame(head[1], address, head[9], Array(body.dropFirst(11))), length: 13 + length)
    }
}
