/// What terms of second order change, reported beside the first-order result and never in its place.
public struct SecondOrder: Sendable {
    /// f + ½ΣΣ f_ij u(x_i, x_j) (JCGM 100:2008/Amd.1:2026, H.10), in the unit of the output.
    public let estimate: Double
    public let variance: Variance

    public enum Variance: Sendable {
        /// Σ f_i²u_i² + ΣΣ (½f_ij² + f_i f_ijj) u_i²u_j² (JCGM 100, 5.1.2, note), unit of the output squared.
        case value(Double)
        /// The formula holds for independent inputs only.
        case correlated
        /// A derivative that the formula needs does not exist at the estimates.
        case noDerivative
    }

    /// nil where the formula gives none: a negative variance is not an uncertainty.
    public var standardUncertainty: Double? {
        if case .value(let variance) = variance, variance >= 0 { variance.squareRoot() } else { nil }
    }

    /// Why there is no second-order uncertainty; nil where there is one.
    public var note: String? {
        switch variance {
        case .value(let variance) where variance < 0:
            "the second-order variance is negative (\(variance)): the series of terms does not converge here, use Monte Carlo"
        case .value: nil
        case .correlated: "the second-order variance is defined for uncorrelated inputs only"
        case .noDerivative: "the model has no finite second or third derivative at the estimates"
        }
    }
}

extension MeasurementModel {
    /// Second-order terms for each output.
    ///
    /// - Returns: for an output without a finite second derivative, nil.
    public func secondOrder() -> [SecondOrder?] {
        let isCorrelated = !correlatedIndices.isEmpty
        return zip(outputs, tape.jets(estimates)).map { output, jet in
            let count = inputs.count
            let variances = uncertainties.map { $0 * $0 }
            var shift = 0.0
            for i in 0..<count where variances[i] > 0 {
                for j in 0..<count where variances[j] > 0 {
                    let second = jet.second[i * count + j]
                    if second != 0 { shift += 0.5 * second * covariance(i, j) }
                }
            }
            guard shift.isFinite, jet.value.isFinite else { return nil }
            return SecondOrder(
                estimate: output.unit.number(fromSI: jet.value + shift),
                variance: isCorrelated ? .correlated : variance(jet, variances, scale: output.unit.factor))
        }
    }

    private func variance(_ jet: Jet, _ variances: [Double], scale: Double) -> SecondOrder.Variance {
        let count = inputs.count
        var sum = 0.0
        for i in 0..<count where variances[i] > 0 {
            sum += jet.first[i] * jet.first[i] * variances[i]
            for j in 0..<count where variances[j] > 0 {
                let (second, third) = (jet.second[i * count + j], jet.third[i * count + j])
                sum += (0.5 * second * second + jet.first[i] * third) * variances[i] * variances[j]
            }
        }
        return sum.isFinite ? .value(sum / (scale * scale)) : .noDerivative
    }
}
