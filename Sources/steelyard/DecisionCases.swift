import DataFiles
import Metrology

private enum RuleWord: String, CaseIterable {
    case simple = "simple-acceptance"
    case acceptance = "guarded-acceptance"
    case rejection = "guarded-rejection"
    case nonBinary = "non-binary"
}

/// Limits as they are stated: `lower` and `upper`, or `symmetric`, each a decimal or a statement that depends on the
/// `reading` or the `nominal` value. One at least, and not crossed.
private struct StatedLimits {
    let limits: ToleranceInterval

    init(_ keys: DataMapping, _ node: DataNode) throws {
        let reading = try keys.optional("reading")?.decimal()
        let nominal = try keys.optional("nominal")?.decimal()
        func limit(_ key: String) throws -> ExactDecimal? {
            guard let stated = keys.optional(key) else { return nil }
            guard let value = try Self.statement(stated).value(reading: reading, nominal: nominal) else {
                throw stated.error("this limit is relative to a value that is not given: add 'reading' or 'nominal'")
            }
            return value
        }
        if let symmetric = try limit("symmetric") {
            guard symmetric >= ExactDecimal(0) else { throw node.error("a symmetric limit must not be negative") }
            limits = ToleranceInterval(symmetric: symmetric)
        } else {
            limits = ToleranceInterval(lower: try limit("lower"), upper: try limit("upper"))
        }
        guard limits.lower != nil || limits.upper != nil else {
            throw node.error("needs lower, upper or both, or symmetric")
        }
        guard limits.isPossible else { throw node.error("the lower limit is above the upper one") }
    }

    private static func statement(_ node: DataNode) throws -> LimitStatement {
        guard node.isMapping else { return .absolute(try node.decimal()) }
        return try node.mapping { keys in
            if let part = keys.optional("relative") {
                return .relative(try part.decimal(), of: try keys.required("of").oneOf(LimitStatement.Basis.self))
            }
            if let parts = keys.optional("sum") { return .sum(try parts.list().map(statement)) }
            if let parts = keys.optional("larger_of") { return .larger(try parts.list().map(statement)) }
            if let parts = keys.optional("smaller_of") { return .smaller(try parts.list().map(statement)) }
            throw node.error("a limit is a decimal, or one of: relative (with 'of'), sum, larger_of, smaller_of")
        }
    }
}

extension ConformityAssessment {
    /// What every decision is answered with.
    fileprivate var answer: [(String, CaseValue)] {
        var answer: [(String, CaseValue)] = [("compared", .number(compared.double))]
        if let lower = limits.lower { answer.append(("limit_low", .number(lower.double))) }
        if let upper = limits.upper { answer.append(("limit_high", .number(upper.double))) }
        if let lower = acceptance.lower { answer.append(("accept_low", .number(lower.double))) }
        if let upper = acceptance.upper { answer.append(("accept_high", .number(upper.double))) }
        if let testUncertaintyRatio { answer.append(("TUR", .number(testUncertaintyRatio))) }
        return answer + [("reason", .text(reason)), ("advice", .text(advice))]
    }
}

func decisionAnswer(_ keys: DataMapping, _ node: DataNode) throws -> [(String, CaseValue)] {
    let limits = try StatedLimits(keys, node).limits
    let y = try keys.required("y").decimal()
    let expanded = try keys.required("U").notNegativeDecimal()
    let factor = keys.optional("r")
    let r = try factor?.decimal() ?? ExactDecimal(1)
    let rule: AcceptanceRule
    switch try keys.required("rule").oneOf(RuleWord.self) {
    case .simple: rule = .simpleAcceptance
    case .acceptance:
        rule = try keys.optional("w").map { .guardedByWidth(try $0.notNegativeDecimal()) } ?? .guardedAcceptance(r: r)
    case .rejection: rule = .guardedRejection(r: r)
    case .nonBinary:
        guard r >= ExactDecimal(0) else {
            throw (factor ?? node).error("a negative r leaves the four answers without order")
        }
        rule = .nonBinary(r: r)
    }
    let step = try keys.optional("round_to").map { node in
        let step = try node.decimal()
        guard step > ExactDecimal(0) else { throw node.error("'round_to' must be positive, not \(step)") }
        return step
    }
    let assessment = Conformity.assess(
        y, limits: limits, expandedUncertainty: expanded, rule: rule, roundedTo: step)
    return [("decision", .text(assessment.decision.rawValue))] + assessment.answer
}

func jjf1094Answer(_ keys: DataMapping) throws -> [(String, CaseValue)] {
    let error = try keys.required("error").decimal()
    let limit = try keys.required("mpev")
    let mpev = try limit.decimal()
    guard mpev > ExactDecimal(0) else { throw limit.error("MPEV must be positive, not \(mpev)") }
    let expanded = try keys.required("U").notNegativeDecimal()
    let byRegulation = try keys.optional("by_verification_regulation")?.boolean() ?? false
    let limits = ToleranceInterval(symmetric: mpev)
    let assessment = Conformity.assess(
        error, limits: limits, expandedUncertainty: expanded,
        rule: byRegulation ? .simpleAcceptance : .threeZones)
    let word =
        switch assessment.decision {
        case .pass, .conditionalPass: "conform"
        case .fail, .conditionalFail: "nonconform"
        case .pending: "pending"
        }
    return [
        ("ratio", .number(expanded.ratio(to: mpev))),
        ("uncertainty_considered", .boolean(!byRegulation && limits.considersUncertainty(expanded))),
        ("decision", .text(word)),
    ] + assessment.answer
}

func acceptanceLimitsAnswer(_ keys: DataMapping, _ node: DataNode) throws -> [(String, CaseValue)] {
    let limits = try StatedLimits(keys, node).limits
    let r = try keys.optional("r")?.decimal() ?? ExactDecimal(1)
    let width = r * (try keys.required("U").notNegativeDecimal())
    let accepted = limits.guarded(by: width)
    var answer: [(String, CaseValue)] = [("w", .number(width.double))]
    if let low = accepted.lower { answer.append(("accept_low", .number(low.double))) }
    if let high = accepted.upper { answer.append(("accept_high", .number(high.double))) }
    return answer + [("acceptance_interval_exists", .boolean(accepted.isPossible))]
}
