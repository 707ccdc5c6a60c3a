/// A value with the derivatives that a second-order propagation needs (forward-mode, truncated Taylor).
struct Jet: Sendable {
    let count: Int
    var value: Double
    /// f_i.
    var first: [Double]
    /// f_ij, row by row.
    var second: [Double]
    /// f_ijj: once by i, twice by j.
    var third: [Double]

    init(_ value: Double, count: Int) {
        self.count = count
        self.value = value
        first = [Double](repeating: 0, count: count)
        second = [Double](repeating: 0, count: count * count)
        third = second
    }

    init(_ value: Double, variable: Int, count: Int) {
        self.init(value, count: count)
        first[variable] = 1
    }

    /// `a`·self + `b`·other.
    func combined(_ value: Double, _ a: Double, _ other: Jet, _ b: Double) -> Jet {
        var result = Jet(value, count: count)
        for i in 0..<count { result.first[i] = a * first[i] + b * other.first[i] }
        for i in 0..<count * count {
            result.second[i] = a * second[i] + b * other.second[i]
            result.third[i] = a * third[i] + b * other.third[i]
        }
        return result
    }

    func times(_ other: Jet) -> Jet {
        var result = combined(value * other.value, other.value, other, value)
        for i in 0..<count {
            for j in 0..<count {
                let (ij, jj) = (i * count + j, j * count + j)
                result.second[ij] += first[i] * other.first[j] + first[j] * other.first[i]
                result.third[ij] +=
                    second[jj] * other.first[i] + first[i] * other.second[jj]
                    + 2 * (second[ij] * other.first[j] + first[j] * other.second[ij])
            }
        }
        return result
    }

    /// φ(self), by the derivatives of φ at the value.
    func mapped(_ value: Double, _ slopes: (first: Double, second: Double, third: Double)) -> Jet {
        // An infinite slope must not reach what does not depend on the argument.
        func product(_ slope: Double, _ x: Double) -> Double { x == 0 || slope == 0 ? 0 : slope * x }
        var result = Jet(value, count: count)
        for i in 0..<count {
            result.first[i] = product(slopes.first, first[i])
            for j in 0..<count {
                let (ij, jj) = (i * count + j, j * count + j)
                result.second[ij] = product(slopes.first, second[ij]) + product(slopes.second, first[i] * first[j])
                result.third[ij] =
                    product(slopes.first, third[ij])
                    + product(slopes.second, 2 * second[ij] * first[j] + first[i] * second[jj])
                    + product(slopes.third, first[i] * first[j] * first[j])
            }
        }
        return result
    }
}

extension Tape {
    /// Every output with its derivatives at `inputs`.
    func jets(_ inputs: [Double]) -> [Jet] {
        var registers = inputs.enumerated().map { Jet($1, variable: $0, count: inputCount) }
        registers += constants.map { Jet($0, count: inputCount) }
        for instruction in instructions { registers.append(jet(of: instruction, registers)) }
        return outputs.map { registers[$0] }
    }

    private func jet(of instruction: Instruction, _ registers: [Jet]) -> Jet {
        let a = registers[instruction.a]
        let b = registers[instruction.b]
        switch instruction.operation {
        case .add: return a.combined(a.value + b.value, 1, b, 1)
        case .subtract: return a.combined(a.value - b.value, 1, b, -1)
        case .multiply: return a.times(b)
        case .divide:
            var quotient = a.times(mapped(b, .wholePower, parameter: -1))
            quotient.value = a.value / b.value
            return quotient
        case .power:
            let value = Metrology.power(a.value, b.value)
            return b.times(mapped(a, .logarithm)).mapped(value, (value, value, value))
        case .arcTangent2:
            // Up to a constant the arc tangent of the quotient that does not run away.
            let value = Metrology.arcTangent(a.value, b.value)
            let isFlat = abs(b.value) >= abs(a.value)
            let quotient = Instruction(
                operation: .divide, a: isFlat ? instruction.a : instruction.b,
                b: isFlat ? instruction.b : instruction.a, c: 0, parameter: 0)
            let ratio = jet(of: quotient, registers)
            var angle = mapped(ratio, .arcTangent)
            if !isFlat { angle = angle.combined(0, -1, Jet(0, count: inputCount), 0) }
            angle.value = value
            return angle
        case .minimum: return b.value < a.value ? b : a
        case .maximum: return b.value > a.value ? b : a
        case .select: return a.value != 0 ? b : registers[instruction.c]
        case .less, .lessOrEqual, .equal, .unequal, .and, .or, .not:
            return Jet(logical(instruction.operation, a.value, b.value) ? 1 : 0, count: inputCount)
        case .lookup:
            let (value, slope) = tables[instruction.c].value(a.value)
            return a.mapped(value, (slope, 0, 0))
        default:
            return mapped(a, instruction.operation, parameter: instruction.parameter)
        }
    }

    /// A function of one value, by the derivatives that ``slopes(of:at:_:)`` has for it.
    private func mapped(_ jet: Jet, _ operation: Operation, parameter: Double = 0) -> Jet {
        let instruction = Instruction(operation: operation, a: 0, b: 0, c: 0, parameter: parameter)
        let value = function(instruction, jet.value)
        return jet.mapped(value, slopes(of: instruction, at: jet.value, value))
    }
}
