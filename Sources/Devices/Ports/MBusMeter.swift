import Metrology

/// A heat, water or gas meter on M-Bus (EN 13757-2), reached by its primary address.
public struct MBusMeter: PortInstrument {
    public let profile: DeviceProfile
    private let address: UInt8
    /// Telegrams of one answer.
    private let count: Int
    private let bus: PortBus
    private let timeout: Int
    private let pause: Int

    /// - Throws: ``DeviceError``.
    public init(_ profile: DeviceProfile, at connection: Connection) throws {
        try connection.refuseAddress("this meter is reached by its primary address: unit=1")
        self.profile = profile
        let settings: BytePort.Settings
        (settings, timeout, pause) = try profile.port(.mbus, at: connection)
        address = UInt8(truncatingIfNeeded: connection.unit ?? profile.lines[.mbus]?.unit ?? 1)
        count = max(1, profile.settings.mbus?.telegrams ?? 1)
        bus = PortBus(connection, settings)
    }

    public var channels: [DeviceProfile.Channel] {
        profile.channels.filter { $0.ways.contains { $0.block == .mbus } }
    }

    /// Initialises the link, then asks once for as many telegrams as the answer takes: they hold every channel, and the
    /// battery of a meter pays for each telegram.
    public func read(_ names: [String]) async throws -> [PortIndication] {
        for name in names { _ = try profile.settledChannel(name, .mbus) }
        let (received, exchanges) = try await telegrams()
        return try await readEach(names) { name in
            let channel = try profile.channel(name)
            let number = try channel.number(in: received)
            return PortIndication(
                channel: name, reading: TextReading(value: .number(number, channel.unit), state: .unstated),
                exchanges: exchanges)
        }
    }

    private func telegrams() async throws -> ([MBusTelegram], [PortExchange]) {
        let greeting = MBusRequest.initialise(address)
        var exchanges = [
            try await bus.ask(
                greeting.bytes ?? [], as: MBusFormat(takesAcknowledgement: true), timeout: timeout, pause: pause
            ) { $0 == .acknowledgement }.exchange
        ]
        var frameCount = MBusFrameCount()
        var received: [MBusTelegram] = []
        while received.count < count {
            let request = MBusRequest.data(address, frameCount)
            let (frame, exchange) = try await bus.ask(
                request.bytes ?? [], as: MBusFormat(takesAcknowledgement: false), timeout: timeout, pause: pause
            ) { frame in
                if case .long = frame { true } else { false }
            }
            exchanges.append(exchange)
            do {
                received.append(try checked(frame))
            } catch {
                throw DeviceError.garbled(line: exchange.line, why: "\(error)")
            }
            frameCount.advance()
        }
        return (received, exchanges)
    }

    /// A telegram of the meter asked, of the kind the profile is for.
    private func checked(_ frame: MBusFrame) throws(FrameFault) -> MBusTelegram {
        let telegram = try MBusTelegram(frame)
        guard telegram.address == address || address == MBusRequest.test else {
            throw .otherAddress(asked: "\(address)", answered: "\(telegram.address)")
        }
        if let header = telegram.header, let expected = profile.settings.mbus, !expected.fits(header) {
            throw .malformed("a telegram of \(header.manufacturer ?? "another maker"), which this profile is not for")
        }
        return telegram
    }
}
