import Metrology

/// A water, heat or gas meter that speaks CJ/T 188, reached by the fourteen digits of its address.
public struct CJT188Meter: PortInstrument {
    public let profile: DeviceProfile
    private let address: CJT188Address
    private let settings: DeviceProfile.ProtocolSettings.CJT188
    private let bus: PortBus
    private let timeout: Int
    private let pause: Double

    /// - Throws: ``DeviceError``.
    init(_ profile: DeviceProfile, at connection: Connection, on bus: PortBus) throws {
        guard let settings = profile.settings.cjt188 else {
            throw DeviceError.noBus(profile: profile.name, protocols: profile.protocols.words)
        }
        address = try CJT188Address(of: connection)
        self.profile = profile
        self.settings = settings
        self.bus = bus
        (timeout, pause) = profile.patience(.cjt188, at: connection)
    }

    public var channels: [DeviceProfile.Channel] {
        profile.channels.filter { $0.ways.contains { $0.block == .cjt188 } }
    }

    public var statistics: LineStatistics { bus.statistics }

    /// Asks once for all channels, which one answer holds: the battery of a meter pays for each.
    ///
    /// The identifier goes out in both orders where the first is not answered: meters understand one of them, and nothing
    /// on a meter tells which.
    public func read(_ names: [String], _ urgency: Urgency) async throws -> [PortIndication] {
        let channels = try names.map { try profile.settledChannel($0, .cjt188).0 }
        guard let identifier = UInt16(settings.identifier, radix: 16), let type = settings.meterTypes.first else {
            throw DeviceError.noBus(profile: profile.name, protocols: profile.protocols.words)
        }
        let ask = PortBus.Ask(
            station: address.station, urgency: urgency, attempts: Device.attempts, pause: pause)
        let (wakeUp, timeout, address) = (settings.wakeUp, timeout, address)
        let (answer, exchange) = try await bus.perform(ask) { port in
            func answer(_ order: CJT188Request.IdentifierOrder) throws -> (CJT188Answer, PortExchange) {
                let request = CJT188Request(.read(identifier), type: type, of: address, order: order)
                let (frame, exchange) = try port.ask(
                    request.frame.bytes(wakeUp: wakeUp), as: CJT188Format(), timeout: timeout
                ) { $0.isAnswer }
                do { return (try request.answer(in: frame), exchange) } catch {
                    throw DeviceError.garbled(line: exchange.line, why: "\(error)")
                }
            }
            do { return try answer(.mostSignificantFirst) } catch let error as DeviceError where error.fault == .silent
            {
                return try answer(.leastSignificantFirst)
            }
        }
        return try await readEach(channels.map(\.name)) { name in
            let channel = try profile.channel(name)
            let number = try channel.number(in: answer, units: settings.units)
            return PortIndication(
                channel: name, reading: TextReading(value: .number(number, channel.unit), state: .unstated),
                exchanges: [exchange])
        }
    }
}
