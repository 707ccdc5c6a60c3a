/// CRC of Modbus by a table, as the specification's appendix does it.
enum PlainCRC {
    private static let table: [UInt16] = (0..<256).map { index in
        (0..<8).reduce(UInt16(index)) { value, _ in value % 2 == 1 ? value / 2 ^ 0xA001 : value / 2 }
    }

    /// Low byte first.
    static func bytes(_ content: some Sequence<UInt8>) -> [UInt8] {
        let crc = content.reduce(UInt16(0xFFFF)) { $0 >> 8 ^ table[Int(UInt8($0 & 0xFF) ^ $1)] }
        return [UInt8(crc % 256), UInt8(crc / 256)]
    }
}

struct ModbusRTUReference: ReferenceFormat {
    let isAnswer: Bool
    let unit: UInt8?

    private func size(_ bytes: ArraySlice<UInt8>) -> Int? {
        let b = Array(bytes.prefix(256))
        guard b.count >= 4, b[0] < 248, unit == nil || unit == b[0] else { return nil }
        func at(_ place: Int) -> Int { place < b.count ? Int(b[place]) : 9999 }
        let size: Int
        switch b[1] {
        case 1, 2, 3, 4: size = isAnswer ? 5 + at(2) : 8
        case 5, 6, 8: size = 8
        case 15, 16: size = isAnswer ? 8 : 9 + at(6)
        case 22: size = 10
        case 23: size = isAnswer ? 5 + at(2) : 13 + at(10)
        case 43:
            guard isAnswer else {
                size = 7
                break
            }
            guard at(2) == 14 else { return nil }
            var end = 8
            for _ in 0..<min(at(7), 256) { end += 2 + at(end + 1) }
            size = end + 2
        case 129...: size = isAnswer ? 5 : 9999
        default: return nil
        }
        return size <= 256 && size <= bytes.count ? size : nil
    }

    func length(_ bytes: ArraySlice<UInt8>) -> Int? {
        guard let size = size(bytes) else { return nil }
        let b = Array(bytes.prefix(size))
        return PlainCRC.bytes(b.dropLast(2)) == b.suffix(2) ? size : nil
    }

    func mend(_ bytes: inout [UInt8], at start: Int) -> Int? {
        guard let size = size(bytes[start...]) else { return nil }
        let end = start + size
        bytes.replaceSubrange((end - 2)..<end, with: PlainCRC.bytes(bytes[start..<(end - 2)]))
        return end
    }
}

struct ModbusRTUFuzz: FuzzedCodec {
    static let name = "modbus-rtu"
    private let checks: [StreamChecks<ModbusRTUFormat, ModbusRTUReference>]

    static func seeds(_ published: Published) -> [[UInt8]] {
        published.all("modbus-rtu") { $0.count > 3 && PlainCRC.bytes($0.dropLast(2)) == $0.suffix(2) }
    }

    init(_ published: Published) {
        let seeds = Self.seeds(published)
        let kinds: [(Bool, UInt8?)] = [(false, nil), (true, nil), (false, 1), (true, 1)]
        checks = kinds.map { isAnswer, unit in
            let reference = ModbusRTUReference(isAnswer: isAnswer, unit: unit)
            return .init(
                format: ModbusRTUFormat(isAnswer ? .answers : .requests, unit: unit), reference: reference,
                known: seeds.filter { reference.length($0[...]) == $0.count }, encode: \.rtu)
        }
    }

    func examine(_ input: FuzzInput, _ report: inout FuzzReport) {
        _ = checks[input.choice & 3].examine(input, &report)
    }
}

struct ModbusASCIIReference: ReferenceFormat {
    /// The bytes between colon and end; nil where there is no frame.
    private func content(_ bytes: ArraySlice<UInt8>) -> (bytes: [UInt8], size: Int)? {
        guard bytes.first == 58 else { return nil }
        let digits = bytes.dropFirst().prefix { (48...57).contains($0) || (65...70).contains($0) }
        let end = Array(bytes[digits.endIndex...].prefix(2))
        guard end == [13, 10], digits.count % 2 == 0, (6...510).contains(digits.count) else { return nil }
        let text = Array(String(decoding: digits, as: UTF8.self))
        let pairs = stride(from: 0, to: text.count, by: 2).compactMap { UInt8(String(text[$0...($0 + 1)]), radix: 16) }
        return (pairs, digits.count + 3)
    }

    func length(_ bytes: ArraySlice<UInt8>) -> Int? {
        guard let (content, size) = content(bytes) else { return nil }
        return plainSum(content) == 0 ? size : nil
    }

    func mend(_ bytes: inout [UInt8], at start: Int) -> Int? {
        guard let (content, size) = content(bytes[start...]) else { return nil }
        let check = (256 - Int(plainSum(content.dropLast()))) % 256
        let digits = Array((check < 16 ? "0" : "").utf8) + Array(String(check, radix: 16, uppercase: true).utf8)
        bytes.replaceSubrange((start + size - 4)..<(start + size - 2), with: digits)
        return start + size
    }
}

struct ModbusASCIIFuzz: FuzzedCodec {
    static let name = "modbus-ascii"
    private let checks: StreamChecks<ModbusASCIIFormat, ModbusASCIIReference>

    /// No frames are published as characters: those of RTU, written so.
    static func seeds(_ published: Published) -> [[UInt8]] {
        ModbusRTUFuzz.seeds(published).map { frame in
            let content = frame.dropLast(2)
            let check = UInt8((256 - Int(plainSum(content))) % 256)
            let digits = (content + [check]).map { ($0 < 16 ? "0" : "") + String($0, radix: 16, uppercase: true) }
            return Array(":\(digits.joined())\r\n".utf8)
        }
    }

    init(_ published: Published) {
        checks = .init(
            format: ModbusASCIIFormat(), reference: ModbusASCIIReference(), known: Self.seeds(published),
            encode: \.ascii)
    }

    func examine(_ input: FuzzInput, _ report: inout FuzzReport) { _ = checks.examine(input, &report) }
}

/// Of Modbus TCP there is no check, only a number of the protocol and a length.
struct ModbusTCPReference: ReferenceFormat {
    func length(_ bytes: ArraySlice<UInt8>) -> Int? {
        let b = Array(bytes.prefix(6))
        guard b.count == 6, b[2] == 0, b[3] == 0 else { return nil }
        let rest = 256 * Int(b[4]) + Int(b[5])
        return (3...254).contains(rest) && bytes.count >= 6 + rest ? 6 + rest : nil
    }

    func mend(_ bytes: inout [UInt8], at start: Int) -> Int? { length(bytes[start...]).map { start + $0 } }
}

struct ModbusTCPFuzz: FuzzedCodec {
    static let name = "modbus-tcp"
    private let checks: StreamChecks<ModbusStreamFormat, ModbusTCPReference>

    static func seeds(_ published: Published) -> [[UInt8]] {
        ModbusRTUFuzz.seeds(published).enumerated().map { index, frame in
            [0, UInt8(index % 256), 0, 0, 0, UInt8((frame.count - 2) % 256)] + frame.dropLast(2)
        }
    }

    init(_ published: Published) {
        checks = .init(
            format: ModbusStreamFormat(framing: .tcp), reference: ModbusTCPReference(), known: Self.seeds(published),
            encode: { $0.bytes })
    }

    func examine(_ input: FuzzInput, _ report: inout FuzzReport) {
        for frame in checks.examine(input, &report) {
            report.require(
                frame.transaction == UInt16(frame.bytes[0]) * 256 + UInt16(frame.bytes[1]),
                "the transaction is that of the bytes")
        }
    }
}
