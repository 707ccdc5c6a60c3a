/// The law of propagation of uncertainty for every output of a model (JCGM 100, 5.1.2 and 5.2.2; JCGM 102, 6.2),
/// in the units of outputs and inputs.
public struct LinearPropagation: Sendable {
    public struct Output: Sendable {
        public let name: String
        public let estimate: Double
        /// u_c.
        public let standardUncertainty: Double
        public let degreesOfFreedom: EffectiveDegreesOfFreedom
        /// ∂f/∂x for each input, in the order of the model.
        public let sensitivities: [Double]
        /// |c|·u for each input.
        public let contributions: [Double]
        /// Part of the variance that goes with each input, correlations divided between both. The parts add up to
        /// one; with correlated inputs one of them may be negative.
        public let shares: [Double]
    }

    public let outputs: [Output]
    /// Covariance of the outputs, row by row.
    public let covariances: [Double]

    public func covariance(_ a: Int, _ b: Int) -> Double { covariances[a * outputs.count + b] }

    /// Zero where one of the two is exact.
    public func correlation(_ a: Int, _ b: Int) -> Double {
        let product = outputs[a].standardUncertainty * outputs[b].standardUncertainty
        guard product > 0 else { return 0 }
        return max(-1, min(1, covariance(a, b) / product))
    }
}

/// ν_eff by Welch and Satterthwaite.
public enum EffectiveDegreesOfFreedom: Hashable, Sendable {
    case finite(Double)
    case infinite
    /// The formula supposes independent influences (JCGM 100, G.4.1): a coefficient between two of them that is
    /// merely stated leaves it without meaning.
    case undefined(a: String, b: String)

    /// Infinite where it is; nil where undefined.
    public var value: Double? {
        switch self {
        case .finite(let value): value
        case .infinite: .infinity
        case .undefined: nil
        }
    }
}

extension MeasurementModel {
    /// First-order propagation at the estimates.
    ///
    /// - Throws: ``ModelError`` where the model has no finite value or no finite derivative there.
    public func propagate() throws(ModelError) -> LinearPropagation {
        let (values, gradients) = try gradients()
        let count = outputs.count
        // Contribution of each independent source to each output, so that what is shared adds with its sign.
        var amounts = [Double](repeating: 0, count: count * sources.count)
        for output in 0..<count {
            for (input, parts) in parts.enumerated() {
                let sensitivity = gradients[output * inputs.count + input]
                for part in parts {
                    amounts[output * sources.count + part.source] +=
                        sensitivity * part.factor * sources[part.source].standardUncertainty
                }
            }
        }
        var covariances = [Double](repeating: 0, count: count * count)
        for a in 0..<count {
            for b in 0...a {
                var sum = 0.0
                for source in sources.indices {
                    sum += amounts[a * sources.count + source] * amounts[b * sources.count + source]
                }
                for pair in stated {
                    let scale = pair.r * uncertainties[pair.a] * uncertainties[pair.b]
                    let (rowA, rowB) = (a * inputs.count, b * inputs.count)
                    sum += scale * gradients[rowA + pair.a] * gradients[rowB + pair.b]
                    sum += scale * gradients[rowA + pair.b] * gradients[rowB + pair.a]
                }
                // Perfectly correlated parts that cancel leave rounding, which must not be a negative variance.
                let value = (a == b ? max(0, sum) : sum) / (outputs[a].unit.factor * outputs[b].unit.factor)
                covariances[a * count + b] = value
                covariances[b * count + a] = value
            }
        }
        let results = (0..<count).map { output in
            result(
                output, value: values[output], gradient: gradients[(output * inputs.count)...].prefix(inputs.count),
                variance: covariances[output * count + output],
                amounts: amounts[(output * sources.count)...].prefix(sources.count))
        }
        return LinearPropagation(outputs: results, covariances: covariances)
    }

    private func result(
        _ index: Int, value: Double, gradient: ArraySlice<Double>, variance: Double, amounts: ArraySlice<Double>
    ) -> LinearPropagation.Output {
        let output = outputs[index]
        let scale = output.unit.factor
        let start = gradient.startIndex
        let contributions = inputs.indices.map { abs(gradient[start + $0]) * uncertainties[$0] / abs(scale) }
        var shares = [Double](repeating: 0, count: inputs.count)
        if variance > 0 {
            let isCorrelated = !stated.isEmpty || sources.count < parts.reduce(0) { $0 + $1.count }
            for i in inputs.indices {
                if isCorrelated {
                    let sum = inputs.indices.reduce(0.0) { $0 + gradient[start + $1] * covariance(i, $1) }
                    shares[i] = gradient[start + i] * sum / (scale * scale * variance)
                } else {
                    shares[i] = contributions[i] * contributions[i] / variance
                }
            }
        }
        return LinearPropagation.Output(
            name: output.name, estimate: output.unit.number(fromSI: value),
            standardUncertainty: variance.squareRoot(),
            degreesOfFreedom: degreesOfFreedom(variance * scale * scale, gradient: gradient, amounts: amounts),
            sensitivities: inputs.indices.map { gradient[start + $0] * inputs[$0].unit.factor / scale },
            contributions: contributions, shares: shares)
    }

    /// G.2b over the independent sources: ν_eff = u_c⁴ / Σ u_s⁴/ν_s.
    private func degreesOfFreedom(
        _ variance: Double, gradient: ArraySlice<Double>, amounts: ArraySlice<Double>
    ) -> EffectiveDegreesOfFreedom {
        let start = gradient.startIndex
        for pair in stated {
            for input in [pair.a, pair.b] where gradient[start + input] != 0 {
                let isFinite = parts[input].contains {
                    sources[$0.source].degreesOfFreedom.isFinite && sources[$0.source].standardUncertainty > 0
                }
                if isFinite { return .undefined(a: inputs[pair.a].name, b: inputs[pair.b].name) }
            }
        }
        var sum = 0.0
        for (source, amount) in zip(sources, amounts) where source.degreesOfFreedom.isFinite {
            // Relative to u_c, so that a fourth power of a small number does not underflow.
            let square = variance > 0 ? amount * amount / variance : 0
            sum += square * square / source.degreesOfFreedom
        }
        return sum > 0 ? .finite(1 / sum) : .infinite
    }

    /// Values of the outputs and their derivatives, SI, row by row.
    private func gradients() throws(ModelError) -> (values: [Double], gradients: [Double]) {
        var values = [Double](repeating: 0, count: outputs.count)
        var gradients = [Double](repeating: 0, count: outputs.count * inputs.count)
        let fault: (output: Int, FormulaError?)? = withUnsafeTemporaryAllocation(
            of: Double.self, capacity: 2 * tape.registerCount
        ) { scratch in
            let registers = UnsafeMutableBufferPointer(rebasing: scratch[..<tape.registerCount])
            let adjoints = UnsafeMutableBufferPointer(rebasing: scratch[tape.registerCount...])
            estimates.withUnsafeBufferPointer { tape.run($0, into: registers) }
            for (index, output) in tape.outputs.enumerated() {
                values[index] = registers[output]
                guard values[index].isFinite else { return (index, tape.fault(registers, output)) }
                adjoints.initialize(repeating: 0)
                tape.differentiate(output, registers, into: adjoints)
                for input in inputs.indices {
                    gradients[index * inputs.count + input] = adjoints[input]
                    guard adjoints[input].isFinite else { return (index, nil) }
                }
            }
            return nil
        }
        guard let fault else { return (values, gradients) }
        let name = outputs[fault.output].name
        if let error = fault.1 {
            throw ModelError("'\(name)' has no value at the estimates: \(error) of '\(error.text)'")
        }
        throw ModelError(
            "'\(name)' has no finite derivative at the estimates: the law of propagation does not apply there")
    }
}
