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
}

extension DataMapping {
    func words() throws -> Procedure.Words {
        Procedure.Words(zh: try required("zh").text(), en: try required("en").text())
    }

    /// - Parameter inherited: of what stands around it; nil where a source has to stand here.
    func provenance(_ inherited: Procedure.Provenance? = nil) throws -> Procedure.Provenance {
        let source = try optional("source")?.text()
        let confidence = try optional("confidence")?.oneOf(Procedure.Confidence.self)
        if let source, let confidence { return Procedure.Provenance(source: source, confidence: confidence) }
        if source == nil, confidence == nil, let inherited { return inherited }
        // One of the two alone: the missing one is named.
        return Procedure.Provenance(
            source: try required("source").text(),
            confidence: try required("confidence").oneOf(Procedure.Confidence.self))
    }
}
