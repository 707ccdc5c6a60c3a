import DataFiles
import Metrology

private enum RuleWord: String, CaseIterable {
    case simple = "simple-acceptance"
    case acceptance = "guarded-acceptance"
    case rejection = "guarded-rejection"
    case nonBinary = "non-binary"
}

/// Lower and upper limit as they are written; one at least, and not crossed.
private func toleranceInterval(_ keys: DataMapping, _ node: DataNode) throws -> ToleranceInterval {
    let limits = ToleranceInterval(
        lower: try keys.optional("lower")?.decimal(), upper: try keys.optional("upper")?.decimal())
    guard limits.lower != nil || limits.upper != nil else { throw node.error("needs lower, upper or both") }
    guard limits.isPossible else { throw node.error("the lower limit is above the upper one") }
    return limits
}

func decisionAnswer(_ keys: DataMapping, _ node: DataNode) throws -> [(String, CaseValue)] {
    let limits = try toleranceInterval(keys, node)
    let y = try keys.required("y").decimal()
    let expanded = try keys.required("U").notNegativeDecimal()
    let factor = keys.optional("r")
    let r = try factor?.decimal() ?? ExactDecimal(1)
    let rule: AcceptanceRule
    switch try keys.required("rule").oneOf(RuleWord.self) {
    case .simple: rule = .simpleAcceptance
    case .acceptance: rule = .guardedAcceptance(r: r)
    case .rejection: rule = .guardedRejection(r: r)
    case .nonBinary:
        guard r >= ExactDecimal(0) else {
            throw (factor ?? node).error("a negative r leaves the four answers without order")
        }
        rule = .nonBinary(r: r)
    }
    let decision = Conformity.decide(y, limits: limits, expandedUncertainty: expanded, rule: rule)
    return [("decision", .text(decision.rawValue))]
}

func jjf1094Answer(_ keys: DataMapping) throws -> [(String, CaseValue)] {
    let error = try keys.required("error").decimal()
    let limit = try keys.required("mpev")
    let mpev = try limit.decimal()
    guard mpev > ExactDecimal(0) else { throw limit.error("MPEV must be positive, not \(mpev)") }
    let expanded = try keys.required("U").notNegativeDecimal()
    let byRegulation = try keys.optional("by_verification_regulation")?.boolean() ?? false
    let limits = ToleranceInterval(symmetric: mpev)
    let decision = Conformity.decide(
        error, limits: limits, expandedUncertainty: expanded,
        rule: byRegulation ? .simpleAcceptance : .threeZones)
    let word =
        switch decision {
        case .pass, .conditionalPass: "conform"
        case .fail, .conditionalFail: "nonconform"
        case .pending: "pending"
        }
    return [
        ("ratio", .number(expanded.double / mpev.double)),
        ("uncertainty_considered", .boolean(!byRegulation && limits.considersUncertainty(expanded))),
        ("decision", .text(word)),
    ]
}

func acceptanceLimitsAnswer(_ keys: DataMapping, _ node: DataNode) throws -> [(String, CaseValue)] {
    let limits = try toleranceInterval(keys, node)
    let r = try keys.optional("r")?.decimal() ?? ExactDecimal(1)
    let width = r * (try keys.required("U").notNegativeDecimal())
    let accepted = limits.guarded(by: width)
    var answer: [(String, CaseValue)] = [("w", .number(width.double))]
    if let low = accepted.lower { answer.append(("accept_low", .number(low.double))) }
    if let high = accepted.upper { answer.append(("accept_high", .number(high.double))) }
    return answer + [("acceptance_interval_exists", .boolean(accepted.isPossible))]
}
