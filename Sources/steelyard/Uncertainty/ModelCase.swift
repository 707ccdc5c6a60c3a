import DataFiles
import Metrology

/// A measurement model as a case file states it, ready to be evaluated.
struct ModelCase {
    let model: MeasurementModel
    let coverage: Coverage?
    let monteCarlo: MonteCarlo?
    let adaptive: Adaptive?
    /// δ of the comparison with Monte Carlo; nil where the file states none.
    let validation: Double?

    struct Coverage {
        let rule: CoverageRule
        /// The uncertainty of second order is expanded in place of the first.
        let isSecondOrder: Bool
    }

    struct MonteCarlo {
        let trials: Int
        let probabilities: [Double]
        let seed: UInt64
    }

    struct Adaptive {
        let digits: Int
        let tolerance: Double?
    }

    /// Probabilities of the intervals: as asked for Monte Carlo, else that of the coverage factor.
    var probabilities: [Double] {
        if let monteCarlo { return monteCarlo.probabilities }
        switch coverage?.rule {
        case .studentT(let p, _), .trapezoid(let p, _): return [p]
        default: return []
        }
    }

    init(_ node: DataNode) throws {
        self = try node.mapping { keys in
            keys.skipDescription()
            return try ModelCase(keys, node)
        }
    }

    private init(_ keys: DataMapping, _ node: DataNode) throws {
        var reader = ModelReader()
        if let units = keys.optional("units") { try reader.defineUnits(units) }
        let reading = reader
        let inputNodes = try keys.required("inputs").list()
        let inputs = try inputNodes.map { try reading.input($0) }
        let constants = try keys.optional("constants").map { try reading.constants($0) } ?? []
        let tables = try keys.optional("tables").map { try reading.tables($0) } ?? [:]
        let intermediates = try keys.optional("let")?.list().map { try reading.intermediate($0, tables) } ?? []
        let outputs = try keys.required("model").list().map { try reading.output($0, tables) }
        let observations = Dictionary(
            inputs.map { ($0.input.name, $0.observations) }, uniquingKeysWith: { first, _ in first })
        let correlations =
            try keys.optional("correlations")?.list()
            .map { try reading.correlation($0, observations) } ?? []
        coverage = try keys.optional("coverage").map { try reading.coverage($0) }
        monteCarlo = try keys.optional("mcm").map { try reading.monteCarlo($0) }
        adaptive = try keys.optional("adaptive").map { try reading.adaptive($0) }
        validation = try keys.optional("validate").map { node in
            try node.mapping { try $0.required("delta").positive() }
        }
        do {
            model = try MeasurementModel(
                inputs: inputs.map(\.input), constants: constants, intermediates: intermediates, outputs: outputs,
                correlations: correlations)
        } catch {
            throw node.error(error.description)
        }
    }
}
