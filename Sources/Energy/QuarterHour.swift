public import Chronometry

/// The quarter hours of the day. Their boundaries are the same instants in every zone whose offset
/// is a whole number of quarter hours, China's among them.
public enum QuarterHour {
    static let milliseconds: Int64 = 900_000
    public static let seconds: Double = 900

    /// The last boundary not after `instant`.
    public static func boundary(notAfter instant: Instant) -> Instant {
        let ms = instant.milliseconds
        let over = (ms % milliseconds + milliseconds) % milliseconds
        return Instant(milliseconds: ms - over)
    }

    /// The first boundary not before `instant`.
    public static func boundary(notBefore instant: Instant) -> Instant {
        let floor = boundary(notAfter: instant)
        return floor == instant ? floor : floor.nextQuarter
    }

    /// How many quarter hours lie wholly within `start` and `end`.
    public static func count(from start: Instant, to end: Instant) -> Int {
        let (first, last) = (boundary(notBefore: start), boundary(notAfter: end))
        return max(0, Int((last.milliseconds - first.milliseconds) / milliseconds))
    }
}

extension Instant {
    var nextQuarter: Instant { Instant(milliseconds: milliseconds + QuarterHour.milliseconds) }

    /// Local time of China, `yyyy-MM-dd HH:mm:ss`: how the platform writes every date.
    var platformText: String { text(in: .china) }
}
