import Dispatch
@preconcurrency import Glibc
import Synchronization

/// One RS-485 line with its instruments, served on a pseudo-terminal by a thread of its own.
public final class SimulatedLine: Sendable {
    /// The port a master opens, `/dev/pts/N`.
    public let port: String
    private let master: Int32
    /// Held open so that the line outlives its masters, as a cable outlives a program.
    private let ownSlave: Int32
    private let slaves: Mutex<[ModbusSlave]>
    private let isRunning = Mutex(true)
    private let finished = DispatchSemaphore(value: 0)
    /// Bits per second to which answers are paced; 0 for as fast as the machine goes.
    private let pace: Int

    /// TIOCSPTLCK and TIOCGPTN of Linux.
    private static let unlockTerminal: UInt = 0x4004_5431
    private static let terminalNumber: UInt = 0x8004_5430

    public enum Failure: Error, CustomStringConvertible {
        case noTerminal(String)

        public var description: String {
            switch self {
            case .noTerminal(let why): "no pseudo-terminal could be opened: \(why)"
            }
        }
    }

    /// - Parameter pace: baud rate whose character time (11 bits) and 3.5-character pause the
    ///   answers keep; a pseudo-terminal itself knows none.
    public init(_ slaves: [ModbusSlave], pace: Int = 0) throws {
        self.slaves = Mutex(slaves)
        self.pace = pace
        // What posix_openpt, grantpt, unlockpt and ptsname do, which the C module does not show.
        master = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC)
        var unlocked: Int32 = 0
        var number: Int32 = 0
        guard master >= 0, ioctl(master, Self.unlockTerminal, &unlocked) == 0,
            ioctl(master, Self.terminalNumber, &number) == 0
        else { throw Failure.noTerminal(String(cString: strerror(errno))) }
        port = "/dev/pts/\(number)"
        ownSlave = open(port, O_RDWR | O_NOCTTY | O_CLOEXEC)
        var settings = termios()
        guard ownSlave >= 0, tcgetattr(ownSlave, &settings) == 0 else {
            throw Failure.noTerminal(String(cString: strerror(errno)))
        }
        cfmakeraw(&settings)
        tcsetattr(ownSlave, TCSANOW, &settings)
        DispatchQueue(label: "line \(port)").async { self.serve() }
    }

    /// Takes `fault` up at unit `unit`, or lays it down.
    public func set(_ fault: WireFault?, at unit: UInt8) {
        slaves.withLock { slaves in
            for index in slaves.indices where slaves[index].unit == unit { slaves[index].fault = fault }
        }
    }

    /// Takes the line down; a master that has it open sees its port vanish. Returns when it is gone.
    public func stop() {
        let wasRunning = isRunning.withLock { running in
            defer { running = false }
            return running
        }
        guard wasRunning else { return }
        finished.wait()
        close(ownSlave)
        close(master)
    }

    private func serve() {
        var framing = SlaveFraming()
        var buffer = [UInt8](repeating: 0, count: 512)
        var kept: [[UInt8]: [UInt8]] = [:]
        while isRunning.withLock({ $0 }) {
            var descriptor = pollfd(fd: master, events: Int16(POLLIN), revents: 0)
            let ready = poll(&descriptor, 1, 20)
            guard ready > 0 else {
                framing.reset()
                continue
            }
            let count = read(master, &buffer, buffer.count)
            guard count > 0 else {
                usleep(1000)
                continue
            }
            framing.append(buffer.prefix(count))
            while let request = framing.next() { answer(request, &kept) }
        }
        finished.signal()
    }

    private func answer(_ request: [UInt8], _ kept: inout [[UInt8]: [UInt8]]) {
        guard let slave = slaves.withLock({ $0.first { $0.unit == request[0] } }) else { return }
        var unit = slave.unit
        var pdu = slave.answer(Array(request.dropFirst()))
        var noise: [UInt8] = []
        if slave.fault != .sticking { kept = kept.filter { $0.key[0] != unit } }
        switch slave.fault {
        case .silent: return
        case .late(let milliseconds): usleep(UInt32(milliseconds) * 1000)
        case .wrongUnit: unit &+= 1
        case .exception(let code): pdu = [request[1] | 0x80, code]
        case .noise: noise = [0x00, 0xFF, 0x5A]
        case .sticking:
            // Frozen registers: the first answer to a request is the answer to it for ever.
            pdu = kept[request] ?? pdu
            kept[request] = pdu
        case .wrongChecksum, nil: break
        }
        var frame = [unit] + pdu
        var checksum = SlaveFraming.checksum(frame)
        if slave.fault == .wrongChecksum { checksum.0 ^= 0x5A }
        frame += [checksum.0, checksum.1]
        send(noise + frame)
    }

    private func send(_ bytes: [UInt8]) {
        if pace > 0 { usleep(UInt32(38_500_000 / pace)) }
        for byte in bytes {
            var byte = byte
            guard write(master, &byte, 1) == 1 else { return }
            if pace > 0 { usleep(UInt32(11_000_000 / pace)) }
        }
    }
}
