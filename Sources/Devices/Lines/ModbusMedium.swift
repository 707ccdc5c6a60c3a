/// A line that carries Modbus, in whichever framing.
protocol ModbusMedium: LineMedium {
    /// Asks `unit` each of `pdus`, function code first, and returns the whole frames that answer them, in order.
    ///
    /// More than one only where the framing tells which answer belongs to which request (TCP).
    ///
    /// - Parameter timeout: how long an answer may take, in ms.
    /// - Throws: ``DeviceError``, for an answer that is an exception too.
    func exchange(unit: Int, pdus: [[UInt8]], timeout: Int) throws -> [ModbusReply]
}

/// An exchange whose answer fits its request, and what it says.
struct ModbusReply: Sendable {
    let exchange: Exchange
    let answer: ModbusAnswer

    /// - Throws: ``DeviceError`` where the answer does not fit the request, or refuses it.
    init(_ exchange: Exchange) throws {
        do { answer = try ModbusFrame.answer(of: exchange) } catch { throw exchange.error(for: error) }
        if case .exception(let code) = answer {
            throw DeviceError.exception(
                code: code, unit: exchange.unit, line: exchange.line, register: exchange.register)
        }
        self.exchange = exchange
    }

    /// - Throws: ``DeviceError/corrupted(unit:line:why:)`` where it is the answer to a write.
    func registers() throws -> Exchange.Registers { try exchange.registers(in: answer) }
}

/// Either way of carrying Modbus, so that one bus serves both.
final class ModbusLine: LineMedium {
    private let medium: any ModbusMedium

    init(_ medium: any ModbusMedium) { self.medium = medium }

    var notes: [AttemptNote] {
        get { medium.notes }
        set { medium.notes = newValue }
    }

    func exchange(unit: Int, pdus: [[UInt8]], timeout: Int) throws -> [ModbusReply] {
        try medium.exchange(unit: unit, pdus: pdus, timeout: timeout)
    }
}

typealias ModbusBus = LineBus<ModbusLine>

extension Int {
    /// In ms. Instruments are known to take half a second: so long at least a serial line is listened to after a
    /// request that failed, that its answer is not taken for the next one's.
    static let leastSettling = 500
}
