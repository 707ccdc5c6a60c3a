import DataFiles
import Metrology

/// The parts of a profile file that say how its instrument is spoken to, one for each protocol.
struct ProfileBlocks {
    let settings: DeviceProfile.ProtocolSettings
    let lines: [DeviceProtocol.Block: DeviceProfile.LineDefaults]
    let function: ModbusTable?
    let order: WordOrder
    /// Characters that mean there is no value, in an answer of text.
    let notAvailable: [String]

    var present: Set<DeviceProtocol.Block> { Set(lines.keys) }

    init(_ file: DataMapping) throws {
        var lines: [DeviceProtocol.Block: DeviceProfile.LineDefaults] = [:]
        func block<T>(_ name: DeviceProtocol.Block, _ body: (DataMapping) throws -> T) throws -> T? {
            try file.optional(name.rawValue)?.mapping { block in
                let result = try body(block)
                lines[name] = try .init(block, RegisterSettingsOfFile())
                return result
            }
        }
        let registers = try file.optional("modbus")?.mapping { block in
            let registers = try RegisterSettingsOfFile(block)
            lines[.modbus] = try .init(block, registers)
            return registers
        }
        var notAvailable: [String] = []
        settings = DeviceProfile.ProtocolSettings(
            dlt645: try block(.dlt645) { .init(wakeUp: try $0.optional("wake_up")?.integer(in: 0...8) ?? 0) },
            cjt188: try block(.cjt188) { try .init($0) }, mbus: try block(.mbus) { try .init($0) },
            text: try block(.text) { block in
                notAvailable = try block.optional("not_available")?.texts() ?? []
                return .init(
                    flavour: try block.required("flavour").oneOf(TextFlavour.self),
                    endOfCommand: try block.optional("end_of_command")?.text(),
                    endOfAnswer: try block.optional("end_of_answer")?.text())
            },
            own: try block(.own) {
                .init(name: try $0.required("name").text(), frame: try $0.optional("frame")?.texts() ?? [])
            })
        self.lines = lines
        self.notAvailable = notAvailable
        function = registers?.function
        order = registers?.order ?? .abcd
    }

    /// The protocols a file lists, each with its part of the file and each part with a protocol.
    func protocols(_ node: DataNode) throws -> [DeviceProtocol] {
        let listed = try node.list().map { try $0.oneOf(DeviceProtocol.self) }
        guard !listed.isEmpty else { throw node.error("a profile names at least one protocol") }
        for block in listed.map(\.block) where !present.contains(block) {
            throw node.error("the protocols need a part '\(block.rawValue)' that says how")
        }
        for block in present.sorted(by: { $0.rawValue < $1.rawValue })
        where !listed.contains(where: { $0.block == block }) {
            throw node.error("the part '\(block.rawValue)' belongs to no protocol listed here")
        }
        return listed
    }

    /// What a file speaks that lists no protocols: Modbus on a serial line or over TCP.
    func usualProtocols(of node: DataNode) throws -> [DeviceProtocol] {
        guard present == [.modbus] else {
            throw node.error(
                present.isEmpty
                    ? "the file lacks the required key 'modbus'" : "the file lacks the required key 'protocols'")
        }
        return [.modbusRTU, .modbusTCP]
    }

    /// Refuses a channel that stands nowhere, or in a protocol the file says nothing of.
    func require(_ ways: [DeviceProfile.Way], at node: DataNode) throws {
        guard !ways.isEmpty else {
            throw node.error("a channel says where it stands: at and as, dlt645, cjt188, mbus, text or own")
        }
        for way in ways where !present.contains(way.block) {
            throw node.error("the file has no part '\(way.block.rawValue)' for this channel")
        }
    }
}

extension DeviceProfile.ProtocolSettings.CJT188 {
    fileprivate init(_ block: DataMapping) throws {
        identifier = try block.required("identifier").hexadecimal(digits: 4...4)
        meterTypes = try block.optional("meter_types")?.list().map { UInt8(try $0.integer(in: 0...0xFF)) } ?? []
        wakeUp = try block.optional("wake_up")?.integer(in: 0...64) ?? 0
        var units: [UInt8: MeasurementUnit] = [:]
        for (key, unit) in try block.optional("unit_codes")?.entries() ?? [] {
            guard let code = UInt8(try key.hexadecimal(digits: 2...2), radix: 16) else { continue }
            units[code] = try unit.unit()
        }
        self.units = units
    }
}

extension DeviceProfile.ProtocolSettings.MBus {
    fileprivate init(_ block: DataMapping) throws {
        manufacturer = try block.optional("manufacturer")?.text()
        version = try block.optional("version").map { UInt8(try $0.integer(in: 0...255)) }
        medium = try block.optional("medium").map { UInt8(try $0.integer(in: 0...255)) }
        telegrams = try block.optional("telegrams")?.integer(in: 1...16) ?? 1
    }
}

extension DeviceProfile.LineDefaults {
    fileprivate init(_ block: DataMapping, _ registers: RegisterSettingsOfFile) throws {
        baud = try block.optional("baud")?.integer(of: Connection.speeds) ?? 9600
        parity = try block.optional("parity")?.oneOf(Connection.Parity.self) ?? .none
        stopBits = try block.optional("stop")?.integer(in: 1...2) ?? 1
        dataBits = try block.optional("data")?.integer(in: 7...8) ?? 8
        unit = registers.unit
        port = try block.optional("port")?.integer(in: 1...65_535)
        pause = try block.optional("pause")?.milliseconds() ?? 0
        timeout = try block.optional("timeout")?.milliseconds()
        registersTogether = registers.together
        openTransactions = registers.transactions
        readsOverHoles = registers.holes
        refused = registers.refused
    }
}

fileprivate struct RegisterSettingsOfFile {
    var function: ModbusTable?
    var order = WordOrder.abcd
    var unit = 1
    var together = 64
    var transactions = 1
    var holes = false
    var refused: [ClosedRange<Int>] = []

    init() {}

    init(_ block: DataMapping) throws {
        function = try block.required("function").readFunction()
        order = try block.optional("order")?.oneOf(WordOrder.self) ?? .abcd
        unit = try block.optional("unit")?.integer(in: 1...247) ?? 1
        // One answer holds 125 registers (specification, 6.3).
        together = try block.optional("together_at_most")?.integer(in: 2...125) ?? 64
        // The number recommended for a server (Messaging on TCP/IP Implementation Guide V1.0b, 4.2.2) is 1 to 16.
        transactions = try block.optional("open_transactions")?.integer(in: 1...16) ?? 1
        holes = try block.optional("reads_over_holes")?.boolean() ?? false
        refused = try block.optional("refused")?.list().map { try $0.registerRange() } ?? []
    }
}
