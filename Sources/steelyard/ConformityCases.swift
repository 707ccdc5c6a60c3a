import DataFiles
import Metrology

/// The answer of one conformity case: a mapping of what its kind asks for.
func conformityAnswer(_ node: DataNode) throws -> CaseValue {
    try node.mapping { keys in
        keys.skipDescription()
        let kind = try keys.required("kind").oneOf(ConformityCase.self)
        let given = try keys.required("given")
        return .mapping(try given.mapping { try kind.answer($0, given) })
    }
}

private enum ConformityCase: String, CaseIterable {
    case specificRisk = "specific-risk"
    case globalRisk = "global-risk"
    case solveGuardBand = "solve-guard-band"
    case acceptanceLimits = "acceptance-limits"
    case guardBandRisk = "guard-band-risk"
    case guardBandRelative = "guard-band-relative"
    case probabilityFactor = "z-for-probability"
    case ratioGuardBand = "tur-guard-band"
    case posterior
    case capability
    case normalizedError = "en-number"
    case decision
    case jjf1094

    func answer(_ keys: DataMapping, _ node: DataNode) throws -> [(String, CaseValue)] {
        func number(_ key: String) throws -> Double { try keys.required(key).number() }
        func positive(_ key: String) throws -> Double { try keys.required(key).positive() }

        switch self {
        case .specificRisk: return try specificRiskAnswer(keys, node)
        case .globalRisk: return try globalRiskAnswer(keys, node)
        case .solveGuardBand: return try guardBandAnswer(keys, node)
        case .acceptanceLimits: return try acceptanceLimitsAnswer(keys, node)
        case .decision: return try decisionAnswer(keys, node)
        case .jjf1094: return try jjf1094Answer(keys)
        case .guardBandRisk:
            let risk = NormalRisk.largestSpecificRisk(r: try number("r"), k: try positive("k"))
            return [
                ("max_specific_risk", .number(risk)),
                (
                    "definition",
                    .text(
                        "P(true beyond the limit) of a normal value measured at the acceptance limit, w = r·k·u inside")
                ),
            ]
        case .guardBandRelative:
            let reject = try keys.optional("reject")?.boolean() ?? false
            let z = StandardNormal.quantile(try keys.required("p").probability())
            let u = try positive("relative_u")
            let side = try keys.optional("side")?.oneOf(LimitSide.self) ?? .upper
            // Beyond an upper limit when rejecting, short of it when accepting; a lower limit mirrored.
            let factor = 1 + ((side == .upper) == reject ? -z : z) * u
            guard factor > 0 else { throw node.error("relative_u is too large for this probability: no such value") }
            return [("acceptance_limit", .number(try number("limit") / factor))]
        case .probabilityFactor:
            return [("z", .number(StandardNormal.quantile(try keys.required("p").probability())))]
        case .ratioGuardBand:
            let method = try keys.required("method").oneOf(RatioGuardBand.self)
            let ratio = try keys.required("tur")
            guard let factor = method.factor(ratio: try ratio.positive()) else {
                throw ratio.error("\(method.rawValue) has no factor for a ratio below 1")
            }
            return [("factor", .number(factor))]
        case .posterior:
            let (mean, std) = NormalRisk.posterior(
                priorMean: try number("prior_mean"), priorDeviation: try positive("prior_std"),
                measured: try number("measured"), u: try positive("u_m"))
            return [("mean", .number(mean)), ("std", .number(std))]
        case .capability:
            let width = try number("upper") - number("lower")
            guard width > 0 else { throw node.error("the upper limit must be above the lower one") }
            let expanded = try positive("U")
            let u = expanded / (try keys.optional("k")?.positive() ?? 2)
            return [
                ("C_m", .number(width / (4 * u))), ("TUR", .number(width / (2 * expanded))),
                ("definition", .text("T = upper - lower; C_m = T/(4u) (JCGM 106); TUR = T/(2U)")),
            ]
        case .normalizedError:
            let (a, b) = (try positive("U_lab"), try positive("U_ref"))
            let score = try (number("lab") - number("ref")) / (a * a + b * b).squareRoot()
            return [("E_n", .number(score)), ("satisfactory", .boolean(abs(score) <= 1))]
        }
    }
}

private enum LimitSide: String, CaseIterable {
    case upper, lower
}
