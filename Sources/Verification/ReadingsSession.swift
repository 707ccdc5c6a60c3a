import Chronometry
import Ledger
import Metrology
import Procedures
import Registry
import Traceability

/// A session whose readings were typed: admitted, evaluated and closed as one entry of the ledger.
public struct ReadingsSession: Sendable {
    private let job: ReadingsJob
    private let laboratory: VerificationSession.Laboratory
    private let admission: SessionAdmission

    public init(_ job: ReadingsJob, in laboratory: VerificationSession.Laboratory) {
        self.job = job
        self.laboratory = laboratory
        admission = SessionAdmission(
            procedure: job.procedure, institution: job.institution, verifier: job.verifier, client: job.client,
            standards: job.procedure.standards.compactMap { rule in job.standards[rule.role].map { (rule.role, $0) } },
            laboratory: laboratory)
    }

    /// Closed records by position; those of a job that was run before are given again.
    ///
    /// - Throws: ``VerificationError``, `ProcedureError` and `ReadingsFault` for what forbids the session; nothing is then
    ///   written.
    public func run() throws -> [Records.Stored] {
        let records = Records(laboratory.ledger)
        if let session = try SessionStore(ledger: laboratory.ledger).find(job: job.name, institution: job.institution) {
            guard session.jobDigest == job.digest else { throw VerificationError.jobChanged(job.name) }
            guard try SessionStore(ledger: laboratory.ledger).isClosed(session.id) else {
                throw VerificationError.stillOpen(job: job.name)
            }
            return try records.records(ofJob: job.name, institution: job.institution)
        }
        if let obstacle = firstObstacle(isOpen: false) { throw obstacle }
        let standards = try admission.standardsUsed()
        let outcomes = try job.subjects.map { ($0, try outcome(of: $0, standards)) }
        try laboratory.ledger.commit(job.verifier, reason: "readings of \(job.name)") { transaction in
            let (session, instruments) = try begin(standards, in: transaction)
            try close(outcomes, standards, session, instruments, startedAt: transaction.at, in: transaction)
        }
        return try records.records(ofJob: job.name, institution: job.institution)
    }

    // MARK: Admission

    /// - Parameter isOpen: whether the session has begun: its instruments then stand in it.
    func obstacles(isOpen: Bool) -> [String] { faults(isOpen: isOpen).map { "\($0)" } }

    private func firstObstacle(isOpen: Bool) -> (any Error)? { faults(isOpen: isOpen).first }

    private func faults(isOpen: Bool) -> [any Error] {
        var found: [any Error] = []
        func check(_ body: () throws -> Void) {
            do { try body() } catch { found.append(error) }
        }
        check(admission.checkClock)
        check(admission.checkEdition)
        for subject in isOpen ? [] : job.subjects {
            check { try admission.checkInstrument(maker: subject.maker, model: subject.model, serial: subject.serial) }
        }
        check(admission.checkPeople)
        for rule in job.procedure.standards where job.standards[rule.role] == nil {
            found.append(VerificationError.unknown(what: "standard for", key: rule.role))
        }
        check { _ = try admission.standardsUsed() }
        for subject in job.subjects {
            check { _ = try job.procedure.workPlan(nameplate: subject.data.nameplate, stage: subject.data.stage) }
        }
        return found
    }

    private func outcome(of subject: ReadingsJob.Subject, _ standards: [StandardUsed]) throws -> ProcedureOutcome {
        var data = subject.data
        for standard in standards where data.standards[standard.role] == nil {
            guard let statement = standard.statement else {
                throw VerificationError.certificateUnit(standard.certificate, unit: standard.unit)
            }
            data.standards[standard.role] = statement
        }
        try checkRange(data, standards)
        if subject.unusual == nil, let slip = PlausibilityOfReadings().slip(in: data, under: job.procedure) {
            throw VerificationError.implausible(serial: subject.serial, what: slip)
        }
        for condition in job.procedure.conditions where data.conditions[condition.id] == nil {
            throw VerificationError.missingCondition(condition.id, serial: subject.serial)
        }
        let outcome = try job.procedure.evaluate(data)
        if let objection = outcome.objections.first {
            throw VerificationError.objection(serial: subject.serial, what: objection)
        }
        return outcome
    }

    /// Beyond its largest calibrated point a certificate says nothing, and U would be made up.
    private func checkRange(_ data: VerificationData, _ standards: [StandardUsed]) throws {
        for standard in standards {
            guard let unit = MeasurementUnit(standard.influenceUnit), let largest = standard.curve.points.last?.at,
                standard.curve.points.count > 1
            else { continue }
            for test in job.procedure.tests {
                for reading in test.readings
                where reading.standard == standard.role && QuantityKind(of: reading.unit) == QuantityKind(of: unit) {
                    for value in (data.tests[test.id] ?? []).compactMap({ $0.values[reading.name] }) {
                        let si = value.unit == .one ? reading.unit.si(value.number.double) : value.si
                        guard si > unit.si(largest) * (1 + 1e-9) else { continue }
                        throw VerificationError.beyondCertificate(
                            standard: standard.key, value: "\(value)", largest: "\(largest) \(unit)")
                    }
                }
            }
        }
    }

    // MARK: The ledger

    /// Opens the session: its instruments stand in it from now on.
    func begin() throws {
        if let obstacle = firstObstacle(isOpen: false) { throw obstacle }
        let standards = try admission.standardsUsed()
        try laboratory.ledger.commit(job.verifier, reason: "begin session \(job.name)") { transaction in
            _ = try begin(standards, in: transaction)
        }
    }

    private func begin(
        _ standards: [StandardUsed], in transaction: Transaction
    ) throws -> (session: Int64, instruments: [Int: Int64]) {
        let procedure = job.procedure
        try transaction.keep(file: .init(name: job.name, digest: job.digest), content: job.text)
        try transaction.keep(file: procedureFile, content: procedure.text)
        let session = try transaction.insert(
            "verification_session",
            [
                "job": job.name, "job_digest": job.digest, "institution": job.institution,
                "procedure": procedure.number, "procedure_digest": procedure.digest, "verifier": job.verifier,
                "started_at": transaction.at.iso8601, "standards": try CanonicalJSON.text(standards), "profiles": "[]",
            ])
        try transaction.insert(.started, session: session)
        var instruments: [Int: Int64] = [:]
        for subject in job.subjects {
            let instrument = Instrument(
                maker: subject.maker, model: subject.model, serial: subject.serial, category: procedure.categories[0],
                owner: job.client, particulars: subject.plate)
            let kept = try Instruments.register(instrument, in: transaction)
            try transaction.insert(
                "session_position", ["session": session, "position": subject.position, "instrument": kept.id])
            instruments[subject.position] = kept.id
        }
        return (session, instruments)
    }

    /// Closes a session that was begun before.
    func close(_ subjects: [ReadingsJob.Subject], of session: SessionStore.Session) throws {
        let faults = faults(isOpen: true)
        if let fault = faults.first { throw fault }
        let outcomes = try subjects.map { ($0, try outcome(of: $0, session.standards)) }
        let store = SessionStore(ledger: laboratory.ledger)
        var instruments: [Int: Int64] = [:]
        for subject in subjects {
            guard let found = try store.instrument(at: subject.position, of: session.id) else {
                throw VerificationError.malformedRow(table: "session_position", id: session.id)
            }
            instruments[subject.position] = found
        }
        try laboratory.ledger.commit(job.verifier, reason: "close session \(job.name)") { transaction in
            try close(
                outcomes, session.standards, session.id, instruments, startedAt: session.startedAt, in: transaction)
        }
    }

    private var procedureFile: VerificationRecord.KeptFile {
        .init(name: job.procedure.number, digest: job.procedure.digest)
    }

    private func close(
        _ outcomes: [(subject: ReadingsJob.Subject, outcome: ProcedureOutcome)], _ standards: [StandardUsed],
        _ session: Int64, _ instruments: [Int: Int64], startedAt: Instant, in transaction: Transaction
    ) throws {
        let procedure = job.procedure
        let year = transaction.at.civil(in: laboratory.zone).date.components.year
        for (subject, outcome) in outcomes {
            let number = try RecordNumbers.next(institution: job.institution, year: year, in: transaction.database)
            let record = VerificationRecord(
                layout: 2, number: number, job: job.name, institution: job.institution, place: job.place,
                client: job.client, receivedOn: job.receivedOn?.description, startedAt: startedAt.iso8601,
                closedAt: transaction.at.iso8601, verifiedOn: transaction.at.date(in: laboratory.zone).description,
                procedure: procedure.number, procedureFile: procedureFile, profiles: [], verifier: job.verifier,
                subject: .init(
                    maker: subject.maker, model: subject.model, serial: subject.serial,
                    category: procedure.categories[0], owner: job.client, nameplate: subject.plate),
                standards: standards, repeatability: nil, observations: [],
                result: PositionResult(
                    position: subject.position, checks: outcome.checks.map { .init(id: $0.id, passed: $0.passed) },
                    points: [], jointRules: [], verdict: outcome.verdict),
                readings: TypedReadings(subject, outcome))
            let body = try CanonicalJSON.text(record)
            try transaction.insert(
                "verification_record",
                [
                    "number": number, "session": session, "position": subject.position,
                    "instrument": instruments[subject.position], "verdict": outcome.verdict.rawValue, "body": body,
                    "digest": CanonicalJSON.digest(body), "closed_at": transaction.at.iso8601,
                ])
        }
        try transaction.insert(.closed, session: session)
    }
}
