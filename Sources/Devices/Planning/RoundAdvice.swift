/// Whether a round keeps a wished interval, and what would help where it does not.
public struct RoundAdvice: Sendable {
    /// One change, computed on the same instruments; times in seconds.
    public enum Help: Hashable, Sendable {
        /// What the instruments that do not answer cost, and the round without them.
        case silent(names: [String], cost: Double, seconds: Double)
        /// The lowest speed that keeps the interval.
        case faster(baud: Int, seconds: Double)
        /// The fastest speed, where it does not keep it.
        case notFaster(baud: Int, seconds: Double)
        /// Lines that keep the interval, the instruments on each, and the longest of their rounds. Instruments are dealt
        /// out longest first: where they differ much, a division sought by hand may need a line less.
        case lines(instruments: [Int], seconds: Double)
        /// Channels not to read: whatever saves most, one after another.
        case fewer(without: [String], seconds: Double)
        /// The channel that costs most, where no few of them are enough.
        case dearest(channel: String, cost: Double, seconds: Double)
        /// The shortest interval in whole seconds, below one second in tenths.
        case longer(interval: Double)
    }

    public let forecast: RoundForecast
    /// The wished interval, in seconds.
    public let interval: Double
    public var holds: Bool { forecast.holds(every: interval) }
    /// Empty where the interval holds.
    public let helps: [Help]

    /// The fastest speed proposed.
    static let fastest = 115_200
    /// More channels than these are not proposed to be left out.
    static let mostLeftOut = 4

    /// - Parameter interval: above 0.
    public init(_ forecast: RoundForecast, every interval: Double) {
        self.forecast = forecast
        self.interval = interval
        guard !forecast.holds(every: interval) else {
            helps = []
            return
        }
        helps =
            [
                Self.silent(forecast), Self.faster(forecast, interval), Self.lines(forecast, interval),
                Self.fewer(forecast, interval),
            ].compactMap { $0 } + [.longer(interval: Self.shortest(holding: forecast.seconds))]
    }

    private static func silent(_ forecast: RoundForecast) -> Help? {
        let silent = forecast.shares.filter(\.isSilent)
        guard !silent.isEmpty else { return nil }
        let rest = RoundForecast(forecast.members.filter { $0.silence == nil })
        return .silent(
            names: silent.map(\.name), cost: silent.reduce(0) { $0 + $1.cost.seconds }, seconds: rest.seconds)
    }

    private static func faster(_ forecast: RoundForecast, _ interval: Double) -> Help? {
        guard let baud = forecast.baud else { return nil }
        var last: Help?
        for speed in Connection.speeds where speed > baud && speed <= fastest {
            let seconds = forecast.with { $0.at(baud: speed) }.seconds
            if seconds <= interval { return .faster(baud: speed, seconds: seconds) }
            last = .notFaster(baud: speed, seconds: seconds)
        }
        return last
    }

    /// The instruments that take longest are put first, each on the line that is shortest so far.
    private static func lines(_ forecast: RoundForecast, _ interval: Double) -> Help? {
        let costs = forecast.shares.map(\.cost.seconds).sorted(by: >)
        guard costs.count >= 2, costs[0] <= interval else { return nil }
        for lines in 2...costs.count {
            var loads = [Double](repeating: 0, count: lines)
            var instruments = [Int](repeating: 0, count: lines)
            for cost in costs {
                let least = loads.indices.min { (loads[$0], $0) < (loads[$1], $1) } ?? 0
                loads[least] += cost
                instruments[least] += 1
            }
            let longest = loads.max() ?? 0
            if longest <= interval { return .lines(instruments: instruments, seconds: longest) }
        }
        return nil
    }

    /// Leaves out whatever saves most, one after another.
    private static func fewer(_ forecast: RoundForecast, _ interval: Double) -> Help? {
        var rest = forecast
        var without: [String] = []
        var first: Help?
        while without.count < mostLeftOut, rest.channels.count > 1 {
            let candidates = rest.channels.map { channel in
                (channel: channel, forecast: rest.with { $0.without(channel) })
            }
            guard let best = candidates.min(by: { $0.forecast.seconds < $1.forecast.seconds }) else { break }
            without.append(best.channel)
            if first == nil {
                let saved = rest.seconds - best.forecast.seconds
                guard saved > 0 else { return nil }
                first = .dearest(channel: best.channel, cost: saved, seconds: best.forecast.seconds)
            }
            rest = best.forecast
            if rest.holds(every: interval) { return .fewer(without: without, seconds: rest.seconds) }
        }
        return first
    }

    static func shortest(holding seconds: Double) -> Double {
        seconds > 1 ? seconds.rounded(.up) : (seconds * 10).rounded(.up) / 10
    }
}
