import DataFiles
import Metrology

/// What a formula or a condition of a procedure may name at one place of its file.
struct Vocabulary {
    /// Kinds of the numbers, by name.
    var kinds: [String: QuantityKind] = [:]
    /// How much a value speaks for; not there for those that hold for the whole instrument.
    var reaches: [String: Procedure.Reach] = [:]
    /// Words, by name, with what they may be; empty where anything.
    var words: [String: [String]] = ["stage": Procedure.Stage.allCases.map(\.rawValue)]
    /// Points and strokes of the test.
    var labels: Set<String> = []
    /// Whether a point is read exactly once.
    var isSingle = false
    var tables: [String: InterpolationTable] = [:]

    mutating func define(_ name: String, _ unit: MeasurementUnit, reach: Procedure.Reach? = nil) {
        kinds[name] = QuantityKind(of: unit)
        reaches[name] = reach
    }

    /// A fault in what is named; nil where all of it is in reach at `reach`.
    fileprivate func fault(in formula: ProcedureFormula, at reach: Procedure.Reach) -> String? {
        for operand in formula.operands {
            switch operand {
            case .quantity: break
            case .name(let name):
                guard let own = reaches[name], own < reach, !(reach == .point && isSingle) else { break }
                return "there may be several values of '\(name)' for one \(reach.rawValue): write mean(\(name)), "
                    + "max(\(name)) or the like"
            case .aggregate(_, let name, let label), .selected(let name, let label as String?):
                guard reaches[name] != nil else {
                    guard kinds[name] == nil else { return "'\(name)' has one value: there is nothing to choose from" }
                    break
                }
                if let label, !labels.isEmpty, !labels.contains(label) {
                    return "the test has no point or stroke '\(label)': it has "
                        + labels.sorted().joined(separator: ", ")
                }
            }
        }
        return nil
    }
}

extension DataNode {
    /// A name that formulas can use.
    func identifier() throws -> String {
        let text = try text()
        let isName =
            text.first?.isLetter == true && text.allSatisfy { $0.isLetter || $0.isNumber || $0 == "_" }
            && !text.hasSuffix("_")
        guard isName else {
            throw error("'\(text)' is no name for a formula: letters, digits and _, a letter first and no _ at the end")
        }
        return text
    }

    /// A formula or a quantity in `unit`, over what is in reach; complaints point at the character.
    func formula(
        _ vocabulary: Vocabulary, in unit: MeasurementUnit, at reach: Procedure.Reach = .reading
    ) throws -> ProcedureFormula {
        try formula(vocabulary, at: reach) { kind in
            let wanted = QuantityKind(of: unit)
            if kind == wanted { return nil }
            // A number of decibels may be written as a plain number.
            if kind == .one, kind.dimension == wanted.dimension, wanted.scale != .celsius { return nil }
            if kind.dimension == wanted.dimension, case .level = kind.scale, wanted == .one { return nil }
            return "the formula gives \(kind) where \(wanted) (\(unit)) is wanted"
        }
    }

    /// A formula or a quantity of the kind of the number called `name`.
    fileprivate func formula(
        _ vocabulary: Vocabulary, like name: String, at reach: Procedure.Reach
    ) throws -> ProcedureFormula {
        try formula(vocabulary, at: reach) { kind in
            guard let wanted = vocabulary.kinds[name], kind != wanted else { return nil }
            return "this is \(kind), and '\(name)' is \(wanted)"
        }
    }

    /// - Parameter misfit: what is wrong with a formula of this kind; nil where nothing is.
    func formula(
        _ vocabulary: Vocabulary, at reach: Procedure.Reach, misfit: (QuantityKind) -> String?
    ) throws -> ProcedureFormula {
        let written = try text()
        var text = written
        // `500 * d` is a product, whatever d is called.
        if !written.contains("*"), let quantity = Quantity(written), quantity.unit != .one {
            text = "\(quantity.number)[\(quantity.unit)]"
        }
        do {
            let formula = try ProcedureFormula(text, tables: vocabulary.tables)
            if let fault = vocabulary.fault(in: formula, at: reach) { throw error(fault) }
            let kind = try formula.kind { vocabulary.kinds[$0] }
            if let fault = misfit(kind) { throw error(fault) }
            return formula
        } catch let problem as FormulaError {
            throw error(problem.message, at: problem.offset)
        } catch let problem as ProcedureFormulaFault {
            throw error(problem.message, at: problem.offset)
        }
    }

    /// The lines of a `when`.
    func applicability(_ vocabulary: Vocabulary, at reach: Procedure.Reach = .reading) throws -> Applicability {
        Applicability(
            requirements: try entries().map { key, value in
                let name = try key.text()
                if let known = vocabulary.words[name] {
                    return (name, .isOneOf(try value.words(of: name, known: known)))
                }
                guard vocabulary.kinds[name] != nil else {
                    let names = (Array(vocabulary.words.keys) + Array(vocabulary.kinds.keys)).sorted()
                    let hint = Spelling.nearest(to: name, in: names).first.map { "did you mean '\($0)'? " } ?? ""
                    throw key.error(
                        "nothing is called '\(name)' here: \(hint)known are \(names.joined(separator: ", "))")
                }
                if value.isMapping {
                    return try value.mapping { keys in
                        func end(_ key: String) throws -> ProcedureFormula? {
                            try keys.optional(key)?.formula(vocabulary, like: name, at: reach)
                        }
                        return (
                            name,
                            .range(
                                atLeast: try end("at_least"), above: try end("above"), atMost: try end("at_most"),
                                below: try end("below"))
                        )
                    }
                }
                let values = value.isList ? try value.list() : [value]
                return (name, .equals(try values.map { try $0.formula(vocabulary, like: name, at: reach) }))
            })
    }

    private func words(of name: String, known: [String]) throws -> [String] {
        try (isList ? list() : [self]).map { node in
            let word = try node.text()
            guard known.isEmpty || known.contains(word) else {
                throw node.error("'\(name)' is never '\(word)': it is one of \(known.joined(separator: ", "))")
            }
            return word
        }
    }
}

extension DataMapping {
    /// The `when` of a line; always where it has none.
    func applicability(_ vocabulary: Vocabulary, at reach: Procedure.Reach = .reading) throws -> Applicability {
        try optional("when")?.applicability(vocabulary, at: reach) ?? .always
    }
}
