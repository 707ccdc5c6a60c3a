public import Chronometry

/// A calendar clock that never jumps and never goes back.
///
/// It runs on the monotonic clock and follows the wall clock only by running at most 2 % faster or
/// slower. A wall clock that is stepped, by a person or by NTP, therefore neither skips a
/// quarter-hour boundary (which would be a gap) nor shows one twice (which would be a duplicate);
/// a quarter hour lasts 882 s to 918 s while a step is being made good.
public struct SteadyClock: Sendable {
    /// What the operating system says, both read together.
    public struct Reading: Sendable {
        public let wall: Instant
        /// Seconds of the same length as the wall clock's, from any origin.
        public let monotonic: Double

        public init(wall: Instant, monotonic: Double) {
            self.wall = wall
            self.monotonic = monotonic
        }
    }

    /// A wall clock found elsewhere than expected.
    public struct Step: Sendable, Equatable {
        public let at: Instant
        public let wall: Instant
        /// How far the wall clock jumped; positive forwards.
        public let seconds: Double
    }

    static let greatestSlew = 0.02
    /// Smaller jumps are the ordinary work of NTP and are followed without a word.
    static let notable: Double = 1

    /// Milliseconds since 1970, with their fraction: rounding at each look would add up.
    private var milliseconds: Double
    private var monotonic: Double
    /// Wall clock minus this clock when last seen, in milliseconds.
    private var deviation: Double

    /// - Parameter notBefore: the last instant already on record: a clock that was set back while
    ///   the program was not running starts there, and waits for nobody.
    public init(_ reading: Reading, notBefore: Instant? = nil) {
        let wall = Double(reading.wall.milliseconds)
        milliseconds = max(wall, notBefore.map { Double($0.milliseconds) } ?? wall)
        monotonic = reading.monotonic
        deviation = wall - milliseconds
    }

    /// The present moment, and the step of the wall clock if one is seen now.
    public mutating func advance(_ reading: Reading) -> (now: Instant, step: Step?) {
        let elapsed = max(0, (reading.monotonic - monotonic) * 1000)
        monotonic = max(monotonic, reading.monotonic)
        let wall = Double(reading.wall.milliseconds)
        let found = wall - (milliseconds + elapsed)
        let jump = (found - deviation) / 1000
        let reach = elapsed * Self.greatestSlew
        milliseconds += elapsed + min(max(found, -reach), reach)
        deviation = wall - milliseconds
        let now = Instant(milliseconds: Int64(milliseconds.rounded(.down)))
        let step =
            abs(jump) >= Self.notable ? Step(at: now, wall: reading.wall, seconds: jump) : nil
        return (now, step)
    }
}
