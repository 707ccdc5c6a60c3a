import Metrology

/// A heat, water or gas meter on M-Bus (EN 13757-2), reached by its primary address.
public struct MBusMeter: PortInstrument {
    public let profile: DeviceProfile
    private let address: UInt8
    private let telegrams: Int
    private let bus: PortBus
    private let timeout: Int
    private let pause: Int

    /// - Throws: ``DeviceError``.
    public init(_ profile: DeviceProfile, at connection: Connection) throws {
        self.profile = profile
        let settings: BytePort.Settings
        (settings, timeout, pause) = try profile.port(.mbus, at: connection)
        address = UInt8(truncatingIfNeeded: connection.unit ?? profile.lines[.mbus]?.unit ?? 1)
        telegrams = max(1, profile.settings.mbus?.telegrams ?? 1)
        bus = PortBus(connection, settings)
    }

    public var channels: [DeviceProfile.Channel] {
        profile.channels.filter { $0.ways.contains { $0.block == .mbus } }
    }

    /// Initialises the link, then asks for as many telegrams as the answer takes.
    public func read(_ name: String) async throws -> PortIndication {
        let (channel, _) = try profile.settledChannel(name, .mbus)
        let greeting = MBusRequest.initialise(address)
        var exchanges = [
            try await bus.ask(
                greeting.bytes ?? [], as: MBusFormat(takesAcknowledgement: true), timeout: timeout, pause: pause
            ) { $0 == .acknowledgement }.exchange
        ]
        var count = MBusFrameCount()
        var received: [MBusTelegram] = []
        while received.count < telegrams {
            let request = MBusRequest.data(address, count)
            let (frame, exchange) = try await bus.ask(
                request.bytes ?? [], as: MBusFormat(takesAcknowledgement: false), timeout: timeout, pause: pause
            ) { frame in
                if case .long = frame { true } else { false }
            }
            exchanges.append(exchange)
            let telegram = try MBusTelegram(frame)
            guard telegram.address == address || address == MBusRequest.test else {
                throw FrameFault.otherAddress(asked: "\(address)", answered: "\(telegram.address)")
            }
            if let header = telegram.header, let expected = profile.settings.mbus, !expected.fits(header) {
                throw FrameFault.malformed(
                    "a telegram of \(header.manufacturer ?? "another maker"), which this profile is not for")
            }
            received.append(telegram)
            count.advance()
        }
        let number = try channel.number(in: received)
        return PortIndication(
            channel: name, reading: TextReading(value: .number(number, channel.unit), state: .unstated),
            exchanges: exchanges)
    }
}
