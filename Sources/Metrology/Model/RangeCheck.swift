extension MeasurementModel {
    /// Looks for a division by zero within what the inputs may be.
    ///
    /// A divisor that takes both signs somewhere in the box of the inputs' ranges is zero somewhere between: the
    /// output then has no standard deviation, and a first-order u says nothing. A range is the support of a bounded
    /// distribution, three standard uncertainties about the estimate for any other. A model with a condition is not examined.
    ///
    /// - Throws: ``ModelError`` naming the divisor.
    public func checkDivisors() throws(ModelError) {
        let divisions = tape.instructions.indices.filter { index in
            let instruction = tape.instructions[index]
            return instruction.operation == .divide
                || (instruction.operation == .wholePower && instruction.parameter < 0)
        }
        // Behind a condition a divisor may be zero where it is not used.
        let isConditional = tape.instructions.contains { $0.operation == .select }
        guard !divisions.isEmpty, !isConditional else { return }
        let ranges = inputs.indices.map(range)
        var lowest = [Double](repeating: .infinity, count: divisions.count)
        var highest = [Double](repeating: -.infinity, count: divisions.count)
        var registers = [Double](repeating: 0, count: tape.registerCount)
        for point in samplePoints(ranges) {
            registers.withUnsafeMutableBufferPointer { registers in
                point.withUnsafeBufferPointer { tape.run($0, into: registers) }
            }
            for (place, division) in divisions.enumerated() {
                let instruction = tape.instructions[division]
                let divisor = registers[instruction.operation == .divide ? instruction.b : instruction.a]
                lowest[place] = min(lowest[place], divisor)
                highest[place] = max(highest[place], divisor)
            }
        }
        for (place, division) in divisions.enumerated() where lowest[place] <= 0 && highest[place] >= 0 {
            let origin = tape.origins[division]
            let error = FormulaError(
                message: "the divisor is zero within the range of the inputs", offset: origin.offset, in: origin.text)
            throw ModelError("\(error) of '\(origin.text)': it goes from \(lowest[place]) to \(highest[place])")
        }
    }

    private func range(_ input: Int) -> ClosedRange<Double> {
        var low = inputs[input].unit.offset
        var high = low
        for part in parts[input] {
            let support = sources[part.source].distribution.support(reach: 3)
            let ends = [support.lowerBound * part.factor, support.upperBound * part.factor]
            low += min(ends[0], ends[1])
            high += max(ends[0], ends[1])
        }
        return low...max(low, high)
    }

    /// The estimates, the corners of the box where they are few, and points spread through it.
    private func samplePoints(_ ranges: [ClosedRange<Double>]) -> [[Double]] {
        var points = [estimates]
        if ranges.count <= 10 {
            points += (0..<1 << ranges.count).map { corner in
                ranges.enumerated().map { corner >> $0 & 1 == 0 ? $1.lowerBound : $1.upperBound }
            }
        }
        var generator = SeededGenerator(seed: 20_260_101)
        points += (0..<256).map { _ in ranges.map { generator.uniform(in: $0) } }
        return points
    }
}
