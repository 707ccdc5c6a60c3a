/// Which trials of an output are kept for its order statistics.
struct KeptRanges: Sendable {
    /// Kept up to here, from here, and between.
    let low: Double
    let high: Double
    let middle: ClosedRange<Double>

    static let everything = KeptRanges(low: .infinity, high: .infinity, middle: -.infinity ... -.infinity)
}

/// Sums over some trials of every output, merged in the order of the trials so that the result does not depend on
/// who computed which.
struct TrialMoments: Sendable {
    var count = 0.0
    /// Of each output.
    var means: [Double]
    /// Sums of products of deviations from the means, row by row.
    var products: [Double]

    /// By the pairwise update of Chan, Golub and LeVeque (1983).
    mutating func merge(_ other: TrialMoments) {
        guard other.count > 0 else { return }
        let total = count + other.count
        let weight = count * other.count / total
        let size = means.count
        let differences = (0..<size).map { other.means[$0] - means[$0] }
        for row in 0..<size {
            for column in 0..<size {
                products[row * size + column] +=
                    other.products[row * size + column] + weight * differences[row] * differences[column]
            }
        }
        for index in 0..<size { means[index] += differences[index] * other.count / total }
        count = total
    }

    func covariance(_ a: Int, _ b: Int) -> Double { products[a * means.count + b] / (count - 1) }
}

/// The outcome of one block of trials.
struct TrialBlock: Sendable {
    var moments: TrialMoments
    /// Of each output, the trials in its ranges, in no order.
    var kept: [[Double]]
    /// Of each output, how many trials lie below the middle range.
    var belowMiddle: [Int]
    /// The first trial whose output was not a number, with the values of its inputs (SI).
    var fault: [Double]?
}

/// Runs blocks of trials of one model. A block has a random stream of its own, so that a trial is the same whoever
/// runs it and whatever ran before.
struct TrialRunner: Sendable {
    /// Trials that go through the tape together: their registers stay in the cache of a core.
    static let stride = 512

    let model: MeasurementModel
    let sampler: InputSampler
    /// Trials in a block.
    let blockSize: Int
    private let key: UInt64

    init(_ model: MeasurementModel, seed: UInt64, blockSize: Int) {
        self.model = model
        self.blockSize = blockSize
        sampler = InputSampler(model)
        // Seeds that people choose are neighbours, as block numbers are: mixed first, no block of one seed can
        // be a block of another.
        var mixer = SeededGenerator(seed: seed)
        key = mixer.next() ^ mixer.next()
    }

    /// Runs one block.
    ///
    /// - Parameters:
    ///   - index: of the block; its trials are `index * blockSize` onwards.
    ///   - count: trials, at most ``blockSize``.
    func run(_ index: Int, count: Int, keeping ranges: [KeptRanges]) -> TrialBlock {
        let tape = model.tape
        let outputs = tape.outputs.count
        let stride = Self.stride
        var generator = SeededGenerator(seed: key, stream: UInt64(index))
        var block = TrialBlock(
            moments: TrialMoments(
                means: .init(repeating: 0, count: outputs), products: .init(repeating: 0, count: outputs * outputs)),
            kept: .init(repeating: [], count: outputs), belowMiddle: .init(repeating: 0, count: outputs))
        // Moments about a value near the mean, lest a small scatter drown in a large number.
        var shifts = [Double](repeating: 0, count: outputs)
        var sums = [Double](repeating: 0, count: outputs)
        let registers = UnsafeMutablePointer<Double>.allocate(
            capacity: (tape.registerCount + sampler.scratchBlocks) * stride)
        defer { registers.deallocate() }
        registers.initialize(repeating: 0, count: (tape.registerCount + sampler.scratchBlocks) * stride)
        tape.fillConstants(registers, stride: stride)
        for output in 0..<outputs { block.kept[output].reserveCapacity(ranges[output].reserve(of: count)) }

        for start in Swift.stride(from: 0, to: count, by: stride) {
            let size = min(stride, count - start)
            sampler.fill(
                registers, scratch: registers + tape.registerCount * stride, stride: stride, count: size,
                with: &generator)
            tape.run(registers, stride: stride, count: size)
            for output in 0..<outputs {
                let values = registers + tape.outputs[output] * stride
                let unit = model.outputs[output].unit
                if unit.factor != 1 || unit.offset != 0 {
                    for i in 0..<size { values[i] = (values[i] - unit.offset) / unit.factor }
                }
                if start == 0 { shifts[output] = values[0] }
            }
            for row in 0..<outputs {
                let values = registers + tape.outputs[row] * stride
                sums[row] += Self.sum(values, size, about: shifts[row])
                for column in 0...row {
                    block.moments.products[row * outputs + column] += Self.product(
                        values, registers + tape.outputs[column] * stride, size, shifts[row], shifts[column])
                }
                guard sums[row].isFinite else {
                    block.fault = Self.fault(registers, values, size, inputs: tape.inputCount, stride)
                    return block
                }
                Self.keep(values, size, ranges[row], &block.kept[row], &block.belowMiddle[row])
            }
        }
        block.moments.count = Double(count)
        for row in 0..<outputs {
            block.moments.means[row] = shifts[row] + sums[row] / Double(count)
            for column in 0...row {
                let product = block.moments.products[row * outputs + column] - sums[row] * sums[column] / Double(count)
                block.moments.products[row * outputs + column] = product
                block.moments.products[column * outputs + row] = product
            }
        }
        return block
    }

    /// In four lanes, always the same way: the order of a sum is part of its result.
    private static func sum(_ values: UnsafeMutablePointer<Double>, _ count: Int, about shift: Double) -> Double {
        var lanes = SIMD4<Double>.zero
        let whole = count & ~3
        for i in Swift.stride(from: 0, to: whole, by: 4) {
            lanes += SIMD4(values[i], values[i + 1], values[i + 2], values[i + 3]) - shift
        }
        return (whole..<count).reduce(lanes.sum()) { $0 + (values[$1] - shift) }
    }

    private static func product(
        _ a: UnsafeMutablePointer<Double>, _ b: UnsafeMutablePointer<Double>, _ count: Int, _ shiftA: Double,
        _ shiftB: Double
    ) -> Double {
        var lanes = SIMD4<Double>.zero
        let whole = count & ~3
        for i in Swift.stride(from: 0, to: whole, by: 4) {
            let x = SIMD4(a[i], a[i + 1], a[i + 2], a[i + 3]) - shiftA
            let y = SIMD4(b[i], b[i + 1], b[i + 2], b[i + 3]) - shiftB
            lanes += x * y
        }
        return (whole..<count).reduce(lanes.sum()) { $0 + (a[$1] - shiftA) * (b[$1] - shiftB) }
    }

    private static func keep(
        _ values: UnsafeMutablePointer<Double>, _ count: Int, _ ranges: KeptRanges, _ kept: inout [Double],
        _ belowMiddle: inout Int
    ) {
        if ranges.low == .infinity {
            kept.append(contentsOf: UnsafeBufferPointer(start: values, count: count))
            return
        }
        let (low, high) = (ranges.low, ranges.high)
        let (from, to) = (ranges.middle.lowerBound, ranges.middle.upperBound)
        // Every value is written and the place moves on where it is kept: no branch to guess wrongly.
        withUnsafeTemporaryAllocation(of: Double.self, capacity: stride + 1) { chosen in
            var size = 0
            var below = 0
            for i in 0..<count {
                let value = values[i]
                chosen[size] = value
                let isTail = (value <= low ? 1 : 0) | (value >= high ? 1 : 0)
                let isMiddle = (value >= from ? 1 : 0) & (value <= to ? 1 : 0)
                size &+= isTail | isMiddle
                below &+= value < from ? 1 : 0
            }
            kept.append(contentsOf: chosen[..<size])
            belowMiddle += below
        }
    }

    private static func fault(
        _ registers: UnsafeMutablePointer<Double>, _ values: UnsafeMutablePointer<Double>, _ count: Int,
        inputs: Int, _ stride: Int
    ) -> [Double] {
        let trial = (0..<count).first { !values[$0].isFinite } ?? 0
        return (0..<inputs).map { registers[$0 * stride + trial] }
    }
}

extension KeptRanges {
    fileprivate func reserve(of count: Int) -> Int { low == .infinity ? count : count / 6 }
}
