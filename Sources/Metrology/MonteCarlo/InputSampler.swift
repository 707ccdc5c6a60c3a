/// Draws all inputs of a model together, block by block, in SI.
struct InputSampler: Sendable {
    private let samplers: [DistributionSampler]
    /// Sources that act once and wholly are drawn where they are needed, the others into a block of their own.
    private let steps: [Step]
    private let groups: [Group]
    /// Blocks needed beside those of the inputs.
    let scratchBlocks: Int

    private enum Step: Sendable {
        /// Straight into the input's block, then times `factor` plus `offset`.
        case direct(source: Int, input: Int, factor: Double, offset: Double)
        case source(Int, block: Int)
        case sum(input: Int, parts: [(block: Int, factor: Double)], offset: Double)
    }

    /// Jointly normal inputs: estimate + Σ factor·z.
    private struct Group: Sendable {
        let inputs: [Int]
        let means: [Double]
        /// Standard uncertainty times a square root of the correlation matrix, row by row.
        let factors: [Double]
    }

    init(_ model: MeasurementModel) {
        samplers = model.sources.map { DistributionSampler($0.distribution) }
        let groups = model.statedGroups.map { indices in
            let root = model.correlationMatrix(of: indices).squareRoot()
            return Group(
                inputs: indices, means: indices.map { model.estimates[$0] },
                factors: indices.indices.flatMap { row in
                    indices.indices.map { model.uncertainties[indices[row]] * root[row * indices.count + $0] }
                })
        }
        self.groups = groups
        let joint = Set(groups.flatMap { $0.inputs })

        var uses: [Int: Int] = [:]
        for parts in model.parts { for part in parts { uses[part.source, default: 0] += 1 } }
        var steps: [Step] = []
        var blocks: [Int: Int] = [:]
        for (input, parts) in model.parts.enumerated() where !joint.contains(input) {
            let offset = model.inputs[input].unit.offset
            if parts.count == 1, uses[parts[0].source] == 1 {
                steps.append(.direct(source: parts[0].source, input: input, factor: parts[0].factor, offset: offset))
                continue
            }
            for part in parts where blocks[part.source] == nil {
                blocks[part.source] = blocks.count
                steps.append(.source(part.source, block: blocks.count - 1))
            }
            steps.append(
                .sum(input: input, parts: parts.map { (blocks[$0.source] ?? 0, $0.factor) }, offset: offset))
        }
        self.steps = steps
        scratchBlocks = blocks.count + (groups.map { $0.inputs.count }.max() ?? 0)
    }

    /// - Parameters:
    ///   - inputs: one block of `stride` places for each input.
    ///   - scratch: ``scratchBlocks`` blocks.
    func fill(
        _ inputs: UnsafeMutablePointer<Double>, scratch: UnsafeMutablePointer<Double>, stride: Int, count: Int,
        with generator: inout SeededGenerator
    ) {
        for step in steps {
            switch step {
            case .direct(let source, let input, let factor, let offset):
                let places = inputs + input * stride
                samplers[source].fill(places, count, with: &generator)
                if factor != 1 || offset != 0 {
                    for index in 0..<count { places[index] = places[index] * factor + offset }
                }
            case .source(let source, let block):
                samplers[source].fill(scratch + block * stride, count, with: &generator)
            case .sum(let input, let parts, let offset):
                let places = inputs + input * stride
                places.update(repeating: offset, count: count)
                for part in parts {
                    let block = scratch + part.block * stride
                    for index in 0..<count { places[index] += part.factor * block[index] }
                }
            }
        }
        for group in groups { fill(group, inputs, scratch, stride, count, &generator) }
    }

    private func fill(
        _ group: Group, _ inputs: UnsafeMutablePointer<Double>, _ scratch: UnsafeMutablePointer<Double>,
        _ stride: Int, _ count: Int, _ generator: inout SeededGenerator
    ) {
        let size = group.inputs.count
        // Behind the blocks of the sources, whose sums are done.
        let deviates = scratch + (scratchBlocks - size) * stride
        Ziggurat.normal.fill(deviates, stride * size, mean: 0, scale: 1, with: &generator)
        for (row, input) in group.inputs.enumerated() {
            let places = inputs + input * stride
            places.update(repeating: group.means[row], count: count)
            for column in 0..<size {
                let factor = group.factors[row * size + column]
                if factor == 0 { continue }
                let block = deviates + column * stride
                for index in 0..<count { places[index] += factor * block[index] }
            }
        }
    }
}
