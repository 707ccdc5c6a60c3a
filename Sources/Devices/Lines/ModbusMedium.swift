/// A line that carries Modbus, in whichever framing.
protocol ModbusMedium: LineMedium {
    /// Asks `unit` each of `pdus`, function code first, and returns the whole frames that answer them, in order.
    ///
    /// More than one only where the framing tells which answer belongs to which request (TCP).
    ///
    /// - Parameter timeout: how long an answer may take, in ms.
    /// - Throws: ``DeviceError``, for an answer that is an exception too.
    func exchange(unit: Int, pdus: [[UInt8]], timeout: Int) throws -> [Exchange]
}

extension Exchange {
    /// - Throws: ``DeviceError`` where the answer does not fit the request, or refuses it.
    func checked() throws -> Exchange {
        let answer: ModbusAnswer
        do { answer = try ModbusFrame.answer(of: self) } catch { throw self.error(for: error) }
        if case .exception(let code) = answer {
            throw DeviceError.exception(code: code, unit: unit, line: line, register: register)
        }
        return self
    }
}

/// Either way of carrying Modbus, so that one bus serves both.
final class ModbusLine: LineMedium {
    private let medium: any ModbusMedium

    init(_ medium: any ModbusMedium) { self.medium = medium }

    var notes: [AttemptNote] {
        get { medium.notes }
        set { medium.notes = newValue }
    }

    func exchange(unit: Int, pdus: [[UInt8]], timeout: Int) throws -> [Exchange] {
        try medium.exchange(unit: unit, pdus: pdus, timeout: timeout)
    }
}

typealias ModbusBus = LineBus<ModbusLine>

extension Int {
    /// In ms. Instruments are known to take half a second: so long at least a serial line is listened to after a
    /// request that failed, that its answer is not taken for the next one's.
    static let leastSettling = 500
}
