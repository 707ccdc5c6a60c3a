/// How long to wait before asking again. Pure.
struct Backoff: Sendable {
    /// Seconds after the first failure; doubled with each further one.
    let first: Double
    let greatest: Double

    /// A platform that cannot be reached: tried for ever, and soon again, because what arrives on
    /// the same day still counts as on time.
    static let unreachable = Backoff(first: 5, greatest: 300)
    /// A value the platform refused: the reason may be its own and pass, but not within seconds.
    static let refused = Backoff(first: 60, greatest: 3600)

    /// - Parameter failures: in a row, 1 or more.
    func seconds(after failures: Int) -> Double {
        var delay = first
        var doublings = max(0, failures - 1)
        while doublings > 0, delay < greatest {
            delay *= 2
            doublings -= 1
        }
        return min(delay, greatest)
    }
}
