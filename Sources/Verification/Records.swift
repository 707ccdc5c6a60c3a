import Chronometry
import DataFiles
import Devices
import GRDB
public import Ledger
import Metrology
import Procedures

/// Closed records, by number.
public struct Records: Sendable {
    private let ledger: Ledger

    public init(_ ledger: Ledger) {
        self.ledger = ledger
    }

    public struct Stored: Hashable, Sendable {
        public let id: Int64
        public let record: VerificationRecord
        /// SHA-256 of the canonical JSON as it was closed.
        public let digest: String
    }

    /// - Throws: ``VerificationError/unknownRecord(_:)``.
    public func record(_ number: String) throws -> Stored {
        guard let found = try stored("number = ?", [number]).first else {
            throw VerificationError.unknownRecord(number)
        }
        return found
    }

    /// The records of one job, by position.
    public func records(ofJob job: String, institution: String) throws -> [Stored] {
        try stored(
            "session IN (SELECT id FROM verification_session WHERE institution = ? AND job = ?)",
            [institution, job])
    }

    private func stored(_ condition: String, _ arguments: StatementArguments) throws -> [Stored] {
        try ledger.read { db in
            try Row.fetchAll(
                db, sql: "SELECT * FROM verification_record WHERE \(condition) ORDER BY session, position",
                arguments: arguments)
        }.map { row in
            let body: String = row["body"]
            guard CanonicalJSON.digest(body) == row["digest"],
                let record = try? CanonicalJSON.decode(VerificationRecord.self, body)
            else { throw VerificationError.malformedRow(table: "verification_record", id: row["id"]) }
            return Stored(id: row["id"], record: record, digest: row["digest"])
        }
    }

    /// Computes a record's outcome again from the bytes on the wire and the files it was made under.
    ///
    /// - Returns: the outcome and whether it is the recorded one, bit for bit.
    /// - Throws: ``VerificationError/notRecomputable(record:why:)`` where bytes or files are missing
    ///   or an observation does not follow from its bytes.
    public func recompute(_ number: String) throws -> (result: PositionResult, isIdentical: Bool) {
        let record = try record(number).record
        func fail(_ why: String) -> VerificationError { .notRecomputable(record: number, why: why) }
        let procedure = try Procedure.parse(
            content(record.procedureFile, fail), file: record.procedureFile.name)
        guard procedure.digest == record.procedureFile.digest else {
            throw fail("the kept procedure file is not the one named")
        }
        let profiles = Dictionary(
            uniqueKeysWithValues: try record.profiles.map { file in
                (file.name, try DeviceProfile.parse(content(file, fail), name: file.name))
            })
        for observation in record.observations {
            guard let profile = profiles[observation.profile], let exchange = observation.exchange else {
                throw fail("the bytes or the profile of \(observation.role.rawValue) are missing")
            }
            let again = try profile.channel(observation.channel).decode(exchange)
            guard again.value.number.description == observation.value,
                again.value.unit.symbol == observation.unit
            else {
                throw fail(
                    "\(observation.role.rawValue) reads \(again.value) from its bytes, not "
                        + "\(observation.value) \(observation.unit)")
            }
        }
        let checks = Dictionary(uniqueKeysWithValues: record.result.checks.map { ($0.id, $0.passed) })
        if let readings = record.readings { return try recompute(record, readings, procedure, checks, fail) }
        guard let reference = record.standards.first(where: { $0.role == "reference" }) else {
            throw fail("it names no reference standard")
        }
        guard let repeatability = record.repeatability else { throw fail("it names no repeatability") }
        let evaluation = Evaluation(
            flowTest: try FlowTest(procedure), reference: reference, repeatability: repeatability,
            resolutions: profiles.resolutions)
        let result = try evaluation.result(
            position: record.result.position,
            nameplate: procedure.plate(record.subject.nameplate),
            checks: checks,
            observations: record.observations)
        return (result, result == record.result)
    }

    private func recompute(
        _ record: VerificationRecord, _ readings: TypedReadings, _ procedure: Procedure, _ checks: [String: Bool],
        _ fail: (String) -> VerificationError
    ) throws -> (result: PositionResult, isIdentical: Bool) {
        let standards = record.standards.compactMap { used in used.statement.map { (used.role, $0) } }
        guard
            let data = readings.data(
                plate: procedure.plate(record.subject.nameplate), checks: checks,
                standards: Dictionary(standards) { first, _ in first })
        else { throw fail("a reading in it is no quantity") }
        let outcome = try procedure.evaluate(data)
        let again = TypedReadings(readings, outcome)
        let result = PositionResult(
            position: record.result.position, checks: outcome.checks.map { .init(id: $0.id, passed: $0.passed) },
            points: [], jointRules: [], verdict: outcome.verdict)
        return (result, result == record.result && again == readings)
    }

    private func content(
        _ file: VerificationRecord.KeptFile, _ fail: (String) -> VerificationError
    ) throws -> String {
        let content = try ledger.read { db in
            try String.fetchOne(
                db, sql: "SELECT content FROM kept_file WHERE digest = ?", arguments: [file.digest])
        }
        guard let content, CanonicalJSON.digest(content) == file.digest else {
            throw fail("the file \(file.name) it was made under is not kept")
        }
        return content
    }
}

extension [String: DeviceProfile] {
    /// Resolution by `profile#channel`.
    var resolutions: [String: ExactDecimal] {
        var found: [String: ExactDecimal] = [:]
        for (name, profile) in self {
            for channel in profile.channels {
                found["\(name)#\(channel.name)"] = channel.resolution ?? channel.scale
            }
        }
        return found
    }
}
