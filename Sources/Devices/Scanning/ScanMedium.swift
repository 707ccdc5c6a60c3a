/// A line that is asked things nobody may answer: unlike the media of known instruments it does not wait for late answers
/// after silence, and tells noise from it.
final class ScanMedium: LineMedium {
    private let line: OpenedLine
    private let isSerial: Bool
    private var transaction: UInt16 = 0
    var notes: [AttemptNote] = []

    init(_ line: Connection.Line, _ access: LineAccess) {
        self.line = OpenedLine(line, access)
        if case .serial = line { isSerial = true } else { isSerial = false }
    }

    /// What came after a question.
    enum Heard<Answer: Sendable>: Sendable {
        case answer(Answer, PortExchange)
        /// Bytes that are no answer.
        case noise
        case silence
    }

    /// How long a connection may take to be made, in ms.
    private static let opening = 3000

    /// - Parameters:
    ///   - patience: until the first byte, in seconds.
    ///   - length: of the longest answer on the line, in seconds.
    ///   - take: what the bytes that came are; of nil when no more will come.
    /// - Throws: ``DeviceError`` where the line cannot be used.
    func ask<Answer: Sendable>(
        _ request: [UInt8], patience: Double, length: Double, take: ([UInt8]?) -> Answer?
    ) throws -> Heard<Answer> {
        if isSerial { line.clock.sleep(ScanTry.rest) }
        let port = try line.quiet(Self.opening)
        do {
            try port.write(request, timeout: Self.opening)
            let (sentAt, sent) = (line.clock.instant, line.clock.seconds)
            var received: [UInt8] = []
            var found: Answer?
            while found == nil,
                let arrived = try port.read(until: sent + patience + (received.isEmpty ? 0 : length))
            {
                received += arrived
                found = take(arrived)
            }
            guard let answer = found ?? take(nil) else { return received.isEmpty ? .silence : .noise }
            let exchange = PortExchange(
                request: request, answer: received, sentAt: sentAt, answeredAt: line.clock.instant, line: line.name)
            return .answer(answer, exchange)
        } catch let error as DeviceError {
            line.close()
            // Whoever is reached through a network may hang up on what it does not understand.
            guard !isSerial, case .lineLost = error else { throw error }
            return .silence
        }
    }

    /// Asks a Modbus unit; an answer of another unit is given with its own number.
    func modbus(
        unit: Int, pdu: [UInt8], _ framing: Exchange.Framing, patience: Double, length: Double
    ) throws -> Heard<ModbusAnswered> {
        transaction &+= 1
        let number = transaction
        let address = UInt8(truncatingIfNeeded: unit)
        let request =
            framing == .tcp
            ? [UInt8(number >> 8), UInt8(number & 0xFF), 0, 0, 0, UInt8(pdu.count + 1), address] + pdu
            : ModbusMessage(unit: address, pdu: pdu)?.rtu ?? []
        var scanner = FrameScanner(ModbusStreamFormat(framing: framing))
        let heard = try ask(request, patience: patience, length: length) { arrived in
            (arrived.map { scanner.feed($0) } ?? scanner.finish()).first { $0.frame.transaction ?? number == number }
        }
        switch heard {
        case .answer(let frame, let exchange):
            let whole = Exchange(
                framing: framing, request: request, answer: frame.frame.bytes, sentAt: exchange.sentAt,
                answeredAt: exchange.answeredAt, line: exchange.line)
            return .answer(ModbusAnswered(unit: Int(frame.frame.unit), exchange: whole), exchange)
        case .noise: return .noise
        case .silence: return .silence
        }
    }

    func close() { line.close() }
}
