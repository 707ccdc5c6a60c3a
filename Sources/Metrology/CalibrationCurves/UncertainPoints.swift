/// Points uncertain in x and y, and how far from them a line of a given slope is.
struct UncertainPoints {
    let x: [Double]
    let y: [Double]
    let uX: [Double]
    let uY: [Double]
    let r: [Double]

    /// The best of the lines with one slope.
    struct Trial {
        let slope: Double
        let weights: [Double]
        let meanX: Double
        let meanY: Double
        /// x of the nearest points of the line, from ``meanX``.
        let adjusted: [Double]
        let chiSquared: Double
        /// −½ dχ²/db, zero at the best slope; the equation of York et al. whose root their iteration seeks.
        let descent: Double
    }

    /// - Returns: nil where a point has no uncertainty across a line of this slope.
    func trial(_ slope: Double) -> Trial? {
        let weights = x.indices.map { i in
            1 / (uY[i] * uY[i] + slope * slope * uX[i] * uX[i] - 2 * slope * r[i] * uX[i] * uY[i])
        }
        guard weights.allSatisfy({ $0 > 0 && $0.isFinite }) else { return nil }
        let total = weights.reduce(0, +)
        let meanX = zip(weights, x).reduce(0) { $0 + $1.0 * $1.1 } / total
        let meanY = zip(weights, y).reduce(0) { $0 + $1.0 * $1.1 } / total
        var adjusted = weights
        var (chiSquared, descent) = (0.0, 0.0)
        for i in x.indices {
            let (u, v) = (x[i] - meanX, y[i] - meanY)
            let mixed = (slope * u + v) * r[i] * uX[i] * uY[i]
            adjusted[i] = weights[i] * (u * uY[i] * uY[i] + slope * v * uX[i] * uX[i] - mixed)
            let miss = v - slope * u
            chiSquared += weights[i] * miss * miss
            descent += weights[i] * adjusted[i] * miss
        }
        guard chiSquared.isFinite, descent.isFinite else { return nil }
        return Trial(
            slope: slope, weights: weights, meanX: meanX, meanY: meanY, adjusted: adjusted,
            chiSquared: chiSquared,
            descent: descent)
    }

    /// The trial of the smallest χ²: all slopes are passed through, and every minimum between two of them is closed in.
    ///
    /// - Returns: nil where χ² has no minimum at a slope.
    func best() -> Trial? {
        var best: Trial?
        func consider(_ trial: Trial?) {
            if let trial, trial.chiSquared < best?.chiSquared ?? .infinity { best = trial }
        }
        var last: Trial?
        for slope in slopes {
            let next = trial(slope)
            if let last, let next, last.descent >= 0, next.descent <= 0, last.descent > next.descent {
                consider(closeIn(last, next))
            }
            last = next
        }
        return best
    }

    private func closeIn(_ low: Trial, _ high: Trial) -> Trial? {
        var (low, high) = (low, high)
        while low.descent != 0, high.descent != 0 {
            let middle = low.slope + (high.slope - low.slope) / 2
            guard middle > low.slope, middle < high.slope else { break }
            guard let trial = trial(middle) else { return nil }
            if trial.descent > 0 { low = trial } else { high = trial }
        }
        return abs(low.descent) < abs(high.descent) ? low : high
    }

    /// Slopes in ascending order, dense about every slope at which χ² may turn: those of the points as a whole, and
    /// those at which the uncertainty in x begins to outweigh the one in y.
    private var slopes: [Double] {
        let count = Double(x.count)
        let (meanX, meanY) = (x.reduce(0, +) / count, y.reduce(0, +) / count)
        var (sxx, sxy, syy) = (0.0, 0.0, 0.0)
        for (x, y) in zip(x, y) {
            sxx += (x - meanX) * (x - meanX)
            sxy += (x - meanX) * (y - meanY)
            syy += (y - meanY) * (y - meanY)
        }
        let ratios = zip(uX, uY).map { $1 / $0 }.filter { $0 > 0 && $0.isFinite }.sorted()
        var scales = [abs(sxy) / sxx, (syy / sxx).squareRoot(), syy / abs(sxy)]
        scales += ratios.isEmpty ? [] : [ratios[0], ratios[ratios.count / 2], ratios[ratios.count - 1]]
        scales.removeAll { !($0 > 0 && $0.isFinite) }
        let steps = 100
        var slopes = [0.0]
        for scale in scales {
            for step in 1..<steps {
                // The tangent of twice the angle whose tangent is t: from level to upright without a gap.
                let t = Double(step) / Double(steps)
                slopes.append(scale * 2 * t / (1 - t * t))
            }
            slopes += [1e3 * scale, 1e6 * scale]
        }
        let positive = Set(slopes).sorted()
        return positive.dropFirst().reversed().map { -$0 } + positive
    }

    /// Of the upright line, to which those of ever larger slopes come near; infinite where an x is exact.
    var verticalChiSquared: Double {
        guard uX.allSatisfy({ $0 > 0 }) else { return .infinity }
        let weights = uX.map { 1 / ($0 * $0) }
        let mean = zip(weights, x).reduce(0) { $0 + $1.0 * $1.1 } / weights.reduce(0, +)
        return zip(weights, x).reduce(0) { $0 + $1.0 * ($1.1 - mean) * ($1.1 - mean) }
    }
}
