/// How answers of Modbus RTU are told from everything else in a recorded stream without its pauses: by function,
/// length and CRC. Frames end by silence on the line itself, which a trace does not hold.
public struct ModbusRTUFormat: FrameFormat {
    /// Who sent the bytes: requests and answers of one function have different lengths.
    public enum Side: String, Hashable, Sendable, CaseIterable {
        case requests, answers
    }

    public let side: Side
    /// nil takes every unit.
    public let unit: UInt8?

    public init(_ side: Side, unit: UInt8? = nil) {
        self.side = side
        self.unit = unit
    }

    public func sight(of bytes: ArraySlice<UInt8>) -> FrameSight<ModbusMessage> {
        let all = Array(bytes.prefix(256))
        guard unit == nil || all[0] == unit, all[0] <= 247 else { return .none }
        guard all.count > 1 else { return .incomplete }
        let length: Int
        switch Self.length(side, all) {
        case .known(let count): length = count
        case .more: return .incomplete
        case .none: return .none
        }
        guard length <= 256 else { return .broken(.malformed("it says more bytes than a frame can have")) }
        guard all.count >= length else { return .incomplete }
        let due = ModbusFrame.checksum(all[..<(length - 2)])
        let sent = UInt16(all[length - 2]) | UInt16(all[length - 1]) << 8
        guard due == sent else { return .broken(.checksum(sent: Int(sent), computed: Int(due))) }
        guard let message = ModbusMessage(unit: all[0], pdu: Array(all[1..<(length - 2)])) else { return .none }
        return .frame(message, length: length)
    }

    private enum Length {
        case known(Int), more, none
    }

    /// Bytes of a whole frame (Modbus Application Protocol V1.1b3, clause 6).
    private static func length(_ side: Side, _ bytes: [UInt8]) -> Length {
        func counted(at index: Int, beside rest: Int) -> Length {
            bytes.count > index ? .known(Int(bytes[index]) + rest) : .more
        }
        switch (bytes[1], side) {
        case (1...4, .requests), (5, _), (6, _), (8, _): return .known(8)
        case (1...4, .answers): return counted(at: 2, beside: 5)
        case (15, .requests), (16, .requests): return counted(at: 6, beside: 9)
        case (15, .answers), (16, .answers): return .known(8)
        case (22, _): return .known(10)
        case (23, .requests): return counted(at: 10, beside: 13)
        case (23, .answers): return counted(at: 2, beside: 5)
        case (43, .requests): return .known(7)
        case (43, .answers): return identification(bytes)
        case (0x81...0xFF, .answers): return .known(5)
        default: return .none
        }
    }

    private static func identification(_ bytes: [UInt8]) -> Length {
        guard bytes.count > 7 else { return .more }
        guard bytes[2] == ModbusIdentification.interface else { return .none }
        var end = 8
        for _ in 0..<Int(bytes[7]) {
            guard end + 1 < bytes.count else { return end > 254 ? .none : .more }
            end += 2 + Int(bytes[end + 1])
        }
        return .known(end + 2)
    }
}
