/// All blocks of a run together.
struct TrialRun: Sendable {
    var moments: TrialMoments
    /// Of each output, in no order.
    var kept: [[Double]]
    var belowMiddle: [Int]
    /// Standard error of each standard deviation, from how it differs from block to block.
    var deviationErrors: [Double]
}

extension TrialRunner {
    /// Runs blocks, at most `tasks` groups of them side by side, and merges them in their order.
    ///
    /// - Parameter trials: of the whole run; the last block may be short.
    func run(
        _ blocks: Range<Int>, of trials: Int, keeping ranges: [KeptRanges], tasks: Int
    ) async throws -> TrialRun {
        // Long enough that handing out work costs nothing, short enough that no core waits long for the last.
        let length = max(1, min(16, blocks.count / max(1, 4 * tasks)))
        let starts = Array(Swift.stride(from: blocks.lowerBound, to: blocks.upperBound, by: length))
        var finished = [[TrialBlock]](repeating: [], count: starts.count)
        await withTaskGroup(of: (Int, [TrialBlock]).self) { group in
            func add(_ position: Int) {
                let first = starts[position]
                let indices = first..<min(first + length, blocks.upperBound)
                group.addTask {
                    (
                        position,
                        indices.map { index in
                            run(index, count: min(blockSize, trials - index * blockSize), keeping: ranges)
                        }
                    )
                }
            }
            var next = 0
            while next < min(max(1, tasks), starts.count) {
                add(next)
                next += 1
            }
            for await (position, results) in group {
                finished[position] = results
                if next < starts.count {
                    add(next)
                    next += 1
                }
            }
        }
        return try merge(finished.flatMap { $0 })
    }

    private func merge(_ blocks: [TrialBlock]) throws(ModelError) -> TrialRun {
        if let trial = blocks.lazy.compactMap(\.fault).first { throw model.fault(at: trial) }
        let outputs = model.outputs.count
        var run = TrialRun(
            moments: TrialMoments(
                means: .init(repeating: 0, count: outputs), products: .init(repeating: 0, count: outputs * outputs)),
            kept: .init(repeating: [], count: outputs), belowMiddle: .init(repeating: 0, count: outputs),
            deviationErrors: .init(repeating: .nan, count: outputs))
        for output in 0..<outputs {
            run.kept[output].reserveCapacity(blocks.reduce(0) { $0 + $1.kept[output].count })
        }
        for block in blocks {
            run.moments.merge(block.moments)
            for output in 0..<outputs {
                run.kept[output].append(contentsOf: block.kept[output])
                run.belowMiddle[output] += block.belowMiddle[output]
            }
        }
        let whole = blocks.filter { $0.moments.count == Double(blockSize) }
        for output in 0..<outputs where whole.count >= 4 {
            let deviations = whole.map { max(0, $0.moments.covariance(output, output)).squareRoot() }
            let scatter = experimentalStandardDeviation(deviations) ?? .nan
            run.deviationErrors[output] = scatter / Double(whole.count).squareRoot()
        }
        return run
    }
}

extension MeasurementModel {
    /// Why a trial has no result.
    func fault(at inputs: [Double]) -> ModelError {
        var registers = [Double](repeating: 0, count: tape.registerCount)
        let place = zip(self.inputs, inputs).map { "\($0.name) = \($0.unit.number(fromSI: $1))" }.joined(
            separator: ", ")
        return registers.withUnsafeMutableBufferPointer { registers in
            inputs.withUnsafeBufferPointer { tape.run($0, into: registers) }
            for (index, output) in tape.outputs.enumerated() {
                guard let error = tape.fault(registers, output) else { continue }
                return ModelError(
                    "'\(outputs[index].name)' has no value within what its inputs may be: \(error) of '\(error.text)', at "
                        + place)
            }
            return ModelError("a trial has a result that is not a number, at \(place)")
        }
    }
}

extension TrialRun {
    /// Order statistics of every output; nil where a tail turns out shorter than an interval needs.
    func ordered(_ ranges: [KeptRanges], for probabilities: [Double]) async -> [OrderedTrials]? {
        let total = Int(moments.count)
        return await withTaskGroup(of: (Int, OrderedTrials).self) { group in
            for (index, range) in ranges.enumerated() {
                group.addTask { (index, await Self.ordered(kept[index], range, belowMiddle[index], of: total)) }
            }
            var results = [OrderedTrials?](repeating: nil, count: ranges.count)
            for await (index, result) in group { results[index] = result }
            let complete = results.compactMap(\.self).filter { trials in
                trials.median != nil
                    && probabilities.allSatisfy { trials.symmetric($0) != nil && trials.shortest($0) != nil }
            }
            return complete.count == results.count ? complete : nil
        }
    }

    private static func ordered(
        _ kept: [Double], _ range: KeptRanges, _ belowMiddle: Int, of total: Int
    ) async -> OrderedTrials {
        if range.low == .infinity { return OrderedTrials(all: kept) }
        async let low = sorted(kept, range) { $0 <= $1.low }
        async let high = sorted(kept, range) { $0 >= $1.high }
        let middle = sorted(kept, range) { $1.middle.contains($0) }
        return OrderedTrials(
            count: total, low: await low, middle: middle, middleRank: belowMiddle + 1, high: await high)
    }

    private static func sorted(
        _ kept: [Double], _ range: KeptRanges, _ belongs: (Double, KeptRanges) -> Bool
    ) -> [Double] {
        var chosen: [Double] = []
        chosen.reserveCapacity(kept.count / 2)
        for value in kept where belongs(value, range) { chosen.append(value) }
        sortNumbers(&chosen)
        return chosen
    }
}
