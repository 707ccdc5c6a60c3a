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

    /// The same instrument, read by another understanding of its profile.
    func with(_ profile: DeviceProfile) -> Device {
        Device(profile: profile, connection: connection, bus: bus)
    }

    /// Reads the channels in the cheapest requests for the line (``ReadPlan``).
    ///
    /// - Returns: one indication per name, in the order asked.
    /// - Throws: ``DeviceError``.
    public func read(_ names: [String]) async throws -> [Indication] {
        let channels = try names.map(profile.channel)
        var indications: [String: Indication] = [:]
        for block in try profile.blocks(of: channels, at: .init(LineTiming(connection, profile))) {
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
        let block = RegisterBlock(span: try profile.place(of: channel).span, channels: [channel])
        return try channel.decode(
            try await bus.transact(
                unit: unit, pdu: block.request, timing: timing, attempts: Self.attempts))
    }

    /// Writes `value`, given in the channel's unit. Sent once: a write is never repeated unasked.
    ///
    /// - Throws: ``DeviceError``; ``DeviceError/exception(code:unit:line:register:)`` where refused.
    public func write(_ name: String, _ value: ExactDecimal) async throws {
        let channel = try profile.channel(name)
        let place = try profile.place(of: channel)
        guard let function = place.write else {
            throw DeviceError.notWritable(name, profile: profile.name)
        }
        guard let registers = place.registers(for: value),
            function == .writeMultiple || registers.count == 1
        else { throw DeviceError.valueNotRepresentable("\(value) \(channel.unit)", channel: name) }
        var pdu = [function.rawValue, UInt8(place.address >> 8), UInt8(place.address & 255)]
        if function == .writeMultiple {
            pdu += [0, UInt8(registers.count), UInt8(2 * registers.count)]
        }
        pdu += registers.flatMap { [UInt8($0 >> 8), UInt8($0 & 255)] }
        let exchange = try await bus.transact(unit: unit, pdu: pdu, timing: timing, attempts: 1)
        let answer: ModbusAnswer
        do { answer = try ModbusFrame.answer(of: exchange) } catch { throw exchange.error(for: error) }
        if case .exception(let code) = answer {
            throw DeviceError.exception(
                code: code, unit: unit, line: exchange.line, register: place.address)
        }
    }
}

/// Registers asked for in one request, and the channels read from them.
struct RegisterBlock {
    let span: RegisterSpan
    let channels: [DeviceProfile.Channel]

    var request: [UInt8] {
        let function = span.table == .input ? ModbusFunction.readInput : .readHolding
        return [function.rawValue, UInt8(span.start >> 8), UInt8(span.start & 255), 0, UInt8(span.count)]
    }
}

extension DeviceProfile {
    /// Where `channel` stands among the registers, once nothing about it is open.
    func place(of channel: Channel) throws -> RegisterPlace {
        guard let place = channel.registers, place.table.readFunction != nil else {
            let ways = channel.registers.map { "\($0.table.rawValue)s" }
            throw DeviceError.noBus(
                profile: "'\(channel.name)' of \(name)", protocols: ways ?? protocols.words)
        }
        if let probe = openProbe(of: channel) {
            throw DeviceError.unsettled(channel: channel.name, profile: name, probe: probe.name)
        }
        return place
    }

    func blocks(of channels: [Channel], at cost: ReadPlan.Cost) throws -> [RegisterBlock] {
        let wanted = try channels.map { (channel: $0, span: try place(of: $0).span) }
        let limits = readLimits
        let planned = Set(wanted.map(\.span)).filter { (try? limits.check($0)) != nil }
        let plan = ReadPlan(checked: planned, within: limits, at: cost)
        var blocks = plan.requests.map { request in
            RegisterBlock(
                span: request,
                channels: wanted.filter { planned.contains($0.span) && plan.request(reading: $0.span) == request }
                    .map(\.channel))
        }
        // What fits no request is asked for by itself, as by its name: the instrument decides.
        for (channel, span) in wanted where !planned.contains(span) {
            blocks.append(RegisterBlock(span: span, channels: [channel]))
        }
        return blocks
    }
}

extension DeviceProfile.RegisterPlace {
    /// The registers that hold `value`, given in the channel's unit, as they are sent.
    func registers(for value: ExactDecimal) -> [UInt16]? {
        // Scales are powers of ten in every profile that is written to, so division is a shift.
        guard scale.coefficient == 1, offset == ExactDecimal(0), bits == nil else { return nil }
        let raw = ExactDecimal(
            coefficient: value.coefficient, places: max(0, value.places - scale.places))
        let shift = max(0, scale.places - value.places)
        let factor = (0..<shift).reduce(Int128(1)) { power, _ in power * 10 }
        return format.registers(
            for: ExactDecimal(coefficient: raw.coefficient * factor, places: raw.places)
        ).map(order.mostSignificantFirst)
    }
}

/// The lines in use: instruments on one line share its bus.
public actor DeviceLines {
    private var buses: [Connection.Line: (bus: ModbusBus, settings: LineSettings)] = [:]

    public init() {}

    /// - Throws: ``DeviceError/badAddress(_:why:)`` where a line is asked for with two settings,
    ///   ``DeviceError/noBus(profile:protocols:)`` for an instrument that speaks no Modbus.
    public func device(_ profile: DeviceProfile, at connection: Connection) throws -> Device {
        guard profile.speaksModbus else {
            throw DeviceError.noBus(profile: profile.name, protocols: profile.protocols.words)
        }
        try connection.refuseAddress("an instrument on Modbus is reached by its unit number: unit=1")
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
