import DataFiles
import Metrology

/// Reads the parts of a measurement model.
struct ModelReader {
    /// Units the case defines itself.
    var customary = CustomaryUnits()

    typealias Constant = (name: String, value: Double, unit: MeasurementUnit)

    func input(_ node: DataNode) throws -> (input: ModelInput, observations: [Double]?) {
        try node.mapping { keys in
            let name = try name(keys.required("name"))
            let unit = try unit(keys.optional("unit"))
            var observations: [Double]?
            var components: [ModelInput.Component] = []
            if let own = keys.optional("dist") {
                let override = try keys.optional("lpu").map { try self.override($0) }
                let read = try distribution(own)
                observations = read.observations
                components.append(
                    ModelInput.Component(
                        name: name, distribution: read.distribution, standardUncertainty: override?.u,
                        degreesOfFreedom: override?.dof ?? read.degreesOfFreedom,
                        source: try keys.optional("source")?.text(),
                        factor: try keys.optional("factor")?.number() ?? 1))
            }
            for part in try keys.optional("components")?.list() ?? [] { components.append(try component(part)) }
            guard !components.isEmpty else { throw node.error("'\(name)' has neither 'dist' nor 'components'") }
            return (ModelInput(name: name, unit: unit, components: components), observations)
        }
    }

    private func component(_ node: DataNode) throws -> ModelInput.Component {
        try node.mapping { keys in
            if let parts = keys.optional("larger_of") {
                // Of repeatability and resolution only the larger counts, where the regulation says so.
                let larger = try parts.list().map { try component($0) }
                    .max { $0.standardUncertainty < $1.standardUncertainty }
                guard let larger else { throw parts.error("'larger_of' needs components") }
                return larger
            }
            let read = try distribution(keys.required("dist"))
            let override = try keys.optional("lpu").map { try self.override($0) }
            return ModelInput.Component(
                name: try keys.required("name").text(), distribution: read.distribution,
                standardUncertainty: override?.u, degreesOfFreedom: override?.dof ?? read.degreesOfFreedom,
                source: try keys.optional("source")?.text(), factor: try keys.optional("factor")?.number() ?? 1)
        }
    }

    private func override(_ node: DataNode) throws -> (u: Double?, dof: Double?) {
        try node.mapping { keys in
            (try keys.optional("u")?.number(), try keys.optional("dof")?.degreesOfFreedom())
        }
    }

    /// A name a formula can use.
    private func name(_ node: DataNode) throws -> String {
        let text = try node.text()
        guard let formula = try? Formula(text), formula.names == [text] else {
            throw node.error("'\(text)' cannot stand in a formula: a name is a letter, then letters, digits and _")
        }
        return text
    }

    func unit(_ node: DataNode?) throws -> MeasurementUnit {
        guard let node else { return .one }
        let text = try node.text()
        guard let unit = MeasurementUnit(text, with: customary) else {
            throw node.error("the unit '\(text)' is not known")
        }
        return unit
    }

    /// Units by data: `e: 5 g`.
    mutating func defineUnits(_ node: DataNode) throws {
        for (key, value) in try node.entries() {
            let text = try value.text()
            guard let quantity = Quantity(text) else {
                throw value.error("a unit is defined by a quantity, as 'e: 5 g', not '\(text)'")
            }
            do {
                try customary.define(try key.text(), as: quantity)
            } catch let error as CustomaryUnitError {
                throw key.error(error.description)
            }
        }
    }

    /// Numbers, or quantities as `9.80665 m/s2`.
    func constants(_ node: DataNode) throws -> [Constant] {
        try node.entries().map { key, value in
            if let number = try? value.number() { return (try name(key), number, .one) }
            let text = try value.text()
            guard let quantity = Quantity(text) else {
                throw value.error("a constant is a number or a quantity, as '9.80665 m/s2', not '\(text)'")
            }
            return (try name(key), quantity.number.double, quantity.unit)
        }
    }

    func tables(_ node: DataNode) throws -> [String: InterpolationTable] {
        var tables: [String: InterpolationTable] = [:]
        for entry in try node.list() {
            let table = try entry.mapping { keys in
                let name = try name(keys.required("name"))
                let (x, y) = (try unit(keys.optional("x_unit")), try unit(keys.optional("y_unit")))
                do {
                    return try InterpolationTable(
                        name: name, x: try keys.required("x").numbers().map(x.si),
                        y: try keys.required("y").numbers().map(y.si), argument: QuantityKind(of: x),
                        result: QuantityKind(of: y))
                } catch let error as InterpolationTableError {
                    throw entry.error(error.description)
                }
            }
            guard tables.updateValue(table, forKey: table.name) == nil else {
                throw entry.error("there are two tables '\(table.name)'")
            }
        }
        return tables
    }

    func formula(_ node: DataNode, _ tables: [String: InterpolationTable]) throws -> Formula {
        do {
            return try Formula(try node.text(), tables: tables)
        } catch let error as FormulaError {
            throw node.error("\(error) of '\(error.text)'")
        }
    }

    func intermediate(
        _ node: DataNode, _ tables: [String: InterpolationTable]
    ) throws -> (name: String, formula: Formula) {
        try node.mapping { keys in
            (try name(keys.required("name")), try formula(keys.required("expr"), tables))
        }
    }

    func output(_ node: DataNode, _ tables: [String: InterpolationTable]) throws -> MeasurementModel.Output {
        try node.mapping { keys in
            MeasurementModel.Output(
                try name(keys.required("output")), try formula(keys.required("expr"), tables),
                unit: try unit(keys.optional("unit")))
        }
    }

    func correlation(_ node: DataNode, _ observations: [String: [Double]?]) throws -> InputCorrelation {
        try node.mapping { keys in
            let (a, b) = (try keys.required("a").text(), try keys.required("b").text())
            if let stated = keys.optional("r") { return InputCorrelation(a, b, r: try stated.number()) }
            let from = try keys.required("from")
            guard try from.text() == "observations" else {
                throw from.error("a correlation is stated as 'r', or comes 'from: observations'")
            }
            guard let first = observations[a] ?? nil, let second = observations[b] ?? nil,
                let r = InputCorrelation.coefficient(first, second)
            else { throw node.error("'\(a)' and '\(b)' have no equally long lists of observations that vary") }
            return InputCorrelation(a, b, r: r)
        }
    }

    func coverage(_ node: DataNode) throws -> ModelCase.Coverage {
        try node.mapping { keys in
            let isSecondOrder = try keys.optional("on").map { node in
                guard ["u", "u_ho"].contains(try node.text()) else { throw node.error("'on' is u or u_ho") }
                return try node.text() == "u_ho"
            }
            let p = try keys.optional("p")?.probability()
            func needed() throws -> Double {
                guard let p else { throw node.error("this rule needs the probability 'p'") }
                return p
            }
            let rule: CoverageRule
            switch try keys.required("rule").oneOf(CoverageRuleName.self) {
            case .fixed: rule = .fixed(k: try keys.required("k").positive())
            case .studentT: rule = try .studentT(p: needed(), truncated: false)
            case .truncated: rule = try .studentT(p: needed(), truncated: true)
            case .trapezoid:
                rule = .trapezoid(p: try needed(), terms: try keys.required("terms").list().map { try $0.text() })
            }
            return ModelCase.Coverage(rule: rule, isSecondOrder: isSecondOrder ?? false)
        }
    }

    private enum CoverageRuleName: String, CaseIterable {
        case fixed
        case studentT = "t"
        case truncated = "t-truncated"
        case trapezoid
    }

    func monteCarlo(_ node: DataNode) throws -> ModelCase.MonteCarlo {
        try node.mapping { keys in
            let probabilities = keys.optional("p")
            let list = try probabilities.map { $0.isList ? try $0.list() : [$0] } ?? []
            let trials = keys.optional("trials")
            return ModelCase.MonteCarlo(
                trials: try trials?.trialCount() ?? 1_000_000,
                probabilities: list.isEmpty ? [0.95] : try list.map { try $0.probability() },
                seed: try keys.optional("seed").map { UInt64(try $0.count(atLeast: 0)) } ?? MonteCarloPlan.usualSeed)
        }
    }

    func adaptive(_ node: DataNode) throws -> ModelCase.Adaptive {
        try node.mapping { keys in
            ModelCase.Adaptive(
                digits: try keys.optional("ndig")?.count(atLeast: 1) ?? 2,
                tolerance: try keys.optional("delta")?.positive())
        }
    }
}

extension DataNode {
    /// A whole number, also as `1e6`.
    fileprivate func trialCount() throws -> Int {
        let value = try number()
        guard value == value.rounded(), value >= 2, value < 9e15 else {
            throw error("'\(path)' is a whole number of trials, two or more, not \(try text())")
        }
        return Int(value)
    }
}
