@preconcurrency import Glibc

/// Where the program asks what time it is.
///
/// Wall time dates records; it may be stepped by an administrator or by NTP. Intervals are taken
/// from the monotonic clock, which is never stepped.
public enum SystemClock {
    /// Wall time, UTC.
    public static func now() -> Instant {
        let t = reading(CLOCK_REALTIME)
        return Instant(milliseconds: Int64(t.tv_sec) * 1000 + Int64(t.tv_nsec) / 1_000_000)
    }

    /// Seconds since an arbitrary start that stays the same while the machine runs.
    public static func monotonicSeconds() -> Double {
        let t = reading(CLOCK_MONOTONIC)
        return Double(t.tv_sec) + Double(t.tv_nsec) / 1e9
    }

    private static func reading(_ clock: clockid_t) -> timespec {
        var t = timespec()
        clock_gettime(clock, &t)
        return t
    }
}
