/// A model of measurement, compiled: what is measured as a function of its inputs (JCGM 100, 4.1; JCGM 102 for
/// several outputs), what is known of each input, and how they are correlated.
///
/// Computation is in coherent SI units; estimates and results are in the units stated.
public struct MeasurementModel: Sendable {
    /// What is computed.
    public struct Output: Sendable {
        public let name: String
        public let formula: Formula
        public let unit: MeasurementUnit

        public init(_ name: String, _ formula: Formula, unit: MeasurementUnit = .one) {
            self.name = name
            self.formula = formula
            self.unit = unit
        }
    }

    public let inputs: [ModelInput]
    public let outputs: [Output]
    public let correlations: [InputCorrelation]

    /// One elementary influence, in whichever inputs it acts.
    struct Source: Hashable, Sendable {
        let name: String
        let distribution: InputDistribution
        let standardUncertainty: Double
        let degreesOfFreedom: Double
    }

    let sources: [Source]
    /// For each input, which sources act on it and by how much, in SI of the input per unit of the source.
    let parts: [[(source: Int, factor: Double)]]
    /// Estimates of the inputs, SI.
    let estimates: [Double]
    /// Standard uncertainties of the inputs, SI.
    let uncertainties: [Double]
    /// The correlations stated, by index.
    let stated: [(a: Int, b: Int, r: Double)]
    let tape: Tape

    /// - Parameters:
    ///   - constants: quantities without uncertainty.
    ///   - intermediates: computed first, usable by name in what follows.
    ///   - outputs: in order; a later one may use an earlier one.
    /// - Throws: ``ModelError``: a name twice or unknown, unlike quantities, an uncertainty that is none, or
    ///   correlations that cannot be true together.
    public init(
        inputs: [ModelInput], constants: [(name: String, value: Double, unit: MeasurementUnit)] = [],
        intermediates: [(name: String, formula: Formula)] = [], outputs: [Output],
        correlations: [InputCorrelation] = []
    ) throws(ModelError) {
        self.inputs = inputs
        self.outputs = outputs
        self.correlations = correlations
        guard !outputs.isEmpty else { throw ModelError("a model needs an output") }
        try Self.checkNames(
            inputs.map(\.name) + constants.map(\.name) + intermediates.map(\.name) + outputs.map(\.name))
        for input in inputs { try Self.check(input) }

        (sources, parts) = try Self.elementary(inputs)
        estimates = inputs.map { $0.unit.si($0.estimate) }
        let sources = sources
        uncertainties = parts.map { parts in
            parts.reduce(0) { sum, part in
                let u = part.factor * sources[part.source].standardUncertainty
                return sum + u * u
            }.squareRoot()
        }
        stated = try Self.stated(correlations, inputs)
        tape = try Self.compile(inputs, constants, intermediates, outputs)
        try checkCorrelations()
    }

    private static func checkNames(_ names: [String]) throws(ModelError) {
        var seen: Set<String> = []
        for name in names {
            guard seen.insert(name).inserted else { throw ModelError("the name '\(name)' is used twice") }
            guard name != "pi" else { throw ModelError("'pi' is the number π and cannot name anything else") }
        }
    }

    private static func check(_ input: ModelInput) throws(ModelError) {
        for component in input.components {
            let place = component.name == input.name ? "'\(input.name)'" : "'\(component.name)' of '\(input.name)'"
            if let fault = component.distribution.fault { throw ModelError("\(place): \(fault)") }
            let u = component.standardUncertainty
            guard u >= 0, u.isFinite else {
                throw ModelError("\(place): a standard uncertainty must not be negative, as \(u) is")
            }
            guard component.degreesOfFreedom > 0 else {
                throw ModelError("\(place): degrees of freedom must be positive, not \(component.degreesOfFreedom)")
            }
            guard component.factor.isFinite else { throw ModelError("\(place): the factor is not a number") }
        }
    }

    private static func elementary(
        _ inputs: [ModelInput]
    ) throws(ModelError) -> ([Source], [[(source: Int, factor: Double)]]) {
        var sources: [Source] = []
        var shared: [String: Int] = [:]
        var parts: [[(source: Int, factor: Double)]] = []
        for input in inputs {
            var own: [(source: Int, factor: Double)] = []
            for component in input.components {
                let source = Source(
                    name: component.source ?? component.name, distribution: component.distribution,
                    standardUncertainty: component.standardUncertainty, degreesOfFreedom: component.degreesOfFreedom)
                var index = sources.count
                if let identity = component.source {
                    if let known = shared[identity] {
                        guard sources[known] == source else {
                            throw ModelError("the source '\(identity)' is stated twice and not alike")
                        }
                        index = known
                    }
                    shared[identity] = index
                }
                if index == sources.count { sources.append(source) }
                own.append((index, component.factor * input.unit.factor))
            }
            parts.append(own)
        }
        return (sources, parts)
    }

    private static func stated(
        _ correlations: [InputCorrelation], _ inputs: [ModelInput]
    ) throws(ModelError) -> [(a: Int, b: Int, r: Double)] {
        var stated: [(a: Int, b: Int, r: Double)] = []
        for correlation in correlations {
            func index(_ name: String) throws(ModelError) -> Int {
                guard let index = inputs.firstIndex(where: { $0.name == name }) else {
                    throw ModelError("a correlation names '\(name)', which is no input")
                }
                return index
            }
            let (a, b) = (try index(correlation.a), try index(correlation.b))
            let pair = "the correlation of '\(correlation.a)' and '\(correlation.b)'"
            guard a != b else { throw ModelError("\(pair): an input is not correlated with itself") }
            guard abs(correlation.r) <= 1 else {
                throw ModelError("\(pair) is \(correlation.r): it lies between -1 and 1")
            }
            guard !stated.contains(where: { ($0.a, $0.b) == (a, b) || ($0.a, $0.b) == (b, a) }) else {
                throw ModelError("\(pair) is stated twice")
            }
            let common = Set(inputs[a].components.compactMap(\.source))
                .intersection(inputs[b].components.compactMap(\.source))
            guard common.isEmpty else {
                throw ModelError(
                    "\(pair) follows from their common source '\(common.min() ?? "")': state one of the two")
            }
            if correlation.r != 0 { stated.append((a, b, correlation.r)) }
        }
        return stated
    }

    private static func compile(
        _ inputs: [ModelInput], _ constants: [(name: String, value: Double, unit: MeasurementUnit)],
        _ intermediates: [(name: String, formula: Formula)], _ outputs: [Output]
    ) throws(ModelError) -> Tape {
        do {
            var builder = Tape.Builder(inputs: inputs.map(\.name))
            var kinds = Dictionary(
                inputs.map { ($0.name, QuantityKind(of: $0.unit)) }
                    + constants.map { ($0.name, QuantityKind(of: $0.unit)) },
                uniquingKeysWith: { first, _ in first })
            for constant in constants {
                builder.define(constant.name, as: builder.constant(constant.unit.si(constant.value)))
            }
            for intermediate in intermediates {
                kinds[intermediate.name] = try intermediate.formula.kind(of: kinds)
                builder.define(
                    intermediate.name, as: try builder.add(intermediate.formula.root, of: intermediate.formula.text))
            }
            var registers: [Int] = []
            for output in outputs {
                let kind = try output.formula.kind(of: kinds)
                if let misfit = kind.misfit(output.unit) { throw ModelError("'\(output.name)' \(misfit)") }
                kinds[output.name] = kind
                registers.append(try builder.add(output.formula.root, of: output.formula.text))
                builder.define(output.name, as: registers[registers.count - 1])
            }
            return builder.tape(outputs: registers)
        } catch let error as FormulaError {
            throw ModelError("\(error)")
        } catch let error as ModelError {
            throw error
        } catch {
            throw ModelError("\(error)")
        }
    }
}
