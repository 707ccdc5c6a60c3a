/// Coverage intervals from ordered trials (JCGM 101, 7.7).
public struct CoverageInterval: Hashable, Sendable {
    public let low: Double
    public let high: Double

    public init(low: Double, high: Double) {
        self.low = low
        self.high = high
    }
}

extension OrderedTrials {
    /// q: how many trials an interval of this probability spans.
    static func span(_ p: Double, of count: Int) -> Int {
        min(count - 1, max(1, Int((p * Double(count)).rounded())))
    }

    /// As many trials below as above, to one.
    package func symmetric(_ p: Double) -> CoverageInterval? {
        let q = Self.span(p, of: count)
        let r = max(1, (count - q + 1) / 2)
        guard let low = value(rank: r), let high = value(rank: r + q) else { return nil }
        return CoverageInterval(low: low, high: high)
    }

    /// The shortest of all intervals that span as many trials.
    package func shortest(_ p: Double) -> CoverageInterval? {
        let q = Self.span(p, of: count)
        let last = count - q
        guard let lows = slice(ranks: 1...last), let highs = slice(ranks: q + 1...count) else { return nil }
        return lows.withUnsafeBufferPointer { lows in
            highs.withUnsafeBufferPointer { highs in
                var best = 0
                var length = highs[0] - lows[0]
                for index in 1..<max(1, last) where highs[index] - lows[index] < length {
                    length = highs[index] - lows[index]
                    best = index
                }
                return CoverageInterval(low: lows[best], high: highs[best])
            }
        }
    }

    /// The middle value, or the mean of the two in the middle.
    var median: Double? {
        guard let upper = value(rank: count / 2 + 1) else { return nil }
        if count % 2 == 1 { return upper }
        return value(rank: count / 2).map { ($0 + upper) / 2 }
    }

    /// Standard error of the value at a quantile, from the spacing of the trials around it: free of any assumption
    /// about the distribution.
    func standardError(atQuantile p: Double) -> Double? {
        let rank = p * Double(count)
        let spread = (Double(count) * p * (1 - p)).squareRoot()
        guard let low = value(rank: max(1, Int(rank - spread))),
            let high = value(rank: min(count, Int(rank + spread) + 1))
        else { return nil }
        return (high - low) / 2
    }
}
