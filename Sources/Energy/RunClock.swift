public import Chronometry
import Synchronization

/// The clock one run lives by: tells the time steadily and waits.
public final class RunClock: Sendable {
    /// Where time comes from and how it is waited for; tests bring their own.
    public struct Source: Sendable {
        public let read: @Sendable () -> SteadyClock.Reading
        /// Waits so many of this clock's seconds; throws only when cancelled.
        public let sleep: @Sendable (_ seconds: Double) async throws -> Void
        /// Seconds of this clock per real second.
        public let speed: Double

        public init(
            speed: Double = 1, read: @escaping @Sendable () -> SteadyClock.Reading,
            sleep: @escaping @Sendable (_ seconds: Double) async throws -> Void
        ) {
            self.speed = speed
            self.read = read
            self.sleep = sleep
        }

        /// The machine's own clocks.
        public static let system = Source(
            read: {
                SteadyClock.Reading(
                    wall: SystemClock.now(), monotonic: SystemClock.monotonicSeconds())
            },
            sleep: { try await Task.sleep(for: .seconds($0)) })

        /// Simulated time: `start` + (monotonic − `origin`) · `speed`.
        ///
        /// Every program given the same three numbers on the same machine shows the same time.
        public static func accelerated(
            start: Instant, origin: Double, speed: Double
        ) -> Source {
            Source(
                speed: speed,
                read: {
                    let elapsed = (SystemClock.monotonicSeconds() - origin) * speed
                    return SteadyClock.Reading(
                        wall: start.advanced(bySeconds: elapsed), monotonic: elapsed)
                },
                sleep: { try await Task.sleep(for: .seconds($0 / speed)) })
        }
    }

    public let source: Source
    private let steady: Mutex<SteadyClock>
    private let onStep: @Sendable (SteadyClock.Step) -> Void

    /// - Parameters:
    ///   - notBefore: the last instant already on record.
    ///   - onStep: told of each step of the wall clock.
    public init(
        _ source: Source, notBefore: Instant? = nil,
        onStep: @escaping @Sendable (SteadyClock.Step) -> Void = { _ in }
    ) {
        self.source = source
        self.onStep = onStep
        steady = Mutex(SteadyClock(source.read(), notBefore: notBefore))
    }

    public func now() -> Instant {
        // The source is read inside, or two callers could hand in their readings in the wrong order.
        let (now, step) = steady.withLock { $0.advance(source.read()) }
        if let step { onStep(step) }
        return now
    }

    /// Waits until `instant` is reached; looks at the wall clock at least once a minute, so that a
    /// step is followed while waiting.
    public func wait(until instant: Instant) async throws {
        while true {
            let remaining = instant.seconds(since: now())
            guard remaining > 0 else { return }
            try await source.sleep(min(remaining, 60))
        }
    }

    public func wait(seconds: Double) async throws {
        try await wait(until: now().advanced(bySeconds: seconds))
    }
}
