public import Chronometry
@preconcurrency import Glibc

/// A question in characters and its answer, as they stood on the wire, with both instants.
public struct TextExchange: Hashable, Sendable {
    public let request: [UInt8]
    public let answer: [UInt8]
    public let sentAt: Instant
    public let answeredAt: Instant
    /// The port or address it went through.
    public let line: String
}

/// One line to an instrument that is spoken to in text; it blocks a thread of its own.
actor TextBus {
    private let connection: Connection
    private let settings: BytePort.Settings
    private let executor: BusExecutor
    private var port: BytePort?
    private var lastAnswer = -Double.infinity

    nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    init(_ connection: Connection, _ settings: BytePort.Settings) {
        self.connection = connection
        self.settings = settings
        executor = BusExecutor(label: "text \(connection.line)")
    }

    /// Sends `command` and waits for an answer that `scanner` takes for one.
    ///
    /// What lay on the line before belongs to nobody and is thrown away. Nothing is asked twice: a command may have been
    /// obeyed though its answer was lost.
    ///
    /// - Parameters:
    ///   - command: nil where the instrument sends unasked.
    ///   - timeout: and `pause`, in ms.
    /// - Throws: ``DeviceError``.
    func ask(
        _ command: [UInt8]?, _ scanner: TextScanner, timeout: Int, pause: Int
    ) throws -> (line: TextLine, exchange: TextExchange) {
        let wait = Double(pause) / 1000 - (SystemClock.monotonicSeconds() - lastAnswer)
        if wait > 0 { usleep(UInt32(wait * 1e6)) }
        defer { lastAnswer = SystemClock.monotonicSeconds() }
        do {
            let port = try opened(timeout)
            if let command {
                port.discard()
                try port.write(command, timeout: timeout)
            }
            let sentAt = SystemClock.now()
            let end = SystemClock.monotonicSeconds() + Double(timeout) / 1000
            var scanner = scanner
            while let arrived = try port.read(until: end) {
                if let line = scanner.feed(arrived).first { return (line, exchange(command, line, sentAt)) }
            }
            if let line = scanner.finish().first { return (line, exchange(command, line, sentAt)) }
            if let fault = scanner.lastFault {
                throw DeviceError.garbled(line: "\(connection.line)", why: "\(fault)")
            }
            throw DeviceError.silent(line: "\(connection.line)", milliseconds: timeout)
        } catch let error as DeviceError {
            // Opened anew the next time: a cable that was pulled, an adapter that came back.
            if case .lineLost = error { self.port = nil }
            throw error
        }
    }

    /// Sends what is not answered.
    func tell(_ command: [UInt8], timeout: Int) throws {
        try opened(timeout).write(command, timeout: timeout)
    }

    private func exchange(_ command: [UInt8]?, _ line: TextLine, _ sentAt: Instant) -> TextExchange {
        TextExchange(
            request: command ?? [], answer: line.bytes, sentAt: sentAt, answeredAt: SystemClock.now(),
            line: "\(connection.line)")
    }

    private func opened(_ timeout: Int) throws -> BytePort {
        if let port { return port }
        let made = try BytePort(connection.line, settings, timeout: timeout)
        port = made
        return made
    }
}
