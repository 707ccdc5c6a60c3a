/// An instrument that is spoken to in text: a multimeter, a balance, a pressure controller.
public struct TextInstrument: PortInstrument {
    public let profile: DeviceProfile
    private let bus: PortBus
    private let text: DeviceProfile.ProtocolSettings.Text
    private let timeout: Int
    private let pause: Double

    /// - Throws: ``DeviceError/noBus(profile:protocols:)`` where the profile has no text protocol.
    init(_ profile: DeviceProfile, at connection: Connection, on bus: PortBus) throws {
        guard let text = profile.settings.text else {
            throw DeviceError.noBus(profile: profile.name, protocols: profile.protocols.words)
        }
        try connection.refuseAddress("an instrument spoken to in text is alone on its line")
        self.profile = profile
        self.text = text
        self.bus = bus
        (timeout, pause) = profile.patience(.text, at: connection)
    }

    public var statistics: LineStatistics { bus.statistics }

    /// The channels this protocol offers.
    public var channels: [DeviceProfile.Channel] {
        profile.channels.filter { $0.ways.contains { $0.block == .text } }
    }

    public func read(_ names: [String], _ urgency: Urgency) async throws -> [PortIndication] {
        try await readEach(names) { try await read($0, urgency) }
    }

    private func read(_ name: String, _ urgency: Urgency) async throws -> PortIndication {
        guard case (let channel, .line(let line)) = try profile.settledChannel(name, .text) else {
            throw DeviceError.noBus(profile: "'\(name)' of \(profile.name)", protocols: profile.protocols.words)
        }
        let preparation = try line.prepare.map { try bytes($0, of: name) }
        let unitQuestion = try line.unitQuestion.map { try bytes($0, of: name) }
        let question = try line.ask.map { try bytes($0, of: name) }
        let (scanner, timeout) = (text.scanner(for: line), timeout)
        // Nothing is asked twice: a command may have been obeyed though its answer was lost.
        let ask = PortBus.Ask(station: .only, urgency: urgency, attempts: 1, pause: pause)
        let (unit, answer) = try await bus.perform(ask) { port in
            for command in preparation { try port.tell(command, timeout: timeout) }
            let unit = try unitQuestion.map { try port.ask($0, scanner, timeout: timeout) }
            return (unit, try port.ask(question, scanner, timeout: timeout))
        }
        return PortIndication(
            channel: name,
            reading: try channel.reading(
                of: answer.line.text, unitAnswer: unit?.line.text, flavour: text.flavour),
            exchanges: [unit?.exchange, answer.exchange].compactMap(\.self))
    }

    private func bytes(_ command: String, of channel: String) throws -> [UInt8] {
        guard let bytes = text.bytes(of: command) else {
            throw DeviceError.valueNotRepresentable("the command '\(command)'", channel: channel)
        }
        return bytes
    }
}
