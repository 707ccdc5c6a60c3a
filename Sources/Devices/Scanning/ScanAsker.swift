/// A line at one speed and parity, and the ways to ask on it.
struct ScanAsker: Sendable {
    typealias Heard = ScanMedium.Heard

    let line: Connection.Line
    let serial: LineTiming.Serial?
    /// In seconds.
    private let patience: Double
    private let bus: LineBus<ScanMedium>

    /// - Parameter timeout: until the first byte of an answer, in ms.
    init(_ line: Connection.Line, _ serial: LineTiming.Serial?, timeout: Int, _ access: LineAccess?) {
        self.line = line
        self.serial = serial
        patience = Double(timeout) / 1000
        var settings = BytePort.Settings()
        if let serial {
            settings = BytePort.Settings(
                baud: serial.baud, dataBits: serial.dataBits, parity: serial.parity, stopBits: serial.stopBits)
        }
        let access = access ?? LineAccess(line, settings, nil)
        bus = LineBus(line, access.clock, nil, nil, ScanMedium(line, access))
    }

    /// Every question is sent once: what is silent is not there.
    private func perform<Answer: Sendable>(
        _ attempt: @escaping @Sendable (ScanMedium) throws -> Answer
    ) async throws -> Answer {
        try await bus.perform(.init(station: .only, attempts: 1, pause: 0), attempt)
    }

    /// What a frame takes on the line, in seconds, request and answer.
    private func length(_ bytes: Int) -> Double { Double(bytes) * (serial?.character ?? 0) }

    /// - Parameter bytes: of the longest answer.
    func frame<Format: FrameFormat>(
        _ request: [UInt8], _ format: Format, bytes: Int, accepts: @escaping @Sendable (Format.Frame) -> Bool
    ) async throws -> Heard<Format.Frame> {
        let (patience, length) = (patience + length(request.count), length(bytes))
        return try await perform { medium in
            var scanner = FrameScanner(format)
            return try medium.ask(request, patience: patience, length: length) { arrived in
                (arrived.map { scanner.feed($0) } ?? scanner.finish()).first { accepts($0.frame) }?.frame
            }
        }
    }

    /// A line of printable characters, without its end mark.
    func text(_ command: String, bytes: Int) async throws -> Heard<String> {
        let request = Array(command.utf8)
        let (patience, length) = (patience + length(request.count), length(bytes))
        return try await perform { medium in
            var scanner = TextScanner(end: "\n")
            return try medium.ask(request, patience: patience, length: length) { arrived in
                let line = (arrived.map { scanner.feed($0) } ?? scanner.finish()).first
                guard let text = line?.text.filter({ $0 != "\r" && $0 != "\n" }), !text.isEmpty,
                    text.utf8.allSatisfy({ (0x20...0x7E).contains($0) })
                else { return nil }
                return text
            }
        }
    }

    /// - Returns: the unit that answered, which may be one that was asked before and is slow.
    func modbus(
        unit: Int, pdu: [UInt8], _ framing: Exchange.Framing, bytes: Int
    ) async throws -> Heard<ModbusAnswered> {
        let (patience, length) = (patience + length(pdu.count + 3), length(bytes))
        return try await perform { medium in
            try medium.modbus(unit: unit, pdu: pdu, framing, patience: patience, length: length)
        }
    }

    /// Lets go of the line, for another speed or another program.
    func close() async throws { try await perform { $0.close() } }

    /// What `--connect` takes for an instrument found here.
    func address(_ settings: String...) -> String {
        let own = serial.map { ["baud=\($0.baud)", "parity=\($0.parity.rawValue)"] } ?? []
        let all = (own + settings).joined(separator: "&")
        switch line {
        case .serial(let path): return "serial://\(path)?\(all)"
        case .tcp: return all.isEmpty ? "tcp://\(line)" : "tcp://\(line)?\(all)"
        }
    }
}

/// Which unit answered, and what.
struct ModbusAnswered: Sendable {
    let unit: Int
    let exchange: Exchange
}
