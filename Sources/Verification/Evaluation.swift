public import Metrology
public import Procedures

/// The error at one point, with its uncertainty, limit and verdict.
public struct PointResult: Hashable, Sendable, Codable {
    public let point: String
    /// Mean flow of the runs that count, m³/h.
    public let flow: Double
    /// Means over the runs: volume by the instrument and corrected volume of the reference, L.
    public let indicated: Double
    public let reference: Double
    /// The errors that count, then their mean, all in the procedure's unit: one where the first was
    /// inside the limit, otherwise those of all readings.
    public let errors: [Double]
    public let error: Double
    /// U in the same unit, with its factor.
    public let expandedUncertainty: Double
    public let k: Double
    public let budget: PropagatedUncertainty
    /// The symmetric limit in the same unit, as the procedure writes it.
    public let limit: String
    public let waterTemperature: String
    public let verdict: Verdict
}

/// Everything decided about one instrument.
public struct PositionResult: Hashable, Sendable, Codable {
    public struct NamedOutcome: Hashable, Sendable, Codable {
        public let id: String
        public let passed: Bool
    }

    public let position: Int
    public let checks: [NamedOutcome]
    public let points: [PointResult]
    public let jointRules: [NamedOutcome]
    public let verdict: Verdict
}

/// From observations to verdicts: pure, and so the same now and in ten years.
public struct Evaluation: Sendable {
    public let procedure: Procedure
    public let reference: StandardUsed
    public let repeatability: VerificationJob.Repeatability
    /// Step of the reference's and the meters' indication, L, by profile and channel `profile#channel`.
    public let resolutions: [String: ExactDecimal]

    public init(
        procedure: Procedure, reference: StandardUsed,
        repeatability: VerificationJob.Repeatability, resolutions: [String: ExactDecimal]
    ) {
        self.procedure = procedure
        self.reference = reference
        self.repeatability = repeatability
        self.resolutions = resolutions
    }

    /// The whole outcome for one position.
    ///
    /// - Parameters:
    ///   - observations: of the completed runs, shared ones and this position's.
    ///   - checks: id → passed.
    /// - Throws: ``VerificationError`` where an observation is missing or the standard does not cover the flow.
    public func result(
        position: Int, nameplate: [String: ExactDecimal], checks: [String: Bool],
        observations: [Observation]
    ) throws -> PositionResult {
        let points = try procedure.points.map {
            try result(
                at: $0.id, position: position, nameplate: nameplate, observations: observations)
        }
        let checkOutcomes = procedure.checks.map {
            PositionResult.NamedOutcome(id: $0.id, passed: checks[$0.id] ?? false)
        }
        let rules = procedure.jointRules.map {
            PositionResult.NamedOutcome(id: $0.id, passed: holds($0, points))
        }
        let verdicts = points.map(\.verdict)
        let fails =
            !checkOutcomes.allSatisfy(\.passed) || !rules.allSatisfy(\.passed)
            || verdicts.contains(.notConforming)
        return PositionResult(
            position: position, checks: checkOutcomes, points: points, jointRules: rules,
            verdict: fails ? .notConforming : verdicts.contains(.undetermined) ? .undetermined : .conforming)
    }

    /// The error at one point from its completed runs; their mean decides.
    public func result(
        at point: String, position: Int, nameplate: [String: ExactDecimal],
        observations: [Observation]
    ) throws -> PointResult {
        let repetitions = Set(observations.filter { $0.point == point }.map(\.repetition)).sorted()
        guard !repetitions.isEmpty else {
            throw VerificationError.missingObservation("any reading", point: point)
        }
        let all = try repetitions.map { repetition in
            try measured(
                observations.filter { $0.point == point && $0.repetition == repetition },
                at: point, position: position)
        }
        let warmest = all.map(\.waterTemperature).max() ?? ExactDecimal(20)
        guard let accuracyClass = nameplate["class"],
            let limit = procedure.limit(
                at: point, accuracyClass: accuracyClass, waterTemperature: warmest)
        else { throw VerificationError.noLimit(point: point) }

        let allErrors = try all.map { run in
            procedure.errorUnit.number(fromSI: try procedure.error.evaluate(run.readings).value)
        }
        // The water runs through all positions, a repetition is due only to those whose first error
        // was outside: for the others the first reading stands, whatever a neighbour needed.
        let limits = ErrorLimits(symmetric: limit.double)
        let isFirstInside =
            Conformity.decide(
                error: allErrors[0], limits: limits, expandedUncertainty: 0, rule: .byRegulation)
            == .conforming
        let runs = isFirstInside ? [all[0]] : all
        let errors = isFirstInside ? [allErrors[0]] : allErrors
        let count = Double(runs.count)
        let indicated = runs.reduce(0) { $0 + $1.indicated } / count
        let reference = runs.reduce(0) { $0 + $1.reference } / count
        let flow = runs.reduce(0) { $0 + $1.flow } / count
        let error = errors.reduce(0, +) / count

        let budget = try procedure.uncertaintyModel.propagate(
            ["indicated": indicated, "reference": reference],
            influences: try influences(
                indicated: indicated, reference: reference, flow: flow, runs: runs.count,
                meter: runs[0].meterChannel, referenceMeter: runs[0].referenceChannel),
            k: procedure.k)
        let expanded = budget.expanded / procedure.errorUnit.factor
        return PointResult(
            point: point, flow: flow, indicated: indicated, reference: reference, errors: errors,
            error: error, expandedUncertainty: expanded, k: budget.k, budget: budget,
            limit: limit.description, waterTemperature: warmest.description,
            verdict: Conformity.decide(
                error: error, limits: limits,
                expandedUncertainty: expanded, rule: procedure.decision))
    }

    private struct Measured {
        /// L
        let indicated: Double
        /// L, corrected
        let reference: Double
        /// m³/h
        let flow: Double
        let waterTemperature: ExactDecimal
        let meterChannel: String
        let referenceChannel: String

        var readings: [String: Double] { ["indicated": indicated, "reference": reference] }
    }

    /// Volumes and flow of one run. Differences are taken in exact decimals; only then is the
    /// reference corrected.
    private func measured(
        _ observations: [Observation], at point: String, position: Int
    ) throws -> Measured {
        func one(_ role: Observation.Role, _ condition: String? = nil) throws -> (Observation, ExactDecimal) {
            let isOfPosition = role == .indicatedStart || role == .indicatedEnd
            guard
                let found = observations.last(where: {
                    $0.role == role && $0.condition == condition
                        && $0.position == (isOfPosition ? position : nil)
                }), let number = found.number
            else { throw VerificationError.missingObservation(condition ?? role.rawValue, point: point) }
            return (found, number)
        }
        let (meter, end) = try one(.indicatedEnd)
        let indicated = end - (try one(.indicatedStart).1)
        let (referenceMeter, last) = try one(.referenceEnd)
        let shown = last - (try one(.referenceStart).1)
        let duration = try one(.duration).1
        let flow = shown.double / duration.double * 3.6
        guard let values = reference.values(at: flow) else {
            throw VerificationError.standardNotCovered(
                standard: reference.key, flow: "\(flow) \(reference.influenceUnit)")
        }
        return Measured(
            indicated: indicated.double,
            reference: shown.double * (1 + values.correction / 100), flow: flow,
            waterTemperature: try one(.condition, "water-temperature").1,
            meterChannel: "\(meter.profile)#\(meter.channel)",
            referenceChannel: "\(referenceMeter.profile)#\(referenceMeter.channel)")
    }

    /// The elementary influences the procedure lists, for the mean of `runs` runs.
    private func influences(
        indicated: Double, reference volume: Double, flow: Double, runs: Int, meter: String,
        referenceMeter: String
    ) throws -> [Influence] {
        let root = Double(runs).squareRoot()
        return try procedure.influences.map { rule in
            let value = rule.input == "indicated" ? indicated : volume
            let u: Double
            var evaluation = Influence.Evaluation.typeB
            var degreesOfFreedom: Double?
            switch rule.kind {
            case .resolution:
                let step = resolutions[rule.input == "indicated" ? meter : referenceMeter]?.double ?? 0
                // A volume is the difference of two readings, each with its own rounding.
                u = TypeB.resolution(step) * 2.0.squareRoot() / root
            case .repeatability:
                u = repeatability.relative * value / root
                evaluation = .typeA
                degreesOfFreedom = repeatability.degreesOfFreedom
            case .certificate:
                guard let values = self.reference.values(at: flow) else {
                    throw VerificationError.standardNotCovered(
                        standard: self.reference.key, flow: "\(flow) \(self.reference.influenceUnit)")
                }
                u = TypeB.certificate(expanded: values.expandedUncertainty / 100 * value, k: values.k)
            case .rectangular:
                u = TypeB.rectangular(halfWidth: (rule.relativeHalfWidth ?? 0) * value)
            }
            return Influence(
                name: rule.words.zh, input: rule.input, evaluation: evaluation,
                standardUncertainty: u, degreesOfFreedom: degreesOfFreedom)
        }
    }

    private func holds(_ rule: Procedure.JointRule, _ points: [PointResult]) -> Bool {
        switch rule.kind {
        case .oneWithinWhenSameSign:
            let isSameSign = points.allSatisfy { $0.error > 0 } || points.allSatisfy { $0.error < 0 }
            guard isSameSign else { return true }
            return points.contains { result in
                let part = (Double(result.limit) ?? 0) * rule.fraction.double
                return abs(result.error) <= part * (1 + 1e-12)
            }
        }
    }
}
