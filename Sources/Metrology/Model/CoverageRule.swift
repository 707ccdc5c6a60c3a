/// How a coverage factor is chosen.
public enum CoverageRule: Hashable, Sendable {
    /// As stated, usually 2 (JJF 1059.1, 5.3.2).
    case fixed(k: Double)
    /// t for the probability and ν_eff (JCGM 100, G.3); `truncated`: ν_eff cut to the next smaller whole number (G.4.1).
    case studentT(p: Double, truncated: Bool)
    /// Two rectangular contributions outweigh the rest: their sum is a trapezoid (EA-4/02, S10.13).
    case trapezoid(p: Double, terms: [String])

    /// What forbids it; nil where nothing does.
    public var fault: String? {
        switch self {
        case .fixed(let k): k > 0 && k.isFinite ? nil : "a coverage factor must be positive, not \(k)"
        case .studentT(let p, _), .trapezoid(let p, _):
            p > 0 && p < 1 ? nil : "a coverage probability lies between 0 and 1, not \(p): 95 % is 0.95"
        }
    }
}

/// k, U and what they rest on.
public struct ExpandedUncertainty: Hashable, Sendable {
    public let k: Double
    /// U = k·u.
    public let expanded: Double
    /// Used for k; nil where k does not depend on them.
    public let degreesOfFreedom: Double?
    /// nil for a k that was stated without one.
    public let p: Double?
}

extension MeasurementModel {
    /// Expanded uncertainty of one output.
    ///
    /// - Parameter u: what is expanded where it is not the first-order u (of a higher order).
    /// - Throws: ``ModelError`` where the rule cannot be applied to the output.
    public func expand(
        _ output: LinearPropagation.Output, by rule: CoverageRule, u: Double? = nil
    ) throws(ModelError) -> ExpandedUncertainty {
        if let fault = rule.fault { throw ModelError(fault) }
        let u = u ?? output.standardUncertainty
        switch rule {
        case .fixed(let k): return ExpandedUncertainty(k: k, expanded: k * u, degreesOfFreedom: nil, p: nil)
        case .studentT(let p, let isTruncated):
            switch output.degreesOfFreedom {
            case .undefined(let a, let b):
                throw ModelError(
                    "'\(output.name)' has no effective degrees of freedom, because '\(a)' and '\(b)' are correlated by "
                        + "a stated coefficient and few readings: state k, or use Monte Carlo")
            case .infinite:
                let k = CoverageFactor.studentT(p: p, degreesOfFreedom: .infinity)
                return ExpandedUncertainty(k: k, expanded: k * u, degreesOfFreedom: .infinity, p: p)
            case .finite(let nu):
                // 2.9999999999999996 is a rounding of three.
                let used = isTruncated ? (nu * (1 + 1e-12)).rounded(.down) : nu
                guard used > 0 else {
                    throw ModelError(
                        "'\(output.name)' has \(nu) effective degrees of freedom: fewer than one give no coverage factor"
                    )
                }
                let k = CoverageFactor.studentT(p: p, degreesOfFreedom: used)
                return ExpandedUncertainty(k: k, expanded: k * u, degreesOfFreedom: used, p: p)
            }
        case .trapezoid(let p, let terms):
            let k = try trapezoidFactor(output, p, terms)
            return ExpandedUncertainty(k: k, expanded: k * u, degreesOfFreedom: nil, p: p)
        }
    }

    private func trapezoidFactor(
        _ output: LinearPropagation.Output, _ p: Double, _ terms: [String]
    ) throws(ModelError) -> Double {
        guard terms.count == 2 else { throw ModelError("the rule 'trapezoid' takes two terms, not \(terms.count)") }
        var widths: [Double] = []
        for term in terms {
            guard let index = inputs.firstIndex(where: { $0.name == term }) else {
                throw ModelError("the rule 'trapezoid' names '\(term)', which is no input")
            }
            guard inputs[index].components.count == 1,
                case .rectangular(_, let halfWidth) = inputs[index].components[0].distribution
            else { throw ModelError("the rule 'trapezoid' takes rectangular inputs, which '\(term)' is not") }
            widths.append(abs(output.sensitivities[index]) * halfWidth)
        }
        let sum = widths[0] + widths[1]
        guard sum > 0 else { throw ModelError("the terms of the rule 'trapezoid' contribute nothing") }
        let beta = abs(widths[0] - widths[1]) / sum
        // In units of the half width at the base: on the slope of the trapezoid, or still under its flat top.
        let reach =
            p >= 2 * beta / (1 + beta)
            ? 1 - ((1 - p) * (1 - beta * beta)).squareRoot() : p * (1 + beta) / 2
        return reach / ((1 + beta * beta) / 6).squareRoot()
    }
}
