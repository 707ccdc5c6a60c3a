/// A polynomial through calibration points by least squares, with the covariance of its coefficients: the correction
/// of a standard as a function of its indication (ISO/TS 28037:2010, clauses 6 and 9; JCGM 100, H.3).
public struct PolynomialCurve: Sendable {
    /// What is known of the y.
    public enum Weights: Sendable {
        /// Equally good; how good is judged from the scatter about the curve.
        case equal
        /// Standard uncertainties of independent values. They are taken as they are, not rescaled by the scatter.
        case independent([Double])
        /// Covariance matrix, row by row.
        case covariance([[Double]])
    }

    public let degree: Int
    /// Constant term first.
    public let coefficients: [Double]
    /// Of the coefficients, row by row.
    public let covariance: [[Double]]
    /// Weighted sum of squares; with equal weights the plain one.
    public let chiSquared: Double
    public let degreesOfFreedom: Int
    /// Of the x fitted.
    public let range: ClosedRange<Double>

    /// Of the polynomial in (x − centre)/scale, in which it was fitted: powers of numbers up to one are told apart best.
    private let centre: Double
    private let scale: Double
    private let inner: [Double]
    private let innerCovariance: SymmetricMatrix

    /// - Parameter degree: 1 is a line.
    /// - Throws: ``CurveError``.
    public init(x: [Double], y: [Double], degree: Int, weights: Weights = .equal) throws(CurveError) {
        let count = x.count
        guard y.count == count else { throw .unequalCounts }
        let needed = degree + (weights.areKnown ? 1 : 2)
        guard let low = x.min(), let high = x.max(), count >= needed else {
            throw .tooFewPoints(needed: needed, found: count)
        }
        guard high > low, Set(x).count > degree else { throw .notDistinct }
        let (centre, scale) = ((low + high) / 2, (high - low) / 2)
        let rows = x.map { x in Self.powers((x - centre) / scale, degree) }
        let (whiteRows, whiteValues) = try weights.whiten(rows, y)
        guard let fit = LeastSquares(whiteRows, whiteValues) else { throw .notDistinct }
        self.degree = degree
        self.centre = centre
        self.scale = scale
        range = low...high
        chiSquared = fit.sumOfSquares
        degreesOfFreedom = count - degree - 1
        inner = fit.solution
        let variance = weights.areKnown ? 1 : fit.sumOfSquares / Double(count - degree - 1)
        innerCovariance = SymmetricMatrix(size: degree + 1) { fit.covariance[$0, $1] * variance }

        // Σ a_k ((x − c)/s)^k in powers of x, by the binomial theorem.
        var change = [[Double]](repeating: .init(repeating: 0, count: degree + 1), count: degree + 1)
        for k in 0...degree {
            var binomial = 1.0
            for j in 0...k {
                change[j][k] = binomial * Tape.whole(-centre, Double(k - j)) / Tape.whole(scale, Double(k))
                binomial = binomial * Double(k - j) / Double(j + 1)
            }
        }
        coefficients = change.map { row in zip(row, fit.solution).reduce(0) { $0 + $1.0 * $1.1 } }
        let innerCovariance = innerCovariance
        covariance = change.map { left in
            change.map { right in
                var sum = 0.0
                for i in 0...degree { for j in 0...degree { sum += left[i] * innerCovariance[i, j] * right[j] } }
                return sum
            }
        }
    }

    private static func powers(_ t: Double, _ degree: Int) -> [Double] {
        var powers = [1.0]
        for _ in 0..<degree { powers.append(powers[powers.count - 1] * t) }
        return powers
    }

    /// Standard deviation of one y about the curve; nil without degrees of freedom or with known uncertainties.
    public var residualDeviation: Double {
        degreesOfFreedom > 0 ? (chiSquared / Double(degreesOfFreedom)).squareRoot() : 0
    }

    /// The curve at `x`, and the standard uncertainty of the curve there.
    public func predict(_ x: Double) -> (y: Double, u: Double) {
        let powers = Self.powers((x - centre) / scale, degree)
        var variance = 0.0
        for i in 0...degree { for j in 0...degree { variance += powers[i] * innerCovariance[i, j] * powers[j] } }
        return (zip(powers, inner).reduce(0) { $0 + $1.0 * $1.1 }, max(0, variance).squareRoot())
    }

    private func slope(_ x: Double) -> Double {
        let powers = Self.powers((x - centre) / scale, degree)
        return (1...degree).reduce(0.0) { $0 + Double($1) * inner[$1] * powers[$1 - 1] } / scale
    }

    /// The x within ``range`` at which the curve is `y`, with the uncertainty of the curve and of y.
    ///
    /// - Throws: ``CurveError/noInverse(y:roots:range:)`` where there is none, or more than one.
    public func inverse(_ y: Double, u: Double = 0) throws(CurveError) -> (x: Double, u: Double) {
        let steps = 400 * degree
        let places = (0...steps).map { step in
            range.lowerBound + (range.upperBound - range.lowerBound) * Double(step) / Double(steps)
        }
        var roots: [Double] = []
        for (low, high) in zip(places, places.dropFirst()) {
            let (first, second) = (predict(low).y - y, predict(high).y - y)
            if first == 0 { roots.append(low) }
            if first * second < 0 { roots.append(root(low, high, y)) }
        }
        if predict(range.upperBound).y == y { roots.append(range.upperBound) }
        guard roots.count == 1 else { throw .noInverse(y: y, roots: roots.count, range: range) }
        let slope = slope(roots[0])
        guard slope != 0 else { throw .noInverse(y: y, roots: 2, range: range) }
        let curve = predict(roots[0]).u
        return (roots[0], (curve * curve + u * u).squareRoot() / abs(slope))
    }

    private func root(_ low: Double, _ high: Double, _ y: Double) -> Double {
        var (low, high) = (low, high)
        let isRising = predict(high).y > y
        while true {
            let middle = (low + high) / 2
            guard middle > low, middle < high else { return middle }
            if (predict(middle).y < y) == isRising { low = middle } else { high = middle }
        }
    }
}

extension PolynomialCurve.Weights {
    var areKnown: Bool {
        if case .equal = self { false } else { true }
    }

    /// Rows and values such that all have the same variance and none is correlated with another.
    fileprivate func whiten(
        _ rows: [[Double]], _ values: [Double]
    ) throws(CurveError) -> ([[Double]], [Double]) {
        switch self {
        case .equal: return (rows, values)
        case .independent(let u):
            guard u.count == values.count else { throw .unequalCounts }
            guard u.allSatisfy({ $0 > 0 && $0.isFinite }) else { throw .notPositive(what: "an uncertainty of y") }
            return (zip(rows, u).map { row, u in row.map { $0 / u } }, zip(values, u).map { $0 / $1 })
        case .covariance(let matrix):
            let count = values.count
            guard matrix.count == count, matrix.allSatisfy({ $0.count == count }) else { throw .unequalCounts }
            let symmetric = SymmetricMatrix(size: count) { matrix[$0][$1] }
            for row in 0..<count {
                for column in 0..<count where matrix[row][column] != matrix[column][row] { throw .notPositiveDefinite }
            }
            let root = symmetric.cholesky()
            guard (0..<count).allSatisfy({ root[$0 * count + $0] > 0 }) else { throw .notPositiveDefinite }
            // L⁻¹ by forward substitution, applied to every column and to the values.
            func solve(_ column: [Double]) -> [Double] {
                var result = column
                for row in 0..<count {
                    for k in 0..<row { result[row] -= root[row * count + k] * result[k] }
                    result[row] /= root[row * count + row]
                }
                return result
            }
            let columns = rows[0].indices.map { column in solve(rows.map { $0[column] }) }
            return ((0..<count).map { row in columns.map { $0[row] } }, solve(values))
        }
    }
}
