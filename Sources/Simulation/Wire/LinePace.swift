import Chronometry
@preconcurrency import Glibc

/// How fast bytes go over a line. Each has its own moment, counted from the first, so that no delay adds up.
public struct LinePace: Hashable, Sendable {
    /// Bits per second; 0 for as fast as the machine goes.
    public let baud: Int
    /// Bits of a character on the line, start and stop bits among them: 10 or 11.
    public let characterBits: Int

    public init(baud: Int, characterBits: Int = 11) {
        self.baud = baud
        self.characterBits = characterBits
    }

    /// Seconds that `count` characters take.
    func time(of count: Double) -> Double { baud > 0 ? count * Double(characterBits) / Double(baud) : 0 }

    /// Seconds of the machine's steady clock.
    static func now() -> Double { SystemClock.monotonicSeconds() }

    static func sleep(until time: Double) {
        while true {
            let left = time - now()
            guard left > 0 else { return }
            usleep(UInt32(min(left * 1e6, 1e6)))
        }
    }
}
