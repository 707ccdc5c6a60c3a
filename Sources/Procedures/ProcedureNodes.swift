import DataFiles
import Metrology

// The small words of procedure files: what a unit, a decimal, a formula or a text looks like.

extension DataNode {
    func words() throws -> Procedure.Words {
        try mapping { try $0.words() }
    }

    func unit() throws -> MeasurementUnit {
        let text = try text()
        guard let unit = MeasurementUnit(text) else {
            throw error("'\(text)' is not a unit known here")
        }
        return unit
    }

    func decimal() throws -> ExactDecimal {
        let text = try text()
        guard let value = ExactDecimal(text) else { throw error("'\(text)' is not a decimal number") }
        return value
    }

    /// A number followed by exactly `unit`.
    func decimal(in unit: MeasurementUnit) throws -> ExactDecimal {
        let text = try text()
        guard let quantity = Quantity(text), quantity.unit == unit else {
            throw error("'\(text)' must be a number followed by the unit \(unit)")
        }
        return quantity.number
    }

    /// A formula over `names`, checked to give `dimension`; complaints point at the character.
    func formula(_ names: [String: QuantityDimension], gives dimension: QuantityDimension) throws -> Formula {
        let text = try text()
        do {
            let formula = try Formula(text)
            let found = try formula.dimension(of: names)
            guard found == dimension else {
                throw error("the formula gives \(found) where \(dimension) is wanted")
            }
            return formula
        } catch let problem as FormulaError {
            throw error(problem.message, at: problem.offset)
        }
    }

    func mustBe(_ expected: String) throws {
        let text = try text()
        guard text == expected else { throw error("only '\(expected)' is known here, not '\(text)'") }
    }
}

extension DataMapping {
    func words() throws -> Procedure.Words {
        Procedure.Words(zh: try required("zh").text(), en: try required("en").text())
    }

    func provenance() throws -> Procedure.Provenance {
        Procedure.Provenance(
            source: try required("source").text(),
            confidence: try required("confidence").oneOf(Procedure.Confidence.self))
    }
}
