public import Metrology

/// One instrument at one address, read and written through its profile.
public struct Device: Sendable {
    public let profile: DeviceProfile
    public let connection: Connection
    public let unit: Int
    private let bus: ModbusBus
    private let timing: ModbusBus.Timing

    /// Asked this often before silence or corruption is reported.
    static let attempts = 2

    init(profile: DeviceProfile, connection: Connection, bus: ModbusBus) {
        self.profile = profile
        self.connection = connection
        self.bus = bus
        unit = connection.unit ?? profile.defaults.unit
        timing = .init(
            timeout: connection.timeout ?? Connection.usualTimeout, pause: profile.defaults.pause)
    }

    /// Reads the channels, neighbours together in one request.
    ///
    /// - Returns: one indication per name, in the order asked.
    /// - Throws: ``DeviceError``.
    public func read(_ names: [String]) async throws -> [Indication] {
        let channels = try names.map(profile.channel)
        var indications: [String: Indication] = [:]
        for block in profile.blocks(of: channels) {
            let exchange = try await bus.transact(
                unit: unit, pdu: block.request, timing: timing, attempts: Self.attempts)
            for channel in block.channels {
                indications[channel.name] = try channel.decode(exchange)
            }
        }
        return names.compactMap { indications[$0] }
    }

    public func read(_ name: String) async throws -> Indication {
        let channel = try profile.channel(name)
        let block = RegisterBlock(channel)
        return try channel.decode(
            try await bus.transact(
                unit: unit, pdu: block.request, timing: timing, attempts: Self.attempts))
    }

    /// Writes `value`, given in the channel's unit. Sent once: a write is never repeated unasked.
    ///
    /// - Throws: ``DeviceError``; ``DeviceError/exception(code:unit:line:register:)`` where refused.
    public func write(_ name: String, _ value: ExactDecimal) async throws {
        let channel = try profile.channel(name)
        guard let function = channel.write else {
            throw DeviceError.notWritable(name, profile: profile.name)
        }
        guard let registers = channel.registers(for: value),
            function == .writeMultiple || registers.count == 1
        else { throw DeviceError.valueNotRepresentable("\(value) \(channel.unit)", channel: name) }
        var pdu = [function.rawValue, UInt8(channel.address >> 8), UInt8(channel.address & 255)]
        if function == .writeMultiple {
            pdu += [0, UInt8(registers.count), UInt8(2 * registers.count)]
        }
        pdu += registers.flatMap { [UInt8($0 >> 8), UInt8($0 & 255)] }
        let exchange = try await bus.transact(unit: unit, pdu: pdu, timing: timing, attempts: 1)
        let answer: ModbusAnswer
        do { answer = try ModbusFrame.answer(of: exchange) } catch { throw exchange.error(for: error) }
        if case .exception(let code) = answer {
            throw DeviceError.exception(
                code: code, unit: unit, line: exchange.line, register: channel.address)
        }
    }
}

/// Registers asked for in one request.
struct RegisterBlock {
    private(set) var channels: [DeviceProfile.Channel]
    private let function: ModbusFunction
    private let start: Int
    private(set) var count: Int

    init(_ channel: DeviceProfile.Channel) {
        channels = [channel]
        function = channel.function
        start = channel.address
        count = channel.registers
    }

    /// Adds `channel` where it continues this block without a hole and within `limit` registers.
    mutating func extend(by channel: DeviceProfile.Channel, limit: Int) -> Bool {
        guard channel.function == function, channel.address <= start + count else { return false }
        let wanted = max(count, channel.address + channel.registers - start)
        guard wanted <= limit else { return false }
        count = wanted
        channels.append(channel)
        return true
    }

    var request: [UInt8] {
        [function.rawValue, UInt8(start >> 8), UInt8(start & 255), 0, UInt8(count)]
    }
}

extension DeviceProfile {
    func blocks(of channels: [Channel]) -> [RegisterBlock] {
        let sorted = channels.sorted {
            ($0.function.rawValue, $0.address) < ($1.function.rawValue, $1.address)
        }
        var blocks: [RegisterBlock] = []
        for channel in sorted {
            if var last = blocks.last, last.extend(by: channel, limit: defaults.registersTogether) {
                blocks[blocks.count - 1] = last
            } else {
                blocks.append(RegisterBlock(channel))
            }
        }
        return blocks
    }
}

extension DeviceProfile.Channel {
    /// The registers that hold `value`, given in this channel's unit.
    func registers(for value: ExactDecimal) -> [UInt16]? {
        // Scales are powers of ten in every profile that is written to, so division is a shift.
        guard scale.coefficient == 1 else { return nil }
        let raw = ExactDecimal(
            coefficient: value.coefficient, places: max(0, value.places - scale.places))
        let shift = max(0, scale.places - value.places)
        let factor = (0..<shift).reduce(Int128(1)) { power, _ in power * 10 }
        return format.registers(
            for: ExactDecimal(coefficient: raw.coefficient * factor, places: raw.places), order)
    }
}

/// The lines in use: instruments on one line share its bus.
public actor DeviceLines {
    private var buses: [Connection.Line: (bus: ModbusBus, settings: LineSettings)] = [:]

    public init() {}

    /// - Throws: ``DeviceError/badAddress(_:why:)`` where a line is asked for with two settings.
    public func device(_ profile: DeviceProfile, at connection: Connection) throws -> Device {
        let settings = LineSettings(connection, profile.defaults)
        if let known = buses[connection.line] {
            let isSame = known.settings.isCompatible(with: settings)
            guard isSame else {
                throw DeviceError.badAddress(
                    "\(connection.line)",
                    why: "the line is already in use with another baud rate, parity or stop bit")
            }
            return Device(profile: profile, connection: connection, bus: known.bus)
        }
        let bus = ModbusBus(connection, settings)
        buses[connection.line] = (bus, settings)
        return Device(profile: profile, connection: connection, bus: bus)
    }
}

extension LineSettings {
    func isCompatible(with other: LineSettings) -> Bool {
        (baud, parity, stopBits) == (other.baud, other.parity, other.stopBits)
    }
}
