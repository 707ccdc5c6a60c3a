public import Chronometry

/// A question and its answer, as they stood on the wire, with both instants.
public struct PortExchange: Hashable, Sendable {
    public let request: [UInt8]
    public let answer: [UInt8]
    public let sentAt: Instant
    public let answeredAt: Instant
    /// The port or address it went through.
    public let line: String
}

typealias PortBus = LineBus<PortMedium>

/// A line to instruments whose protocol no library speaks.
final class PortMedium: LineMedium {
    private let line: String
    private let isSerial: Bool
    private let access: LineAccess
    private var port: (any ByteChannel)?
    var notes: [AttemptNote] = []

    init(_ line: Connection.Line, _ access: LineAccess) {
        self.line = "\(line)"
        if case .serial = line { isSerial = true } else { isSerial = false }
        self.access = access
    }

    /// Sends `command` and waits for an answer that `scanner` takes for one.
    ///
    /// Nothing is asked twice: a command may have been obeyed though its answer was lost.
    ///
    /// - Parameters:
    ///   - command: nil where the instrument sends unasked.
    ///   - timeout: in ms.
    /// - Throws: ``DeviceError``.
    func ask(
        _ command: [UInt8]?, _ scanner: TextScanner, timeout: Int
    ) throws -> (line: TextLine, exchange: PortExchange) {
        var scanner = scanner
        return try exchange(
            command, timeout: timeout, bytes: \.bytes,
            take: { arrived in (arrived.map { scanner.feed($0) } ?? scanner.finish()).first },
            fault: { scanner.lastFault })
    }

    /// Sends `request` and waits for a frame that `accepts` takes for its answer; others, and the echo that a half-duplex
    /// adapter gives, are passed over.
    ///
    /// - Parameter timeout: in ms.
    /// - Throws: ``DeviceError``.
    func ask<Format: FrameFormat>(
        _ request: [UInt8], as format: Format, timeout: Int, accepts: (Format.Frame) -> Bool
    ) throws -> (frame: Format.Frame, exchange: PortExchange) {
        var scanner = FrameScanner(format)
        let (found, exchange) = try exchange(
            request, timeout: timeout, bytes: \.bytes,
            take: { arrived in
                (arrived.map { scanner.feed($0) } ?? scanner.finish()).first { accepts($0.frame) }
            },
            fault: { scanner.lastFault })
        return (found.frame, exchange)
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
        _ request: [UInt8]?, timeout: Int, bytes: (Answer) -> [UInt8], take: ([UInt8]?) -> Answer?,
        fault: () -> FrameFault?
    ) throws -> (Answer, PortExchange) {
        do {
            let port = try request == nil ? opened(timeout) : quiet(timeout)
            var note = AttemptNote(sent: request ?? [])
            defer {
                note.endedAt = access.clock.instant
                notes.append(note)
            }
            if let request { try port.write(request, timeout: timeout) }
            note.sentAt = access.clock.instant
            let sent = access.clock.seconds
            let end = sent + Double(timeout) / 1000
            var found: Answer?
            while found == nil, let arrived = try port.read(until: end) {
                note.received += arrived
                found = take(arrived)
            }
            note.roundTrip = access.clock.seconds - sent
            if let found = found ?? take(nil) {
                return (
                    found,
                    PortExchange(
                        request: request ?? [], answer: bytes(found), sentAt: note.sentAt,
                        answeredAt: access.clock.instant, line: line)
                )
            }
            if let fault = fault() { throw DeviceError.garbled(line: line, why: "\(fault)") }
            throw DeviceError.silent(line: line, milliseconds: timeout)
        } catch {
            settle(timeout)
            throw error
        }
    }

    /// Lets go by what is still under way and belongs to a question that failed: a connection is made anew, on a serial
    /// line everything is thrown away for as long again as the answer might have taken.
    private func settle(_ timeout: Int) {
        guard isSerial, let port else {
            self.port = nil
            return
        }
        let end = access.clock.seconds + Double(max(timeout, .leastSettling)) / 1000
        do {
            while try port.read(until: end) != nil {}
        } catch {
            self.port = nil
        }
    }

    /// The line, with nothing on it; one that was closed meanwhile is opened anew.
    private func quiet(_ timeout: Int) throws -> any ByteChannel {
        if let port, (try? port.discard()) != nil { return port }
        port = nil
        return try opened(timeout)
    }

    private func opened(_ timeout: Int) throws -> any ByteChannel {
        if let port { return port }
        let made = try access.open(timeout)
        port = made
        return made
    }
}
