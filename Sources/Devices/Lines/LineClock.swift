package import Chronometry
@preconcurrency import Glibc

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
    /// Of a serial line on this machine.
    let port: FollowedPort?

    package init(
        clock: any LineClock, port: FollowedPort? = nil,
        open: @escaping @Sendable (_ timeout: Int) throws -> any ByteChannel
    ) {
        self.clock = clock
        self.open = open
        self.port = port
    }

    /// The serial port or network address itself.
    init(_ line: Connection.Line, _ settings: BytePort.Settings, _ port: FollowedPort?) {
        clock = MachineClock()
        self.port = port
        open = { timeout in
            guard let port else { return try BytePort(line, settings, timeout: timeout) }
            return try port.open { try BytePort(line, settings, node: $0, timeout: timeout) }
        }
    }
}
