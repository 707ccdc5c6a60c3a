import CModbus
import Chronometry
@preconcurrency import Glibc

/// One line with one or many instruments on it: requests go out one after another.
///
/// Opened at first use. After a failed request nothing that still comes may be taken for the answer
/// to the next one: a TCP connection is opened anew, and on a serial line, whose answers do not say
/// what they answer, everything is thrown away for as long again as the answer might have taken.
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

    /// In seconds.
    private let silence: Double

    init(_ connection: Connection, _ settings: LineSettings) {
        self.connection = connection
        silence =
            connection.framing == .rtu
            ? LineTiming.Serial(baud: settings.baud, parity: settings.parity, stopBits: settings.stopBits).silence : 0
        self.settings = settings
        executor = BusExecutor(label: "bus \(connection.line)")
    }

    /// How an instrument wants to be asked.
    struct Timing: Sendable {
        /// How long an answer may take, in ms.
        let timeout: Int
        /// Rest since the last answer on the line, in ms.
        let pause: Int
    }

    /// One request and its answer, a whole frame that fits the request.
    ///
    /// - Parameters:
    ///   - pdu: the protocol data unit, function code first.
    ///   - attempts: how often to ask before giving up; a silent or corrupted answer is asked for
    ///     again, anything else is final.
    func transact(unit: Int, pdu: [UInt8], timing: Timing, attempts: Int) throws -> Exchange {
        var remaining = attempts
        while true {
            remaining -= 1
            do {
                return try attempt(unit: unit, pdu: pdu, timing)
            } catch let error as DeviceError {
                switch error {
                case .noAnswer, .corrupted:
                    if remaining <= 0 { throw error }
                default: throw error
                }
            }
        }
    }

    private func attempt(unit: Int, pdu: [UInt8], _ timing: Timing) throws -> Exchange {
        try openIfNeeded()
        rest(timing.pause)
        let message = [UInt8(truncatingIfNeeded: unit)] + pdu
        let result = Result { () throws(ModbusFailure) -> (sentAt: Instant, answer: [UInt8]) in
            guard handle != nil else { throw ModbusFailure(code: ENOTCONN) }
            return try handle.exchange(message, timeout: timing.timeout)
        }
        lastAnswer = SystemClock.monotonicSeconds()
        switch result {
        case .success(let (sentAt, answer)):
            let exchange = Exchange(
                framing: connection.framing, request: frame(message), answer: answer,
                sentAt: sentAt, answeredAt: SystemClock.now(), line: "\(connection.line)")
            do {
                _ = try ModbusFrame.answer(of: exchange)
            } catch {
                settle(timing)
                throw exchange.error(for: error)
            }
            return exchange
        case .failure(let failure):
            if failure.isLineLost { close() } else { settle(timing) }
            throw error(for: failure, unit: unit, timing)
        }
    }

    /// Lets go by what is still under way and belongs to a request that failed.
    private func settle(_ timing: Timing) {
        switch connection.framing {
        case .tcp: close()
        case .rtu:
            handle.discard(for: max(timing.timeout, Self.leastSettling))
            lastAnswer = SystemClock.monotonicSeconds()
        }
    }

    /// Instruments are known to take half a second; in ms.
    static let leastSettling = 500

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

    /// Keeps the instrument's pause since the last answer, and on a serial line at least the silence that tells the
    /// other instruments that a frame is over.
    private func rest(_ pause: Int) {
        let wait = max(Double(pause) / 1000, silence) - (SystemClock.monotonicSeconds() - lastAnswer)
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

    private func error(for failure: ModbusFailure, unit: Int, _ timing: Timing) -> DeviceError {
        let line = "\(connection.line)"
        switch failure.code {
        case ETIMEDOUT: return .noAnswer(unit: unit, line: line, milliseconds: timing.timeout)
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
    borrowing func exchange(
        _ message: [UInt8], timeout: Int
    ) throws(ModbusFailure) -> (sentAt: Instant, answer: [UInt8]) {
        switch self {
        case .some(let handle): return try handle.exchange(message, timeout: timeout)
        case .none: throw ModbusFailure(code: ENOTCONN)
        }
    }

    borrowing func discard(for milliseconds: Int) {
        switch self {
        case .some(let handle): handle.discard(for: milliseconds)
        case .none: break
        }
    }
}
