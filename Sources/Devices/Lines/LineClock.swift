package import Chronometry
@preconcurrency import Glibc
import Synchronization

/// The time a line lives by: the machine's own, or one a test moves.
package protocol LineClock: Sendable {
    /// In seconds; never stepped.
    var seconds: Double { get }
    /// Dates an exchange.
    var instant: Instant { get }
    /// Blocks the calling thread.
    func sleep(_ seconds: Double)
}

struct MachineClock: LineClock {
    var seconds: Double { SystemClock.monotonicSeconds() }
    var instant: Instant { SystemClock.now() }

    func sleep(_ seconds: Double) {
        let end = self.seconds + seconds
        // A signal ends a sleep early.
        while true {
            let left = end - self.seconds
            guard left > 0 else { return }
            var time = timespec(tv_sec: Int(left), tv_nsec: Int((left - left.rounded(.down)) * 1e9))
            nanosleep(&time, nil)
        }
    }
}

/// Bytes to and from the instruments of a line.
package protocol ByteChannel: AnyObject {
    /// Throws away what has arrived.
    func discard() throws
    /// - Throws: ``DeviceError/lineLost(line:)`` where the line takes nothing more within `timeout` ms.
    func write(_ bytes: [UInt8], timeout: Int) throws
    /// What arrives next, as soon as something does; nil where nothing came until `end`, in seconds of the line's clock.
    ///
    /// - Throws: ``DeviceError/lineLost(line:)`` where the line is gone.
    func read(until end: Double) throws -> [UInt8]?
}

/// How a line's bytes are reached, and the time they are counted in.
package struct LineAccess: Sendable {
    package let clock: any LineClock
    /// Opens the line; it may take so many ms.
    package let open: @Sendable (_ timeout: Int) throws -> any ByteChannel

    package init(clock: any LineClock, open: @escaping @Sendable (_ timeout: Int) throws -> any ByteChannel) {
        self.clock = clock
        self.open = open
    }

    /// The serial port or network address itself.
    init(_ line: Connection.Line, _ settings: BytePort.Settings) {
        let remembered = RememberedPort(line)
        self.init(clock: MachineClock()) { timeout in
            let port = try BytePort(line, settings, timeout: timeout)
            try remembered.check()
            return port
        }
    }
}

/// The adapter that a serial line led to when it was first opened.
private final class RememberedPort: Sendable {
    private let identity: Mutex<PortIdentity?>

    init(_ line: Connection.Line) {
        if case .serial(let path) = line {
            identity = Mutex(PortIdentity(path: path))
        } else {
            identity = Mutex(nil)
        }
    }

    /// - Throws: `DeviceError` where another adapter stands there now.
    func check() throws {
        try identity.withLock { identity in
            guard let node = try identity?.resolve() else { return }
            try identity?.check(node)
        }
    }
}
