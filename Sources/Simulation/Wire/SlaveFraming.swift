/// How Modbus messages are told from each other on a line.
public enum SlaveFrames: Hashable, Sendable {
    case rtu, ascii
    /// With the header of Modbus TCP.
    case tcp
}

/// A request as an instrument understood it.
struct SlaveRequest: Hashable {
    /// The transaction of Modbus TCP, to be given back; 0 elsewhere.
    var transaction: UInt16 = 0
    let unit: UInt8
    /// Function and its data, not empty.
    let pdu: [UInt8]
}

/// Finds requests in the bytes a line delivers, as a slave has to: by length and checksum.
struct SlaveFraming {
    let frames: SlaveFrames
    private var buffer: [UInt8] = []

    init(_ frames: SlaveFrames = .rtu) {
        self.frames = frames
    }

    mutating func append(_ bytes: some Sequence<UInt8>) {
        buffer.append(contentsOf: bytes)
    }

    /// Drops an unfinished request: the line was quiet for longer than a frame may pause. A stream of Modbus TCP and
    /// a line of characters know no such pause.
    mutating func reset() {
        if frames == .rtu { buffer.removeAll() }
    }

    /// The next whole request; bytes that begin none are skipped.
    mutating func next() -> SlaveRequest? {
        switch frames {
        case .rtu: nextRTU()
        case .ascii: nextASCII()
        case .tcp: nextTCP()
        }
    }

    /// The frame around an answer to `request`.
    func frame(_ pdu: [UInt8], to request: SlaveRequest) -> [UInt8] {
        Self.frame(pdu, unit: request.unit, transaction: request.transaction, frames)
    }

    static func frame(_ pdu: [UInt8], unit: UInt8, transaction: UInt16, _ frames: SlaveFrames) -> [UInt8] {
        let body = [unit] + pdu
        switch frames {
        case .rtu:
            let check = checksum(body)
            return body + [check.0, check.1]
        case .ascii:
            let digits = Array("0123456789ABCDEF".utf8)
            let text = (body + [longitudinal(body)]).flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
            return [0x3A] + text + [0x0D, 0x0A]
        case .tcp:
            return [
                UInt8(transaction >> 8), UInt8(transaction & 255), 0, 0, UInt8(body.count >> 8),
                UInt8(body.count & 255),
            ] + body
        }
    }

    private mutating func nextRTU() -> SlaveRequest? {
        while buffer.count >= 4 {
            guard let length = requestLength, buffer.count >= length else { return nil }
            let frame = Array(buffer[0..<length])
            if Self.checksum(frame[0..<(length - 2)]) == (frame[length - 2], frame[length - 1]) {
                buffer.removeFirst(length)
                return SlaveRequest(unit: frame[0], pdu: Array(frame[1..<(length - 2)]))
            }
            buffer.removeFirst()
        }
        return nil
    }

    /// Bytes of a whole request by its function (Modbus Application Protocol V1.1b3, clause 6); nil while too little
    /// of it is there.
    private var requestLength: Int? {
        func counted(at index: Int, _ rest: Int) -> Int? { buffer.count > index ? rest + Int(buffer[index]) : nil }
        switch buffer[1] {
        case 7, 11, 12, 17: return 4
        case 15, 16: return counted(at: 6, 9)
        case 20, 21: return counted(at: 2, 5)
        case 22: return 10
        case 23: return counted(at: 10, 13)
        case 24: return 6
        case 43: return 7
        default: return 8
        }
    }

    private mutating func nextASCII() -> SlaveRequest? {
        while let start = buffer.firstIndex(of: 0x3A) {
            let rest = buffer[(start + 1)...]
            guard let end = rest.firstIndex(of: 0x0A) else { return nil }
            // A colon begins a message wherever it comes (Modbus over serial line V1.02, 2.5.2.1).
            let begin = rest[..<end].lastIndex(of: 0x3A).map { $0 + 1 } ?? rest.startIndex
            let characters = rest[begin..<end]
            let values = characters.dropLast().compactMap { Character(Unicode.Scalar($0)).hexDigitValue }
            let isWhole = characters.last == 0x0D && values.count == characters.count - 1 && values.count % 2 == 0
            buffer.removeFirst(end + 1)
            let body = stride(from: 0, to: isWhole ? values.count : 0, by: 2).map {
                UInt8(values[$0] << 4 | values[$0 + 1])
            }
            if body.count >= 3, Self.longitudinal(body) == 0 {
                return SlaveRequest(unit: body[0], pdu: Array(body[1..<(body.count - 1)]))
            }
        }
        buffer.removeAll()
        return nil
    }

    private mutating func nextTCP() -> SlaveRequest? {
        guard buffer.count >= 8 else { return nil }
        let length = Int(buffer[4]) << 8 | Int(buffer[5])
        guard buffer[2] == 0, buffer[3] == 0, (2...254).contains(length) else {
            // Nothing in a stream tells where the next header begins.
            buffer.removeAll()
            return nil
        }
        guard buffer.count >= 6 + length else { return nil }
        let request = SlaveRequest(
            transaction: UInt16(buffer[0]) << 8 | UInt16(buffer[1]), unit: buffer[6],
            pdu: Array(buffer[7..<(6 + length)]))
        buffer.removeFirst(6 + length)
        return request
    }

    /// Makes the sum of all bytes zero (Modbus over serial line V1.02, 6.2.1).
    static func longitudinal(_ bytes: some Sequence<UInt8>) -> UInt8 { bytes.reduce(0) { $0 &- $1 } }

    /// CRC-16 of Modbus by a table of sixteen entries, low byte first.
    static func checksum(_ bytes: some Sequence<UInt8>) -> (UInt8, UInt8) {
        var crc: UInt16 = 0xFFFF
        for byte in bytes {
            crc = (crc >> 4) ^ table[Int((crc ^ UInt16(byte)) & 15)]
            crc = (crc >> 4) ^ table[Int((crc ^ UInt16(byte >> 4)) & 15)]
        }
        return (UInt8(crc & 0xFF), UInt8(crc >> 8))
    }

    private static let table: [UInt16] = [
        0x0000, 0xCC01, 0xD801, 0x1400, 0xF001, 0x3C00, 0x2800, 0xE401,
        0xA001, 0x6C00, 0x7800, 0xB401, 0x5000, 0x9C01, 0x8801, 0x4400,
    ]
}
