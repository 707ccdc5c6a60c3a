/// What a Monte Carlo run of a model is to do (JCGM 101, clause 7; JCGM 102, clause 7).
public struct MonteCarloPlan: Sendable {
    /// M.
    public var trials: Int
    /// Coverage probabilities of the intervals wanted.
    public var probabilities: [Double]
    public var seed: UInt64
    /// How many blocks are computed side by side. It has no influence on the result.
    public var tasks: Int
    /// Whether every trial is kept, for a curve, or only those the intervals need.
    public var keepsEveryTrial: Bool

    public init(
        trials: Int = 1_000_000, probabilities: [Double] = [0.95], seed: UInt64 = MonteCarloPlan.usualSeed,
        tasks: Int = 2,
        keepsEveryTrial: Bool = false
    ) {
        self.trials = trials
        self.probabilities = probabilities
        self.seed = seed
        self.tasks = tasks
        self.keepsEveryTrial = keepsEveryTrial
    }

    /// Where nobody states one: any number will do, as long as it is written down.
    public static let usualSeed: UInt64 = 101
    /// The most this program runs; beyond 10⁸ the third digit of an interval's end hardly moves.
    public static let mostTrials = 1_000_000_000
    /// Values kept at the same time, a gigabyte of them.
    static let mostKept = 125_000_000

    func check(outputs: Int) throws(ModelError) {
        guard trials >= 2 else { throw ModelError("a Monte Carlo run takes two trials or more, not \(trials)") }
        guard trials <= Self.mostTrials else {
            throw ModelError(
                "\(trials) trials are more than the \(Self.mostTrials) that can be run: an adaptive run finds how many "
                    + "are needed")
        }
        for p in probabilities where !(p > 0 && p < 1) {
            throw ModelError("a coverage probability lies between 0 and 1, not \(p): 95 % is 0.95")
        }
        let share = keepsEverything ? 1 : tailShare * 2 + 0.03
        guard Double(trials * outputs) * share <= Double(Self.mostKept) else {
            throw ModelError(
                "\(trials) trials of \(outputs) \(outputs == 1 ? "output" : "outputs") would hold more than a gigabyte: at most "
                    + "\(Int(Double(Self.mostKept) / share) / outputs)")
        }
    }

    /// Part of the trials in each tail that the widest search for a shortest interval looks at, and a margin for
    /// what the first trials do not know.
    var tailShare: Double { (1 - (probabilities.min() ?? 1)) * 1.02 + 0.006 }

    var keepsEverything: Bool { keepsEveryTrial || trials <= 262_144 || tailShare > 0.3 }
}

/// The outcome of a Monte Carlo run, in the units of the outputs.
public struct MonteCarloResult: Sendable {
    public struct Output: Sendable {
        public let name: String
        public let mean: Double
        public let standardDeviation: Double
        public let median: Double
        /// For each probability of the plan.
        public let intervals: [(p: Double, symmetric: CoverageInterval, shortest: CoverageInterval)]
        /// Standard error of the mean, of the standard deviation, and of the ends of each symmetric interval.
        public let standardErrors: (mean: Double, standardDeviation: Double, ends: [(low: Double, high: Double)])
        /// In ascending order, where the plan keeps every trial; else empty.
        public let trials: [Double]
    }

    public let trials: Int
    public let seed: UInt64
    public let outputs: [Output]
    /// Row by row.
    public let covariances: [Double]

    public func correlation(_ a: Int, _ b: Int) -> Double {
        let count = outputs.count
        let product = (covariances[a * count + a] * covariances[b * count + b]).squareRoot()
        return product > 0 ? covariances[a * count + b] / product : 0
    }
}

extension MeasurementModel {
    /// Propagates distributions by drawing.
    ///
    /// The same plan gives the same result, bit for bit, whatever the number of tasks. Memory does not grow with the
    /// trials but for the tails that the intervals need.
    ///
    /// - Throws: ``ModelError`` for a plan that cannot be run, or where a trial has no finite result.
    public func sample(_ plan: MonteCarloPlan) async throws -> MonteCarloResult {
        try plan.check(outputs: outputs.count)
        let runner = TrialRunner(self, seed: plan.seed, blockSize: 16_384)
        let everything = [KeptRanges](repeating: .everything, count: outputs.count)
        var ranges = everything
        if !plan.keepsEverything {
            let pilot = try await runner.run(0..<4, of: plan.trials, keeping: everything, tasks: plan.tasks)
            ranges = pilot.kept.map { KeptRanges(pilot: $0, tail: plan.tailShare) }
        }
        let blocks = 0..<(plan.trials + runner.blockSize - 1) / runner.blockSize
        var run = try await runner.run(blocks, of: plan.trials, keeping: ranges, tasks: plan.tasks)
        var ordered = await run.ordered(ranges, for: plan.probabilities)
        if ordered == nil {
            // The first trials misjudged where the tails begin, as with values that repeat: once more, all kept.
            var complete = plan
            complete.keepsEveryTrial = true
            try complete.check(outputs: outputs.count)
            run = try await runner.run(blocks, of: plan.trials, keeping: everything, tasks: plan.tasks)
            ordered = await run.ordered(everything, for: plan.probabilities)
        }
        return result(plan, run, ordered ?? [])
    }

    func result(_ plan: MonteCarloPlan, _ run: TrialRun, _ ordered: [OrderedTrials]) -> MonteCarloResult {
        let count = outputs.count
        let covariances = (0..<count * count).map { run.moments.covariance($0 / count, $0 % count) }
        return MonteCarloResult(
            trials: plan.trials, seed: plan.seed,
            outputs: zip(outputs.indices, ordered).map { index, trials in
                let deviation = max(0, covariances[index * count + index]).squareRoot()
                let intervals = plan.probabilities.map { p in
                    let none = CoverageInterval(low: .nan, high: .nan)
                    return (p: p, symmetric: trials.symmetric(p) ?? none, shortest: trials.shortest(p) ?? none)
                }
                return MonteCarloResult.Output(
                    name: outputs[index].name, mean: run.moments.means[index], standardDeviation: deviation,
                    median: trials.median ?? .nan, intervals: intervals,
                    standardErrors: (
                        deviation / Double(plan.trials).squareRoot(), run.deviationErrors[index],
                        plan.probabilities.map { p in
                            (
                                trials.standardError(atQuantile: (1 - p) / 2) ?? .nan,
                                trials.standardError(atQuantile: (1 + p) / 2) ?? .nan
                            )
                        }
                    ),
                    trials: plan.keepsEveryTrial ? trials.low : [])
            },
            covariances: covariances)
    }
}

extension KeptRanges {
    /// From the first trials, all of them kept.
    fileprivate init(pilot: [Double], tail: Double) {
        var sorted = pilot
        sortNumbers(&sorted)
        func value(_ share: Double) -> Double {
            sorted[max(0, min(sorted.count - 1, Int(share * Double(sorted.count))))]
        }
        self.init(low: value(tail), high: value(1 - tail), middle: value(0.488)...value(0.512))
    }
}
