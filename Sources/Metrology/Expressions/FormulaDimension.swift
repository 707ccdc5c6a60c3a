extension Formula {
    /// The dimension of the result when each name has the dimension given.
    ///
    /// - Throws: ``FormulaError`` for an unknown name, a sum of unlike dimensions, or a function
    ///   whose argument must be a number.
    public func dimension(of names: [String: QuantityDimension]) throws -> QuantityDimension {
        try kind(of: names.mapValues { QuantityKind($0) }).dimension
    }

    /// Dimension and scale of the result when each name is of the kind given.
    ///
    /// - Throws: ``FormulaError`` as ``dimension(of:)``, and where a point on a scale or a level is used as if it were a
    ///   ratio.
    public func kind(of names: [String: QuantityKind]) throws -> QuantityKind {
        try KindCheck(text: text, names: names).check(root)
    }
}

private struct KindCheck {
    let text: String
    let names: [String: QuantityKind]

    func check(_ node: Formula.Node) throws -> QuantityKind {
        switch node {
        case .number: return .one
        case .name(let name, let offset):
            guard let kind = names[name] else {
                let known = names.keys.sorted().joined(separator: ", ")
                throw fault("'\(name)' is not known here: known are \(known)", offset)
            }
            return kind
        case .negate(let a, let offset):
            let kind = try check(a)
            return try at(offset) { () throws(KindError) in try kind.negated() }
        case .binary(let symbol, let a, let b, let offset):
            let (x, y) = (try check(a), try check(b))
            return try at(offset) { () throws(KindError) in
                switch symbol {
                case .multiply: try QuantityKind.multiply(x, y)
                case .divide: try QuantityKind.divide(x, y)
                case .add: try QuantityKind.add(x, y)
                case .subtract: try QuantityKind.subtract(x, y)
                }
            }
        case .power(let a, let exponent, let offset):
            return try power(try check(a), exponent, offset)
        case .lookup(let table, let a, let offset):
            let kind = try check(a)
            guard kind == table.argument else {
                throw fault("the table '\(table.name)' takes \(table.argument), not \(kind)", offset)
            }
            return table.result
        case .comparison(_, let a, let b, let offset):
            try alike("cannot compare unlike quantities", [a, b], offset)
            return .one
        case .logical(_, let parts):
            for part in parts { _ = try check(part) }
            return .one
        case .conditional(let condition, let a, let b, let offset):
            _ = try check(condition)
            return try alike("the two values of if are unlike", [a, b], offset)
        case .call(let function, let arguments, let offset): return try call(function, arguments, offset)
        }
    }

    private func power(_ base: QuantityKind, _ exponent: Formula.Node, _ offset: Int) throws -> QuantityKind {
        let dimension = try at(offset) { () throws(KindError) in try base.ratio("a power") }
        if let n = exponent.constant {
            guard let result = dimension.power(n) else {
                throw fault("\(dimension) to the power \(n) has no unit", offset)
            }
            return QuantityKind(result)
        }
        let kind = try check(exponent)
        try at(offset) { () throws(KindError) in try kind.exponent() }
        guard dimension == .one else {
            throw fault("an exponent that is not a fixed number needs a plain number under it", offset)
        }
        return .one
    }

    private func call(_ function: Formula.Function, _ arguments: [Formula.Node], _ offset: Int) throws -> QuantityKind {
        let name = function.rawValue
        switch function {
        case .min, .max: return try alike("\(name) compares unlike quantities", arguments, offset)
        case .atan2:
            let kind = try alike("\(name) compares unlike quantities", arguments, offset)
            _ = try at(offset) { () throws(KindError) in try kind.ratio(name) }
            return .one
        case .abs:
            let kind = try check(arguments[0])
            return try at(offset) { () throws(KindError) in try kind.negated() }
        case .kelvin, .celsius:
            let kind = try check(arguments[0])
            guard kind == QuantityKind(.temperature, function == .kelvin ? .celsius : .ratio) else {
                throw fault(
                    "\(name) takes a temperature \(function == .kelvin ? "on the Celsius scale" : "in K")", offset)
            }
            return QuantityKind(.temperature, function == .kelvin ? .ratio : .celsius)
        case .sqrt:
            let kind = try check(arguments[0])
            let dimension = try at(offset) { () throws(KindError) in try kind.ratio("the root") }
            guard let root = dimension.root(2) else { throw fault("the root of \(dimension) has no unit", offset) }
            return QuantityKind(root)
        case .exp:
            let kind = try check(arguments[0])
            if case .level = kind.scale { return .one }
            return try number(kind, name, offset)
        case .ln, .log10, .sin, .cos, .tan, .asin, .acos, .atan:
            return try number(try check(arguments[0]), name, offset)
        }
    }

    private func number(_ kind: QuantityKind, _ name: String, _ offset: Int) throws -> QuantityKind {
        let dimension = try at(offset) { () throws(KindError) in try kind.ratio(name) }
        guard dimension == .one else { throw fault("\(name) takes a number, not \(dimension)", offset) }
        return .one
    }

    @discardableResult
    private func alike(_ complaint: String, _ nodes: [Formula.Node], _ offset: Int) throws -> QuantityKind {
        let kinds = try nodes.map(check)
        for kind in kinds.dropFirst() where kind != kinds[0] {
            throw fault("\(complaint): \(kinds[0]) and \(kind)", offset)
        }
        return kinds[0]
    }

    /// A complaint about kinds, with its place.
    private func at<T>(_ offset: Int, _ body: () throws(KindError) -> T) throws -> T {
        do {
            return try body()
        } catch {
            throw fault(error.message, offset)
        }
    }

    private func fault(_ message: String, _ offset: Int) -> FormulaError {
        FormulaError(message: message, offset: offset, in: text)
    }
}
