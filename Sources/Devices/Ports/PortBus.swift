public import Chronometry
@preconcurrency import Glibc

/// A question and its answer, as they stood on the wire, with both instants.
public struct PortExchange: Hashable, Sendable {
    public let request: [UInt8]
    public let answer: [UInt8]
    public let sentAt: Instant
    public let answeredAt: Instant
    /// The port or address it went through.
    public let line: String
}

/// One line to an instrument whose protocol no library speaks; it blocks a thread of its own.
actor PortBus {
    private let connection: Connection
    private let settings: BytePort.Settings
    private let executor: BusExecutor
    private var port: BytePort?
    private var lastAnswer = -Double.infinity

    nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    init(_ connection: Connection, _ settings: BytePort.Settings) {
        self.connection = connection
        self.settings = settings
        executor = BusExecutor(label: "port \(connection.line)")
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
    ) throws -> (line: TextLine, exchange: PortExchange) {
        rest(pause)
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

    /// Sends `request` and waits for a frame that `accepts` takes for its answer; others, and the echo that a half-duplex
    /// adapter gives, are passed over.
    ///
    /// - Parameters:
    ///   - timeout: and `pause`, in ms.
    ///   - attempts: how often to ask before silence or noise is reported; a reading may be asked for again.
    /// - Throws: ``DeviceError``.
    func ask<Format: FrameFormat>(
        _ request: [UInt8], as format: Format, timeout: Int, pause: Int, attempts: Int = 2,
        accepts: @Sendable (Format.Frame) -> Bool
    ) throws -> (frame: Format.Frame, exchange: PortExchange) {
        var remaining = attempts
        while true {
            remaining -= 1
            do {
                return try attempt(request, format, timeout: timeout, pause: pause, accepts)
            } catch let error as DeviceError {
                // Opened anew the next time: a cable that was pulled, an adapter that came back.
                if case .lineLost = error { port = nil }
                switch error {
                case .silent where remaining > 0, .garbled where remaining > 0: continue
                default: throw error
                }
            }
        }
    }

    private func attempt<Format: FrameFormat>(
        _ request: [UInt8], _ format: Format, timeout: Int, pause: Int, _ accepts: (Format.Frame) -> Bool
    ) throws -> (frame: Format.Frame, exchange: PortExchange) {
        rest(pause)
        defer { lastAnswer = SystemClock.monotonicSeconds() }
        let port = try opened(timeout)
        port.discard()
        try port.write(request, timeout: timeout)
        let sentAt = SystemClock.now()
        let end = SystemClock.monotonicSeconds() + Double(timeout) / 1000
        var scanner = FrameScanner(format)
        func accepted(_ frames: [ScannedFrame<Format.Frame>]) -> (frame: Format.Frame, exchange: PortExchange)? {
            frames.first { accepts($0.frame) }.map { found in
                (
                    found.frame,
                    PortExchange(
                        request: request, answer: found.bytes, sentAt: sentAt, answeredAt: SystemClock.now(),
                        line: "\(connection.line)")
                )
            }
        }
        while let arrived = try port.read(until: end) {
            if let found = accepted(scanner.feed(arrived)) { return found }
        }
        if let found = accepted(scanner.finish()) { return found }
        if let fault = scanner.lastFault {
            throw DeviceError.garbled(line: "\(connection.line)", why: "\(fault)")
        }
        throw DeviceError.silent(line: "\(connection.line)", milliseconds: timeout)
    }

    private func rest(_ pause: Int) {
        let wait = Double(pause) / 1000 - (SystemClock.monotonicSeconds() - lastAnswer)
        if wait > 0 { usleep(UInt32(wait * 1e6)) }
    }

    /// Sends what is not answered.
    func tell(_ command: [UInt8], timeout: Int) throws {
        try opened(timeout).write(command, timeout: timeout)
    }

    private func exchange(_ command: [UInt8]?, _ line: TextLine, _ sentAt: Instant) -> PortExchange {
        PortExchange(
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
