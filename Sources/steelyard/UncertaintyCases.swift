import DataFiles
import Foundation
import Metrology

/// The answer of one of the small kinds: type-a, type-b, line-fit and other curves, anova, coverage-factor,
/// coverage-region, rounding, numerical-tolerance.
///
/// - Returns: nil for any other kind, which is a measurement model.
func smallUncertaintyAnswer(kind: String, _ node: DataNode) throws -> CaseValue? {
    guard let small = SmallCase(rawValue: kind) else { return nil }
    return try node.mapping { keys in
        keys.skipDescription()
        let body = try keys.required(small.body)
        return .mapping(try body.mapping { try small.answer($0, body) })
    }
}

private enum SmallCase: String {
    case typeA = "type-a"
    case typeB = "type-b"
    case lineFit = "line-fit"
    case polynomialFit = "polynomial-fit"
    case totalLeastSquares = "total-least-squares"
    case anova
    case coverageFactor = "coverage-factor"
    case coverageRegion = "coverage-region"
    case rounding
    case numericalTolerance = "numerical-tolerance"

    var body: String {
        switch self {
        case .typeA: "observations"
        case .typeB: "type_b"
        case .lineFit, .polynomialFit, .totalLeastSquares: "fit"
        case .anova: "anova"
        case .coverageFactor: "coverage_factor"
        case .coverageRegion: "coverage_region"
        case .rounding: "rounding"
        case .numericalTolerance: "tolerance_for"
        }
    }

    func answer(_ keys: DataMapping, _ node: DataNode) throws -> [(String, CaseValue)] {
        _ = keys.optional("unit")
        switch self {
        case .typeA: return try observations(keys, node)
        case .typeB: return try typeBAnswer(keys, node)
        case .lineFit: return try line(keys, node)
        case .polynomialFit: return try polynomialFitAnswer(keys, node)
        case .totalLeastSquares: return try totalLeastSquaresAnswer(keys, node)
        case .anova: return try components(keys, node)
        case .coverageFactor:
            let (p, nu) = (try keys.required("p").probability(), try keys.required("nu").degreesOfFreedom())
            return [("k", .number(CoverageFactor.studentT(p: p, degreesOfFreedom: nu)))]
        case .coverageRegion:
            let (p, m) = (try keys.required("p").probability(), try keys.required("m").count(atLeast: 1))
            return [("k_ellipse", .number(CoverageFactor.ellipse(p: p, outputs: m)))]
        case .rounding: return try rounded(keys)
        case .numericalTolerance:
            let u = try keys.required("u")
            guard
                let delta = Reporting.numericalTolerance(
                    try u.decimal(), digits: try keys.required("ndig").count(atLeast: 1))
            else { throw u.error("u must be positive, and ndig at most 18") }
            return [("delta", .number(delta.double))]
        }
    }

    private func observations(_ keys: DataMapping, _ node: DataNode) throws -> [(String, CaseValue)] {
        var values = try keys.optional("values")?.decimals() ?? []
        if let first = keys.optional("first") { values.append(try first.decimal()) }
        if let pair = keys.optional("repeat") {
            let repeated = try pair.decimals()
            let times = try keys.required("times").count(atLeast: 1)
            guard times <= 1_000_000 else { throw pair.error("more than a million repeats") }
            for _ in 0..<times { values += repeated }
        }
        guard let result = RepeatedObservations(values) else {
            throw node.error("a type A evaluation needs two readings or more, not \(values.count)")
        }
        var answer: [(String, CaseValue)] = [
            ("n", .integer(result.count)), ("mean", .number(result.mean)),
            ("s", .number(result.standardDeviation)), ("u", .number(result.standardUncertainty)),
            ("nu", .integer(result.degreesOfFreedom)),
        ]
        if let p = keys.optional("p") {
            let interval = result.interval(p: try p.probability())
            answer += [
                ("k", .number(interval.k)), ("low", .number(interval.low)), ("high", .number(interval.high)),
            ]
        }
        return answer
    }

    private func line(_ keys: DataMapping, _ node: DataNode) throws -> [(String, CaseValue)] {
        let x = try keys.required("x").numbers()
        let y = try keys.required("y").numbers()
        let u = try keys.optional("u_y")?.numbers()
        let offset = try keys.optional("x_offset")?.number() ?? 0
        guard let line = StraightLine(x: x, y: y, u: u, offset: offset) else {
            throw node.error(
                "a line needs three points or more, as many y (and positive u_y) as x, and x that differ")
        }
        var answer: [(String, CaseValue)] = [
            ("a", .number(line.intercept)), ("b", .number(line.slope)),
            ("u_a", .number(line.interceptUncertainty)), ("u_b", .number(line.slopeUncertainty)),
            ("cov_ab", .number(line.covariance)), ("r_ab", .number(line.correlation)),
            ("s", .number(line.residualDeviation)), ("dof", .integer(line.degreesOfFreedom)),
        ]
        if line.isWeighted {
            answer += [
                ("v_a", .number(line.interceptUncertainty * line.interceptUncertainty)),
                ("v_b", .number(line.slopeUncertainty * line.slopeUncertainty)),
                ("chi2", .number(line.sumOfSquares)),
            ]
        } else {
            answer.append(("ssr", .number(line.sumOfSquares)))
        }
        for x in try keys.optional("predict_x")?.numbers() ?? [] {
            let (y, u) = line.predict(x)
            answer += [("predict_y@\(short(x))", .number(y)), ("u_predict_y@\(short(x))", .number(u))]
        }
        if let new = keys.optional("inverse_y") {
            guard line.slope != 0 else { throw new.error("a level line has no inverse") }
            let readings = new.isList ? try new.numbers() : [try new.number()]
            guard !readings.isEmpty else { throw new.error("no new readings") }
            let mean = readings.reduce(0, +) / Double(readings.count)
            let (x, u) = line.inverse(mean, readings: readings.count)
            answer += [("inverse_x", .number(x)), ("u_inverse_x", .number(u))]
        }
        return answer
    }

    private func components(_ keys: DataMapping, _ node: DataNode) throws -> [(String, CaseValue)] {
        let analysis: VarianceComponents?
        if let groups = keys.optional("groups") {
            analysis = VarianceComponents(try groups.list().map { try $0.decimals() })
        } else {
            analysis = VarianceComponents(
                means: try keys.required("group_means").numbers(),
                deviations: try keys.required("group_sds").numbers(),
                perGroup: try keys.required("per_group").count(atLeast: 2))
        }
        guard let analysis else {
            throw node.error("an analysis of variance needs two groups or more, all of the same two readings or more")
        }
        var answer: [(String, CaseValue)] = [
            ("grand_mean", .number(analysis.grandMean)), ("s_group_means", .number(analysis.deviationOfMeans)),
            ("s_between_estimate", .number(analysis.betweenEstimate)), ("s_within", .number(analysis.within)),
            ("F", .number(analysis.ratio)), ("nu_between", .integer(analysis.betweenDegreesOfFreedom)),
            ("nu_within", .integer(analysis.withinDegreesOfFreedom)), ("p_value", .number(analysis.significance)),
        ]
        var levels = [0.9, 0.95, 0.975, 0.99]
        if let p = keys.optional("p") { levels = try p.isList ? p.numbers() : [p.probability()] }
        for p in levels { answer.append(("F_crit@\(short(p))", .number(analysis.criticalRatio(p: p)))) }
        return answer + [
            ("u_from_group_means", .number(analysis.uncertaintyFromMeans)),
            ("s_between_component", .number(analysis.betweenComponent)),
            ("u_pooled", .number(analysis.uncertaintyPooled)),
        ]
    }

    private func rounded(_ keys: DataMapping) throws -> [(String, CaseValue)] {
        let y = try keys.required("y").decimal()
        let u = try keys.required("u")
        let rule = try keys.required("rule").oneOf(RoundingRule.self)
        let digits = try keys.optional("digits")?.count(atLeast: 1) ?? 2
        guard let written = Reporting.rounded(y, uncertainty: try u.decimal(), digits: digits, rule: rule) else {
            throw u.error("u must be positive, and digits at most 18")
        }
        return [
            ("y_text", .text(written.estimate.description)), ("u_text", .text(written.uncertainty.description)),
        ]
    }
}

/// A number as a part of a key: six significant digits, no zeros at the end.
func short(_ value: Double) -> String { String(format: "%g", value) }
