import DataFiles
import Metrology

private typealias Limits = (lower: Double?, upper: Double?)

private enum DensityWord: String, CaseIterable {
    case normal, rectangular, triangular, trapezoidal, arcsine
    case studentT = "student-t"
    case studentTDeviation = "student-t-std"
}

extension DataNode {
    /// A probability density: `type` and its parameters.
    fileprivate func stateOfKnowledge() throws -> StateOfKnowledge {
        try mapping { keys in
            let word = try keys.required("type").oneOf(DensityWord.self)
            let mean = try keys.required("mean").number()
            let shape: StateOfKnowledge.Shape
            let scale: Double
            switch word {
            case .normal: (shape, scale) = (.normal, try keys.required("std").positive())
            case .rectangular: (shape, scale) = (.rectangular, try keys.required("half_width").positive())
            case .triangular: (shape, scale) = (.triangular, try keys.required("half_width").positive())
            case .arcsine: (shape, scale) = (.arcsine, try keys.required("half_width").positive())
            case .trapezoidal:
                shape = .trapezoidal(beta: try keys.required("beta").number())
                scale = try keys.required("half_width").positive()
            case .studentT:
                shape = .studentT(degreesOfFreedom: try keys.required("dof").positive())
                scale = try keys.required("scale").positive()
            case .studentTDeviation:
                let nu = try keys.required("dof").positive()
                guard nu > 2 else { throw error("a t distribution has a standard deviation for dof above 2 only") }
                shape = .studentT(degreesOfFreedom: nu)
                scale = try keys.required("std").positive() * ((nu - 2) / nu).squareRoot()
            }
            guard let knowledge = StateOfKnowledge(shape, mean: mean, scale: scale) else {
                throw error("'\(path)' has a parameter outside its range")
            }
            return knowledge
        }
    }

    fileprivate func limits() throws -> Limits {
        try mapping { try limitPair($0, self) }
    }
}

private func limitPair(_ keys: DataMapping, _ node: DataNode) throws -> Limits {
    let limits = (lower: try keys.optional("lower")?.number(), upper: try keys.optional("upper")?.number())
    guard limits.lower != nil || limits.upper != nil else { throw node.error("needs lower, upper or both") }
    return limits
}

private func requireOrder(_ limits: Limits, _ node: DataNode) throws {
    if let lower = limits.lower, let upper = limits.upper, lower >= upper {
        throw node.error("the lower limit must be below the upper one")
    }
}

func specificRiskAnswer(_ keys: DataMapping, _ node: DataNode) throws -> [(String, CaseValue)] {
    let limits = try limitPair(keys, node)
    try requireOrder(limits, node)
    let risk = SpecificRisk(
        try keys.required("pdf").stateOfKnowledge(), lower: limits.lower, upper: limits.upper)
    var answer: [(String, CaseValue)] = [
        ("p_below", .number(risk.below)), ("p_above", .number(risk.above)),
        ("p_nonconform", .number(risk.nonconforming)), ("p_conform", .number(risk.conforming)),
    ]
    if let index = risk.capabilityIndex { answer.append(("cpk", .number(index))) }
    let definition = "pdf: what is known of the true value of this item; p_nonconform = P(true outside the limits)"
    return answer + [("definition", .text(definition))]
}

private func measurement(_ node: DataNode) throws -> (std: Double, bias: Double) {
    try node.mapping { keys in
        (try keys.required("std").positive(), try keys.optional("bias")?.number() ?? 0)
    }
}

/// Programs differ in what they call a risk; nobody should have to guess (JCGM 106, 9.5.2).
private let riskDefinition =
    "process: distribution of the true values of all items; measured = true + bias + normal error; "
    + "R_C = P(true outside the tolerance and measured inside the acceptance limits); "
    + "R_P = P(true inside and measured outside)"

func globalRiskAnswer(_ keys: DataMapping, _ node: DataNode) throws -> [(String, CaseValue)] {
    let tolerance = try keys.required("tolerance")
    let limits = try tolerance.limits()
    try requireOrder(limits, tolerance)
    let (std, bias) = try measurement(keys.required("measurement"))
    let risk = GlobalRisk(
        process: try keys.required("process").stateOfKnowledge(), standardDeviation: std, bias: bias,
        tolerance: limits, acceptance: try keys.optional("acceptance")?.limits() ?? limits)
    return [
        ("R_C", .number(risk.consumer)), ("R_P", .number(risk.producer)), ("p_accept", .number(risk.accepted)),
        ("p_conform_process", .number(risk.conforming)),
        ("R_C_conditional", .number(risk.consumerConditional)),
        ("R_P_conditional", .number(risk.producerConditional)),
        ("definition", .text(riskDefinition)),
    ]
}

func guardBandAnswer(_ keys: DataMapping, _ node: DataNode) throws -> [(String, CaseValue)] {
    let tolerance = try keys.required("tolerance")
    let limits = try tolerance.limits()
    try requireOrder(limits, tolerance)
    let (std, bias) = try measurement(keys.required("measurement"))
    let wanted = try keys.required("value")
    let target = try keys.required("target").oneOf(GuardBandSolution.Target.self)
    guard
        let solution = GuardBandSolution(
            process: try keys.required("process").stateOfKnowledge(), standardDeviation: std, bias: bias,
            tolerance: limits, target: target, wanted: try wanted.probability())
    else { throw wanted.error("no guard band gives \(target.rawValue) = \(try wanted.text())") }
    var answer: [(String, CaseValue)] = [("w", .number(solution.width))]
    if let lower = limits.lower, let upper = limits.upper {
        answer.append(("guard_factor", .number(1 - solution.width / ((upper - lower) / 2))))
    }
    return answer + [
        ("R_C", .number(solution.risk.consumer)), ("R_P", .number(solution.risk.producer)),
        ("definition", .text(riskDefinition + "; w moves both acceptance limits inward from the tolerance")),
    ]
}
