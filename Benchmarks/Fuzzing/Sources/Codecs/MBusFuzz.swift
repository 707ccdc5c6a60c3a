import Metrology

struct MBusReference: ReferenceFormat {
    let takesAcknowledgement: Bool

    /// The whole frame, its check apart: where the check stands.
    private func shape(_ bytes: ArraySlice<UInt8>) -> (size: Int, from: Int)? {
        let b = Array(bytes.prefix(4))
        if b.first == 0x10 { return bytes.count >= 5 ? (5, 1) : nil }
        guard b.count == 4, b[0] == 0x68, b[3] == 0x68, b[1] == b[2], b[1] > 2 else { return nil }
        let size = Int(b[1]) + 6
        return bytes.count >= size ? (size, 4) : nil
    }

    func length(_ bytes: ArraySlice<UInt8>) -> Int? {
        if takesAcknowledgement, bytes.first == 0xE5 { return 1 }
        guard let (size, from) = shape(bytes) else { return nil }
        let b = Array(bytes.prefix(size))
        return b[size - 1] == 0x16 && b[size - 2] == plainSum(b[from..<(size - 2)]) ? size : nil
    }

    func mend(_ bytes: inout [UInt8], at start: Int) -> Int? {
        guard let (size, from) = shape(bytes[start...]) else { return nil }
        bytes[start + size - 1] = 0x16
        bytes[start + size - 2] = plainSum(bytes[(start + from)..<(start + size - 2)])
        return start + size
    }
}

struct MBusFuzz: FuzzedCodec {
    static let name = "mbus"
    private let checks: [StreamChecks<MBusFormat, MBusReference>]

    static func seeds(_ published: Published) -> [[UInt8]] {
        published.all("mbus") { MBusReference(takesAcknowledgement: false).length($0[...]) == $0.count }
    }

    init(_ published: Published) {
        let seeds = Self.seeds(published)
        checks = [false, true].map { takes in
            let reference = MBusReference(takesAcknowledgement: takes)
            return .init(
                format: MBusFormat(takesAcknowledgement: takes), reference: reference,
                known: seeds.filter { reference.length($0[...]) == $0.count }, encode: \.bytes)
        }
    }

    func examine(_ input: FuzzInput, _ report: inout FuzzReport) {
        for frame in checks[input.choice & 1].examine(input, &report) {
            guard case .long(let control, _, let information, let data) = frame else { continue }
            if let telegram = try? MBusTelegram(frame) {
                report.accept()
                report.require(
                    [0x08, 0x18, 0x28, 0x38].contains(control) && [0x72, 0x78, 0x7A].contains(information),
                    "a telegram is an answer with records")
                records(of: telegram, information, data, &report)
            }
            if let telegram = try? MBusFixedTelegram(frame) {
                report.require(
                    information == 0x73 && data.count == 16 && telegram.counters.count == 2,
                    "the fixed structure has sixteen bytes")
                for (index, counter) in telegram.counters.enumerated() {
                    guard case .success(let quantity) = counter.value else { continue }
                    report.accept()
                    report.require(
                        quantity.number.coefficient == 0
                            || Self.decimal(data[(8 + 4 * index)..<(12 + 4 * index)])
                                .map { quantity.number.coefficient % $0.magnitude.asInt == 0 } ?? false,
                        "a counter is that of its digits")
                }
            }
        }
    }

    private func records(
        of telegram: MBusTelegram, _ information: UInt8, _ data: [UInt8], _ report: inout FuzzReport
    ) {
        var rest = data[...].dropFirst(information == 0x72 ? 12 : information == 0x7A ? 4 : 0)
        if information == 0x72 {
            report.require(
                telegram.header?.identification
                    == data.prefix(4).reversed().map { ($0 < 16 ? "0" : "") + String($0, radix: 16).uppercased() }
                    .joined(), "the identification is that sent")
        }
        for record in telegram.records {
            while rest.first == 0x2F { rest = rest.dropFirst() }
            guard let due = PlainRecord(&rest) else {
                report.violated("each record lies within its telegram")
                return
            }
            report.require(due.storage == record.storage, "the storage number is that of the bytes")
            report.require(due.tariff == record.tariff, "the tariff is that of the bytes")
            report.require(due.subunit == record.subunit, "the subunit is that of the bytes")
            guard case .success(let value) = record.content else { continue }
            report.accept()
            report.require(due.function != 3, "what was sent during an error is no value")
            switch value {
            case .number(let number):
                report.require(due.holds(number), "the number is that of the bytes")
                _ = try? record.quantity()
            case .time(let time): report.require(due.holds(time), "the time is that of the bytes")
            case .text(let text):
                report.require(
                    Array(text.unicodeScalars.map(\.value).reversed()) == due.data.map { UInt32($0) },
                    "the text is that of the bytes")
            case .nothing: report.require(due.data.isEmpty, "nothing is where no data are")
            }
        }
        while rest.first == 0x2F { rest = rest.dropFirst() }
        let isEnd = rest.isEmpty || rest.first == 0x0F || rest.first == 0x1F
        report.require(isEnd, "no record is left out")
        report.require(telegram.moreFollows == (rest.first == 0x1F), "what follows is said")
        report.require(telegram.manufacturerData == Array(rest.dropFirst()), "the maker's own data are those sent")
    }

    /// Digits with F for a minus sign; nil where there are others.
    fileprivate static func decimal(_ bytes: some BidirectionalCollection<UInt8>) -> Int128? {
        var digits = bytes.reversed().map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        if digits.hasPrefix("f") { digits = "-" + digits.dropFirst() }
        return digits.contains { !"-0123456789".contains($0) } ? nil : Int128(digits)
    }
}

extension Int128.Magnitude {
    fileprivate var asInt: Int128 { self == 0 ? 1 : Int128(self) }
}

/// A record by the tables of EN 13757-3, read once more.
private struct PlainRecord {
    private(set) var function = 0, storage = 0, tariff = 0, subunit = 0
    private(set) var data: [UInt8] = []
    private var kind: UInt8 = 0
    private var variable: UInt8 = 0

    init?(_ rest: inout ArraySlice<UInt8>) {
        func next() -> UInt8? { rest.popFirst() }
        guard let first = next() else { return nil }
        kind = first % 16
        function = Int(first / 16 % 4)
        storage = Int(first / 64 % 2)
        var last = first
        var place = 0
        while last >= 0x80 {
            guard let byte = next() else { return nil }
            storage += Int(byte % 16) * (2 << (4 * place))
            tariff += Int(byte / 16 % 4) * (1 << (2 * place))
            subunit += Int(byte / 64 % 2) * (1 << place)
            place += 1
            last = byte
        }
        guard var value = next() else { return nil }
        if value % 128 == 0x7C {
            guard let length = next(), rest.count >= Int(length) else { return nil }
            rest = rest.dropFirst(Int(length))
        }
        while value >= 0x80 {
            guard let byte = next() else { return nil }
            value = byte
        }
        var length = [0, 1, 2, 3, 4, 4, 6, 8, 0, 1, 2, 3, 4, 0, 6, 0][Int(kind)]
        if kind == 0xD {
            guard let byte = next() else { return nil }
            variable = byte
            length = byte < 0xC0 ? Int(byte) : Int(byte % 16)
        }
        guard kind != 0xF, rest.count >= length else { return nil }
        data = Array(rest.prefix(length))
        rest = rest.dropFirst(length)
    }

    func holds(_ number: ExactDecimal) -> Bool {
        switch (kind, variable) {
        case (1...4, _), (6, _), (7, _), (0xD, 0xE0...0xEF): number == ExactDecimal(coefficient: signed, places: 0)
        case (5, _):
            number.double == Double("\(Float(bitPattern: data.reversed().reduce(UInt32(0)) { $0 * 256 + UInt32($1) }))")
        case (9...0xC, _), (0xE, _):
            MBusFuzz.decimal(data).map { number == ExactDecimal(coefficient: $0, places: 0) } ?? false
        case (0xD, 0xC0...0xC9): (data.isEmpty ? 0 : plainDigits(data)) == number.coefficient
        case (0xD, 0xD0...0xD9): (data.isEmpty ? 0 : plainDigits(data)) == -number.coefficient
        default: false
        }
    }

    private var signed: Int128 {
        var value: Int128 = 0
        for (place, byte) in data.enumerated() { value += Int128(byte) * Int128(1) << (8 * place) }
        return data.last.map { $0 > 127 } ?? false ? value - Int128(1) << (8 * data.count) : value
    }

    /// Whether date and time of types F, G, I and J say this.
    func holds(_ time: MeterTime) -> Bool {
        let b = data.map { Int($0) }
        switch b.count {
        case 2: return time.day == b[0] % 32 && time.month == b[1] % 16 && time.hour == nil
        case 3: return time.hour == b[2] % 32 && time.minute == b[1] % 64 && time.second == b[0] % 64
        case 4:
            return b[0] < 128 && time.minute == b[0] % 64 && time.hour == b[1] % 32 && time.day == b[2] % 32
                && time.month == b[3] % 16
        case 6:
            return b[1] < 128 && time.second == b[0] % 64 && time.minute == b[1] % 64 && time.hour == b[2] % 32
                && time.day == b[3] % 32 && time.month == b[4] % 16
        default: return false
        }
    }
}
