/// Coverage of several outputs at once, for jointly normal outputs (JCGM 102, 6.5).
public struct JointRegion: Hashable, Sendable {
    public let p: Double
    /// The region (y − η)ᵀU⁻¹(y − η) ≤ k².
    public let ellipseFactor: Double
    /// The region |y_i − η_i| ≤ k·u_i for all i.
    public let rectangleFactor: Double
}

extension LinearPropagation {
    /// The regions of all outputs that have an uncertainty; nil for fewer than two.
    public func jointRegion(p: Double) -> JointRegion? {
        let uncertain = outputs.indices.filter { outputs[$0].standardUncertainty > 0 }
        guard uncertain.count >= 2, p > 0, p < 1 else { return nil }
        // Outputs that are the same but for a factor are inside together.
        let distinct = uncertain.enumerated().filter { position, output in
            !uncertain[..<position].contains { abs(correlation($0, output)) > 1 - 1e-12 }
        }
        .map(\.element)
        let matrix = SymmetricMatrix(size: distinct.count) { row, column in
            row == column ? 1 : correlation(distinct[row], distinct[column])
        }
        return JointRegion(
            p: p, ellipseFactor: CoverageFactor.ellipse(p: p, outputs: uncertain.count),
            rectangleFactor: NormalBox(matrix).factor(p))
    }
}

/// P(|Z_i| ≤ k for all i) of correlated standard normal deviates.
struct NormalBox {
    private let size: Int
    /// Lower triangular: Z = L·z with independent z.
    private let root: [Double]

    init(_ correlation: SymmetricMatrix) {
        size = correlation.size
        root = correlation.cholesky()
    }

    /// The k with P = p, by false position (Illinois) between the factor of one deviate and that of as many taken one
    /// by one (Bonferroni).
    func factor(_ p: Double) -> Double {
        var low = CoverageFactor.studentT(p: p, degreesOfFreedom: .infinity)
        guard size > 1 else { return low }
        var high = CoverageFactor.studentT(p: 1 - (1 - p) / Double(size), degreesOfFreedom: .infinity)
        var (below, above) = (probability(within: low) - p, probability(within: high) - p)
        var lastSide = 0
        while high - low > 1e-11 * high, below < 0, above > 0 {
            let next = (low * above - high * below) / (above - below)
            let miss = probability(within: next) - p
            if abs(miss) < 1e-14 { return next }
            if miss < 0 {
                (low, below) = (next, miss)
                if lastSide == -1 { above /= 2 }
                lastSide = -1
            } else {
                (high, above) = (next, miss)
                if lastSide == 1 { below /= 2 }
                lastSide = 1
            }
        }
        return below >= 0 ? low : above <= 0 ? high : (low + high) / 2
    }

    /// Up to three deviates by nested Gauss–Legendre quadrature, more by a fixed lattice over the unit cube (Genz, 1992),
    /// which is good to about 10⁻⁵.
    func probability(within k: Double) -> Double {
        size <= 3 ? nested(k, 0, []) : lattice(k)
    }

    /// The limits of deviate `index` when those before it have these values.
    private func limits(_ k: Double, _ index: Int, _ values: [Double]) -> (low: Double, high: Double)? {
        let sum = values.indices.reduce(0.0) { $0 + root[index * size + $1] * values[$1] }
        let diagonal = root[index * size + index]
        // A deviate that follows wholly from the others has no freedom of its own: it is inside or it is not.
        guard diagonal > 1e-9 else { return abs(sum) <= k ? (-.infinity, .infinity) : nil }
        return ((-k - sum) / diagonal, (k - sum) / diagonal)
    }

    private func nested(_ k: Double, _ index: Int, _ values: [Double]) -> Double {
        guard let (low, high) = limits(k, index, values) else { return 0 }
        if index == size - 1 {
            return low == -.infinity ? 1 : StandardNormal.probability(from: low, to: high)
        }
        let (from, to) = (max(low, -9), min(high, 9))
        guard from < to else { return 0 }
        // A panel's true error is far below the difference of its two rules: the factor is good to 10⁻⁹ and better.
        return Quadrature.integrate(from, to, tolerance: size < 3 ? 1e-12 : 1e-7) { z in
            StandardNormal.density(z) * nested(k, index + 1, values + [z])
        }
    }

    private func lattice(_ k: Double) -> Double {
        // A Korobov rule with 16 381 points, periodised by the tent; the same points every time.
        let points = 16_381
        var generators = [1]
        for _ in 1..<size { generators.append(generators[generators.count - 1] * 6_229 % points) }
        var total = 0.0
        for point in 0..<points {
            var product = 1.0
            var values: [Double] = []
            for index in 0..<size {
                guard let (low, high) = limits(k, index, values) else {
                    product = 0
                    break
                }
                let place = Double(point * generators[index] % points) / Double(points)
                let tent = 1 - abs(2 * place - 1)
                let (a, b) = (
                    low == -.infinity ? 0 : StandardNormal.cumulative(low),
                    high == .infinity ? 1 : StandardNormal.cumulative(high)
                )
                product *= b - a
                let share = min(1 - 1e-16, max(1e-300, a + tent * (b - a)))
                values.append(StandardNormal.quantile(share))
            }
            total += product
        }
        return total / Double(points)
    }
}
