import Metrology

/// An electricity meter that speaks DL/T 645, reached by the twelve digits of its address.
public struct DLT645Meter: PortInstrument {
    public let profile: DeviceProfile
    private let address: DLT645Address
    private let wakeUp: Int
    private let bus: PortBus
    private let timeout: Int
    private let pause: Double

    /// - Throws: ``DeviceError``.
    init(_ profile: DeviceProfile, at connection: Connection, on bus: PortBus) throws {
        self.profile = profile
        self.bus = bus
        (timeout, pause) = profile.patience(.dlt645, at: connection)
        address = try DLT645Address(of: connection)
        wakeUp = profile.settings.dlt645?.wakeUp ?? 0
    }

    public var channels: [DeviceProfile.Channel] {
        profile.channels.filter { $0.ways.contains { $0.block == .dlt645 } }
    }

    public var statistics: LineStatistics { bus.statistics }

    public func read(_ names: [String], _ urgency: Urgency) async throws -> [PortIndication] {
        let ask = PortBus.Ask(
            station: address.station, urgency: urgency, attempts: Device.attempts, pause: pause)
        return try await readEach(names) { try await read($0, ask) }
    }

    private func read(_ name: String, _ ask: PortBus.Ask) async throws -> PortIndication {
        guard case (let channel, .identifier(let identifier)) = try profile.settledChannel(name, .dlt645),
            let number = identifier.number
        else { throw DeviceError.noBus(profile: "'\(name)' of \(profile.name)", protocols: profile.protocols.words) }
        let conversation = Conversation(
            identifier: number, edition: identifier.edition, address: address, wakeUp: wakeUp, timeout: timeout)
        let (data, exchanges) = try await bus.perform(ask) { try conversation.data($0) }
        let value: TextReading.Value =
            identifier.isText
            ? .text(try channel.text(inDLT645: data)) : .number(try channel.number(inDLT645: data), channel.unit)
        return PortIndication(channel: name, reading: TextReading(value: value, state: .unstated), exchanges: exchanges)
    }

    /// Data under one identifier, of which one frame may hold the first part only.
    private struct Conversation {
        let identifier: UInt32
        let edition: DLT645Edition
        let address: DLT645Address
        let wakeUp: Int
        let timeout: Int

        /// Parts are counted in one byte.
        private static let mostParts = 255

        func data(_ port: PortMedium) throws -> ([UInt8], [PortExchange]) {
            var data: [UInt8] = []
            var exchanges: [PortExchange] = []
            var question = DLT645Request.Question.read(identifier)
            for part in 1...Self.mostParts {
                guard let request = DLT645Request(question, of: address, edition: edition) else {
                    throw FrameFault.unsupported("an answer in parts, which this edition does not count,")
                }
                let (frame, exchange) = try port.ask(
                    request.frame.bytes(wakeUp: wakeUp), as: DLT645Format(), timeout: timeout
                ) { $0.isAnswer }
                exchanges.append(exchange)
                guard case .data(let bytes, let moreFollows) = try request.answer(in: frame) else {
                    throw FrameFault.malformed("an answer without data")
                }
                data += bytes
                guard moreFollows else { return (data, exchanges) }
                question = .readFollowing(identifier, part: UInt8(part))
            }
            throw FrameFault.malformed("an answer that never ends")
        }
    }
}
