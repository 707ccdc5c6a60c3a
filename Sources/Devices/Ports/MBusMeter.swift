import Metrology

/// A heat, water or gas meter on M-Bus (EN 13757-2), reached by its primary address or its identification.
public struct MBusMeter: PortInstrument {
    public let profile: DeviceProfile
    private let address: UInt8
    private let station: Station
    /// Of a meter known by its identification instead of a primary address.
    private let selection: MBusSelection?
    /// Telegrams of one answer.
    private let count: Int
    private let bus: PortBus
    private let timeout: Int
    private let pause: Double

    /// - Throws: ``DeviceError``.
    init(_ profile: DeviceProfile, at connection: Connection, on bus: PortBus) throws {
        self.profile = profile
        self.bus = bus
        (timeout, pause) = profile.patience(.mbus, at: connection)
        if let text = connection.address {
            guard connection.unit == nil else {
                throw DeviceError.badAddress(
                    "\(connection.line)", why: "a meter is reached by unit= or by address=, not by both")
            }
            let digits = String(repeating: "0", count: max(0, 8 - text.count)) + text
            guard let selection = MBusSelection(identification: digits) else {
                throw DeviceError.badAddress(
                    "\(connection.line)", why: "a meter's identification has up to eight digits, not '\(text)'")
            }
            self.selection = selection
            address = MBusRequest.selected
        } else {
            selection = nil
            address = UInt8(truncatingIfNeeded: connection.unit ?? profile.lines[.mbus]?.unit ?? 1)
        }
        station = connection.address.map { .address($0) } ?? .unit(Int(address))
        count = max(1, profile.settings.mbus?.telegrams ?? 1)
    }

    public var statistics: LineStatistics { bus.statistics }

    public var channels: [DeviceProfile.Channel] {
        profile.channels.filter { $0.ways.contains { $0.block == .mbus } }
    }

    /// Initialises the link, selects the meter where it is known by its identification, then asks once for as many
    /// telegrams as the answer takes: they hold every channel, and the battery of a meter pays for each telegram.
    public func read(_ names: [String], _ urgency: Urgency) async throws -> [PortIndication] {
        for name in names { _ = try profile.settledChannel(name, .mbus) }
        let ask = PortBus.Ask(station: station, urgency: urgency, attempts: Device.attempts, pause: pause)
        let meter = self
        let (received, exchanges) = try await bus.perform(ask) { try meter.telegrams($0) }
        return try await readEach(names) { name in
            let channel = try profile.channel(name)
            let number = try channel.number(in: received)
            return PortIndication(
                channel: name, reading: TextReading(value: .number(number, channel.unit), state: .unstated),
                exchanges: exchanges)
        }
    }

    private func telegrams(_ port: PortMedium) throws -> ([MBusTelegram], [PortExchange]) {
        var exchanges: [PortExchange] = []
        for greeting in [MBusRequest.initialise(address)] + (selection.map { [MBusRequest.select($0)] } ?? []) {
            // A meter that was selected before is let go by the initialisation of 253, and nobody else answers it.
            let isOptional = selection != nil && greeting == MBusRequest.initialise(address)
            do {
                exchanges.append(
                    try port.ask(
                        greeting.bytes ?? [], as: MBusFormat(takesAcknowledgement: true), timeout: timeout
                    ) { $0 == .acknowledgement }.exchange)
            } catch let error as DeviceError where isOptional && error.fault == .silent {}
        }
        var frameCount = MBusFrameCount()
        var received: [MBusTelegram] = []
        while received.count < count {
            let request = MBusRequest.data(address, frameCount)
            let (frame, exchange) = try port.ask(
                request.bytes ?? [], as: MBusFormat(takesAcknowledgement: false), timeout: timeout
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
        guard telegram.address == address || address == MBusRequest.test || selection != nil else {
            throw .otherAddress(asked: "\(address)", answered: "\(telegram.address)")
        }
        if let header = telegram.header, let expected = profile.settings.mbus, !expected.fits(header) {
            throw .malformed("a telegram of \(header.manufacturer ?? "another maker"), which this profile is not for")
        }
        return telegram
    }
}
