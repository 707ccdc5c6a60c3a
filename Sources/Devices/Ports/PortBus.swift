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
    /// Nothing is asked twice: a command may have been obeyed though its answer was lost.
    ///
    /// - Parameters:
    ///   - command: nil where the instrument sends unasked.
    ///   - timeout: and `pause`, in ms.
    /// - Throws: ``DeviceError``.
    func ask(
        _ command: [UInt8]?, _ scanner: TextScanner, timeout: Int, pause: Int
    ) throws -> (line: TextLine, exchange: PortExchange) {
        var scanner = scanner
        return try exchange(
            command, timeout: timeout, pause: pause, bytes: \.bytes,
            take: { arrived in (arrived.map { scanner.feed($0) } ?? scanner.finish()).first },
            fault: { scanner.lastFault })
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
            var scanner = FrameScanner(format)
            do {
                let (found, exchange) = try exchange(
                    request, timeout: timeout, pause: pause, bytes: \.bytes,
                    take: { arrived in
                        (arrived.map { scanner.feed($0) } ?? scanner.finish()).first { accepts($0.frame) }
                    },
                    fault: { scanner.lastFault })
                return (found.frame, exchange)
            } catch let error as DeviceError {
                switch error {
                case .silent where remaining > 0, .garbled where remaining > 0: continue
                default: throw error
                }
            }
        }
    }

    /// Sends what is not answered.
    func tell(_ command: [UInt8], timeout: Int) throws {
        do {
            try opened(timeout).write(command, timeout: timeout)
        } catch {
            // Opened anew the next time: a cable that was pulled, an adapter that came back.
            port = nil
            throw error
        }
    }

    /// One question and what `take` makes of the bytes that come; of nil when no more will.
    ///
    /// What lay on the line before belongs to nobody and is thrown away; after a failure, so is what still comes: it must
    /// not be taken for the answer to the next question.
    private func exchange<Answer>(
        _ request: [UInt8]?, timeout: Int, pause: Int, bytes: (Answer) -> [UInt8],
        take: ([UInt8]?) -> Answer?, fault: () -> FrameFault?
    ) throws -> (Answer, PortExchange) {
        rest(pause)
        defer { lastAnswer = SystemClock.monotonicSeconds() }
        do {
            let port = try opened(timeout)
            if let request {
                port.discard()
                try port.write(request, timeout: timeout)
            }
            let sentAt = SystemClock.now()
            let end = SystemClock.monotonicSeconds() + Double(timeout) / 1000
            var found: Answer?
            while found == nil, let arrived = try port.read(until: end) { found = take(arrived) }
            if let found = found ?? take(nil) {
                return (
                    found,
                    PortExchange(
                        request: request ?? [], answer: bytes(found), sentAt: sentAt, answeredAt: SystemClock.now(),
                        line: "\(connection.line)")
                )
            }
            if let fault = fault() { throw DeviceError.garbled(line: "\(connection.line)", why: "\(fault)") }
            throw DeviceError.silent(line: "\(connection.line)", milliseconds: timeout)
        } catch {
            settle(timeout)
            throw error
        }
    }

    /// Lets go by what is still under way and belongs to a question that failed: a connection is made anew, on a serial
    /// line everything is thrown away for as long again as the answer might have taken.
    private func settle(_ timeout: Int) {
        guard case .serial = connection.line, let port else {
            self.port = nil
            return
        }
        let end = SystemClock.monotonicSeconds() + Double(max(timeout, ModbusBus.leastSettling)) / 1000
        do {
            while try port.read(until: end) != nil {}
        } catch {
            self.port = nil
        }
    }

    private func rest(_ pause: Int) {
        let wait = Double(pause) / 1000 - (SystemClock.monotonicSeconds() - lastAnswer)
        if wait > 0 { usleep(UInt32(wait * 1e6)) }
    }

    private func opened(_ timeout: Int) throws -> BytePort {
        if let port { return port }
        let made = try BytePort(connection.line, settings, timeout: timeout)
        port = made
        return made
    }
}
