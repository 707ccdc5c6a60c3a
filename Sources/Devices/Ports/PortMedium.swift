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
    private let line: OpenedLine
    var notes: [AttemptNote] = []

    init(_ line: Connection.Line, _ access: LineAccess) {
        self.line = OpenedLine(line, access)
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
            try line.opened(timeout).write(command, timeout: timeout)
        } catch {
            line.close()
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
            let port = try request == nil ? line.opened(timeout) : line.quiet(timeout)
            var note = AttemptNote(sent: request ?? [])
            defer {
                note.endedAt = line.clock.instant
                notes.append(note)
            }
            if let request { try port.write(request, timeout: timeout) }
            note.sentAt = line.clock.instant
            let sent = line.clock.seconds
            let end = sent + Double(timeout) / 1000
            var found: Answer?
            while found == nil, let arrived = try port.read(until: end) {
                note.received += arrived
                found = take(arrived)
            }
            note.roundTrip = line.clock.seconds - sent
            if let found = found ?? take(nil) {
                return (
                    found,
                    PortExchange(
                        request: request ?? [], answer: bytes(found), sentAt: note.sentAt,
                        answeredAt: line.clock.instant, line: line.name)
                )
            }
            if let fault = fault() { throw DeviceError.garbled(line: line.name, why: "\(fault)") }
            throw DeviceError.silent(line: line.name, milliseconds: timeout)
        } catch {
            line.settle(timeout)
            throw error
        }
    }
}
