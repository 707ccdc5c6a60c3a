/// An instrument that is spoken to in text: a multimeter, a balance, a pressure controller.
public struct TextInstrument: PortInstrument {
    public let profile: DeviceProfile
    private let bus: PortBus
    private let text: DeviceProfile.ProtocolSettings.Text
    private let timeout: Int
    private let pause: Int

    /// - Throws: ``DeviceError/noBus(profile:protocols:)`` where the profile has no text protocol.
    public init(_ profile: DeviceProfile, at connection: Connection) throws {
        guard let text = profile.settings.text else {
            throw DeviceError.noBus(profile: profile.name, protocols: profile.protocols.words)
        }
        try connection.refuseAddress("an instrument spoken to in text is alone on its line")
        self.profile = profile
        self.text = text
        let settings: BytePort.Settings
        (settings, timeout, pause) = try profile.port(.text, at: connection)
        bus = PortBus(connection, settings)
    }

    /// The channels this protocol offers.
    public var channels: [DeviceProfile.Channel] {
        profile.channels.filter { $0.ways.contains { $0.block == .text } }
    }

    public func read(_ names: [String]) async throws -> [PortIndication] { try await readEach(names, read) }

    private func read(_ name: String) async throws -> PortIndication {
        guard case (let channel, .line(let line)) = try profile.settledChannel(name, .text) else {
            throw DeviceError.noBus(profile: "'\(name)' of \(profile.name)", protocols: profile.protocols.words)
        }
        for command in line.prepare { try await bus.tell(try bytes(command, of: name), timeout: timeout) }
        var exchanges: [PortExchange] = []
        var unitAnswer: String?
        if let question = line.unitQuestion {
            let answer = try await bus.ask(
                try bytes(question, of: name), text.scanner(for: line), timeout: timeout, pause: pause)
            unitAnswer = answer.line.text
            exchanges.append(answer.exchange)
        }
        let answer = try await bus.ask(
            try line.ask.map { try bytes($0, of: name) }, text.scanner(for: line), timeout: timeout, pause: pause)
        exchanges.append(answer.exchange)
        return PortIndication(
            channel: name,
            reading: try channel.reading(of: answer.line.text, unitAnswer: unitAnswer, flavour: text.flavour),
            exchanges: exchanges)
    }

    private func bytes(_ command: String, of channel: String) throws -> [UInt8] {
        guard let bytes = text.bytes(of: command) else {
            throw DeviceError.valueNotRepresentable("the command '\(command)'", channel: channel)
        }
        return bytes
    }
}
