/// A Monte Carlo run that goes on until its results are stable to a stated number of digits (JCGM 101, 7.9).
public struct AdaptivePlan: Sendable {
    /// Significant digits of u that are to be right.
    public var digits: Int
    /// δ for every output, in its unit; nil to derive it from the digits of u (7.9.2).
    public var tolerance: Double?
    public var probabilities: [Double]
    public var seed: UInt64
    public var tasks: Int
    public var mostTrials: Int

    public init(
        digits: Int = 2, tolerance: Double? = nil, probabilities: [Double] = [0.95],
        seed: UInt64 = MonteCarloPlan.usualSeed, tasks: Int = 2,
        mostTrials: Int = 20_000_000
    ) {
        self.digits = digits
        self.tolerance = tolerance
        self.probabilities = probabilities
        self.seed = seed
        self.tasks = tasks
        self.mostTrials = mostTrials
    }
}

public struct AdaptiveResult: Sendable {
    public let result: MonteCarloResult
    public let isStable: Bool
    /// For each output: δ, and the largest of twice the standard errors of mean, u and the ends of all intervals.
    public let quality: [(tolerance: Double, reached: Double)]
}

extension MeasurementModel {
    /// Runs blocks of max(10⁴, 100/(1 − p)) trials until twice the standard errors of mean, u and the ends of the
    /// shortest intervals are within δ for every output.
    ///
    /// - Throws: ``ModelError`` as ``sample(_:)`` does.
    public func sample(_ plan: AdaptivePlan) async throws -> AdaptiveResult {
        guard (1...6).contains(plan.digits) else {
            throw ModelError("an adaptive run is for 1 to 6 digits, not \(plan.digits)")
        }
        if let tolerance = plan.tolerance, !(tolerance > 0) {
            throw ModelError("δ must be positive, not \(tolerance)")
        }
        try MonteCarloPlan(probabilities: plan.probabilities).check(outputs: outputs.count)
        let least = plan.probabilities.map { Int((100 / (1 - $0)).rounded(.up)) }.max() ?? 0
        let size = max(10_000, least)
        let runner = TrialRunner(self, seed: plan.seed, blockSize: size)
        let most = max(2, plan.mostTrials / size / outputs.count)
        let everything = [KeptRanges](repeating: .everything, count: outputs.count)

        var blocks: [TrialRun] = []
        // What each block finds, one row for each figure: mean, u and the ends of each interval of each output.
        var figures: [[Double]] = []
        var quality = [(tolerance: Double, reached: Double)](repeating: (0, .infinity), count: outputs.count)
        var isStable = false
        while !isStable, blocks.count < most {
            let next = blocks.count..<min(most, blocks.count + max(2, plan.tasks))
            let runs = try await runner.separate(next, keeping: everything)
            for run in runs {
                blocks.append(run)
                figures.append(try await self.figures(run, plan))
                guard blocks.count >= 2 else { continue }
                quality = self.quality(blocks, figures, plan)
                isStable = quality.allSatisfy { $0.reached <= $0.tolerance }
                // Blocks that were computed beside the last one needed are left out, whatever their number.
                if isStable { break }
            }
        }
        let all = blocks.dropFirst().reduce(into: blocks[0]) { $0.join($1) }
        var final = MonteCarloPlan(
            trials: blocks.count * size, probabilities: plan.probabilities, seed: plan.seed, tasks: plan.tasks)
        final.keepsEveryTrial = true
        let ordered = await all.ordered(everything, for: plan.probabilities) ?? []
        return AdaptiveResult(result: result(final, all, ordered), isStable: isStable, quality: quality)
    }

    private func figures(_ run: TrialRun, _ plan: AdaptivePlan) async throws -> [Double] {
        guard
            let ordered = await run.ordered(
                .init(repeating: .everything, count: outputs.count), for: plan.probabilities)
        else { throw ModelError("a block of trials has no interval") }
        return outputs.indices.flatMap { output in
            [run.moments.means[output], max(0, run.moments.covariance(output, output)).squareRoot()]
                + plan.probabilities.flatMap { p in
                    let interval = ordered[output].shortest(p)
                    return [interval?.low ?? .nan, interval?.high ?? .nan]
                }
        }
    }

    private func quality(
        _ blocks: [TrialRun], _ figures: [[Double]], _ plan: AdaptivePlan
    ) -> [(tolerance: Double, reached: Double)] {
        let width = 2 + 2 * plan.probabilities.count
        let all = blocks.dropFirst().reduce(into: blocks[0].moments) { $0.merge($1.moments) }
        return outputs.indices.map { output in
            let u = max(0, all.covariance(output, output)).squareRoot()
            let tolerance = plan.tolerance ?? NumericalTolerance.of(u, digits: plan.digits)
            let errors = (0..<width).map { column -> Double in
                let values = figures.map { $0[output * width + column] }
                let scatter = experimentalStandardDeviation(values) ?? .infinity
                return 2 * scatter / Double(values.count).squareRoot()
            }
            return (tolerance, errors.max() ?? .infinity)
        }
    }
}

/// δ of JCGM 101, 7.9.2.
public enum NumericalTolerance {
    /// ½·10^l where u = c·10^l and c has `digits` digits; infinite for an exact output.
    public static func of(_ u: Double, digits: Int) -> Double {
        guard u > 0, u.isFinite else { return .infinity }
        let exponent = commonLogarithm(u).rounded(.down) - Double(digits - 1)
        // 0.995 to two digits is 1.0, one place higher.
        let scaled = (u / power(10, exponent)).rounded()
        return 0.5 * power(10, scaled >= power(10, Double(digits)) ? exponent + 1 : exponent)
    }
}

extension TrialRunner {
    /// Each block as a run of its own, computed side by side.
    func separate(_ blocks: Range<Int>, keeping ranges: [KeptRanges]) async throws -> [TrialRun] {
        try await withThrowingTaskGroup(of: (Int, TrialRun).self) { group in
            for index in blocks {
                group.addTask {
                    (index, try await run(index..<index + 1, of: (index + 1) * blockSize, keeping: ranges, tasks: 1))
                }
            }
            var runs: [Int: TrialRun] = [:]
            for try await (index, run) in group { runs[index] = run }
            return blocks.compactMap { runs[$0] }
        }
    }
}

extension TrialRun {
    fileprivate mutating func join(_ other: TrialRun) {
        moments.merge(other.moments)
        for output in kept.indices {
            kept[output].append(contentsOf: other.kept[output])
            belowMiddle[output] += other.belowMiddle[output]
        }
    }
}
