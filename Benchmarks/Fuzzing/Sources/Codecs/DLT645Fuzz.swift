import Metrology

struct DLT645Reference: ReferenceFormat {
    private func size(_ bytes: ArraySlice<UInt8>) -> Int? {
        let b = Array(bytes.prefix(10))
        guard b.count == 10, b[0] == 0x68, b[7] == 0x68, b[9] <= 200 else { return nil }
        // Digits in front, wildcards behind.
        var address = Array(b[1...6])
        while address.last == 0xAA { address.removeLast() }
        guard address.allSatisfy({ $0 % 16 < 10 && $0 / 16 < 10 }) else { return nil }
        // A request is neither an error nor followed by more.
        if b[8] < 0x80, b[8] & 0x60 != 0 { return nil }
        let size = 12 + Int(b[9])
        return bytes.count >= size ? size : nil
    }

    func length(_ bytes: ArraySlice<UInt8>) -> Int? {
        guard let size = size(bytes) else { return nil }
        let b = Array(bytes.prefix(size))
        return b[size - 1] == 0x16 && b[size - 2] == plainSum(b[..<(size - 2)]) ? size : nil
    }

    func mend(_ bytes: inout [UInt8], at start: Int) -> Int? {
        guard let size = size(bytes[start...]) else { return nil }
        bytes[start + size - 1] = 0x16
        bytes[start + size - 2] = plainSum(bytes[start..<(start + size - 2)])
        return start + size
    }
}

struct DLT645Fuzz: FuzzedCodec {
    static let name = "dlt645"
    private let checks: StreamChecks<DLT645Format, DLT645Reference>

    static func seeds(_ published: Published) -> [[UInt8]] {
        published.all("dlt645") { bytes in
            bytes.indices.contains { DLT645Reference().length(bytes[$0...]) != nil }
        }
    }

    init(_ published: Published) {
        let reference = DLT645Reference()
        checks = .init(
            format: DLT645Format(), reference: reference,
            known: Self.seeds(published).filter { reference.length($0[...]) == $0.count }, encode: { $0.bytes() })
    }

    func examine(_ input: FuzzInput, _ report: inout FuzzReport) {
        for frame in checks.examine(input, &report) {
            for edition in DLT645Edition.allCases {
                let width = edition.identifierBytes
                let sent = frame.data.prefix(width)
                guard sent.count == width else { continue }
                let identifier = sent.enumerated().reduce(UInt32(0)) { $0 | UInt32($1.element) << (8 * $1.offset) }
                for asked in [identifier, identifier ^ 1] {
                    answer(of: frame, asked, edition, isRight: asked == identifier, &report)
                }
            }
            guard let request = DLT645Request(.readAddress, of: .any) else { continue }
            if case .address(let address)? = try? request.answer(in: frame) {
                report.require(
                    address.bytes == frame.data && frame.control & 0xDF == 0x93 && frame.address == address,
                    "an address is that of the meter that says it")
            }
        }
    }

    private func answer(
        of frame: DLT645Frame, _ identifier: UInt32, _ edition: DLT645Edition, isRight: Bool,
        _ report: inout FuzzReport
    ) {
        guard let request = DLT645Request(.read(identifier), of: frame.address, edition: edition),
            case .data(let data, let more)? = try? request.answer(in: frame)
        else { return }
        report.accept()
        let code: UInt8 = edition == .of2007 ? 0x11 : 0x01
        report.require(isRight, "an answer is of the identifier asked")
        report.require(frame.control & 0xDF == 0x80 | code, "an answer has the function asked, and is no error")
        report.require(more == (frame.control & 0x20 != 0), "what follows is said")
        report.require(!frame.address.bytes.contains(0xAA), "no meter answers by a wildcard")
        report.require(data == Array(frame.data.dropFirst(edition.identifierBytes)), "the data are those sent")
        guard let entries = try? DLT645Item.entries(of: identifier, in: data, edition: edition) else { return }
        report.require(entries.reduce(0) { $0 + $1.item.form.bytes } == data.count, "a block is read as a whole")
        var rest = data[...]
        for entry in entries {
            let part = rest.prefix(entry.item.form.bytes)
            rest = rest.dropFirst(part.count)
            guard case .success(let value) = entry.value else { continue }
            report.accept()
            report.require(Self.isTrue(value, entry.item, Array(part)), "the value is that of the bytes")
        }
    }

    private static func isTrue(_ value: DLT645Value, _ item: DLT645Item, _ part: [UInt8]) -> Bool {
        switch (value, item.form) {
        case (.quantity(let quantity), .number(_, let places, let sign)):
            var magnitude = part
            let isNegative = sign == .topBit && part.last.map { $0 >= 0x80 } ?? false
            if isNegative { magnitude[part.count - 1] -= 0x80 }
            guard let digits = plainDigits(magnitude) else { return false }
            return quantity.number.coefficient == (isNegative ? -digits : digits) && quantity.number.places == places
                && part.contains { $0 != 0xFF }
        case (.demand(let quantity, let time), .demand):
            return quantity.number.coefficient == plainDigits(part.prefix(3)) && quantity.number.places == 4
                && (time == nil) == part.dropFirst(3).allSatisfy { $0 == 0 }
                && (time.map { Self.parts([$0.minute, $0.hour, $0.day, $0.month], part[3...6]) } ?? true)
        case (.time(let time), .date): return Self.parts([time.day, time.month], part[1...2])
        case (.time(let time), .time): return Self.parts([time.second, time.minute, time.hour], part[0...2])
        case (.text, .digits): return plainDigits(part) != nil
        case (.text(let text), .text): return text.utf8.allSatisfy { part.contains($0) }
        case (.bits(let bits), .bits(let count)):
            return (0..<(8 * count)).allSatisfy { bits >> $0 & 1 == Int(part[$0 / 8]) >> ($0 % 8) & 1 }
        default: return false
        }
    }

    private static func parts(_ parts: [Int?], _ bytes: ArraySlice<UInt8>) -> Bool {
        zip(parts, bytes).allSatisfy { part, byte in plainDigits([byte]).map { Int($0) } == part }
    }
}
