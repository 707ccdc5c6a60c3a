import Synchronization

/// The lines in use: instruments on one line share it, and are asked one after another.
public actor DeviceLines {
    private enum Kind {
        case modbus(ModbusBus, LineSettings, Exchange.Framing)
        case port(PortBus, BytePort.Settings)

        var statistics: LineStatistics {
            switch self {
            case .modbus(let bus, _, _): bus.statistics
            case .port(let bus, _): bus.statistics
            }
        }
    }

    private var lines: [Connection.Line: Kind] = [:]
    private var ports: [FollowedPort] = []
    private var following: Task<Void, Never>?
    private let observer: LineObserver?
    private let news: LineNewsObserver?
    /// Instead of the ports and networks of the machine.
    private let access: (@Sendable (Connection.Line) -> LineAccess)?

    /// - Parameters:
    ///   - observer: gets every attempt on every line.
    ///   - news: gets what happens to the adapters of serial lines.
    public init(observer: LineObserver? = nil, news: LineNewsObserver? = nil) {
        self.news = news
        self.observer = observer
        access = nil
    }

    deinit { following?.cancel() }

    /// Lines that lead elsewhere than to the machine's own ports, and live by another clock.
    package init(observer: LineObserver? = nil, access: @escaping @Sendable (Connection.Line) -> LineAccess) {
        self.observer = observer
        news = nil
        self.access = access
    }

    /// - Throws: ``DeviceError/badAddress(_:why:)`` where a line is asked for with two settings or two protocols,
    ///   ``DeviceError/noBus(profile:protocols:)`` for an instrument that speaks no Modbus.
    public func device(_ profile: DeviceProfile, at connection: Connection) throws -> Device {
        guard profile.speaksModbus else {
            throw DeviceError.noBus(profile: profile.name, protocols: profile.protocols.words)
        }
        try connection.refuseAddress("an instrument on Modbus is reached by its unit number: unit=1")
        let settings = LineSettings(connection, profile.defaults)
        let framing = profile.framing(at: connection)
        switch lines[connection.line] {
        case .modbus(let bus, let known, framing):
            guard known.isCompatible(with: settings) else { throw Self.otherSettings(connection) }
            return Device(profile: profile, connection: connection, bus: bus)
        case nil:
            let bus = modbusBus(connection, settings, framing, profile)
            lines[connection.line] = .modbus(bus, settings, framing)
            return Device(profile: profile, connection: connection, bus: bus)
        default: throw Self.otherProtocol(connection)
        }
    }

    /// The instrument at `connection`, in the first of its protocols that is not Modbus and is spoken here.
    ///
    /// - Throws: as ``device(_:at:)``.
    public func portInstrument(_ profile: DeviceProfile, at connection: Connection) throws -> any PortInstrument {
        let settings = try profile.portSettings(at: connection)
        let bus: PortBus
        switch lines[connection.line] {
        case .port(let known, let others):
            guard settings == others else { throw Self.otherSettings(connection) }
            bus = known
        case .modbus: throw Self.otherProtocol(connection)
        case nil:
            let access = access?(connection.line) ?? LineAccess(connection.line, settings, followed(connection.line))
            let medium = PortMedium(connection.line, access)
            bus = PortBus(connection.line, access.clock, observer, access.port, medium)
            lines[connection.line] = .port(bus, settings)
        }
        return try profile.portInstrument(at: connection, on: bus)
    }

    /// What each line did so far, by its name.
    public var statistics: [String: LineStatistics] {
        Dictionary(uniqueKeysWithValues: lines.map { line, kind in ("\(line)", kind.statistics) })
    }

    private func modbusBus(
        _ connection: Connection, _ settings: LineSettings, _ framing: Exchange.Framing, _ profile: DeviceProfile
    ) -> ModbusBus {
        let serial = LineTiming.Serial(
            baud: settings.baud, parity: settings.parity, stopBits: settings.stopBits)
        let followed = access == nil ? followed(connection.line) : nil
        if framing == .rtu, let followed {
            let medium = ModbusLine(SerialModbus(followed, settings))
            return ModbusBus(connection.line, MachineClock(), observer, followed, medium)
        }
        let port = BytePort.Settings(
            baud: settings.baud, dataBits: framing == .ascii ? profile.defaults.dataBits : 8, parity: settings.parity,
            stopBits: settings.stopBits, rs485: settings.rs485)
        let access = access?(connection.line) ?? LineAccess(connection.line, port, followed)
        let silence = connection.isSerial && framing == .rtu ? serial.silence : 0
        return ModbusBus(
            connection.line, access.clock, observer, access.port,
            ModbusLine(StreamModbus(connection.line, access, framing: framing, silence: silence)))
    }

    /// The port of a new serial line, which learns at once when its adapter is pulled out and plugged in.
    private func followed(_ line: Connection.Line) -> FollowedPort? {
        guard let port = FollowedPort(line, news) else { return nil }
        ports.append(port)
        // Without news of plugs a line still looks where its adapter is each time that it opens it.
        if following == nil, !SerialPortClaim.isPseudoTerminal(port.path), let watch = try? SerialPortWatch() {
            following = Task { [weak self] in
                for await event in watch.events { await self?.take(event) }
            }
        }
        return port
    }

    private func take(_ event: SerialPortWatch.Event) {
        for port in ports { port.take(event) }
    }

    private static func otherSettings(_ connection: Connection) -> DeviceError {
        .badAddress(
            "\(connection.line)",
            why: "the line is already in use with another baud rate, parity, stop bit or RS-485 direction")
    }

    private static func otherProtocol(_ connection: Connection) -> DeviceError {
        .badAddress("\(connection.line)", why: "the line is already in use by instruments of another protocol")
    }
}

/// A connection's settings with the profile's defaults filled in.
struct LineSettings: Hashable, Sendable {
    let baud: Int
    let parity: Connection.Parity
    let stopBits: Int
    let rs485: Connection.RS485?
    /// How long opening may take, in ms.
    let timeout: Int

    init(_ connection: Connection, _ defaults: DeviceProfile.LineDefaults) {
        baud = connection.baud ?? defaults.baud
        parity = connection.parity ?? defaults.parity
        stopBits = connection.stopBits ?? defaults.stopBits
        rs485 = connection.rs485
        timeout = connection.timeout ?? Connection.usualTimeout
    }

    func isCompatible(with other: LineSettings) -> Bool {
        (baud, parity, stopBits, rs485) == (other.baud, other.parity, other.stopBits, other.rs485)
    }
}
