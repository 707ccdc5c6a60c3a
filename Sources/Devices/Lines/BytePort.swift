import Chronometry
@preconcurrency import Glibc

/// A serial port or a TCP connection as a stream of bytes, for protocols that no library speaks.
final class BytePort: ByteChannel {
    private let descriptor: Int32
    private let line: Connection.Line
    private let claim: SerialPortClaim?
    private let direction: Connection.RS485?
    private var buffer = [UInt8](repeating: 0, count: 4096)

    /// Speed and shape of the characters of a serial port.
    struct Settings: Hashable, Sendable {
        var baud = 9600
        /// 7 or 8.
        var dataBits = 8
        var parity = Connection.Parity.none
        var stopBits = 1
        var rs485: Connection.RS485?
    }

    /// Opens the line; a serial port is locked against a second user and set to raw characters.
    ///
    /// - Parameters:
    ///   - node: of a serial port, where it is another than the line's path.
    ///   - timeout: how long a TCP connection may take to be made, in ms.
    /// - Throws: ``DeviceError``.
    init(_ line: Connection.Line, _ settings: Settings, node: String? = nil, timeout: Int) throws {
        self.line = line
        direction = settings.rs485
        switch line {
        case .serial(let path):
            claim = try SerialPortClaim(node ?? path)
            descriptor = try Self.open(node ?? path, settings)
        case .tcp(let host, let port):
            claim = nil
            descriptor = try Self.connect(host, port, timeout: timeout)
        }
    }

    deinit { close(descriptor) }

    private static func open(_ path: String, _ settings: Settings) throws -> Int32 {
        let descriptor = Glibc.open(path, O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC)
        guard descriptor >= 0 else { throw DeviceError.failed(line: path, why: String(cString: strerror(errno))) }
        var settings = settings
        if SerialPortClaim.isPseudoTerminal(path) {
            // It has no parity bits and eight data bits always, and Linux refuses to set anything else.
            settings.parity = .none
            settings.dataBits = 8
        }
        if let why = configure(descriptor, settings) {
            close(descriptor)
            throw DeviceError.notASerialPort(path: path, why: why)
        }
        if let why = settings.rs485?.prepare(descriptor) {
            close(descriptor)
            throw DeviceError.failed(line: path, why: why)
        }
        return descriptor
    }

    /// - Returns: why it cannot be set; nil where it is.
    private static func configure(_ descriptor: Int32, _ settings: Settings) -> String? {
        var terminal = termios()
        guard tcgetattr(descriptor, &terminal) == 0 else { return String(cString: strerror(errno)) }
        cfmakeraw(&terminal)
        guard let speed = speeds[settings.baud], cfsetspeed(&terminal, speed) == 0 else {
            return "it has no speed of \(settings.baud) baud"
        }
        terminal.c_cflag &= ~tcflag_t(CSIZE | PARENB | PARODD | CSTOPB)
        terminal.c_cflag |= tcflag_t(CLOCAL | CREAD) | tcflag_t(settings.dataBits == 7 ? CS7 : CS8)
        if settings.parity != .none { terminal.c_cflag |= tcflag_t(PARENB) }
        if settings.parity == .odd { terminal.c_cflag |= tcflag_t(PARODD) }
        if settings.stopBits == 2 { terminal.c_cflag |= tcflag_t(CSTOPB) }
        guard tcsetattr(descriptor, TCSANOW, &terminal) == 0 else { return String(cString: strerror(errno)) }
        tcflush(descriptor, TCIOFLUSH)
        return nil
    }

    private static let speeds: [Int: speed_t] = [
        300: speed_t(B300), 600: speed_t(B600), 1200: speed_t(B1200), 2400: speed_t(B2400), 4800: speed_t(B4800),
        9600: speed_t(B9600), 19_200: speed_t(B19200), 38_400: speed_t(B38400), 57_600: speed_t(B57600),
        115_200: speed_t(B115200), 230_400: speed_t(B230400), 460_800: speed_t(B460800), 500_000: speed_t(B500000),
        576_000: speed_t(B576000), 921_600: speed_t(B921600),
    ]

    private static func connect(_ host: String, _ port: Int, timeout: Int) throws -> Int32 {
        let address = "\(Connection.Line.tcp(host: host, port: port))"
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var found: UnsafeMutablePointer<addrinfo>?
        let status = getaddrinfo(host, String(port), &hints, &found)
        defer { if status == 0 { freeaddrinfo(found) } }
        guard status == 0 else {
            throw DeviceError.unreachable(address: address, why: String(cString: gai_strerror(status)))
        }
        var why = ECONNREFUSED
        var next = found
        // A name may have several addresses, of which the instrument listens on one.
        while let entry = next?.pointee {
            switch connect(entry, timeout: timeout) {
            case .success(let made): return made
            case .failure(let code): why = code.number
            }
            next = entry.ai_next
        }
        throw DeviceError.unreachable(address: address, why: String(cString: strerror(why)))
    }

    private struct Refusal: Error {
        let number: Int32
    }

    private static func connect(_ entry: addrinfo, timeout: Int) -> Result<Int32, Refusal> {
        let kind = entry.ai_socktype | Int32(SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)
        let made = socket(entry.ai_family, kind, entry.ai_protocol)
        guard made >= 0 else { return .failure(Refusal(number: errno)) }
        var why: Int32 = 0
        if Glibc.connect(made, entry.ai_addr, entry.ai_addrlen) != 0 {
            why = errno
            if why == EINPROGRESS {
                var waiting = pollfd(fd: made, events: Int16(POLLOUT), revents: 0)
                var length = socklen_t(MemoryLayout<Int32>.size)
                why = poll(&waiting, 1, Int32(timeout)) > 0 ? 0 : ETIMEDOUT
                if why == 0 { getsockopt(made, SOL_SOCKET, SO_ERROR, &why, &length) }
            }
        }
        guard why == 0 else {
            close(made)
            return .failure(Refusal(number: why))
        }
        // Questions are small and wait for their answers: nothing is gained by holding one back.
        var isOn: Int32 = 1
        setsockopt(made, Int32(IPPROTO_TCP), TCP_NODELAY, &isOn, socklen_t(MemoryLayout<Int32>.size))
        return .success(made)
    }

    func discard() throws {
        while true {
            let count = Glibc.read(descriptor, &buffer, buffer.count)
            if count > 0 { continue }
            guard count < 0, errno == EAGAIN || errno == EINTR else { throw DeviceError.lineLost(line: "\(line)") }
            if errno == EAGAIN { return }
        }
    }

    func write(_ bytes: [UInt8], timeout: Int) throws {
        let end = SystemClock.monotonicSeconds() + Double(timeout) / 1000
        direction?.talk(descriptor)
        defer { direction?.listen(descriptor) }
        var sent = 0
        while sent < bytes.count {
            let count = bytes[sent...].withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count > 0 {
                sent += count
                continue
            }
            guard count < 0, errno == EAGAIN || errno == EINTR, wait(Int16(POLLOUT), until: end) else {
                throw DeviceError.lineLost(line: "\(line)")
            }
        }
    }

    func read(until end: Double) throws -> [UInt8]? {
        while wait(Int16(POLLIN), until: end) {
            let count = Glibc.read(descriptor, &buffer, buffer.count)
            if count > 0 { return Array(buffer.prefix(count)) }
            // The end of a stream; of a terminal, that its other side is closed.
            guard count < 0, errno == EAGAIN || errno == EINTR else { throw DeviceError.lineLost(line: "\(line)") }
        }
        return nil
    }

    private func wait(_ events: Int16, until end: Double) -> Bool {
        while true {
            // What has arrived already is taken even where the time is up.
            let left = max(0, (end - SystemClock.monotonicSeconds()) * 1000)
            var waiting = pollfd(fd: descriptor, events: events, revents: 0)
            let ready = poll(&waiting, 1, Int32(left.rounded(.up)))
            // A signal is no reason to give up.
            if ready < 0, errno == EINTR { continue }
            return ready > 0
        }
    }
}
