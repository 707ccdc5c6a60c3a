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
        guard degree >= 1 else { throw .impossibleDegree(degree) }
        guard y.count == count else { throw .unequalCounts }
        guard (x + y).allSatisfy(\.isFinite) else { throw .notFinite }
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
                for i in 0...degree {
                    for j in 0...degree { sum += left[i] * innerCovariance[i, j] * right[j] }
                }
                return sum
            }
        }
    }

    private static func powers(_ t: Double, _ degree: Int) -> [Double] {
        var powers = [1.0]
        for _ in 0..<degree { powers.append(powers[powers.count - 1] * t) }
        return powers
    }

    /// Standard deviation of one y about the curve, or of one divided by its own u; 0 without degrees of freedom.
    public var residualDeviation: Double {
        degreesOfFreedom > 0 ? (chiSquared / Double(degreesOfFreedom)).squareRoot() : 0
    }

    /// The curve at `x`, and the standard uncertainty of the curve there.
    public func predict(_ x: Double) -> (y: Double, u: Double) {
        let powers = Self.powers((x - centre) / scale, degree)
        var variance = 0.0
        for i in 0...degree {
            for j in 0...degree { variance += powers[i] * innerCovariance[i, j] * powers[j] }
        }
        return (zip(powers, inner).reduce(0) { $0 + $1.0 * $1.1 }, max(0, variance).squareRoot())
    }

    /// The x within ``range`` at which the curve is `y`, with the uncertainty of the curve and of y.
    ///
    /// - Throws: ``CurveError/noInverse(y:roots:range:)`` where there is none, or more than one;
    ///   ``CurveError/level(x:)`` where the curve only touches `y`.
    public func inverse(_ y: Double, u: Double = 0) throws(CurveError) -> (x: Double, u: Double) {
        let roots = Polynomial(coefficients: inner).places(of: y)
        guard roots.count == 1 else { throw .noInverse(y: y, roots: roots.count, range: range) }
        let x = centre + roots[0] * scale
        let slope = Polynomial(coefficients: inner).derivative
        guard abs(slope.value(roots[0])) > slope.rounding else { throw .level(x: x) }
        let curve = predict(x).u
        return (x, (curve * curve + u * u).squareRoot() / abs(slope.value(roots[0]) / scale))
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
            guard u.allSatisfy({ $0 > 0 && $0.isFinite }) else {
                throw .notPositive(what: "an uncertainty of y")
            }
            return (zip(rows, u).map { row, u in row.map { $0 / u } }, zip(values, u).map { $0 / $1 })
        case .covariance(let matrix):
            let count = values.count
            guard matrix.count == count, matrix.allSatisfy({ $0.count == count }) else {
                throw .unequalCounts
            }
            for row in 0..<count {
                guard matrix[row][row] > 0, matrix[row][row].isFinite else { throw .notPositiveDefinite }
                for column in 0..<row where matrix[row][column] != matrix[column][row] {
                    throw .notPositiveDefinite
                }
            }
            // Of the correlations: variances of unlike size say nothing about the rank.
            let u = (0..<count).map { matrix[$0][$0].squareRoot() }
            let root = SymmetricMatrix(size: count) { $0 == $1 ? 1 : matrix[$0][$1] / u[$0] / u[$1] }
                .cholesky()
            guard (0..<count).allSatisfy({ root[$0 * count + $0] > 0 }) else {
                throw .notPositiveDefinite
            }
            // L⁻¹ by forward substitution, applied to every column and to the values.
            func solve(_ column: [Double]) -> [Double] {
                var result = zip(column, u).map { $0 / $1 }
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
