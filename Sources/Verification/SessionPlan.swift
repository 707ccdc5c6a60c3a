import Chronometry
import Devices
import Metrology
public import Procedures

/// A job held against its procedure: everything that can be wrong before a wire is touched.
public struct SessionPlan: Sendable {
    public let job: VerificationJob
    public let procedure: Procedure
    public let flowTest: FlowTest
    /// Nameplate and derived values in SI, the same at all positions as far as flows depend on them.
    public let values: [String: Double]

    /// - Throws: ``VerificationError``, `ProcedureError`.
    public init(job: VerificationJob, procedure: Procedure) throws {
        self.job = job
        self.procedure = procedure
        flowTest = try FlowTest(procedure)
        let known = flowTest.points
        for point in job.volumes.keys.sorted() where !known.contains(point) {
            throw VerificationError.unknownPoint(point, procedure: procedure.number, known: known)
        }
        for point in known where job.volumes[point] == nil {
            throw VerificationError.missingPoint(point, job: job.name, procedure: procedure.number)
        }
        var seen: [Int: Set<String>] = [:]
        var serials: [String: Int] = [:]
        for position in job.positions {
            guard seen.updateValue([], forKey: position.position) == nil else {
                throw VerificationError.duplicatePosition(position.position)
            }
            let identity = "\(position.maker) \(position.model) \(position.serial)"
            if let other = serials.updateValue(position.position, forKey: identity) {
                throw VerificationError.duplicateInstrument(
                    serial: position.serial, positions: [other, position.position])
            }
            let checks = procedure.checks.map(\.id)
            for check in position.checks.keys.sorted() where !checks.contains(check) {
                throw VerificationError.unknownCheck(check, position: position.position, known: checks)
            }
            for check in checks where position.checks[check] == nil {
                throw VerificationError.missingCheck(check, position: position.position)
            }
        }
        for condition in procedure.conditions {
            guard job.conditions[condition.id] != nil else {
                throw VerificationError.unknown(what: "bench instrument for", key: condition.id)
            }
            guard job.conditionStandards[condition.id] != nil else {
                throw VerificationError.unknown(what: "standard for", key: condition.id)
            }
        }
        let all = try job.positions.map { ($0.position, try procedure.values(of: $0.plate)) }
        values = all[0].1
        // Positions in series share every flow: what the flows are computed from has to agree.
        for name in flowTest.test.settingNames.sorted() {
            let different = all.filter { $0.1[name] != values[name] }.map(\.0)
            guard different.isEmpty else {
                throw VerificationError.mixedNameplates(name: name, positions: different)
            }
        }
    }

    /// The flows allowed at `point`, m³/h.
    public func flowRange(at point: String) throws -> ClosedRange<Double> {
        guard let range = try procedure.range(ofPoint: point, in: flowTest.test, nameplate: job.positions[0].plate)
        else {
            throw VerificationError.unknownPoint(point, procedure: procedure.number, known: flowTest.points)
        }
        return range
    }

    /// The flow the valve is set to: the middle of what is allowed, m³/h.
    public func setFlow(at point: String) throws -> Double {
        let range = try flowRange(at: point)
        return (range.lowerBound + range.upperBound) / 2
    }

    /// Refuses a standard that does not cover a point, or whose U is too large there.
    func check(_ reference: StandardUsed) throws {
        guard reference.unit == "%" else {
            throw VerificationError.certificateUnit(reference.certificate, unit: reference.unit)
        }
        guard let fitness = procedure.standards.first(where: { $0.role == "reference" })?.fitness else { return }
        for point in flowTest.points {
            let flow = try setFlow(at: point)
            guard let values = reference.values(at: flow) else {
                throw VerificationError.standardNotCovered(
                    standard: reference.key, flow: "\(flow) \(reference.influenceUnit)")
            }
            for position in job.positions {
                let limit = try flowTest.limit(at: point, nameplate: position.plate)
                let allowed = limit * fitness.fraction
                guard values.expandedUncertainty <= allowed * (1 + 1e-12) else {
                    throw VerificationError.standardTooUncertain(
                        point: point, uncertainty: "\(values.expandedUncertainty) %",
                        allowed: "\(allowed) %")
                }
            }
        }
    }
}
