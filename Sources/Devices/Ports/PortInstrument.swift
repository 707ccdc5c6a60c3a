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
    func read(_ names: [String]) async throws -> [PortIndication]
}

/// A channel whose answer is no value, and why.
public struct UnreadableChannel: Error, Hashable, Sendable, CustomStringConvertible {
    public let channel: String
    public let profile: String
    public let fault: FrameFault

    public var description: String { "'\(channel)' of \(profile): \(fault)" }
}

extension PortInstrument {
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
    /// The instrument at `connection`, in the first of its protocols that is spoken here.
    ///
    /// - Throws: ``DeviceError/noBus(profile:protocols:)`` where none is, ``DeviceError/badAddress(_:why:)`` where the
    ///   address does not name the instrument.
    public func portInstrument(at connection: Connection) throws -> any PortInstrument {
        for spoken in protocols {
            switch spoken.block {
            case .text: return try TextInstrument(self, at: connection)
            case .mbus: return try MBusMeter(self, at: connection)
            case .dlt645: return try DLT645Meter(self, at: connection)
            default: continue
            }
        }
        throw DeviceError.noBus(profile: name, protocols: protocols.words)
    }

    /// How the line of a protocol is set, and how long its instrument is given.
    func port(
        _ block: DeviceProtocol.Block, at connection: Connection
    ) throws -> (settings: BytePort.Settings, timeout: Int, pause: Int) {
        guard let defaults = lines[block] else { throw DeviceError.noBus(profile: name, protocols: protocols.words) }
        let settings = BytePort.Settings(
            baud: connection.baud ?? defaults.baud, dataBits: defaults.dataBits,
            parity: connection.parity ?? defaults.parity, stopBits: connection.stopBits ?? defaults.stopBits)
        return (settings, connection.timeout ?? defaults.timeout ?? Connection.usualTimeout, defaults.pause)
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
