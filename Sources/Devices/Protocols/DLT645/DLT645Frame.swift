/// A frame of DL/T 645, either edition: `68 A0…A5 68 C L DATA CS 16` (2007, 5.2).
public struct DLT645Frame: Hashable, Sendable {
    public let address: DLT645Address
    public let control: UInt8
    /// Without the 33 that is added to every byte on the wire.
    public let data: [UInt8]

    /// Bytes of data a meter may send at once (2007, 5.2).
    public static let dataLimit = 200

    /// nil where the data are longer than ``dataLimit``.
    public init?(address: DLT645Address, control: UInt8, data: [UInt8]) {
        guard data.count <= Self.dataLimit else { return nil }
        self.init(address, control, data)
    }

    init(_ address: DLT645Address, _ control: UInt8, _ data: [UInt8]) {
        self.address = address
        self.control = control
        self.data = data
    }

    /// From a meter, not to it.
    public var isAnswer: Bool { control & 0x80 != 0 }
    /// The meter refused.
    public var isError: Bool { control & 0x40 != 0 }
    /// More of the same data has to be asked for.
    public var moreFollows: Bool { control & 0x20 != 0 }

    /// As sent, after `wakeUp` bytes FE.
    public func bytes(wakeUp: Int = 0) -> [UInt8] {
        let body =
            [DLT645Format.start] + address.bytes + [DLT645Format.start, control, UInt8(data.count)]
            + data.map { $0 &+ DLT645Format.offset }
        return Array(repeating: DLT645Format.filler, count: max(0, wakeUp)) + body + [body.sum, DLT645Format.stop]
    }
}

/// How frames of DL/T 645 are told from everything else on the line.
public struct DLT645Format: FrameFormat {
    public init() {}

    static let start: UInt8 = 0x68
    static let stop: UInt8 = 0x16
    static let filler: UInt8 = 0xFE
    static let offset: UInt8 = 0x33

    public func isFiller(_ byte: UInt8) -> Bool { byte == Self.filler }

    public func sight(of bytes: ArraySlice<UInt8>) -> FrameSight<DLT645Frame> {
        let head = Array(bytes.prefix(10))
        guard head[0] == Self.start else { return .none }
        guard head.count >= 7 else {
            // What is no digit and no wildcard is no address, however the rest may read.
            return head.dropFirst().allSatisfy(Self.mayBeInAddress) ? .incomplete : .none
        }
        guard let address = DLT645Address(bytes: head[1...6]) else { return .none }
        guard head.count >= 8 else { return .incomplete }
        guard head[7] == Self.start else { return .broken(.malformed("no 68 after the address")) }
        guard head.count >= 9 else { return .incomplete }
        guard head[8] & 0x80 != 0 || head[8] & 0x60 == 0 else {
            return .broken(.malformed("a request with the flags of an answer"))
        }
        guard head.count == 10 else { return .incomplete }
        let length = Int(head[9])
        guard length <= DLT645Frame.dataLimit else {
            return .broken(.malformed("it says \(length) bytes of data, more than \(DLT645Frame.dataLimit)"))
        }
        guard bytes.count >= 12 + length else { return .incomplete }
        let body = bytes.prefix(10 + length)
        let end = Array(bytes.dropFirst(10 + length).prefix(2))
        guard end[1] == Self.stop else { return .broken(.malformed("no 16 at its end")) }
        guard end[0] == body.sum else {
            return .broken(.checksum(sent: Int(end[0]), computed: Int(body.sum)))
        }
        return .frame(
            DLT645Frame(address, head[8], body.dropFirst(10).map { $0 &- Self.offset }), length: 12 + length)
    }

    private static func mayBeInAddress(_ byte: UInt8) -> Bool {
        byte == 0xAA || PackedDecimal.byte(byte) != nil
    }
}
