import DataFiles
import Metrology

/// What is known without repeated readings, in the words of the `statement` key.
private enum TypeBStatement: String, CaseIterable {
    case normal, rectangular, triangular, trapezoidal, arcsine, asymmetric, resolution, hysteresis, pooled, range
    case reliability = "dof-from-reliability"
}

/// The answer to a statement about an input: `u`, `dof` or `s`.
func typeBAnswer(_ keys: DataMapping, _ node: DataNode) throws -> [(String, CaseValue)] {
    func positive(_ key: String) throws -> Double { try keys.required(key).positive() }
    func u(_ value: Double) -> [(String, CaseValue)] { [("u", .number(value))] }

    switch try keys.required("statement").oneOf(TypeBStatement.self) {
    case .normal:
        let half = try (keys.optional("U") ?? keys.required("half_width")).positive()
        if let k = keys.optional("k") { return u(TypeB.certificate(expanded: half, k: try k.positive())) }
        let p = try keys.required("p").probability()
        guard let nu = keys.optional("dof") ?? keys.optional("nu") else {
            return u(TypeB.normal(halfWidth: half, p: p))
        }
        return u(half / CoverageFactor.studentT(p: p, degreesOfFreedom: try nu.degreesOfFreedom()))
    case .rectangular: return u(TypeB.rectangular(halfWidth: try positive("half_width")))
    case .triangular: return u(TypeB.triangular(halfWidth: try positive("half_width")))
    case .trapezoidal:
        let beta = try keys.required("beta")
        guard (0...1).contains(try beta.number()) else { throw beta.error("beta must be from 0 to 1") }
        return u(TypeB.trapezoidal(halfWidth: try positive("half_width"), beta: try beta.number()))
    case .arcsine: return u(TypeB.arcsine(halfWidth: try positive("half_width")))
    case .asymmetric:
        // Distances from the estimate, whatever sign they were written with.
        let above = try (keys.optional("b_plus") ?? keys.optional("above") ?? keys.required("upper")).number()
        let below = try (keys.optional("b_minus") ?? keys.optional("below") ?? keys.required("lower")).number()
        return u(TypeB.asymmetric(above: abs(above), below: abs(below)))
    case .resolution: return u(TypeB.resolution(try positive("step")))
    case .hysteresis: return u(TypeB.resolution(try positive("width")))
    case .reliability:
        let relative = try positive("relative_uncertainty_of_u")
        return [("dof", .number(TypeB.degreesOfFreedom(relativeUncertainty: relative)))]
    case .pooled:
        let sds = try keys.required("sds").numbers()
        guard let pooled = ExperimentalDeviation.pooled(sds, degreesOfFreedom: try keys.required("dofs").numbers())
        else { throw node.error("as many dofs, all positive, as sds are needed") }
        return [("u", .number(pooled.deviation)), ("dof", .number(pooled.degreesOfFreedom))]
    case .range:
        let n = try keys.required("n")
        let count = try n.count(atLeast: 2)
        guard let found = ExperimentalDeviation.fromRange(try positive("range"), count: count) else {
            throw n.error("the range method has factors for 2 to 9 readings")
        }
        return [
            ("s", .number(found.deviation)), ("dof", .number(found.degreesOfFreedom)),
            ("u", .number(found.deviation / Double(count).squareRoot())),
        ]
    }
}
