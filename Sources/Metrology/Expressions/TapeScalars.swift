extension Tape {
    /// Runs once over `inputs`, filling one register after the other.
    ///
    /// - Parameter registers: ``registerCount`` values, overwritten.
    func run(_ inputs: UnsafeBufferPointer<Double>, into registers: UnsafeMutableBufferPointer<Double>) {
        for index in 0..<inputCount { registers[index] = inputs[index] }
        for (index, value) in constants.enumerated() { registers[inputCount + index] = value }
        var result = firstResult
        for instruction in instructions {
            registers[result] = value(of: instruction, registers[instruction.a], registers[instruction.b], registers)
            result += 1
        }
    }

    @inline(__always)
    private func value(
        of instruction: Instruction, _ a: Double, _ b: Double, _ registers: UnsafeMutableBufferPointer<Double>
    ) -> Double {
        switch instruction.operation {
        case .add: a + b
        case .subtract: a - b
        case .multiply: a * b
        case .divide: a / b
        case .power: Metrology.power(a, b)
        case .minimum: b < a ? b : a
        case .maximum: b > a ? b : a
        case .arcTangent2: Metrology.arcTangent(a, b)
        case .less, .lessOrEqual, .equal, .unequal, .and, .or, .not: logical(instruction.operation, a, b) ? 1 : 0
        case .select: a != 0 ? b : registers[instruction.c]
        case .lookup: tables[instruction.c].value(a).value
        default: function(instruction, a)
        }
    }

    func logical(_ operation: Operation, _ a: Double, _ b: Double) -> Bool {
        switch operation {
        case .less: a < b
        case .lessOrEqual: a <= b
        case .equal: a == b
        case .unequal: a != b
        case .and: a != 0 && b != 0
        case .or: a != 0 || b != 0
        case .not: a == 0
        default: false
        }
    }

    /// A function of one value.
    func function(_ instruction: Instruction, _ a: Double) -> Double {
        switch instruction.operation {
        case .negate: -a
        case .wholePower: Tape.whole(a, instruction.parameter)
        case .fixedPower: Metrology.power(a, instruction.parameter)
        case .absolute: abs(a)
        case .squareRoot: a.squareRoot()
        case .exponential: Metrology.exponential(a)
        case .logarithm: naturalLogarithm(a)
        case .commonLogarithm: Metrology.commonLogarithm(a)
        case .sine: Metrology.sine(a)
        case .cosine: Metrology.cosine(a)
        case .tangent: Metrology.tangent(a)
        case .arcSine: Metrology.arcSine(a)
        case .arcCosine: Metrology.arcCosine(a)
        case .arcTangent: Metrology.arcTangent(a)
        default: .nan
        }
    }

    /// The everyday exponents by multiplication, which is faster than the library's power and as exact.
    @inline(__always)
    static func whole(_ x: Double, _ n: Double) -> Double {
        switch n {
        case 0: 1
        case 1: x
        case 2: x * x
        case 3: x * x * x
        case -1: 1 / x
        case -2: 1 / (x * x)
        default: Metrology.power(x, n)
        }
    }

    /// ∂output/∂input for every input, by one pass backwards over the tape (reverse-mode automatic
    /// differentiation): exact to rounding, no step width is involved.
    ///
    /// At a corner of abs, min, max or a table the derivative of the branch taken is given.
    ///
    /// - Parameters:
    ///   - registers: as ``run(_:into:)`` left them.
    ///   - adjoints: ``registerCount`` values, overwritten; the first ``inputCount`` are the answer.
    func differentiate(
        _ output: Int, _ registers: UnsafeMutableBufferPointer<Double>,
        into adjoints: UnsafeMutableBufferPointer<Double>
    ) {
        adjoints.update(repeating: 0)
        adjoints[output] = 1
        var result = registerCount - 1
        for instruction in instructions.reversed() {
            let adjoint = adjoints[result]
            defer { result -= 1 }
            if adjoint == 0 { continue }
            let (a, b, value) = (registers[instruction.a], registers[instruction.b], registers[result])
            // An infinite slope (a root at zero) must not reach what does not depend on the argument.
            func flow(_ slope: Double, _ register: Int) {
                if slope != 0 { adjoints[register] += adjoint * slope }
            }
            switch instruction.operation {
            case .add:
                flow(1, instruction.a)
                flow(1, instruction.b)
            case .subtract:
                flow(1, instruction.a)
                flow(-1, instruction.b)
            case .multiply:
                flow(b, instruction.a)
                flow(a, instruction.b)
            case .divide:
                flow(1 / b, instruction.a)
                flow(-value / b, instruction.b)
            case .power:
                flow(b == 0 ? 0 : b * Metrology.power(a, b - 1), instruction.a)
                flow(a == 0 ? 0 : naturalLogarithm(a) * value, instruction.b)
            case .arcTangent2:
                let square = a * a + b * b
                flow(b / square, instruction.a)
                flow(-a / square, instruction.b)
            case .minimum: flow(1, b < a ? instruction.b : instruction.a)
            case .maximum: flow(1, b > a ? instruction.b : instruction.a)
            case .select: flow(1, a != 0 ? instruction.b : instruction.c)
            case .less, .lessOrEqual, .equal, .unequal, .and, .or, .not: break
            case .lookup: flow(tables[instruction.c].value(a).slope, instruction.a)
            default: flow(slopes(of: instruction, at: a, value).first, instruction.a)
            }
        }
    }

    /// First, second and third derivative of a function of one value.
    func slopes(
        of instruction: Instruction, at x: Double, _ value: Double
    ) -> (first: Double, second: Double, third: Double) {
        switch instruction.operation {
        case .negate: return (-1, 0, 0)
        case .absolute: return (x < 0 ? -1 : 1, 0, 0)
        case .wholePower, .fixedPower:
            let n = instruction.parameter
            // x² has a second derivative at zero and none of higher order: no 0·∞ by the rule.
            func term(_ factor: Double, _ exponent: Double) -> Double {
                factor == 0 ? 0 : factor * Tape.whole(x, exponent)
            }
            return (term(n, n - 1), term(n * (n - 1), n - 2), term(n * (n - 1) * (n - 2), n - 3))
        case .squareRoot: return (0.5 / value, -0.25 / (value * x), 0.375 / (value * x * x))
        case .exponential: return (value, value, value)
        case .logarithm: return (1 / x, -1 / (x * x), 2 / (x * x * x))
        case .commonLogarithm:
            let scale = naturalLogarithm(10) * x
            return (1 / scale, -1 / (scale * x), 2 / (scale * x * x))
        case .sine:
            let slope = Metrology.cosine(x)
            return (slope, -value, -slope)
        case .cosine:
            let slope = -Metrology.sine(x)
            return (slope, -value, -slope)
        case .tangent:
            let slope = 1 + value * value
            return (slope, 2 * value * slope, 2 * slope * (1 + 3 * value * value))
        case .arcSine, .arcCosine:
            let slope = 1 / ((1 - x) * (1 + x)).squareRoot()
            let cube = slope * slope * slope
            let sign: Double = instruction.operation == .arcSine ? 1 : -1
            return (sign * slope, sign * x * cube, sign * (cube + 3 * x * x * cube * slope * slope))
        case .arcTangent:
            let slope = 1 / (1 + x * x)
            return (slope, -2 * x * slope * slope, (6 * x * x - 2) * slope * slope * slope)
        case .lookup: return (tables[instruction.c].value(x).slope, 0, 0)
        default: return (0, 0, 0)
        }
    }

    /// What went wrong where a result is not a finite number: the first operation that made one out of finite
    /// operands and reaches `output`.
    func fault(_ registers: UnsafeMutableBufferPointer<Double>, _ output: Int) -> FormulaError? {
        guard !registers[output].isFinite else { return nil }
        var register = output
        // Back along the operand that is not finite, to where that began.
        while register >= firstResult {
            let instruction = instructions[register - firstResult]
            let operands = operands(instruction).filter { !registers[$0].isFinite }
            guard let next = operands.first else { break }
            register = next
        }
        guard register >= firstResult else { return nil }
        let instruction = instructions[register - firstResult]
        let origin = origins[register - firstResult]
        let (a, b) = (registers[instruction.a], registers[instruction.b])
        let message =
            switch instruction.operation {
            case .divide where b == 0: "division by zero"
            case .wholePower, .fixedPower: a == 0 ? "division by zero" : "\(a) has no power \(instruction.parameter)"
            case .power: "\(a) has no power \(b)"
            case .squareRoot: "\(a) has no root"
            case .logarithm, .commonLogarithm: "\(a) has no logarithm"
            case .arcSine, .arcCosine: "\(a) is no sine or cosine"
            case .lookup:
                "the table '\(tables[instruction.c].name)' covers \(tables[instruction.c].x[0]) to "
                    + "\(tables[instruction.c].x.last ?? 0), not \(a)"
            default: "the result is too large"
            }
        return FormulaError(message: message, offset: origin.offset, in: origin.text)
    }

    /// The registers an instruction reads, of a choice only the branch taken.
    func operands(_ instruction: Instruction) -> [Int] {
        switch instruction.operation {
        case .add, .subtract, .multiply, .divide, .power, .minimum, .maximum, .arcTangent2, .less, .lessOrEqual,
            .equal, .unequal, .and, .or:
            [instruction.a, instruction.b]
        case .select: [instruction.a, instruction.b, instruction.c]
        default: [instruction.a]
        }
    }
}
