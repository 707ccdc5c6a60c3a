import CModbus
import Chronometry
@preconcurrency import Glibc

/// Modbus RTU on a serial port, through libmodbus.
///
/// Opened at first use. After a failed request nothing that still comes may be taken for the answer to the next one:
/// answers do not say what they answer, so everything is thrown away for as long again as the answer might have taken.
final class SerialModbus: ModbusMedium {
    private let port: FollowedPort
    private let path: String
    private let settings: LineSettings
    /// Between two frames, in seconds.
    private let silence: Double
    private var handle: ModbusHandle?
    private var quietSince = -Double.infinity
    var notes: [AttemptNote] = []

    init(_ port: FollowedPort, _ settings: LineSettings) {
        self.port = port
        path = port.path
        self.settings = settings
        silence = LineTiming.Serial(baud: settings.baud, parity: settings.parity, stopBits: settings.stopBits).silence
    }

    func exchange(unit: Int, pdus: [[UInt8]], timeout: Int) throws -> [ModbusReply] {
        try pdus.map { try exchange(unit: unit, pdu: $0, timeout: timeout) }
    }

    private func exchange(unit: Int, pdu: [UInt8], timeout: Int) throws -> ModbusReply {
        try openIfNeeded()
        rest()
        let message = [UInt8(truncatingIfNeeded: unit)] + pdu
        let crc = ModbusFrame.checksum(message)
        var note = AttemptNote(
            sent: message + [UInt8(truncatingIfNeeded: crc), UInt8(crc >> 8)], sentAt: SystemClock.now())
        defer { notes.append(note) }
        let result = Result { () throws(ModbusFailure) -> ModbusHandle.Answer in
            guard handle != nil else { throw ModbusFailure(code: ENOTCONN) }
            return try handle.exchange(message, timeout: timeout)
        }
        quietSince = SystemClock.monotonicSeconds()
        note.endedAt = SystemClock.now()
        switch result {
        case .success(let answer):
            note.received = answer.frame
            note.sentAt = answer.sentAt
            note.roundTrip = answer.roundTrip
            let exchange = Exchange(
                framing: .rtu, request: note.sent, answer: answer.frame, sentAt: answer.sentAt,
                answeredAt: note.endedAt,
                line: path)
            do {
                return try ModbusReply(exchange)
            } catch let error as DeviceError where error.fault == .exception {
                throw error
            } catch {
                settle(timeout)
                throw error
            }
        case .failure(let failure):
            if failure.isLineLost { handle = nil } else { settle(timeout) }
            throw error(for: failure, unit: unit, timeout)
        }
    }

    /// Lets go by what is still under way and belongs to a request that failed.
    private func settle(_ timeout: Int) {
        handle.discard(for: max(timeout, .leastSettling))
        quietSince = SystemClock.monotonicSeconds()
    }

    private func openIfNeeded() throws {
        if port.isUnplugged { handle = nil }
        guard handle == nil else { return }
        handle = try port.open { try ModbusHandle(path: $0, settings) }
    }

    /// The silence that tells the other instruments that a frame is over.
    private func rest() {
        MachineClock().sleep(silence - (SystemClock.monotonicSeconds() - quietSince))
    }

    private func error(for failure: ModbusFailure, unit: Int, _ timeout: Int) -> DeviceError {
        switch failure.code {
        case ETIMEDOUT: return .noAnswer(unit: unit, line: path, milliseconds: timeout)
        case modbus_error_other_slave: return .otherUnit(asked: unit, answered: Int(failure.unit ?? 0), line: path)
        case modbus_error_crc: return .corrupted(unit: unit, line: path, why: "the checksum (CRC) is wrong")
        case modbus_error_data, modbus_error_too_much_data:
            return .corrupted(unit: unit, line: path, why: "its length does not fit the request")
        default:
            if failure.isLineLost { return .lineLost(line: path) }
            return .failed(line: path, why: String(cString: modbus_strerror(failure.code)))
        }
    }
}

extension ModbusFailure {
    var isLineLost: Bool {
        [EIO, ENODEV, ENXIO, EBADF, EPIPE, ECONNRESET, ENOTCONN].contains(code)
    }
}

extension ModbusHandle? {
    borrowing func exchange(_ message: [UInt8], timeout: Int) throws(ModbusFailure) -> ModbusHandle.Answer {
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
