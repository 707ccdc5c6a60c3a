/// What an instrument said, with the bytes it was read from.
public struct PortIndication: Hashable, Sendable {
    public let channel: String
    public let reading: TextReading
    /// The exchange that gave the value, and before it those that led to it.
    public let exchanges: [PortExchange]
}

/// An instrument reached through a port of its own, in a protocol that is not Modbus.
public protocol PortInstrument: Sendable {
    var profile: DeviceProfile { get }
    /// What can be asked of it in this protocol.
    var channels: [DeviceProfile.Channel] { get }

    /// In the order asked, with as few questions as the protocol allows.
    ///
    /// - Throws: ``DeviceError`` where the line fails, ``UnreadableChannel`` where an answer is no value.
    func read(_ names: [String], _ urgency: Urgency) async throws -> [PortIndication]

    /// What its line and the other instruments on it did so far.
    var statistics: LineStatistics { get }
}

/// A channel whose answer is no value, and why.
public struct UnreadableChannel: Error, Hashable, Sendable, CustomStringConvertible {
    public let channel: String
    public let profile: String
    public let fault: FrameFault

    public var description: String { "'\(channel)' of \(profile): \(fault)" }
}

extension PortInstrument {
    /// As somebody waits for it.
    public func read(_ names: [String]) async throws -> [PortIndication] { try await read(names, .live) }

    /// Each channel by a question of its own.
    func readEach(
        _ names: [String], _ read: (String) async throws -> PortIndication
    ) async throws -> [PortIndication] {
        var indications: [PortIndication] = []
        for name in names {
            do {
                indications.append(try await read(name))
            } catch let fault as FrameFault {
                throw UnreadableChannel(channel: name, profile: profile.name, fault: fault)
            }
        }
        return indications
    }
}

extension DeviceProfile {
    /// The instrument at `connection`, alone on its line, in the first of its protocols that is spoken here and is not
    /// Modbus.
    ///
    /// - Throws: ``DeviceError/noBus(profile:protocols:)`` where none is, ``DeviceError/badAddress(_:why:)`` where the
    ///   address does not name the instrument.
    public func portInstrument(at connection: Connection) throws -> any PortInstrument {
        let access = LineAccess(connection.line, try portSettings(at: connection), FollowedPort(connection.line))
        let bus = PortBus(connection.line, access.clock, nil, access.port, PortMedium(connection.line, access))
        return try portInstrument(at: connection, on: bus)
    }

    func portInstrument(at connection: Connection, on bus: PortBus) throws -> any PortInstrument {
        switch portProtocol?.block {
        case .text: try TextInstrument(self, at: connection, on: bus)
        case .mbus: try MBusMeter(self, at: connection, on: bus)
        case .dlt645: try DLT645Meter(self, at: connection, on: bus)
        case .cjt188: try CJT188Meter(self, at: connection, on: bus)
        default: throw DeviceError.noBus(profile: name, protocols: protocols.words)
        }
    }

    private var portProtocol: DeviceProtocol? {
        protocols.first { [.text, .mbus, .dlt645, .cjt188].contains($0.block) }
    }

    /// How the line is set for ``portInstrument(at:)``.
    func portSettings(at connection: Connection) throws -> BytePort.Settings {
        guard let spoken = portProtocol, let defaults = lines[spoken.block] else {
            throw DeviceError.noBus(profile: name, protocols: protocols.words)
        }
        return BytePort.Settings(
            baud: connection.baud ?? defaults.baud, dataBits: defaults.dataBits,
            parity: connection.parity ?? defaults.parity, stopBits: connection.stopBits ?? defaults.stopBits,
            rs485: connection.rs485)
    }

    /// How long an instrument of this protocol is given to answer, in ms, and how long it wants to rest, in seconds.
    func patience(
        _ block: DeviceProtocol.Block, at connection: Connection
    ) -> (timeout: Int, pause: Double) {
        let defaults = lines[block]
        return (
            connection.timeout ?? defaults?.timeout ?? Connection.usualTimeout, Double(defaults?.pause ?? 0) / 1000
        )
    }

    /// A channel whose place in this protocol nothing leaves open.
    func settledChannel(_ name: String, _ block: DeviceProtocol.Block) throws -> (Channel, Way) {
        let channel = try channel(name)
        guard let way = channel.ways.first(where: { $0.block == block }) else {
            throw DeviceError.noBus(profile: "'\(name)' of \(self.name)", protocols: protocols.words)
        }
        if let probe = openProbe(of: channel) {
            throw DeviceError.unsettled(channel: name, profile: self.name, probe: probe.name)
        }
        return (channel, way)
    }
}
