extension Tape {
    /// Runs over many samples at once: each operation is one loop over a block, so that the cost of choosing the
    /// operation is paid once for all of them.
    ///
    /// - Parameters:
    ///   - registers: ``registerCount`` blocks of `stride` values; the inputs are filled, the constants too
    ///     (``fillConstants(_:stride:)``).
    ///   - count: samples, at most `stride`.
    func run(_ registers: UnsafeMutablePointer<Double>, stride: Int, count: Int) {
        for (index, instruction) in instructions.enumerated() {
            let result = registers + (firstResult + index) * stride
            let a = registers + instruction.a * stride
            let b = registers + instruction.b * stride
            switch instruction.operation {
            case .add: for i in 0..<count { result[i] = a[i] + b[i] }
            case .subtract: for i in 0..<count { result[i] = a[i] - b[i] }
            case .multiply: for i in 0..<count { result[i] = a[i] * b[i] }
            case .divide: for i in 0..<count { result[i] = a[i] / b[i] }
            case .negate: for i in 0..<count { result[i] = -a[i] }
            case .wholePower where instruction.parameter == 2: for i in 0..<count { result[i] = a[i] * a[i] }
            case .squareRoot: for i in 0..<count { result[i] = a[i].squareRoot() }
            case .exponential: for i in 0..<count { result[i] = Metrology.exponential(a[i]) }
            case .logarithm: for i in 0..<count { result[i] = naturalLogarithm(a[i]) }
            case .sine: for i in 0..<count { result[i] = Metrology.sine(a[i]) }
            case .cosine: for i in 0..<count { result[i] = Metrology.cosine(a[i]) }
            case .power: for i in 0..<count { result[i] = Metrology.power(a[i], b[i]) }
            case .minimum: for i in 0..<count { result[i] = b[i] < a[i] ? b[i] : a[i] }
            case .maximum: for i in 0..<count { result[i] = b[i] > a[i] ? b[i] : a[i] }
            case .arcTangent2: for i in 0..<count { result[i] = Metrology.arcTangent(a[i], b[i]) }
            case .less, .lessOrEqual, .equal, .unequal, .and, .or, .not:
                for i in 0..<count { result[i] = logical(instruction.operation, a[i], b[i]) ? 1 : 0 }
            case .select:
                let c = registers + instruction.c * stride
                for i in 0..<count { result[i] = a[i] != 0 ? b[i] : c[i] }
            case .lookup:
                let table = tables[instruction.c]
                for i in 0..<count { result[i] = table.value(a[i]).value }
            default: for i in 0..<count { result[i] = function(instruction, a[i]) }
            }
        }
    }

    func fillConstants(_ registers: UnsafeMutablePointer<Double>, stride: Int) {
        for (index, value) in constants.enumerated() {
            (registers + (inputCount + index) * stride).update(repeating: value, count: stride)
        }
    }
}
