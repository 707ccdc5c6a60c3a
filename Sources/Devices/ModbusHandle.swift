import CModbus
import Chronometry
@preconcurrency import Glibc

/// The owner of one libmodbus context; closes and frees it when it goes away.
struct ModbusHandle: ~Copyable {
    private let context: OpaquePointer

    /// Opens the line.
    ///
    /// - Throws: ``DeviceError`` where it cannot be opened.
    init(_ connection: Connection, _ settings: LineSettings) throws {
        let made: OpaquePointer?
        switch connection.line {
        case .serial(let path):
            let parity: Character =
                switch settings.parity {
                case .none: "N"
                case .even: "E"
                case .odd: "O"
                }
            made = modbus_new_rtu(
                path, Int32(settings.baud), CChar(parity.asciiValue ?? 78), 8,
                Int32(settings.stopBits))
        case .tcp(let host, let port):
            made = modbus_new_tcp_pi(host, String(port))
        }
        guard let made else {
            throw DeviceError.failed(
                line: "\(connection.line)", why: "the Modbus library refuses these settings")
        }
        Self.set(timeout: settings.timeout, of: made)
        // Between two bytes of one answer: USB adapters deliver in blocks up to some 20 ms apart.
        modbus_set_byte_timeout(made, 0, 200_000)
        guard modbus_connect(made) == 0 else {
            let code = errno
            modbus_free(made)
            let why = Self.unknownHost(connection.line) ?? String(cString: modbus_strerror(code))
            switch connection.line {
            case .tcp: throw DeviceError.unreachable(address: "\(connection.line)", why: why)
            case .serial(let path): throw DeviceError.notASerialPort(path: path, why: why)
            }
        }
        context = made
    }

    deinit {
        modbus_close(context)
        modbus_free(context)
    }

    private static func set(timeout milliseconds: Int, of context: OpaquePointer) {
        let milliseconds = UInt32(milliseconds)
        modbus_set_response_timeout(context, milliseconds / 1000, milliseconds % 1000 * 1000)
    }

    /// Why the host cannot be found; the library calls that a refused connection.
    private static func unknownHost(_ line: Connection.Line) -> String? {
        guard case .tcp(let host, let port) = line else { return nil }
        var found: UnsafeMutablePointer<addrinfo>?
        let status = getaddrinfo(host, String(port), nil, &found)
        guard status != 0 else {
            freeaddrinfo(found)
            return nil
        }
        return String(cString: gai_strerror(status))
    }

    /// Sends unit and protocol data unit, and returns whatever frame came back within `timeout` ms.
    ///
    /// - Throws: the `errno` of libmodbus.
    func exchange(
        _ message: [UInt8], timeout: Int
    ) throws(ModbusFailure) -> (sentAt: Instant, answer: [UInt8]) {
        Self.set(timeout: timeout, of: context)
        modbus_flush(context)
        modbus_set_slave(context, Int32(message[0]))
        guard modbus_send_raw_request(context, message, Int32(message.count)) >= 0 else {
            throw ModbusFailure(code: errno)
        }
        let sentAt = SystemClock.now()
        // MODBUS_MAX_ADU_LENGTH, the longest frame of both framings.
        var answer = [UInt8](repeating: 0, count: 260)
        let length = modbus_receive_confirmation(context, &answer)
        guard length >= 0 else { throw ModbusFailure(code: errno) }
        // On a serial line the library hands over nothing where another unit answered; the address
        // it read stands in the buffer.
        guard length > 0 else { throw ModbusFailure(code: modbus_error_other_slave, unit: answer[0]) }
        return (sentAt, Array(answer.prefix(Int(length))))
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

/// A connection's settings with the profile's defaults filled in.
struct LineSettings: Hashable, Sendable {
    let baud: Int
    let parity: Connection.Parity
    let stopBits: Int
    /// How long opening may take, in ms.
    let timeout: Int

    init(_ connection: Connection, _ defaults: DeviceProfile.LineDefaults) {
        baud = connection.baud ?? defaults.baud
        parity = connection.parity ?? defaults.parity
        stopBits = connection.stopBits ?? defaults.stopBits
        timeout = connection.timeout ?? Connection.usualTimeout
    }
}
