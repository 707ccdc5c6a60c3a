/// Unit and protocol data unit of a Modbus message on a serial line, whatever its framing.
public struct ModbusMessage: Hashable, Sendable {
    public let unit: UInt8
    /// Function and its data, 1 to ``pduLimit`` bytes.
    public let pdu: [UInt8]

    /// Modbus Application Protocol V1.1b3, 4.1.
    public static let pduLimit = 253

    /// nil where `pdu` is empty or too long.
    public init?(unit: UInt8, pdu: [UInt8]) {
        guard (1...Self.pduLimit).contains(pdu.count) else { return nil }
        self.unit = unit
        self.pdu = pdu
    }

    /// `:`, pairs of capital digits, LRC, CR, LF (Modbus over serial line V1.02, 2.5.2).
    public var ascii: [UInt8] {
        let body = [unit] + pdu
        let digits = (body + [Self.longitudinalCheck(body)]).map { Int($0).hexadecimal }.joined()
        return [UInt8(ascii: ":")] + Array(digits.utf8) + [0x0D, 0x0A]
    }

    /// With CRC, low byte first.
    public var rtu: [UInt8] {
        let body = [unit] + pdu
        let check = ModbusFrame.checksum(body)
        return body + [UInt8(check & 0xFF), UInt8(check >> 8)]
    }

    /// Two's complement of the sum modulo 256 (Modbus over serial line V1.02, 6.2.1).
    public static func longitudinalCheck(_ bytes: some Sequence<UInt8>) -> UInt8 { 0 &- bytes.sum }
}

/// How frames of Modbus ASCII are told from everything else on the line.
public struct ModbusASCIIFormat: FrameFormat {
    public init() {}

    /// Digits of unit, protocol data unit and check.
    private static let digitLimit = 2 * (ModbusMessage.pduLimit + 2)

    public func sight(of bytes: ArraySlice<UInt8>) -> FrameSight<ModbusMessage> {
        guard bytes.first == UInt8(ascii: ":") else { return .none }
        let digits = bytes.dropFirst().prefix(Self.digitLimit + 1).prefix { Self.value($0) != nil }
        guard digits.count <= Self.digitLimit else { return .broken(.lineTooLong(limit: Self.digitLimit)) }
        let end = bytes[digits.endIndex...].prefix(2)
        guard let first = end.first else { return .incomplete }
        guard first == 0x0D else { return .broken(.malformed("a character that is no digit before its end")) }
        guard let second = end.dropFirst().first else { return .incomplete }
        guard second == 0x0A else { return .broken(.malformed("no line feed at its end")) }
        guard digits.count % 2 == 0 else { return .broken(.malformed("half a byte at its end")) }
        guard digits.count >= 6 else { return .broken(.tooShort(bytes: digits.count / 2, needed: 3)) }
        let values = digits.compactMap(Self.value)
        let body = stride(from: 0, to: values.count, by: 2).map { values[$0] << 4 | values[$0 + 1] }
        let content = body.dropLast()
        let due = ModbusMessage.longitudinalCheck(content)
        guard body[body.count - 1] == due else {
            return .broken(.checksum(sent: Int(body[body.count - 1]), computed: Int(due)))
        }
        guard let message = ModbusMessage(unit: content[0], pdu: Array(content.dropFirst())) else {
            return .broken(.lineTooLong(limit: Self.digitLimit))
        }
        return .frame(message, length: digits.count + 3)
    }

    private static func value(_ character: UInt8) -> UInt8? {
        switch character {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): character - UInt8(ascii: "0")
        case UInt8(ascii: "A")...UInt8(ascii: "F"): character - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}
