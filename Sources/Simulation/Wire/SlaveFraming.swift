/// Finds requests in the bytes a serial line delivers, as a slave has to: by length and checksum.
struct SlaveFraming {
    private var buffer: [UInt8] = []

    mutating func append(_ bytes: some Sequence<UInt8>) {
        buffer.append(contentsOf: bytes)
    }

    /// Drops an unfinished request: the line was quiet for longer than a frame may pause.
    mutating func reset() {
        buffer.removeAll()
    }

    /// The next whole request, unit first and checksum removed; bytes that begin none are skipped.
    mutating func next() -> [UInt8]? {
        while buffer.count >= 8 {
            let length = buffer[1] == 16 ? 9 + Int(buffer[6]) : 8
            guard buffer.count >= length else { return nil }
            let frame = Array(buffer[0..<length])
            if Self.checksum(frame[0..<(length - 2)]) == (frame[length - 2], frame[length - 1]) {
                buffer.removeFirst(length)
                return Array(frame.dropLast(2))
            }
            buffer.removeFirst()
        }
        return nil
    }

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
