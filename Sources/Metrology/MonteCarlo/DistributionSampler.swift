/// Draws from the distribution of one elementary influence (JCGM 101, clause 6.4).
struct DistributionSampler: Sendable {
    private enum Method: Sendable {
        case constant(Double)
        case ziggurat(Ziggurat, mean: Double, scale: Double)
        /// mean + Σ a_i(2u_i − 1): a rectangle, a triangle or a trapezoid.
        case uniform(mean: Double, halfWidth: Double)
        case uniforms(mean: Double, Double, Double)
        case arcsine(mean: Double, halfWidth: Double)
        case curvilinear(mean: Double, halfWidth: Double, inexactness: Double)
        case exponential(mean: Double)
        case gamma(shape: Double, scale: Double)
    }

    private let method: Method

    init(_ distribution: InputDistribution) {
        method =
            switch distribution {
            case .constant(let value): .constant(value)
            case .normal(let mean, let deviation): .ziggurat(.normal, mean: mean, scale: deviation)
            case .rectangular(let mean, let a): .uniform(mean: mean, halfWidth: a)
            case .triangular(let mean, let a): .uniforms(mean: mean, a / 2, a / 2)
            case .trapezoidal(let mean, let a, let beta):
                .uniforms(mean: mean, a * (1 + beta) / 2, a * (1 - beta) / 2)
            case .arcsine(let mean, let a): .arcsine(mean: mean, halfWidth: a)
            case .curvilinearTrapezoid(let mean, let a, let d):
                .curvilinear(mean: mean, halfWidth: a, inexactness: d)
            case .studentT(let mean, let scale, let nu): Self.studentT(mean, scale, nu)
            case .studentTOfDeviation(let mean, let deviation, let nu):
                Self.studentT(mean, nu.isFinite ? deviation * ((nu - 2) / nu).squareRoot() : deviation, nu)
            case .exponential(let mean): .exponential(mean: mean)
            case .gamma(let shape, let scale): .gamma(shape: shape, scale: scale)
            }
    }

    private static func studentT(_ mean: Double, _ scale: Double, _ nu: Double) -> Method {
        guard nu.isFinite else { return .ziggurat(.normal, mean: mean, scale: scale) }
        return .ziggurat(Ziggurat(.studentT(degreesOfFreedom: nu)), mean: mean, scale: scale)
    }

    func fill(_ places: UnsafeMutablePointer<Double>, _ count: Int, with generator: inout SeededGenerator) {
        switch method {
        case .constant(let value): places.update(repeating: value, count: count)
        case .ziggurat(let ziggurat, let mean, let scale):
            ziggurat.fill(places, count, mean: mean, scale: scale, with: &generator)
        case .uniform(let mean, let a):
            let (start, width) = (mean - a, 2 * a)
            for index in 0..<count { places[index] = start + width * generator.uniform() }
        case .uniforms(let mean, let a, let b):
            let start = mean - a - b
            for index in 0..<count {
                places[index] = start + 2 * a * generator.uniform() + 2 * b * generator.uniform()
            }
        case .arcsine(let mean, let a):
            for index in 0..<count { places[index] = mean + a * sine(2 * .pi * generator.uniform()) }
        case .curvilinear(let mean, let a, let d):
            for index in 0..<count {
                // 6.4.3.4: the lower limit first, the upper one its mirror image.
                let low = mean - a - d + 2 * d * generator.uniform()
                places[index] = low + 2 * (mean - low) * generator.uniform()
            }
        case .exponential(let mean):
            for index in 0..<count { places[index] = -mean * naturalLogarithm(1 - generator.uniform()) }
        case .gamma(let shape, let scale):
            for index in 0..<count { places[index] = scale * Self.gamma(shape, &generator) }
        }
    }

    /// By Marsaglia and Tsang's method (2000); below a shape of 1 by the power of a uniform draw.
    private static func gamma(_ shape: Double, _ generator: inout SeededGenerator) -> Double {
        if shape < 1 {
            return gamma(shape + 1, &generator) * power(1 - generator.uniform(), 1 / shape)
        }
        let d = shape - 1.0 / 3
        let c = 1 / (9 * d).squareRoot()
        while true {
            var x = 0.0
            Ziggurat.normal.fill(&x, 1, mean: 0, scale: 1, with: &generator)
            let root = 1 + c * x
            guard root > 0 else { continue }
            let v = root * root * root
            if naturalLogarithm(1 - generator.uniform()) < 0.5 * x * x + d - d * v + d * naturalLogarithm(v) {
                return d * v
            }
        }
    }
}
