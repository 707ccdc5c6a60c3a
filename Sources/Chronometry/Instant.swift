/// A moment of coordinated universal time, to the millisecond.
///
/// Milliseconds are the one precision used everywhere: what is measured, what is stored and what is
/// hashed is the same number, so that reading a row back never changes a digest.
public struct Instant: Hashable, Comparable, Sendable {
    /// Milliseconds since 1970-01-01T00:00:00Z, leap seconds not counted (POSIX).
    public let milliseconds: Int64

    public init(milliseconds: Int64) {
        self.milliseconds = milliseconds
    }

    public static func < (a: Instant, b: Instant) -> Bool { a.milliseconds < b.milliseconds }

    public func advanced(bySeconds seconds: Double) -> Instant {
        Instant(milliseconds: milliseconds + Int64((seconds * 1000).rounded()))
    }

    /// Seconds from `earlier` to this instant, negative where `earlier` is later.
    public func seconds(since earlier: Instant) -> Double {
        Double(milliseconds - earlier.milliseconds) / 1000
    }
}

/// A fixed offset from UTC in which an institute writes its dates, in minutes east.
///
/// China has one zone without daylight saving, so an offset says everything; a zone with rules
/// would need a time-zone database and is not pretended here.
public struct ZoneOffset: Hashable, Sendable {
    public let minutes: Int

    public init(minutes: Int) {
        self.minutes = minutes
    }

    public static let utc = ZoneOffset(minutes: 0)
    /// UTC+8, the legal time of China.
    public static let china = ZoneOffset(minutes: 480)
}

extension Instant {
    /// Year, month, day and time of day as a clock at `zone` shows them.
    public struct Civil: Hashable, Sendable {
        public let date: CivilDate
        public let hour: Int
        public let minute: Int
        public let second: Int
        public let millisecond: Int
    }

    public func civil(in zone: ZoneOffset) -> Civil {
        let local = milliseconds + Int64(zone.minutes) * 60_000
        let (day, rest) = local.flooredDivision(by: 86_400_000)
        return Civil(
            date: CivilDate(daysSinceEpoch: Int(day)),
            hour: Int(rest / 3_600_000), minute: Int(rest / 60_000 % 60),
            second: Int(rest / 1000 % 60), millisecond: Int(rest % 1000))
    }

    /// The start of `date` (00:00:00) in `zone`.
    public init(startOf date: CivilDate, in zone: ZoneOffset) {
        self.init(
            milliseconds: Int64(date.daysSinceEpoch) * 86_400_000 - Int64(zone.minutes) * 60_000)
    }

    public func date(in zone: ZoneOffset) -> CivilDate { civil(in: zone).date }

    /// `2026-11-25T03:30:23.118Z`: fixed width, so that text order is time order.
    public var iso8601: String {
        let c = civil(in: .utc)
        return "\(c.date)T\(c.clockText).\(padded(c.millisecond, 3))Z"
    }

    /// `2026-11-25 11:30:23` in `zone`, the form of records and of the energy platform.
    public func text(in zone: ZoneOffset) -> String {
        let c = civil(in: zone)
        return "\(c.date) \(c.clockText)"
    }

    /// Reads the form that ``iso8601`` writes, and `yyyy-MM-dd HH:mm:ss` where `zone` is given;
    /// in both the milliseconds may be left out.
    ///
    /// - Returns: nil where the text is neither, or names an impossible date or time.
    public init?(_ text: String, zone: ZoneOffset? = nil) {
        let isZulu = text.hasSuffix("Z")
        guard isZulu || zone != nil else { return nil }
        let body = isZulu ? text.dropLast() : Substring(text)
        let halves = body.split(
            separator: isZulu ? "T" : " ", maxSplits: 1, omittingEmptySubsequences: false)
        guard halves.count == 2, let date = CivilDate(String(halves[0])) else { return nil }
        let clock = halves[1].split(separator: ".", omittingEmptySubsequences: false)
        let fields = clock[0].split(separator: ":", omittingEmptySubsequences: false).map {
            number($0, digits: 2)
        }
        guard fields.count == 3, let hour = fields[0], let minute = fields[1],
            let second = fields[2],
            (0..<24).contains(hour), (0..<60).contains(minute), (0..<60).contains(second)
        else { return nil }
        var millisecond = 0
        if clock.count == 2 {
            guard let value = number(clock[1], digits: 3) else { return nil }
            millisecond = value
        } else if clock.count > 2 {
            return nil
        }
        let start = Instant(startOf: date, in: isZulu ? .utc : (zone ?? .utc))
        self.init(
            milliseconds: start.milliseconds
                + Int64(hour * 3_600_000 + minute * 60_000 + second * 1000 + millisecond))
    }
}

extension Instant: CustomStringConvertible {
    public var description: String { iso8601 }
}

extension Instant.Civil {
    var clockText: String { "\(padded(hour, 2)):\(padded(minute, 2)):\(padded(second, 2))" }
}

func padded(_ value: Int, _ width: Int) -> String {
    let digits = String(value)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
}

/// Exactly `digits` decimal digits as a number; nil for anything else, a sign included.
func number(_ text: Substring, digits: Int) -> Int? {
    guard text.utf8.count == digits, text.utf8.allSatisfy({ (48...57).contains($0) }) else { return nil }
    return Int(text)
}

extension FixedWidthInteger {
    /// Quotient rounded towards minus infinity and a remainder that is never negative.
    func flooredDivision(by divisor: Self) -> (quotient: Self, remainder: Self) {
        let (q, r) = quotientAndRemainder(dividingBy: divisor)
        return r < 0 ? (q - 1, r + divisor) : (q, r)
    }
}
