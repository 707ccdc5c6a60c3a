extension LineTiming {
    /// The line of `connection` as `profile` uses it; what the address leaves out, the profile says.
    ///
    /// - Parameters:
    ///   - roundTrip: of the network, in seconds, where the connection is one.
    public init(
        _ connection: Connection, _ profile: DeviceProfile, turnRound: TurnRound = .unknown, roundTrip: Double = 0
    ) {
        let settings = LineSettings(connection, profile.defaults)
        let isSerial = connection.isSerial
        self.init(
            serial: isSerial
                ? Serial(
                    baud: settings.baud, dataBits: profile.defaults.dataBits, parity: settings.parity,
                    stopBits: settings.stopBits) : nil,
            roundTrip: isSerial ? 0 : roundTrip, spoken: profile.spokenModbus(at: connection), turnRound: turnRound,
            pause: Double(profile.defaults.pause) / 1000)
    }
}

extension DeviceProfile {
    /// What its instrument can be asked for in one request.
    ///
    /// Where holes are not read over, registers of channels nobody wants are holes too: not every model of a profile
    /// has them all.
    public var readLimits: ReadLimits {
        ReadLimits(
            together: defaults.registersTogether, holes: defaults.readsOverHoles ? .all : .none,
            refused: defaults.refused)
    }
}

extension DeviceProfile.RegisterPlace {
    public var span: RegisterSpan { RegisterSpan(table: table, start: address, count: count) }
}

extension RoundMember {
    /// An instrument at `connection` and the channels read of it.
    ///
    /// - Throws: ``DeviceError`` for a channel that cannot be read over Modbus, ``ReadPlanError`` for one that fits no
    ///   request.
    public init(
        name: String, _ profile: DeviceProfile, at connection: Connection, reading channels: [String],
        turnRound: LineTiming.TurnRound = .unknown, roundTrip: Double = 0, answers: Bool = true
    ) throws {
        var wanted: [String: Want] = [:]
        for channel in channels {
            wanted[channel] = .registers(try profile.place(of: profile.channel(channel)).span)
        }
        let timeout = connection.timeout ?? profile.defaults.timeout ?? Connection.usualTimeout
        // A network connection is opened anew instead of waiting for what comes too late.
        let settling = connection.isSerial ? max(timeout, .leastSettling) : 0
        try self.init(
            name: name,
            timing: LineTiming(connection, profile, turnRound: turnRound, roundTrip: roundTrip),
            limits: profile.readLimits, wanted: wanted,
            silence: answers
                ? nil
                : Silence(
                    timeout: Double(timeout) / 1000, attempts: Device.attempts, settling: Double(settling) / 1000))
    }
}
