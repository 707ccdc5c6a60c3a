public import Metrology
import Synchronization

/// One instrument at one address, read and written through its profile.
public struct Device: Sendable {
    public let profile: DeviceProfile
    public let connection: Connection
    public let unit: Int
    private let bus: ModbusBus
    private let plans: ReadPlans
    /// How long an answer may take, in ms.
    private let timeout: Int

    /// Asked this often before silence or corruption is reported.
    package static let attempts = 2

    init(profile: DeviceProfile, connection: Connection, bus: ModbusBus) {
        self.profile = profile
        self.connection = connection
        self.bus = bus
        unit = connection.unit ?? profile.defaults.unit
        timeout = connection.timeout ?? profile.defaults.timeout ?? Connection.usualTimeout
        plans = ReadPlans(profile, at: connection)
    }

    /// The same instrument, read by another understanding of its profile.
    func with(_ profile: DeviceProfile) -> Device {
        Device(profile: profile, connection: connection, bus: bus)
    }

    /// What its line and the other instruments on it did so far.
    public var statistics: LineStatistics { bus.statistics }

    /// What this instrument did so far.
    public var ownStatistics: LineStatistics.Member { statistics.members[.unit(unit)] ?? .init() }

    private func ask(_ urgency: Urgency, attempts: Int) -> ModbusBus.Ask {
        .init(
            station: .unit(unit), urgency: urgency, attempts: attempts, pause: Double(profile.defaults.pause) / 1000)
    }

    /// Reads the channels in the cheapest requests for the line (``ReadPlan``).
    ///
    /// - Parameter urgency: whether somebody waits for it, or a timetable.
    /// - Returns: one indication per name, in the order asked.
    /// - Throws: ``DeviceError``.
    public func read(_ names: [String], _ urgency: Urgency = .live) async throws -> [Indication] {
        let blocks = try plans.blocks(of: names)
        let (unit, timeout) = (unit, timeout)
        let answers = try await bus.perform(
            ask(urgency, attempts: Self.attempts),
            each: blocks.bursts.map { pdus in
                { line in try line.exchange(unit: unit, pdus: pdus, timeout: timeout) }
            })
        // In the order of the blocks, then in the order asked.
        var indications: [Indication] = []
        indications.reserveCapacity(names.count)
        for (block, reply) in zip(blocks.blocks, answers.joined()) {
            let registers = try reply.registers()
            for channel in block.channels { indications.append(try channel.decode(registers, in: reply.exchange)) }
        }
        return blocks.order.map { indications[$0] }
    }

    public func read(_ name: String, _ urgency: Urgency = .live) async throws -> Indication {
        let channel = try profile.channel(name)
        let block = RegisterBlock(span: try profile.place(of: channel).span, channels: [channel])
        return try channel.decode(try await exchange(block.request, urgency, attempts: Self.attempts))
    }

    private func exchange(_ pdu: [UInt8], _ urgency: Urgency, attempts: Int) async throws -> Exchange {
        let (unit, timeout) = (unit, timeout)
        return try await bus.perform(ask(urgency, attempts: attempts)) { line in
            try line.exchange(unit: unit, pdus: [pdu], timeout: timeout)[0].exchange
        }
    }

    /// What the instrument says it is (function 43 with interface 14): object texts by number.
    ///
    /// - Throws: ``DeviceError``; ``DeviceError/exception(code:unit:line:register:)`` where it does not tell.
    public func identification() async throws -> [UInt8: String] {
        let (unit, timeout) = (unit, timeout)
        return try await bus.perform(ask(.live, attempts: Self.attempts)) { line in
            var objects: [UInt8: String] = [:]
            var next: UInt8? = 0
            while let object = next {
                let pdu = ModbusIdentification.request(.basic, from: object)
                let exchange = try line.exchange(unit: unit, pdus: [pdu], timeout: timeout)[0].exchange
                let answer: ModbusIdentification
                do {
                    answer = try ModbusIdentification(
                        pdu: ModbusFrame.content(of: exchange.answer, exchange.framing).pdu, category: .basic,
                        from: object)
                } catch {
                    throw DeviceError.corrupted(unit: unit, line: exchange.line, why: "\(error)")
                }
                objects.merge(answer.objects) { $1 }
                next = answer.next
            }
            return objects
        }
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
        guard let pdu = place.request(writing: value, by: function) else {
            throw DeviceError.valueNotRepresentable("\(value) \(channel.unit)", channel: name)
        }
        _ = try await exchange(pdu, .live, attempts: 1)
    }
}

/// Which requests read which channels: planned once for each set of them.
private final class ReadPlans: Sendable {
    struct Plan {
        let blocks: [RegisterBlock]
        /// The requests in the order of the blocks, those together that may be under way at the same time.
        let bursts: [[[UInt8]]]
        /// Where each channel asked for stands among all channels of the blocks.
        let order: [Int]
    }

    private let profile: DeviceProfile
    private let connection: Connection
    private let known = Mutex<[[String]: Plan]>([:])

    init(_ profile: DeviceProfile, at connection: Connection) {
        self.profile = profile
        self.connection = connection
    }

    /// - Throws: ``DeviceError`` for a channel that is not there or not settled.
    func blocks(of names: [String]) throws -> Plan {
        if let plan = known.withLock({ $0[names] }) { return plan }
        let channels = try names.map(profile.channel)
        let blocks = try profile.blocks(of: channels, at: .init(LineTiming(connection, profile)))
        let together = profile.framing(at: connection) == .tcp ? profile.defaults.openTransactions : 1
        let requests = blocks.map(\.request)
        let places = blocks.flatMap(\.channels).map(\.name).enumerated()
        let place = Dictionary(places.map { ($0.element, $0.offset) }) { first, _ in first }
        let plan = Plan(
            blocks: blocks,
            bursts: stride(from: 0, to: requests.count, by: together).map {
                Array(requests[$0..<min($0 + together, requests.count)])
            },
            order: names.compactMap { place[$0] })
        known.withLock { $0[names] = plan }
        return plan
    }
}

/// Registers asked for in one request, and the channels read from them.
struct RegisterBlock {
    let span: RegisterSpan
    let channels: [DeviceProfile.Channel]

    var request: [UInt8] {
        [span.table.readFunction.rawValue, UInt8(span.start >> 8), UInt8(span.start & 255), 0, UInt8(span.count)]
    }
}

extension DeviceProfile {
    /// Where `channel` stands among the registers, once nothing about it is open.
    func place(of channel: Channel) throws -> RegisterPlace {
        guard let place = channel.registers else {
            throw DeviceError.noBus(profile: "'\(channel.name)' of \(name)", protocols: protocols.words)
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
    /// The protocol data unit that writes `value`, given in the channel's unit; nil where it does not fit.
    func request(writing value: ExactDecimal, by function: ModbusFunction) -> [UInt8]? {
        let place = [function.rawValue, UInt8(address >> 8), UInt8(address & 255)]
        switch function {
        case .writeCoil, .writeCoils:
            guard value == ExactDecimal(0) || value == ExactDecimal(1) else { return nil }
            let isOn = value == ExactDecimal(1)
            return place + (function == .writeCoil ? [isOn ? 0xFF : 0, 0] : [0, 1, 1, isOn ? 1 : 0])
        default:
            guard let registers = registers(for: value), function == .writeMultiple || registers.count == 1 else {
                return nil
            }
            let count = function == .writeMultiple ? [0, UInt8(registers.count), UInt8(2 * registers.count)] : []
            return place + count + registers.flatMap { [UInt8($0 >> 8), UInt8($0 & 255)] }
        }
    }

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
