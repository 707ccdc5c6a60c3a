/// Modbus application protocol, as far as bits and registers are read and written (Modbus Application
/// Protocol Specification V1.1b3, clauses 6.1 to 6.6, 6.11, 6.12, 7).
public enum ModbusFunction: UInt8, Hashable, Sendable {
    case readCoils = 1
    case readDiscrete = 2
    case readHolding = 3
    case readInput = 4
    case writeCoil = 5
    case writeSingle = 6
    case writeCoils = 15
    case writeMultiple = 16
}

/// Exception codes by their names in the specification (clause 7).
public enum ModbusException: UInt8, Hashable, Sendable {
    case illegalFunction = 1
    case illegalDataAddress = 2
    case illegalDataValue = 3
    case serverDeviceFailure = 4
    case acknowledge = 5
    case serverDeviceBusy = 6
    case memoryParityError = 8
    case gatewayPathUnavailable = 10
    case gatewayTargetFailedToRespond = 11

    public var name: String {
        switch self {
        case .illegalFunction: "illegal function"
        case .illegalDataAddress: "illegal data address"
        case .illegalDataValue: "illegal data value"
        case .serverDeviceFailure: "server device failure"
        case .acknowledge: "acknowledge"
        case .serverDeviceBusy: "server device busy"
        case .memoryParityError: "memory parity error"
        case .gatewayPathUnavailable: "gateway path unavailable"
        case .gatewayTargetFailedToRespond: "gateway target device failed to respond"
        }
    }
}

/// What an answer says once its frame is known to be whole.
public enum ModbusAnswer: Hashable, Sendable {
    /// Registers from `address` on, most significant byte first as they came; of bits, one value 0 or 1 each.
    case registers(address: Int, values: [UInt16])
    case written(address: Int, count: Int)
    /// Device identification, as a protocol data unit for ``ModbusIdentification``.
    case identification([UInt8])
    case exception(UInt8)
}

/// Why bytes are not the answer to a request.
public enum ModbusFrameFault: Error, Hashable, Sendable {
    case tooShort(bytes: Int)
    case checksum
    case otherUnit(asked: UInt8, answered: UInt8)
    case otherFunction(asked: UInt8, answered: UInt8)
    case otherTransaction
    case wrongLength(expected: Int, found: Int)
    case echo
}

public enum ModbusFrame {
    /// CRC-16, polynomial A001H reflected, start FFFFH (Modbus over serial line V1.02, 6.2.2).
    public static func checksum(_ bytes: some Sequence<UInt8>) -> UInt16 {
        var crc: UInt16 = 0xFFFF
        for byte in bytes {
            crc ^= UInt16(byte)
            for _ in 0..<8 { crc = crc & 1 == 1 ? (crc >> 1) ^ 0xA001 : crc >> 1 }
        }
        return crc
    }

    /// Bytes of the serial frame that answers `message` (unit and protocol data unit) where it is not refused; nil where
    /// the request does not tell.
    static func answerLength(to message: [UInt8]) -> Int? {
        guard message.count >= 6 else { return nil }
        let count = Int(message[4]) << 8 | Int(message[5])
        switch ModbusFunction(rawValue: message[1]) {
        case .readCoils, .readDiscrete: return 5 + (count + 7) / 8
        case .readHolding, .readInput: return 5 + 2 * count
        case .writeCoil, .writeSingle, .writeCoils, .writeMultiple: return 8
        case nil: return nil
        }
    }

    /// Unit and protocol data unit of a whole frame.
    static func content(of frame: [UInt8], _ framing: Exchange.Framing) throws(ModbusFrameFault) -> (
        unit: UInt8, pdu: [UInt8]
    ) {
        switch framing {
        case .rtu:
            guard frame.count >= 4 else { throw .tooShort(bytes: frame.count) }
            let sent = UInt16(frame[frame.count - 2]) | UInt16(frame[frame.count - 1]) << 8
            guard checksum(frame.dropLast(2)) == sent else { throw .checksum }
            return (frame[0], Array(frame[1..<(frame.count - 2)]))
        case .tcp:
            guard frame.count >= 8 else { throw .tooShort(bytes: frame.count) }
            let length = Int(frame[4]) << 8 | Int(frame[5])
            guard length == frame.count - 6 else {
                throw .wrongLength(expected: length, found: frame.count - 6)
            }
            return (frame[6], Array(frame[7...]))
        case .ascii:
            switch ModbusASCIIFormat().sight(of: frame[...]) {
            case .frame(let message, frame.count): return (message.unit, message.pdu)
            case .broken(.checksum): throw .checksum
            default: throw .tooShort(bytes: frame.count)
            }
        }
    }

    /// Decodes the answer of `exchange` against its own request: unit, function, length and, for a
    /// write, the echoed address must fit. Pure: the same bytes say the same for ever.
    public static func answer(of exchange: Exchange) throws(ModbusFrameFault) -> ModbusAnswer {
        let (askedUnit, request) = try content(of: exchange.request, exchange.framing)
        let (unit, answer) = try content(of: exchange.answer, exchange.framing)
        if exchange.framing == .tcp, exchange.request.prefix(4) != exchange.answer.prefix(4) {
            throw .otherTransaction
        }
        guard unit == askedUnit else { throw .otherUnit(asked: askedUnit, answered: unit) }
        guard let code = answer.first, let asked = request.first else { throw .tooShort(bytes: answer.count) }
        if code == asked | 0x80 {
            guard answer.count == 2 else { throw .wrongLength(expected: 2, found: answer.count) }
            return .exception(answer[1])
        }
        if code == asked, code == ModbusIdentification.function { return .identification(answer) }
        guard request.count >= 5 else { throw .tooShort(bytes: answer.count) }
        guard code == asked, let function = ModbusFunction(rawValue: code) else {
            throw .otherFunction(asked: asked, answered: code)
        }
        let address = Int(request[1]) << 8 | Int(request[2])
        let count = Int(request[3]) << 8 | Int(request[4])
        switch function {
        case .readHolding, .readInput:
            guard answer.count == 2 + 2 * count, Int(answer[1]) == 2 * count else {
                throw .wrongLength(expected: 2 + 2 * count, found: answer.count)
            }
            return .registers(
                address: address,
                values: (0..<count).map {
                    UInt16(answer[2 + 2 * $0]) << 8 | UInt16(answer[3 + 2 * $0])
                })
        case .readCoils, .readDiscrete:
            let bytes = (count + 7) / 8
            guard answer.count == 2 + bytes, Int(answer[1]) == bytes else {
                throw .wrongLength(expected: 2 + bytes, found: answer.count)
            }
            return .registers(
                address: address, values: (0..<count).map { UInt16(answer[2 + $0 / 8] >> UInt8($0 % 8) & 1) })
        case .writeSingle, .writeCoil:
            guard answer == request else { throw .echo }
            return .written(address: address, count: 1)
        case .writeMultiple, .writeCoils:
            guard answer.count == 5, answer[1...] == request[1..<5] else { throw .echo }
            return .written(address: address, count: count)
        }
    }
}
