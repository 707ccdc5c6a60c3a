import Dispatch
@preconcurrency import Glibc
import Synchronization

/// One line with its instruments, served on a pseudo-terminal or a TCP port by a thread of its own.
public final class SimulatedLine: Sendable {
    public enum Place: Hashable, Sendable {
        case terminal
        /// On this machine only; 0 for any free port.
        case tcp(port: Int)
    }

    /// One chunk of bytes that went over the line.
    public struct Traffic: Hashable, Sendable {
        /// Whether an instrument sent them.
        public let isAnswer: Bool
        public let bytes: [UInt8]
        /// In seconds since the line was made.
        public let time: Double
    }

    public enum Failure: Error, CustomStringConvertible {
        case noTerminal(String)
        case noPort(Int, String)

        public var description: String {
            switch self {
            case .noTerminal(let why): "no pseudo-terminal could be opened: \(why)"
            case .noPort(let port, let why):
                "port \(port) of this machine cannot be listened at: \(why); choose another"
            }
        }
    }

    /// What a master opens: `/dev/pts/N`, or `127.0.0.1:PORT`.
    public let port: String
    /// The same, as an address.
    public var address: String { listener == nil ? "serial://\(port)" : "tcp://\(port)" }

    private let terminal: Terminal?
    private let listener: Listener?
    private let voices: [FaultyVoice]
    /// Where slaves were given, their faults by unit.
    private let faults: [UInt8: InstrumentFaults]
    private let pace: LinePace
    private let log: (@Sendable (Traffic) -> Void)?
    private let began = LinePace.now()
    private let isRunning = Mutex(true)
    private let finished = DispatchSemaphore(value: 0)

    /// - Parameters:
    ///   - voices: all of them hear everything a master sends.
    ///   - pace: whose character time and 3.5-character pause a line keeps; a pseudo-terminal itself knows none.
    ///   - log: told of everything that goes over the line, from the line's own thread.
    public convenience init(
        _ voices: [FaultyVoice], on place: Place = .terminal, pace: LinePace = .init(baud: 0),
        log: (@Sendable (Traffic) -> Void)? = nil
    ) throws {
        try self.init(voices, [:], place, pace, log)
    }

    /// Modbus RTU on a pseudo-terminal.
    ///
    /// - Parameter pace: baud rate, with characters of 11 bits.
    public convenience init(_ slaves: [ModbusSlave], pace: Int = 0) throws {
        let voices = slaves.map { slave in
            FaultyVoice(
                ModbusVoice(slave), .modbus(.rtu), InstrumentFaults(slave.fault.map { [ScheduledFault($0)] } ?? []))
        }
        let faults = Dictionary(zip(slaves.map(\.unit), voices.map(\.faults))) { first, _ in first }
        try self.init(voices, faults, .terminal, LinePace(baud: pace), nil)
    }

    private init(
        _ voices: [FaultyVoice], _ faults: [UInt8: InstrumentFaults], _ place: Place, _ pace: LinePace,
        _ log: (@Sendable (Traffic) -> Void)?
    ) throws {
        self.voices = voices
        self.faults = faults
        self.pace = pace
        self.log = log
        switch place {
        case .terminal:
            let terminal = try Terminal()
            self.terminal = terminal
            listener = nil
            port = terminal.port
        case .tcp(let wanted):
            let listener = try Listener(port: wanted)
            self.listener = listener
            terminal = nil
            port = "127.0.0.1:\(listener.port)"
        }
        DispatchQueue(label: "line \(port)").async { self.serve() }
    }

    /// Takes `fault` up at unit `unit`, or lays it down.
    public func set(_ fault: WireFault?, at unit: UInt8) {
        faults[unit]?.set(fault.map { [ScheduledFault($0)] } ?? [])
    }

    /// Takes the line down; a master that has it open sees its port vanish. Returns when it is gone.
    public func stop() {
        let wasRunning = isRunning.withLock { running in
            defer { running = false }
            return running
        }
        guard wasRunning else { return }
        finished.wait()
    }

    /// Somebody who may ask: the terminal, or one connection. Each understands its questions for itself.
    private struct Party {
        let descriptor: Int32
        var voices: [FaultyVoice]
    }

    private var mayRun: Bool { isRunning.withLock { $0 } }

    private func serve() {
        var parties = terminal.map { [Party(descriptor: $0.instrument, voices: voices)] } ?? []
        while mayRun, listener != nil || !parties.isEmpty {
            var waiting = parties.map { pollfd(fd: $0.descriptor, events: Int16(POLLIN), revents: 0) }
            if let listener { waiting.append(pollfd(fd: listener.socket, events: Int16(POLLIN), revents: 0)) }
            let ready = poll(&waiting, nfds_t(waiting.count), 20)
            var left: [Party] = []
            for (index, party) in parties.enumerated() {
                var party = party
                if attend(&party, isReady: ready > 0 && waiting[index].revents != 0) {
                    left.append(party)
                } else {
                    close(party.descriptor)
                }
            }
            if let listener, waiting[parties.count].revents != 0, let connection = listener.accepted() {
                left.append(Party(descriptor: connection, voices: voices))
            }
            parties = left
        }
        for party in parties { close(party.descriptor) }
        if let terminal { close(terminal.ownPort) }
        if let listener { close(listener.socket) }
        finished.signal()
    }

    /// - Returns: false where the connection is over.
    private func attend(_ party: inout Party, isReady: Bool) -> Bool {
        guard isReady else {
            let time = LinePace.now() - began
            for index in party.voices.indices { party.voices[index].hearSilence(at: time) }
            return true
        }
        var buffer = [UInt8](repeating: 0, count: 1024)
        let count = read(party.descriptor, &buffer, buffer.count)
        guard count > 0 else {
            if terminal == nil { return false }
            usleep(1000)
            return true
        }
        let arrival = LinePace.now()
        let heard = Array(buffer.prefix(count))
        log?(Traffic(isAnswer: false, bytes: heard, time: arrival - began))
        var answers: [SpokenAnswer] = []
        for index in party.voices.indices {
            answers += party.voices[index].hear(heard, at: arrival - began)
            if party.voices[index].hangsUp { return false }
        }
        // The question itself was on the line that long, and a pause of 3.5 characters parts it from the answer.
        var free = arrival + pace.time(of: Double(count) + 3.5)
        for answer in answers {
            guard let end = send(answer, to: party.descriptor, from: free + answer.delay) else { return false }
            free = end
        }
        return true
    }

    /// - Returns: when the last byte was due to be over; nil where nobody takes it any more.
    private func send(_ answer: SpokenAnswer, to descriptor: Int32, from start: Double) -> Double? {
        while mayRun, start - LinePace.now() > 0.1 { LinePace.sleep(until: LinePace.now() + 0.05) }
        guard mayRun else { return nil }
        if start > LinePace.now() { LinePace.sleep(until: start) }
        log?(Traffic(isAnswer: true, bytes: answer.bytes, time: LinePace.now() - began))
        guard pace.baud > 0 else { return write(answer.bytes[...], to: descriptor) ? LinePace.now() : nil }
        for index in answer.bytes.indices {
            // A byte is heard when it is over.
            LinePace.sleep(until: start + pace.time(of: Double(index + 1)))
            guard write(answer.bytes[index...index], to: descriptor) else { return nil }
        }
        return start + pace.time(of: Double(answer.bytes.count))
    }

    private func write(_ bytes: ArraySlice<UInt8>, to descriptor: Int32) -> Bool {
        var rest = bytes
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { pointer in
                terminal == nil
                    ? Glibc.send(descriptor, pointer.baseAddress, pointer.count, Int32(MSG_NOSIGNAL))
                    : Glibc.write(descriptor, pointer.baseAddress, pointer.count)
            }
            guard count > 0 else { return false }
            rest = rest.dropFirst(count)
        }
        return true
    }
}
