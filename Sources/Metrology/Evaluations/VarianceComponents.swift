/// A balanced one-way analysis of variance: J groups (days) of K readings (JCGM 100, H.5).
public struct VarianceComponents: Hashable, Sendable {
    public let groups: Int
    public let perGroup: Int
    public let grandMean: Double
    /// Standard deviation of the J group means.
    public let deviationOfMeans: Double
    /// s_b: within groups, pooled (H.25b).
    public let within: Double

    /// s_a = √K·s(means): the other estimate of the same deviation where the groups do not differ (H.25a).
    public var betweenEstimate: Double { Double(perGroup).squareRoot() * deviationOfMeans }
    public var betweenDegreesOfFreedom: Int { groups - 1 }
    public var withinDegreesOfFreedom: Int { groups * (perGroup - 1) }

    /// s_a²/s_b².
    public var ratio: Double { betweenEstimate * betweenEstimate / (within * within) }

    /// Probability of a larger ratio where the groups do not differ.
    public var significance: Double {
        FDistribution.upperTail(ratio, Double(betweenDegreesOfFreedom), Double(withinDegreesOfFreedom))
    }

    /// The ratio exceeded with probability 1 − `p` where the groups do not differ.
    public func criticalRatio(p: Double) -> Double {
        FDistribution.quantile(p, Double(betweenDegreesOfFreedom), Double(withinDegreesOfFreedom))
    }

    /// s_B: the component between groups, 0 where its estimated variance is negative (H.28a).
    public var betweenComponent: Double {
        max(0, deviationOfMeans * deviationOfMeans - within * within / Double(perGroup)).squareRoot()
    }

    /// u of the grand mean from the group means alone: the groups differ (H.24b).
    public var uncertaintyFromMeans: Double { deviationOfMeans / Double(groups).squareRoot() }

    /// u of the grand mean from all readings pooled: the groups do not differ (H.27).
    public var uncertaintyPooled: Double {
        let between = betweenEstimate * betweenEstimate * Double(betweenDegreesOfFreedom)
        let inside = within * within * Double(withinDegreesOfFreedom)
        let count = Double(groups * perGroup)
        return ((between + inside) / (count - 1) / count).squareRoot()
    }

    /// - Returns: nil for fewer than two groups or fewer than two readings in each, or lists of unlike length.
    public init?(means: [Double], deviations: [Double], perGroup: Int) {
        guard means.count >= 2, means.count == deviations.count, perGroup >= 2 else { return nil }
        groups = means.count
        self.perGroup = perGroup
        let mean = compensatedSum(means) / Double(means.count)
        grandMean = mean
        let squares = compensatedSum(means.map { ($0 - mean) * ($0 - mean) })
        deviationOfMeans = (squares / Double(groups - 1)).squareRoot()
        within = (compensatedSum(deviations.map { $0 * $0 }) / Double(groups)).squareRoot()
    }

    /// - Returns: nil unless there are two groups or more, all of the same two readings or more.
    public init?(_ readings: [[ExactDecimal]]) {
        let groups = readings.compactMap { RepeatedObservations($0) }
        guard let count = groups.first?.count, groups.count == readings.count,
            groups.allSatisfy({ $0.count == count })
        else { return nil }
        self.init(
            means: groups.map(\.mean), deviations: groups.map(\.standardDeviation), perGroup: count)
    }
}
