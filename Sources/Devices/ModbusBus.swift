import CModbus
import Chronometry
@preconcurrency import Glibc

/// One line with one or many instruments on it: requests go out one after another.
///
/// Opened at first use, opened again after a failure; an answer that comes too late is never taken
/// for the answer to the next request, because the line is flushed or, over TCP, opened anew.
actor ModbusBus {
    private let connection: Connection
    private let settings: LineSettings
    private let executor: BusExecutor
    private var claim: SerialPortClaim?
    private var handle: ModbusHandle?
    private var lastAnswer = -Double.infinity

    nonisolated var unownedExecutor: UnownedSerialExecutor {
        executor.asUnownedSerialExecutor()
    }

    init(_ connection: Connection, _ settings: LineSettings) {
        self.connection = connection
        self.settings = settings
        executor = BusExecutor(label: "bus \(connection.line)")
    }

    /// One request and its answer.
    ///
    /// - Parameters:
    ///   - pdu: the protocol data unit, function code first.
    ///   - attempts: how often to ask before giving up; a silent or corrupted answer is asked for
    ///     again, anything else is final.
    func transact(unit: Int, pdu: [UInt8], attempts: Int) throws -> Exchange {
        var remaining = attempts
        while true {
            remaining -= 1
            do {
                return try attempt(unit: unit, pdu: pdu)
            } catch let error as DeviceError {
                switch error {
                case .noAnswer, .corrupted:
                    if remaining <= 0 { throw error }
                default: throw error
                }
            }
        }
    }

    private func attempt(unit: Int, pdu: [UInt8]) throws -> Exchange {
        try openIfNeeded()
        rest()
        let message = [UInt8(truncatingIfNeeded: unit)] + pdu
        let sentAt = SystemClock.now()
        let result = Result { () throws(ModbusFailure) -> [UInt8] in
            guard handle != nil else { throw ModbusFailure(code: ENOTCONN) }
            return try handle.exchange(message)
        }
        lastAnswer = SystemClock.monotonicSeconds()
        switch result {
        case .success(let answer):
            return Exchange(
                framing: connection.framing, request: frame(message), answer: answer,
                sentAt: sentAt, answeredAt: SystemClock.now(), line: "\(connection.line)")
        case .failure(let failure):
            // What is still under way belongs to this request; nobody may read it as the next answer.
            if connection.framing == .tcp || failure.isLineLost { close() }
            throw error(for: failure, unit: unit)
        }
    }

    private func openIfNeeded() throws {
        guard handle == nil else { return }
        if case .serial(let path) = connection.line, claim == nil { claim = try SerialPortClaim(path) }
        do { handle = try ModbusHandle(connection, settings) } catch {
            claim = nil
            throw error
        }
    }

    private func close() {
        handle = nil
        claim = nil
    }

    /// Keeps the profile's pause since the last answer.
    private func rest() {
        let wait = Double(settings.pause) / 1000 - (SystemClock.monotonicSeconds() - lastAnswer)
        if wait > 0 { usleep(UInt32(wait * 1e6)) }
    }

    /// The frame as the library puts it on the line.
    private func frame(_ message: [UInt8]) -> [UInt8] {
        switch connection.framing {
        case .rtu:
            let crc = ModbusFrame.checksum(message)
            return message + [UInt8(truncatingIfNeeded: crc), UInt8(crc >> 8)]
        case .tcp:
            // The library numbers raw requests 0; the connection is renewed after every failure instead.
            return [0, 0, 0, 0, UInt8(message.count >> 8), UInt8(message.count & 255)] + message
        }
    }

    private func error(for failure: ModbusFailure, unit: Int) -> DeviceError {
        let line = "\(connection.line)"
        switch failure.code {
        case ETIMEDOUT: return .noAnswer(unit: unit, line: line, milliseconds: settings.timeout)
        case modbus_error_other_slave:
            return .otherUnit(asked: unit, answered: Int(failure.unit ?? 0), line: line)
        case modbus_error_crc: return .corrupted(unit: unit, line: line, why: "the checksum (CRC) is wrong")
        case modbus_error_data, modbus_error_too_much_data:
            return .corrupted(unit: unit, line: line, why: "its length does not fit the request")
        default:
            if failure.isLineLost { return .lineLost(line: line) }
            return .failed(line: line, why: String(cString: modbus_strerror(failure.code)))
        }
    }
}

extension ModbusFailure {
    var isLineLost: Bool {
        [EIO, ENODEV, ENXIO, EBADF, EPIPE, ECONNRESET, ENOTCONN].contains(code)
    }
}

extension Connection {
    var framing: Exchange.Framing {
        switch line {
        case .serial: .rtu
        case .tcp: .tcp
        }
    }
}

extension ModbusHandle? {
    borrowing func exchange(_ message: [UInt8]) throws(ModbusFailure) -> [UInt8] {
        switch self {
        case .some(let handle): return try handle.exchange(message)
        case .none: throw ModbusFailure(code: ENOTCONN)
        }
    }
}
