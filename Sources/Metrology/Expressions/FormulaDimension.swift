extension Formula {
    /// The dimension of the result when each name has the dimension given.
    ///
    /// - Throws: ``FormulaError`` for an unknown name, a sum of unlike dimensions, or a function
    ///   whose argument must be a number.
    public func dimension(of names: [String: QuantityDimension]) throws -> QuantityDimension {
        func fault(_ message: String, _ offset: Int) -> FormulaError {
            FormulaError(message: message, offset: offset, in: text)
        }

        func check(_ node: Node) throws -> QuantityDimension {
            switch node {
            case .number: return .one
            case .name(let name, let offset):
                guard let dimension = names[name] else {
                    let known = names.keys.sorted().joined(separator: ", ")
                    throw fault("'\(name)' is not known here: known are \(known)", offset)
                }
                return dimension
            case .negate(let a, _): return try check(a)
            case .power(let a, let exponent, let offset):
                let base = try check(a)
                if let n = exponent.constant {
                    guard let result = base.power(n) else {
                        throw fault("\(base) to the power \(n) has no unit", offset)
                    }
                    return result
                }
                guard try check(exponent) == .one, base == .one else {
                    throw fault("an exponent that is not a fixed number needs plain numbers on both sides", offset)
                }
                return .one
            case .binary(let op, let a, let b, let offset):
                let (x, y) = (try check(a), try check(b))
                switch op {
                case .multiply: return x * y
                case .divide: return x / y
                case .add, .subtract:
                    guard x == y else {
                        throw fault(
                            "cannot \(op == .add ? "add" : "subtract") unlike quantities: \(x) and \(y)", offset)
                    }
                    return x
                }
            case .lookup(let table, let a, let offset):
                let dimension = try check(a)
                guard dimension == table.argument else {
                    throw fault("the table '\(table.name)' takes \(table.argument), not \(dimension)", offset)
                }
                return table.result
            case .comparison(_, let a, let b, let offset):
                let (x, y) = (try check(a), try check(b))
                guard x == y else { throw fault("cannot compare unlike quantities: \(x) and \(y)", offset) }
                return .one
            case .logical(_, let parts):
                for part in parts { _ = try check(part) }
                return .one
            case .conditional(let condition, let a, let b, let offset):
                _ = try check(condition)
                let (x, y) = (try check(a), try check(b))
                guard x == y else { throw fault("the two values of if are unlike: \(x) and \(y)", offset) }
                return x
            case .call(let function, let arguments, let offset):
                let dimensions = try arguments.map(check)
                switch function {
                case .abs: return dimensions[0]
                case .min, .max, .atan2:
                    guard Set(dimensions).count == 1 else {
                        throw fault("\(function.rawValue) compares unlike quantities", offset)
                    }
                    return function == .atan2 ? .one : dimensions[0]
                case .sqrt:
                    guard let root = dimensions[0].root(2) else {
                        throw fault("the root of \(dimensions[0]) has no unit", offset)
                    }
                    return root
                case .exp, .ln, .log10, .sin, .cos, .tan, .asin, .acos, .atan:
                    guard dimensions[0] == .one else {
                        throw fault("\(function.rawValue) takes a number, not \(dimensions[0])", offset)
                    }
                    return .one
                }
            }
        }
        return try check(root)
    }
}
