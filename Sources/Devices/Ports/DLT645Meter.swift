import Metrology

/// An electricity meter that speaks DL/T 645, reached by the twelve digits of its address.
public struct DLT645Meter: PortInstrument {
    public let profile: DeviceProfile
    private let address: DLT645Address
    private let wakeUp: Int
    private let bus: PortBus
    private let timeout: Int
    private let pause: Int

    /// - Throws: ``DeviceError``.
    public init(_ profile: DeviceProfile, at connection: Connection) throws {
        self.profile = profile
        let settings: BytePort.Settings
        (settings, timeout, pause) = try profile.port(.dlt645, at: connection)
        guard connection.unit == nil else {
            throw DeviceError.badAddress(
                "\(connection.line)",
                why: "a meter of DL/T 645 has no unit number: name it by address= and its twelve digits")
        }
        if let text = connection.address {
            guard let address = DLT645Address(text) else {
                throw DeviceError.badAddress(
                    "\(connection.line)", why: "a meter's address has twelve digits, not '\(text)'")
            }
            self.address = address
        } else {
            address = .any
        }
        wakeUp = profile.settings.dlt645?.wakeUp ?? 0
        bus = PortBus(connection, settings)
    }

    public var channels: [DeviceProfile.Channel] {
        profile.channels.filter { $0.ways.contains { $0.block == .dlt645 } }
    }

    public func read(_ names: [String]) async throws -> [PortIndication] { try await readEach(names, read) }

    private func read(_ name: String) async throws -> PortIndication {
        guard case (let channel, .identifier(let identifier)) = try profile.settledChannel(name, .dlt645),
            let number = identifier.number,
            let request = DLT645Request(.read(number), of: address, edition: identifier.edition)
        else { throw DeviceError.noBus(profile: "'\(name)' of \(profile.name)", protocols: profile.protocols.words) }
        let (frame, exchange) = try await bus.ask(
            request.frame.bytes(wakeUp: wakeUp), as: DLT645Format(), timeout: timeout, pause: pause
        ) { $0.isAnswer }
        guard case .data(let data, _) = try request.answer(in: frame) else {
            throw FrameFault.malformed("an answer without data")
        }
        let value: TextReading.Value =
            identifier.isText
            ? .text(try channel.text(inDLT645: data)) : .number(try channel.number(inDLT645: data), channel.unit)
        return PortIndication(
            channel: name, reading: TextReading(value: value, state: .unstated), exchanges: [exchange])
    }
}
