import CModbus
import Chronometry
@preconcurrency import Glibc

/// The owner of one libmodbus context; closes and frees it when it goes away.
struct ModbusHandle: ~Copyable {
    private let claim: SerialPortClaim
    private let context: OpaquePointer
    /// Seconds a character takes; on a pseudo-terminal, where it takes none, an answer is whole before anybody waits for it.
    private let character: Double

    /// Locks the port against a second user and opens it.
    ///
    /// - Throws: ``DeviceError`` where it cannot be opened.
    init(path: String, _ settings: LineSettings) throws {
        let claim = try SerialPortClaim(path)
        let isPseudo = SerialPortClaim.isPseudoTerminal(path)
        // A pseudo-terminal has no parity bits, and Linux refuses to set any.
        let parity: Character =
            switch isPseudo ? .none : settings.parity {
            case .none: "N"
            case .even: "E"
            case .odd: "O"
            }
        guard
            let made = modbus_new_rtu(
                path, Int32(settings.baud), CChar(parity.asciiValue ?? 78), 8, Int32(settings.stopBits))
        else { throw DeviceError.failed(line: path, why: "the Modbus library refuses these settings") }
        Self.set(timeout: settings.timeout, of: made)
        // Between two bytes of one answer: USB adapters deliver in blocks up to some 20 ms apart.
        modbus_set_byte_timeout(made, 0, 200_000)
        guard modbus_connect(made) == 0 else {
            let code = errno
            modbus_free(made)
            throw DeviceError.notASerialPort(path: path, why: String(cString: modbus_strerror(code)))
        }
        if let why = settings.rs485?.prepare(modbus_get_socket(made)) {
            modbus_close(made)
            modbus_free(made)
            throw DeviceError.failed(line: path, why: why)
        }
        if settings.rs485 == .rts { modbus_rtu_set_rts(made, MODBUS_RTU_RTS_UP) }
        self.claim = claim
        context = made
        character =
            LineTiming.Serial(baud: settings.baud, parity: settings.parity, stopBits: settings.stopBits).character
    }

    deinit {
        modbus_close(context)
        modbus_free(context)
    }

    private static func set(timeout milliseconds: Int, of context: OpaquePointer) {
        let milliseconds = UInt32(milliseconds)
        modbus_set_response_timeout(context, milliseconds / 1000, milliseconds % 1000 * 1000)
    }

    /// A whole frame, and when its request was sent.
    struct Answer {
        let frame: [UInt8]
        let sentAt: Instant
        /// In seconds.
        let roundTrip: Double
    }

    /// Sends unit and protocol data unit, and returns whatever frame came back within `timeout` ms.
    ///
    /// - Throws: the `errno` of libmodbus.
    func exchange(
        _ message: [UInt8], timeout: Int
    ) throws(ModbusFailure) -> Answer {
        Self.set(timeout: timeout, of: context)
        modbus_flush(context)
        modbus_set_slave(context, Int32(message[0]))
        guard modbus_send_raw_request(context, message, Int32(message.count)) >= 0 else {
            throw ModbusFailure(code: errno)
        }
        let sentAt = SystemClock.now()
        let sent = SystemClock.monotonicSeconds()
        try awaitAnswer(to: message, timeout: timeout)
        // MODBUS_MAX_ADU_LENGTH, the longest frame of both framings.
        var answer = [UInt8](repeating: 0, count: 260)
        let length = modbus_receive_confirmation(context, &answer)
        guard length >= 0 else { throw ModbusFailure(code: errno) }
        // On a serial line the library hands over nothing where another unit answered; the address
        // it read stands in the buffer.
        guard length > 0 else { throw ModbusFailure(code: modbus_error_other_slave, unit: answer[0]) }
        return Answer(
            frame: Array(answer.prefix(Int(length))), sentAt: sentAt, roundTrip: SystemClock.monotonicSeconds() - sent)
    }

    /// Sleeps while the answer comes in, where its length is known: the library wakes for each of its bytes.
    ///
    /// - Throws: `ETIMEDOUT` where nothing came within `timeout` ms.
    private func awaitAnswer(to message: [UInt8], timeout: Int) throws(ModbusFailure) {
        let socket = modbus_get_socket(context)
        var waiting = pollfd(fd: socket, events: Int16(POLLIN), revents: 0)
        guard poll(&waiting, 1, Int32(timeout)) != 0 else { throw ModbusFailure(code: ETIMEDOUT) }
        guard let length = ModbusFrame.answerLength(to: message) else { return }
        var arrived: Int32 = -1
        while true {
            let before = arrived
            // What brings nothing new in its time is shorter than a reading: an exception, noise.
            guard ioctl(socket, UInt(FIONREAD), &arrived) == 0, arrived > before, arrived < length else { return }
            MachineClock().sleep(max(0.001, Double(length - Int(arrived)) * character))
        }
    }

    /// Throws away whatever arrives within `milliseconds`.
    func discard(for milliseconds: Int) {
        let end = SystemClock.monotonicSeconds() + Double(milliseconds) / 1000
        var buffer = [UInt8](repeating: 0, count: 512)
        while true {
            let left = Int32((end - SystemClock.monotonicSeconds()) * 1000)
            var waiting = pollfd(fd: modbus_get_socket(context), events: Int16(POLLIN), revents: 0)
            // Nothing more came, or there is no line any more.
            guard left > 0, poll(&waiting, 1, left) > 0, read(waiting.fd, &buffer, buffer.count) > 0
            else { return }
        }
    }
}

struct ModbusFailure: Error {
    let code: Int32
    var unit: UInt8?
}
