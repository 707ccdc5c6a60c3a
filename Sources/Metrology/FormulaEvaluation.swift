extension Formula {
    /// The dimension of the result when each name has the dimension given.
    ///
    /// - Throws: ``FormulaError`` for an unknown name, a sum of unlike dimensions, or a function
    ///   whose argument must be a number.
    public func dimension(of names: [String: QuantityDimension]) throws -> QuantityDimension {
        func check(_ node: Node) throws -> QuantityDimension {
            switch node {
            case .number: return .one
            case .name(let name, let offset):
                guard let dimension = names[name] else {
                    let known = names.keys.sorted().joined(separator: ", ")
                    throw FormulaError(
                        message: "'\(name)' is not known here: known are \(known)", offset: offset)
                }
                return dimension
            case .negate(let a): return try check(a)
            case .power(let a, let n, _): return try check(a).power(n)
            case .binary(let op, let a, let b, let offset):
                let (x, y) = (try check(a), try check(b))
                switch op {
                case .multiply: return x * y
                case .divide: return x / y
                case .add, .subtract:
                    guard x == y else {
                        throw FormulaError(
                            message: "cannot \(op == .add ? "add" : "subtract") unlike quantities: "
                                + "\(x) and \(y)",
                            offset: offset)
                    }
                    return x
                }
            case .call(let function, let arguments, let offset):
                let dimensions = try arguments.map(check)
                switch function {
                case .abs: return dimensions[0]
                case .min, .max:
                    guard Set(dimensions).count == 1 else {
                        throw FormulaError(
                            message: "\(function.rawValue) compares unlike quantities", offset: offset)
                    }
                    return dimensions[0]
                case .sqrt:
                    guard let root = dimensions[0].root(2) else {
                        throw FormulaError(
                            message: "the root of \(dimensions[0]) has no unit", offset: offset)
                    }
                    return root
                case .exp, .ln:
                    guard dimensions[0] == .one else {
                        throw FormulaError(
                            message: "\(function.rawValue) takes a number, not \(dimensions[0])",
                            offset: offset)
                    }
                    return .one
                }
            }
        }
        return try check(root)
    }

    /// Value and all partial derivatives at `values`, in coherent SI units.
    ///
    /// The derivatives are exact to rounding: they follow the formula by the rules of
    /// differentiation, no step width is involved. At a corner of abs, min or max the derivative
    /// of the branch taken is given.
    ///
    /// - Throws: ``FormulaError`` where a name has no value.
    public func evaluate(_ values: [String: Double]) throws -> (
        value: Double, derivatives: [String: Double]
    ) {
        let names = self.names
        func compute(_ node: Node) throws -> Dual {
            switch node {
            case .number(let value): return Dual(value, count: names.count)
            case .name(let name, let offset):
                guard let value = values[name], let index = names.firstIndex(of: name) else {
                    throw FormulaError(message: "'\(name)' has no value", offset: offset)
                }
                return Dual(value, variable: index, count: names.count)
            case .negate(let a): return try compute(a).scaled(by: -1)
            case .power(let a, let n, _):
                let base = try compute(a)
                // x⁰ is 1 everywhere; its slope by the rule would be 0·∞ at zero.
                let slope = n == 0 ? 0 : Double(n) * power(base.value, Double(n - 1))
                return base.mapped(power(base.value, Double(n)), slope)
            case .binary(let op, let a, let b, _):
                let (x, y) = (try compute(a), try compute(b))
                switch op {
                case .add: return x.combined(x.value + y.value, 1, y, 1)
                case .subtract: return x.combined(x.value - y.value, 1, y, -1)
                case .multiply: return x.combined(x.value * y.value, y.value, y, x.value)
                case .divide:
                    let quotient = x.value / y.value
                    return x.combined(quotient, 1 / y.value, y, -quotient / y.value)
                }
            case .call(let function, let arguments, _):
                let results = try arguments.map(compute)
                let first = results[0]
                switch function {
                case .abs: return first.value < 0 ? first.scaled(by: -1) : first
                case .min: return results.dropFirst().reduce(first) { $1.value < $0.value ? $1 : $0 }
                case .max: return results.dropFirst().reduce(first) { $1.value > $0.value ? $1 : $0 }
                case .sqrt:
                    let root = first.value.squareRoot()
                    return first.mapped(root, 0.5 / root)
                case .exp:
                    let value = exponential(first.value)
                    return first.mapped(value, value)
                case .ln: return first.mapped(naturalLogarithm(first.value), 1 / first.value)
                }
            }
        }
        let result = try compute(root)
        return (
            result.value,
            Dictionary(uniqueKeysWithValues: zip(names, result.gradient))
        )
    }
}

/// A value with its gradient (forward-mode automatic differentiation).
private struct Dual {
    let value: Double
    let gradient: [Double]

    init(_ value: Double, gradient: [Double]) {
        self.value = value
        self.gradient = gradient
    }

    init(_ value: Double, variable: Int? = nil, count: Int) {
        self.value = value
        gradient = (0..<count).map { $0 == variable ? 1 : 0 }
    }

    func mapped(_ value: Double, _ slope: Double) -> Dual {
        // An infinite slope (a root at zero) must not reach what the argument does not depend on.
        Dual(value, gradient: gradient.map { $0 == 0 ? 0 : $0 * slope })
    }

    func scaled(by factor: Double) -> Dual { mapped(value * factor, factor) }

    func combined(_ value: Double, _ a: Double, _ other: Dual, _ b: Double) -> Dual {
        Dual(value, gradient: zip(gradient, other.gradient).map { a * $0 + b * $1 })
    }
}
