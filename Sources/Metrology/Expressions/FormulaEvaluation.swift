extension Formula {
    /// Value and all partial derivatives at `values`, in coherent SI units.
    ///
    /// The derivatives are exact to rounding: they follow the formula by the rules of
    /// differentiation, no step width is involved. At a corner of abs, min or max the derivative
    /// of the branch taken is given.
    ///
    /// - Throws: ``FormulaError`` where a name has no value, or a table does not cover its argument.
    public func evaluate(_ values: [String: Double]) throws -> (
        value: Double, derivatives: [String: Double]
    ) {
        let inputs = try names.map { name in
            guard let value = values[name] else {
                throw FormulaError(message: "'\(name)' has no value", offset: offset(of: name) ?? 0, in: text)
            }
            return value
        }
        return try withUnsafeTemporaryAllocation(of: Double.self, capacity: tape.registerCount) { registers in
            try withUnsafeTemporaryAllocation(of: Double.self, capacity: tape.registerCount) { adjoints in
                inputs.withUnsafeBufferPointer { tape.run($0, into: registers) }
                let output = tape.outputs[0]
                if !tape.tables.isEmpty, let fault = tape.fault(registers, output) { throw fault }
                adjoints.initialize(repeating: 0)
                tape.differentiate(output, registers, into: adjoints)
                return (
                    registers[output],
                    Dictionary(uniqueKeysWithValues: zip(names, adjoints.prefix(names.count)))
                )
            }
        }
    }

    /// Where `name` is first used.
    private func offset(of name: String) -> Int? {
        func find(_ node: Node) -> Int? {
            switch node {
            case .number: nil
            case .name(let other, let offset): other == name ? offset : nil
            case .negate(let a, _), .lookup(_, let a, _): find(a)
            case .binary(_, let a, let b, _), .power(let a, let b, _), .comparison(_, let a, let b, _):
                find(a) ?? find(b)
            case .call(_, let arguments, _), .logical(_, let arguments):
                arguments.lazy.compactMap(find).first
            case .conditional(let condition, let a, let b, _): find(condition) ?? find(a) ?? find(b)
            }
        }
        return find(root)
    }
}
