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
    public let flowTest: FlowTest
    public let reference: StandardUsed
    public let repeatability: VerificationJob.Repeatability
    /// Step of the reference's and the meters' indication, L, by profile and channel `profile#channel`.
    public let resolutions: [String: ExactDecimal]

    public init(
        flowTest: FlowTest, reference: StandardUsed,
        repeatability: VerificationJob.Repeatability, resolutions: [String: ExactDecimal]
    ) {
        self.flowTest = flowTest
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
        position: Int, nameplate: [String: VerificationData.PlateValue], checks: [String: Bool],
        observations: [Observation]
    ) throws -> PositionResult {
        let runs = try flowTest.points.flatMap { try measured(at: $0, position: position, observations) }
        let outcome = try outcome(runs, nameplate, checks: checks)
        let rules = flowTest.jointRules.map { rule in
            let verdict = outcome.values(rule.id, of: flowTest.test.id).first?.verdict
            return PositionResult.NamedOutcome(id: rule.id, passed: verdict == .conforming)
        }
        return PositionResult(
            position: position, checks: outcome.checks.map { .init(id: $0.id, passed: $0.passed) },
            points: try flowTest.points.map { try point($0, runs, outcome) }, jointRules: rules,
            verdict: outcome.verdict)
    }

    /// The error at one point from its completed runs; their mean decides.
    public func result(
        at point: String, position: Int, nameplate: [String: VerificationData.PlateValue],
        observations: [Observation]
    ) throws -> PointResult {
        let runs = try measured(at: point, position: position, observations)
        return try self.point(point, runs, try outcome(runs, nameplate, checks: nil))
    }

    private struct Measured {
        let point: String
        let repetition: Int
        /// L
        let indicated: Double
        /// L, corrected
        let reference: Double
        /// m³/h
        let flow: Double
        let waterTemperature: ExactDecimal
        let meterChannel: String
        let referenceChannel: String
    }

    // MARK: By the procedure

    /// - Parameter checks: nil in the middle of a session, when not everything is there yet.
    private func outcome(
        _ runs: [Measured], _ nameplate: [String: VerificationData.PlateValue], checks: [String: Bool]?
    ) throws -> ProcedureOutcome {
        let test = flowTest.test
        func volume(_ litres: Double) -> Quantity {
            Quantity(ExactDecimal(nearest: litres) ?? ExactDecimal(0), flowTest.volumeUnit)
        }
        let rows = runs.map { run in
            VerificationData.Row(
                point: run.point, repetition: run.repetition,
                values: [
                    "indicated": volume(run.indicated), "reference": volume(run.reference),
                    "temperature": Quantity(run.waterTemperature, .celsius),
                ])
        }
        var data = VerificationData(
            stage: .subsequent, nameplate: nameplate, checks: checks ?? [:],
            repeatability: [
                "\(test.id).\(flowTest.error.id)": .init(
                    deviation: Quantity(ExactDecimal(nearest: repeatability.relative) ?? ExactDecimal(0), .one),
                    degreesOfFreedom: repeatability.degreesOfFreedom)
            ],
            tests: [test.id: rows])
        for point in Set(runs.map(\.point)) {
            let own = runs.filter { $0.point == point }
            let flow = own.reduce(0) { $0 + $1.flow } / Double(own.count)
            guard let values = reference.values(at: flow), let u = ExactDecimal(nearest: values.expandedUncertainty)
            else {
                throw notCovered(flow)
            }
            data.standards["reference@\(point)"] = .expanded(Quantity(u, .percent), k: values.k)
        }
        for (name, channel) in [("indicated", runs.first?.meterChannel), ("reference", runs.first?.referenceChannel)] {
            guard let step = channel.flatMap({ resolutions[$0] }) else { continue }
            data.resolutions["\(test.id).\(name)"] = Quantity(step, flowTest.volumeUnit)
        }
        return try flowTest.procedure.evaluate(data, isComplete: checks != nil)
    }

    private func point(_ point: String, _ all: [Measured], _ outcome: ProcedureOutcome) throws -> PointResult {
        let test = flowTest.test.id
        // The water runs through all positions, a repetition is due only to those whose first error
        // was outside: for the others the first reading stands, whatever a neighbour needed.
        let errors = outcome.values(flowTest.error.id, of: test).filter { $0.point == point }
        let counted = Set(errors.compactMap(\.repetition))
        let runs = all.filter { $0.point == point && counted.contains($0.repetition) }
        guard let mean = outcome.values(flowTest.mean.id, of: test).first(where: { $0.point == point }),
            let budget = mean.budget, let expanded = mean.expandedUncertainty, let verdict = mean.verdict, !runs.isEmpty
        else { throw VerificationError.missingObservation("any reading", point: point) }
        guard let limit = mean.upper.flatMap(Reporting.written) else { throw VerificationError.noLimit(point: point) }
        func average(_ value: (Measured) -> Double) -> Double { runs.reduce(0) { $0 + value($1) } / Double(runs.count) }
        return PointResult(
            point: point, flow: average(\.flow), indicated: average(\.indicated), reference: average(\.reference),
            errors: errors.map(\.value), error: mean.value, expandedUncertainty: expanded, k: budget.k, budget: budget,
            limit: "\(limit)",
            waterTemperature: "\(all.filter { $0.point == point }.map(\.waterTemperature).max() ?? ExactDecimal(20))",
            verdict: verdict)
    }

    private func notCovered(_ flow: Double) -> VerificationError {
        .standardNotCovered(standard: reference.key, flow: "\(flow) \(reference.influenceUnit)")
    }

    // MARK: From observations

    /// The completed runs at one point, in order.
    private func measured(at point: String, position: Int, _ observations: [Observation]) throws -> [Measured] {
        let repetitions = Set(observations.filter { $0.point == point }.map(\.repetition)).sorted()
        guard !repetitions.isEmpty else {
            throw VerificationError.missingObservation("any reading", point: point)
        }
        return try repetitions.map { repetition in
            try measured(
                observations.filter { $0.point == point && $0.repetition == repetition }, at: point,
                repetition: repetition, position: position)
        }
    }

    /// Volumes and flow of one run. Differences are taken in exact decimals; only then is the
    /// reference corrected.
    private func measured(
        _ observations: [Observation], at point: String, repetition: Int, position: Int
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
        guard let values = reference.values(at: flow) else { throw notCovered(flow) }
        return Measured(
            point: point, repetition: repetition, indicated: indicated.double,
            reference: shown.double * (1 + values.correction / 100), flow: flow,
            waterTemperature: try one(.condition, "water-temperature").1,
            meterChannel: "\(meter.profile)#\(meter.channel)",
            referenceChannel: "\(referenceMeter.profile)#\(referenceMeter.channel)")
    }
}
