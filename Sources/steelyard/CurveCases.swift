import DataFiles
import Metrology

/// `x`, `y`, `degree`, and of the y nothing, `u_y` or a `covariance` matrix; then `predict_x`, and `inverse_y`, one
/// new reading or several, with the `u_inverse_y` of their mean.
func polynomialFitAnswer(_ keys: DataMapping, _ node: DataNode) throws -> [(String, CaseValue)] {
    let (x, y) = (try keys.required("x").numbers(), try keys.required("y").numbers())
    let degree = try keys.required("degree")
    let order = try degree.integer()
    guard (1...12).contains(order) else { throw degree.error("the degree is between 1 and 12, not \(order)") }
    let weights: PolynomialCurve.Weights
    if let matrix = keys.optional("covariance") {
        if let u = keys.optional("u_y") {
            throw u.error("'u_y' stands in the covariance matrix already: state one of them")
        }
        weights = .covariance(try matrix.list().map { try $0.numbers() })
    } else if let u = keys.optional("u_y") {
        weights = .independent(try u.numbers())
    } else {
        weights = .equal
    }
    let isScatterKnown = if case .equal = weights { false } else { true }
    return try placed(node) {
        let curve = try PolynomialCurve(x: x, y: y, degree: order, weights: weights)
        return [
            ("coefficients", .list(curve.coefficients.map { .number($0) })),
            ("covariance", .list(curve.covariance.map { .list($0.map { .number($0) }) })),
            ("chi2", .number(curve.chiSquared)), ("dof", .integer(curve.degreesOfFreedom)),
            ("s", .number(curve.residualDeviation)),
        ]
            + (try uses(keys, scatter: isScatterKnown ? 0 : curve.residualDeviation, curve.predict) {
                try curve.inverse($0, u: $1)
            })
    }
}

/// `x`, `y`, `u_x`, `u_y`, and where x and y of a point are correlated `r_xy`.
func totalLeastSquaresAnswer(_ keys: DataMapping, _ node: DataNode) throws -> [(String, CaseValue)] {
    let (x, y) = (try keys.required("x").numbers(), try keys.required("y").numbers())
    let (uX, uY) = (try keys.required("u_x").numbers(), try keys.required("u_y").numbers())
    let r = try keys.optional("r_xy")?.numbers()
    return try placed(node) {
        let line = try TotalLeastSquaresLine(x: x, y: y, uX: uX, uY: uY, r: r)
        return [
            ("a", .number(line.intercept)), ("b", .number(line.slope)), ("u_a", .number(line.interceptUncertainty)),
            ("u_b", .number(line.slopeUncertainty)), ("cov_ab", .number(line.covariance)),
            ("r_ab", .number(line.covariance / (line.interceptUncertainty * line.slopeUncertainty))),
            ("chi2", .number(line.chiSquared)), ("dof", .integer(line.degreesOfFreedom)),
        ]
            + (try uses(keys, scatter: 0, line.predict) { y, u in
                guard let result = line.inverse(y, u: u) else { throw node.error("a level line has no inverse") }
                return result
            })
    }
}

/// Values of the curve where they are asked for, and where it has the value asked for.
///
/// - Parameter scatter: standard deviation of a new reading about the curve, where nothing else is known of it.
private func uses(
    _ keys: DataMapping, scatter: Double, _ predict: (Double) -> (y: Double, u: Double),
    _ inverse: (Double, Double) throws -> (x: Double, u: Double)
) throws -> [(String, CaseValue)] {
    var answer: [(String, CaseValue)] = []
    for x in try keys.optional("predict_x")?.numbers() ?? [] {
        let (y, u) = predict(x)
        answer += [("predict_y@\(short(x))", .number(y)), ("u_predict_y@\(short(x))", .number(u))]
    }
    if let new = keys.optional("inverse_y") {
        let readings = new.isList ? try new.numbers() : [try new.number()]
        guard !readings.isEmpty else { throw new.error("no new readings") }
        let count = Double(readings.count)
        let u = try keys.optional("u_inverse_y")?.notNegativeDecimal().double ?? scatter / count.squareRoot()
        let (x, uX) = try inverse(readings.reduce(0, +) / count, u)
        answer += [("inverse_x", .number(x)), ("u_inverse_x", .number(uX))]
    }
    return answer
}

/// A complaint about a curve, with the place of the case.
private func placed<T>(_ node: DataNode, _ body: () throws -> T) throws -> T {
    do {
        return try body()
    } catch let error as CurveError {
        throw node.error(error.description)
    }
}
