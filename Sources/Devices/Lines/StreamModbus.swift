import Chronometry

/// Modbus on a stream of bytes: TCP, RTU over TCP, ASCII on either.
///
/// libmodbus gives every raw TCP request the same number, and waits for one answer before it sends the next request: here
/// each has its own, what answers another is passed over, and several may be under way.
final class StreamModbus: ModbusMedium {
    private let line: OpenedLine
    private let framing: Exchange.Framing
    /// Between two frames, in seconds.
    private let silence: Double
    private var transaction: UInt16 = 0
    private var quietSince = -Double.infinity
    var notes: [AttemptNote] = []

    /// In seconds.
    private static let idle = 0.1

    /// - Parameter silence: between two frames of RTU on a serial line, in seconds.
    init(_ line: Connection.Line, _ access: LineAccess, framing: Exchange.Framing, silence: Double = 0) {
        self.line = OpenedLine(line, access)
        self.framing = framing
        self.silence = silence
    }

    func exchange(unit: Int, pdus: [[UInt8]], timeout: Int) throws -> [ModbusReply] {
        do {
            return try attempt(unit: unit, pdus: pdus, timeout: timeout)
        } catch let error as DeviceError where error.fault == .exception && pdus.count == 1 {
            quietSince = line.clock.seconds
            throw error
        } catch {
            line.settle(timeout)
            quietSince = line.clock.seconds
            throw error
        }
    }

    private func attempt(unit: Int, pdus: [[UInt8]], timeout: Int) throws -> [ModbusReply] {
        if silence > 0 { line.clock.sleep(silence - (line.clock.seconds - quietSince)) }
        // Numbered frames need no quiet line, and one that was in use just now has not been closed for idling.
        let isKnownGood = framing == .tcp && line.clock.seconds - quietSince < Self.idle
        let channel = try isKnownGood ? line.opened(timeout) : line.quiet(timeout)
        let first = transaction
        let requests = pdus.map { request(unit: unit, pdu: $0) }
        var note = AttemptNote(sent: requests.count == 1 ? requests[0] : requests.flatMap(\.self))
        defer {
            note.endedAt = line.clock.instant
            notes.append(note)
        }
        try channel.write(note.sent, timeout: timeout)
        note.sentAt = line.clock.instant
        let sent = line.clock.seconds
        let answers = try answers(
            to: requests, from: first, on: channel, until: sent + Double(timeout) / 1000, unit: unit, timeout: timeout,
            received: &note.received)
        quietSince = line.clock.seconds
        note.roundTrip = quietSince - sent
        let answeredAt = line.clock.instant
        return try zip(requests, answers).map { request, answer in
            try ModbusReply(
                Exchange(
                    framing: framing, request: request, answer: answer, sentAt: note.sentAt, answeredAt: answeredAt,
                    line: line.name))
        }
    }

    private func answers(
        to requests: [[UInt8]], from first: UInt16, on channel: any ByteChannel, until end: Double, unit: Int,
        timeout: Int, received: inout [UInt8]
    ) throws -> [[UInt8]] {
        var scanner = FrameScanner(ModbusStreamFormat(framing: framing))
        var answers = [[UInt8]](repeating: [], count: requests.count)
        var due = requests.count
        var other: UInt8?
        func take(_ frames: [ScannedFrame<ModbusStreamFormat.Frame>]) {
            for frame in frames {
                // What answers an earlier request came too late and is nobody's.
                let place = frame.frame.transaction.map { Int($0 &- first) } ?? 0
                guard answers.indices.contains(place), answers[place].isEmpty else { continue }
                // So is what another instrument says: the one asked may still answer.
                guard frame.frame.unit == UInt8(truncatingIfNeeded: unit) else {
                    other = frame.frame.unit
                    continue
                }
                answers[place] = frame.frame.bytes
                due -= 1
            }
        }
        while due > 0, let arrived = try channel.read(until: end) {
            if received.isEmpty { received = arrived } else { received += arrived }
            if due == 1, requests.count == 1, received.count == arrived.count, isWhole(arrived, first, unit) {
                return [arrived]
            }
            take(scanner.feed(arrived))
        }
        if due > 0 { take(scanner.finish()) }
        guard due == 0 else {
            if let other { throw DeviceError.otherUnit(asked: unit, answered: Int(other), line: line.name) }
            guard received.isEmpty else {
                let why = scanner.lastFault.map { "\($0)" } ?? "what came answers another request"
                throw DeviceError.corrupted(unit: unit, line: line.name, why: why)
            }
            throw DeviceError.noAnswer(unit: unit, line: line.name, milliseconds: timeout)
        }
        return answers
    }

    /// Whether the bytes are the one frame due and nothing else, as nearly always on TCP: then nothing is searched for.
    private func isWhole(_ bytes: [UInt8], _ transaction: UInt16, _ unit: Int) -> Bool {
        framing == .tcp && bytes.count >= 9 && bytes[0] == transaction >> 8 && bytes[1] == transaction & 0xFF
            && bytes[2] == 0 && bytes[3] == 0 && Int(bytes[4]) << 8 | Int(bytes[5]) == bytes.count - 6
            && bytes[6] == UInt8(truncatingIfNeeded: unit)
    }

    private func request(unit: Int, pdu: [UInt8]) -> [UInt8] {
        let unit = UInt8(truncatingIfNeeded: unit)
        switch framing {
        case .tcp:
            defer { transaction &+= 1 }
            return [UInt8(transaction >> 8), UInt8(transaction & 0xFF), 0, 0, 0, UInt8(pdu.count + 1), unit] + pdu
        case .rtu: return ModbusMessage(unit: unit, pdu: pdu)?.rtu ?? []
        case .ascii: return ModbusMessage(unit: unit, pdu: pdu)?.ascii ?? []
        }
    }
}
