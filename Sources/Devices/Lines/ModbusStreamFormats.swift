/// Frames of Modbus TCP: a header of seven bytes before the protocol data unit (Modbus Messaging on TCP/IP
/// Implementation Guide V1.0b, 3.1.3).
struct ModbusTCPFormat: FrameFormat {
    struct Frame: Hashable {
        let transaction: UInt16
        let bytes: [UInt8]
    }

    func sight(of bytes: ArraySlice<UInt8>) -> FrameSight<Frame> {
        let start = bytes.startIndex
        guard bytes.count >= 6 else { return .incomplete }
        // A stream has no noise: what is not the protocol's number is not Modbus at all.
        guard bytes[start + 2] == 0, bytes[start + 3] == 0 else { return .none }
        let length = Int(bytes[start + 4]) << 8 | Int(bytes[start + 5])
        // Unit, function and at least one byte, which every answer has.
        guard (3...(ModbusMessage.pduLimit + 1)).contains(length) else {
            return .broken(.malformed("a length of \(length), which no frame has"))
        }
        guard bytes.count >= 6 + length else { return .incomplete }
        return .frame(
            Frame(
                transaction: UInt16(bytes[start]) << 8 | UInt16(bytes[start + 1]),
                bytes: Array(bytes[start..<(start + 6 + length)])),
            length: 6 + length)
    }
}

/// Every framing of Modbus as one kind of frame: the bytes of an answer, and to which request it belongs where it says.
struct ModbusStreamFormat: FrameFormat {
    struct Frame: Hashable {
        let transaction: UInt16?
        let unit: UInt8
        let bytes: [UInt8]
    }

    let framing: Exchange.Framing

    func sight(of bytes: ArraySlice<UInt8>) -> FrameSight<Frame> {
        switch framing {
        case .tcp:
            return ModbusTCPFormat().sight(of: bytes).map {
                Frame(transaction: $0.transaction, unit: $0.bytes[6], bytes: $0.bytes)
            }
        case .rtu:
            return ModbusRTUFormat(.answers).sight(of: bytes).map {
                Frame(transaction: nil, unit: $0.unit, bytes: $0.rtu)
            }
        case .ascii:
            return ModbusASCIIFormat().sight(of: bytes).map { Frame(transaction: nil, unit: $0.unit, bytes: $0.ascii) }
        }
    }
}

extension FrameSight {
    fileprivate func map<Other>(_ transform: (Frame) -> Other) -> FrameSight<Other> {
        switch self {
        case .none: .none
        case .incomplete: .incomplete
        case .broken(let fault): .broken(fault)
        case .frame(let frame, let length): .frame(transform(frame), length: length)
        }
    }
}
