/// What is known of a quantity, as a symmetric probability density: an item before it is measured, or
/// the measurand after (JCGM 106, 6).
public struct StateOfKnowledge: Hashable, Sendable {
    public enum Shape: Hashable, Sendable {
        case normal
        case studentT(degreesOfFreedom: Double)
        case rectangular
        case triangular
        /// β = top width / base width.
        case trapezoidal(beta: Double)
        case arcsine
    }

    public let shape: Shape
    public let mean: Double
    /// Standard deviation of a normal, scale of a t distribution, half width of the others; positive.
    public let scale: Double

    /// - Returns: nil where a parameter is outside its range.
    public init?(_ shape: Shape, mean: Double, scale: Double) {
        guard mean.isFinite, scale > 0, scale.isFinite else { return nil }
        switch shape {
        case .studentT(let nu): guard nu > 0 else { return nil }
        case .trapezoidal(let beta): guard (0...1).contains(beta) else { return nil }
        default: break
        }
        self.shape = shape
        self.mean = mean
        self.scale = scale
    }

    public func density(_ x: Double) -> Double {
        let z = abs(x - mean) / scale
        switch shape {
        case .normal: return StandardNormal.density(z) / scale
        case .studentT(let nu): return StudentT.density(z, degreesOfFreedom: nu) / scale
        case .rectangular: return z <= 1 ? 0.5 / scale : 0
        case .triangular: return z < 1 ? (1 - z) / scale : 0
        case .trapezoidal(let beta):
            if z <= beta { return 1 / ((1 + beta) * scale) }
            return z < 1 ? (1 - z) / ((1 - beta * beta) * scale) : 0
        case .arcsine: return z < 1 ? 1 / (Double.pi * scale * ((1 - z) * (1 + z)).squareRoot()) : 0
        }
    }

    /// P(X ≤ x), correct in its tail.
    public func lowerTail(_ x: Double) -> Double { tail((mean - x) / scale) }

    /// P(X > x), correct in its tail.
    public func upperTail(_ x: Double) -> Double { tail((x - mean) / scale) }

    private func tail(_ z: Double) -> Double {
        if z < 0 { return 1 - tail(-z) }
        switch shape {
        case .normal: return StandardNormal.upperTail(z)
        case .studentT(let nu): return StudentT.upperTail(z, degreesOfFreedom: nu)
        case .rectangular: return max(0, (1 - z) / 2)
        case .triangular: return z < 1 ? (1 - z) * (1 - z) / 2 : 0
        case .trapezoidal(let beta):
            if z >= 1 { return 0 }
            if z > beta { return (1 - z) * (1 - z) / (2 * (1 - beta * beta)) }
            return 0.5 - z / (1 + beta)
        case .arcsine:
            return z < 1
                ? IncompleteBeta.regularized((1 + z) / 2, complement: (1 - z) / 2, 0.5, 0.5).upper : 0
        }
    }

    /// P(a < X ≤ b), a missing limit being infinite; taken on the side where it loses no digits.
    public func probability(from a: Double?, to b: Double?) -> Double {
        switch (a, b) {
        case (nil, nil): return 1
        case (let a?, nil): return upperTail(a)
        case (nil, let b?): return lowerTail(b)
        case (let a?, let b?):
            if b <= a { return 0 }
            if a >= mean { return upperTail(a) - upperTail(b) }
            if b <= mean { return lowerTail(b) - lowerTail(a) }
            return 1 - (lowerTail(a) + upperTail(b))
        }
    }

    /// Whether the density ends.
    var isBounded: Bool {
        switch shape {
        case .normal, .studentT: false
        default: true
        }
    }

    /// Where a quadrature should not step across: the middle, corners, and a few scales out.
    var landmarks: [Double] {
        let out: [Double] =
            switch shape {
            case .normal, .studentT: [0, 0.5, 1, 2, 4, 8, 16]
            case .trapezoidal(let beta): [0, beta, 1]
            // The density is infinite at the ends: panels shrink towards them and stop short, where the rest is a
            // tail probability in closed form and nothing a reading can tell apart.
            case .arcsine: [0, 0.5] + (1...16).map { 1 - exponential(-Double($0)) }
            default: [0, 1]
            }
        return out.flatMap { [mean - $0 * scale, mean + $0 * scale] }
    }
}
