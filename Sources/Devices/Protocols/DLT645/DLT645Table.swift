/// The identifiers of DL/T 645 that public copies of the standard, lists and captured frames agree on
/// (2007, tables A.1 to A.6). Signs are those of the notes below the tables: combined energies, currents, powers and
/// current demands, power factors and the temperature have theirs in the top bit.
enum DLT645Table {
    struct Row: Sendable {
        /// DI3 and DI2.
        let group: UInt32
        let di1, di0: ClosedRange<UInt32>
        let name: String
        let form: DLT645Item.Form
        let unit: String
        /// Bytes FF that stand for all of DI1 or of DI0.
        var block = Block.none
    }

    enum Block: Hashable, Sendable {
        case none
        /// All of `di1`, of which a meter sends as many as it has, or exactly all.
        case ofDI1(isWhole: Bool)
        case ofDI0
    }

    static func row(_ identifier: UInt32, _ edition: DLT645Edition) -> Row? {
        guard edition == .of2007 else { return rowsOf1997[identifier] }
        let (di1, di0) = (identifier >> 8 & 0xFF, identifier & 0xFF)
        return rows.first { $0.group == identifier >> 16 && $0.di1.contains(di1) && $0.di0.contains(di0) }
    }

    /// The items that answer `identifier` where there are `bytes` of data; nil for what is not in the table.
    static func items(_ identifier: UInt32, _ edition: DLT645Edition, bytes: Int) -> [DLT645Item]? {
        if let item = DLT645Item(identifier, edition: edition) { return [item] }
        guard edition == .of2007 else { return nil }
        let (di1, di0) = (identifier >> 8 & 0xFF, identifier & 0xFF)
        for row in rows where row.group == identifier >> 16 {
            switch row.block {
            case .ofDI1(let isWhole) where di1 == all && row.di0.contains(di0):
                let count = isWhole ? row.di1.count : max(1, min(row.di1.count, bytes / row.form.bytes))
                return row.di1.prefix(count).compactMap { DLT645Item(row.group << 16 | $0 << 8 | di0) }
            case .ofDI0 where di0 == all && row.di1.contains(di1):
                return row.di0.compactMap { DLT645Item(row.group << 16 | di1 << 8 | $0) }
            default: continue
            }
        }
        return nil
    }

    private static let all: UInt32 = 0xFF

    /// Of the edition of 1997 only what published frames show.
    private static let rowsOf1997: [UInt32: Row] = [
        0x9010: single(0, 0x90, 0x10, "active energy, forward", .number(bytes: 4, places: 2, sign: .none), "kWh"),
        0xB611: single(0, 0xB6, 0x11, "voltage, phase A", .number(bytes: 2, places: 0, sign: .none), "V"),
    ]

    /// Total and up to 63 tariffs in DI1; now and up to twelve settlements back in DI0.
    private static func energy(
        _ group: UInt32, _ name: String, _ unit: String, _ sign: DLT645Data.Sign = .none
    ) -> Row {
        Row(
            group: group, di1: 0x00...0x3F, di0: 0x00...0x0C, name: name,
            form: .number(bytes: 4, places: 2, sign: sign), unit: unit, block: .ofDI1(isWhole: false))
    }

    /// Three phases, with the total before them or without.
    private static func phases(
        _ group: UInt32, _ first: UInt32, _ name: String, _ bytes: Int, _ places: Int, _ unit: String,
        _ sign: DLT645Data.Sign = .topBit, block: Block = .none
    ) -> Row {
        Row(
            group: group, di1: first...3, di0: 0...0, name: name,
            form: .number(bytes: bytes, places: places, sign: sign), unit: unit, block: block)
    }

    private static func single(
        _ group: UInt32, _ di1: UInt32, _ di0: UInt32, _ name: String, _ form: DLT645Item.Form, _ unit: String = "1"
    ) -> Row {
        Row(group: group, di1: di1...di1, di0: di0...di0, name: name, form: form, unit: unit)
    }

    private static let kilo = DLT645Item.Form.number(bytes: 3, places: 4, sign: .topBit)
    private static let hundredth = DLT645Item.Form.number(bytes: 2, places: 2, sign: .none)

    static let rows: [Row] = energies + variables + parameters

    private static let energies: [Row] =
        [
            energy(0x0000, "active energy, combined", "kWh", .topBit),
            energy(0x0001, "active energy, forward", "kWh"),
            energy(0x0002, "active energy, reverse", "kWh"),
            energy(0x0003, "reactive energy, combined 1", "kvarh", .topBit),
            energy(0x0004, "reactive energy, combined 2", "kvarh", .topBit),
            energy(0x0009, "apparent energy, forward", "kVAh"),
            energy(0x000A, "apparent energy, reverse", "kVAh"),
        ]
        + (UInt32(1)...4).map { energy(0x0004 + $0, "reactive energy, quadrant \($0)", "kvarh") }
        + [(0x0015, "A"), (0x0029, "B"), (0x003D, "C")].map { group, phase in
            single(
                group, 0, 0, "active energy, forward, phase \(phase)", .number(bytes: 4, places: 2, sign: .none), "kWh")
        } + [
            single(0x0101, 0, 0, "maximum demand, forward active", .demand, "kW"),
            single(0x0102, 0, 0, "maximum demand, reverse active", .demand, "kW"),
        ]

    private static let variables: [Row] = [
        phases(0x0201, 1, "voltage", 2, 1, "V", .none, block: .ofDI1(isWhole: true)),
        phases(0x0202, 1, "current", 3, 3, "A", block: .ofDI1(isWhole: true)),
        phases(0x0203, 0, "active power", 3, 4, "kW", block: .ofDI1(isWhole: true)),
        single(0x0204, 0, 0, "reactive power", kilo, "kvar"),
        single(0x0205, 0, 0, "apparent power", kilo, "kVA"),
        phases(0x0206, 0, "power factor", 2, 3, "1"),
        phases(0x0207, 1, "phase angle", 2, 1, "°", .none),
        single(0x0208, 1, 0, "distortion of the voltage, phase A", hundredth, "%"),
        single(0x0209, 1, 0, "distortion of the current, phase A", hundredth, "%"),
        single(0x0280, 0, 1, "neutral current", .number(bytes: 3, places: 3, sign: .topBit), "A"),
        single(0x0280, 0, 2, "frequency", hundredth, "Hz"),
        single(0x0280, 0, 4, "active demand, now", kilo, "kW"),
        single(0x0280, 0, 5, "reactive demand, now", kilo, "kvar"),
        single(0x0280, 0, 6, "apparent demand, now", kilo, "kVA"),
        single(0x0280, 0, 7, "temperature inside", .number(bytes: 2, places: 1, sign: .topBit), "°C"),
        single(0x0280, 0, 8, "voltage of the clock's battery", hundredth, "V"),
        single(0x0280, 0, 9, "voltage of the battery for reading", hundredth, "V"),
        single(0x0280, 0, 0xA, "working time of the battery", .number(bytes: 4, places: 0, sign: .none), "min"),
    ]

    private static let parameters: [Row] = [
        single(0x0400, 1, 1, "date", .date),
        single(0x0400, 1, 2, "time", .time),
        single(0x0400, 1, 3, "period of the maximum demand", .number(bytes: 1, places: 0, sign: .none), "min"),
        single(0x0400, 4, 1, "communication address", .digits(bytes: 6)),
        single(0x0400, 4, 2, "meter number", .digits(bytes: 6)),
        single(0x0400, 4, 3, "asset code", .text(bytes: 32)),
        single(0x0400, 4, 4, "rated voltage", .text(bytes: 6)),
        single(0x0400, 4, 5, "rated current", .text(bytes: 6)),
        single(0x0400, 4, 6, "maximum current", .text(bytes: 6)),
        single(0x0400, 4, 7, "accuracy class, active", .text(bytes: 4)),
        single(0x0400, 4, 8, "accuracy class, reactive", .text(bytes: 4)),
        single(0x0400, 4, 9, "meter constant, active", .number(bytes: 3, places: 0, sign: .none), "1/kWh"),
        single(0x0400, 4, 0xA, "meter constant, reactive", .number(bytes: 3, places: 0, sign: .none), "1/kvarh"),
        single(0x0400, 4, 0xB, "model", .text(bytes: 10)),
        single(0x0400, 4, 0xC, "date of production", .text(bytes: 10)),
        single(0x0400, 4, 0xD, "version of the protocol", .text(bytes: 16)),
        Row(
            group: 0x0400, di1: 5...5, di0: 1...7, name: "status word", form: .bits(bytes: 2), unit: "1", block: .ofDI0),
    ]
}
