public import Chronometry
import Devices
public import Ledger
import Metrology
public import Procedures
import Registry
import Traceability

/// What a session tells while it runs; every value in it is already on disk.
public enum SessionReport: Sendable {
    case began(job: String, positions: Int)
    case resumed(job: String, completed: [Run])
    case abandoned(Run, why: String)
    case runStarted(Run, flow: String, volume: String)
    case runCompleted(Run, [PointResult?])
    case closed([Records.Stored])
}

/// One sitting at a bench: drives the bench as the state machine says, and writes down what happens.
public actor VerificationSession {
    /// What the session needs from the rest of the house.
    public struct Laboratory: Sendable {
        public let ledger: Ledger
        /// Folder of device profiles.
        public let devices: String
        /// Says which editions are replaced; nil where nobody asks.
        public let catalogue: Catalogue?
        public let zone: ZoneOffset
        public let clock: @Sendable () -> Instant

        public init(
            ledger: Ledger, devices: String, catalogue: Catalogue? = nil, zone: ZoneOffset = .china,
            clock: @escaping @Sendable () -> Instant = SystemClock.now
        ) {
            self.ledger = ledger
            self.devices = devices
            self.catalogue = catalogue
            self.zone = zone
            self.clock = clock
        }
    }

    private let laboratory: Laboratory
    private let plan: SessionPlan
    private let bench: BenchInstruments
    private let store: SessionStore
    private let admission: SessionAdmission
    private let report: @Sendable (SessionReport) -> Void
    /// Runs in a row whose flow was outside, since the program started.
    private var rejections = 0

    /// How often a run whose flow was outside is tried before the bench is to be looked at.
    private static let attempts = 3

    /// - Throws: ``VerificationError``, `ProcedureError`, `DeviceError` for what is wrong before any
    ///   instrument is asked.
    public init(
        _ job: VerificationJob, procedure: Procedure, in laboratory: Laboratory,
        report: @escaping @Sendable (SessionReport) -> Void
    ) async throws {
        self.laboratory = laboratory
        self.report = report
        plan = try SessionPlan(job: job, procedure: procedure)
        store = SessionStore(ledger: laboratory.ledger)
        admission = SessionAdmission(
            procedure: procedure, institution: job.institution, verifier: job.verifier, client: job.client,
            standards: [("reference", job.referenceStandard)]
                + procedure.conditions.compactMap { condition in
                    job.conditionStandards[condition.id].map { (condition.id, $0) }
                },
            laboratory: laboratory)
        bench = try await BenchInstruments(job, profiles: laboratory.devices)
    }

    /// Carries the session from where it stands to its closed records.
    ///
    /// Interrupted at any moment and called again, it goes on: completed runs stand, a run that was
    /// under way is abandoned and repeated, and nothing that was committed is lost.
    ///
    /// - Returns: the records, by position; the existing ones where the session was closed before.
    public func run() async throws -> [Records.Stored] {
        let job = plan.job
        var session = try store.find(job: job.name, institution: job.institution)
        if let known = session {
            guard known.jobDigest == job.digest, known.procedureDigest == plan.procedure.digest else {
                throw VerificationError.jobChanged(job.name)
            }
            let state = SessionState(try store.events(of: known.id))
            if !state.isClosed {
                report(.resumed(job: job.name, completed: state.completed))
                // Standards and people may have lapsed since; instruments may have been moved.
                _ = try admission.standardsUsed()
                try admission.checkPeople()
                try await bench.identify(job)
            }
        }
        while true {
            let events = try session.map { try store.events(of: $0.id) } ?? []
            let observations = try session.map { try store.observations(of: $0.id) } ?? []
            let state = SessionState(events)
            let action = try state.next(
                points: plan.flowTest.points, readingsAtMost: plan.flowTest.readingsAtMost
            ) { point in
                guard let session else { return false }
                let results = try results(
                    at: point, completed: state.completed, observations, session)
                return results.contains { $0.verdict != .conforming }
            }
            switch (action, session) {
            case (.begin, _):
                try await begin()
                session = try store.find(job: job.name, institution: job.institution)
            case (.abandon(let run), let session?):
                try await bench.stop()
                try abandon(run, "interrupted", session)
            case (.perform(let run), let session?):
                try await perform(run, session, completed: state.completed)
            case (.close, let session?): try close(session, state.completed, observations)
            case (.nothing, _):
                return try Records(laboratory.ledger).records(
                    ofJob: job.name, institution: job.institution)
            case (_, nil): throw VerificationError.incomplete(job: job.name)
            }
        }
    }

    // MARK: Steps

    private func begin() async throws {
        let job = plan.job
        try admission.checkClock()
        try admission.checkEdition()
        for position in job.positions {
            try admission.checkInstrument(maker: position.maker, model: position.model, serial: position.serial)
        }
        try admission.checkPeople()
        let standards = try admission.standardsUsed()
        try plan.check(standards[0])
        let conditions = try await bench.conditions(job, run: nil)
        if let outside = admission.outside(conditions) { throw outside }
        let identities = try await bench.identify(job)

        try laboratory.ledger.commit(job.verifier, reason: "begin session \(job.name)") { transaction in
            let jobFile = VerificationRecord.KeptFile(name: job.name, digest: job.digest)
            try transaction.keep(file: jobFile, content: job.text)
            try transaction.keep(file: plan.procedureFile, content: plan.procedure.text)
            for profile in bench.profiles.values {
                try transaction.keep(file: profile.keptFile, content: profile.text)
            }
            let session = try transaction.insert(
                "verification_session",
                [
                    "job": job.name, "job_digest": job.digest, "institution": job.institution,
                    "procedure": plan.procedure.number, "procedure_digest": plan.procedure.digest,
                    "verifier": job.verifier, "started_at": transaction.at.iso8601,
                    "standards": try CanonicalJSON.text(standards),
                    "profiles": try CanonicalJSON.text(
                        bench.profiles.values.map(\.keptFile).sorted { $0.name < $1.name }),
                ])
            for position in job.positions {
                let instrument = Instrument(
                    maker: position.maker, model: position.model, serial: position.serial,
                    category: plan.procedure.categories[0], owner: job.client,
                    particulars: position.nameplate.mapValues(\.description))
                let kept = try Instruments.register(instrument, in: transaction)
                try transaction.insert(
                    "session_position",
                    ["session": session, "position": position.position, "instrument": kept.id])
            }
            try transaction.insert(.started, session: session)
            for observation in conditions + identities {
                try transaction.insert(observation, session: session)
            }
        }
        report(.began(job: job.name, positions: job.positions.count))
    }

    private func perform(_ run: Run, _ session: SessionStore.Session, completed: [Run]) async throws {
        let flow = try plan.setFlow(at: run.point)
        let volume = plan.job.volumes[run.point] ?? ExactDecimal(0)
        let starts = try await bench.starts(plan.job, run: run)
        try commit("start \(run.words)", session) { transaction in
            try transaction.insert(.runStarted(run), session: session.id)
            for observation in starts { try transaction.insert(observation, session: session.id) }
        }
        report(
            .runStarted(
                run, flow: "\(Reporting.rounded(flow, places: 4) ?? ExactDecimal(0)) m3/h",
                volume: "\(volume) \(plan.flowTest.volumeUnit)"))
        guard try await bench.pass(volume, at: flow) else {
            throw VerificationError.batchStalled(point: run.point)
        }
        let ends = try await bench.ends(plan.job, run: run)
        let conditions = try await bench.conditions(plan.job, run: run)
        let range = try plan.flowRange(at: run.point)
        let measured = try bench.flow(starts + ends)
        let isInside = range.contains(measured)
        let outside = admission.outside(conditions)
        try commit("complete \(run.words)", session) { transaction in
            for observation in ends + conditions {
                try transaction.insert(observation, session: session.id)
            }
            let event: SessionEvent =
                if let outside {
                    .runAbandoned(run, why: "\(outside)")
                } else if !isInside {
                    .runAbandoned(run, why: "flow \(measured) m3/h outside \(range)")
                } else { .runCompleted(run) }
            try transaction.insert(event, session: session.id)
        }
        if let outside { throw outside }
        if !isInside {
            report(.abandoned(run, why: "flow \(measured) m3/h"))
            rejections += 1
            if rejections >= Self.attempts { throw try flowError(run, measured) }
            return
        }
        rejections = 0
        let results = try results(
            at: run.point, completed: completed + [run], try store.observations(of: session.id), session)
        report(.runCompleted(run, results))
    }

    private func flowError(_ run: Run, _ flow: Double) throws -> VerificationError {
        let range = try plan.flowRange(at: run.point)
        func text(_ value: Double) -> String { "\(Reporting.rounded(value, places: 4) ?? ExactDecimal(0))" }
        return .flowOutside(
            point: run.point, flow: "\(text(flow)) m3/h",
            allowed: "\(text(range.lowerBound)) … \(text(range.upperBound)) m3/h",
            attempts: Self.attempts)
    }

    private func abandon(_ run: Run, _ why: String, _ session: SessionStore.Session) throws {
        try commit("abandon \(run.words)", session) { transaction in
            try transaction.insert(.runAbandoned(run, why: why), session: session.id)
        }
        report(.abandoned(run, why: why))
    }

    private func close(
        _ session: SessionStore.Session, _ completed: [Run], _ observations: [Observation]
    ) throws {
        let job = plan.job
        let evaluation = try evaluation(session)
        try commit("close session \(job.name)", session) { transaction in
            let year = transaction.at.civil(in: laboratory.zone).date.components.year
            for position in job.positions {
                let own = observations.counting(completed: completed, position: position.position)
                let result = try evaluation.result(
                    position: position.position, nameplate: position.plate,
                    checks: position.checks, observations: own)
                guard let instrument = try store.instrument(at: position.position, of: session.id) else {
                    throw VerificationError.malformedRow(table: "session_position", id: session.id)
                }
                let number = try RecordNumbers.next(
                    institution: job.institution, year: year, in: transaction.database)
                let record = VerificationRecord(
                    layout: 1, number: number, job: job.name, institution: job.institution,
                    place: job.place, client: job.client, receivedOn: job.receivedOn?.description,
                    startedAt: session.startedAt.iso8601, closedAt: transaction.at.iso8601,
                    verifiedOn: transaction.at.date(in: laboratory.zone).description,
                    procedure: plan.procedure.number, procedureFile: plan.procedureFile,
                    profiles: session.profiles, verifier: job.verifier,
                    subject: .init(
                        maker: position.maker, model: position.model, serial: position.serial,
                        category: plan.procedure.categories[0], owner: job.client,
                        nameplate: position.nameplate.mapValues(\.description)),
                    standards: session.standards, repeatability: job.repeatability,
                    observations: own, result: result, readings: nil)
                let body = try CanonicalJSON.text(record)
                try transaction.insert(
                    "verification_record",
                    [
                        "number": number, "session": session.id, "position": position.position,
                        "instrument": instrument, "verdict": result.verdict.rawValue, "body": body,
                        "digest": CanonicalJSON.digest(body), "closed_at": transaction.at.iso8601,
                    ])
            }
            try transaction.insert(.closed, session: session.id)
        }
        report(
            .closed(
                try Records(laboratory.ledger).records(ofJob: job.name, institution: job.institution)))
    }

    // MARK: Evaluation

    private func evaluation(_ session: SessionStore.Session) throws -> Evaluation {
        guard let reference = session.standards.first(where: { $0.role == "reference" }) else {
            throw VerificationError.malformedRow(table: "verification_session", id: session.id)
        }
        return Evaluation(
            flowTest: plan.flowTest, reference: reference, repeatability: plan.job.repeatability,
            resolutions: bench.profiles.resolutions)
    }

    private func results(
        at point: String, completed: [Run], _ observations: [Observation],
        _ session: SessionStore.Session
    ) throws -> [PointResult] {
        let evaluation = try evaluation(session)
        return try plan.job.positions.map { position in
            try evaluation.result(
                at: point, position: position.position, nameplate: position.plate,
                observations: observations.counting(
                    completed: completed, position: position.position))
        }
    }

    private func commit(
        _ what: String, _ session: SessionStore.Session, _ body: (Transaction) throws -> Void
    ) throws {
        try laboratory.ledger.commit(
            plan.job.verifier, reason: "session \(plan.job.name): \(what)", body)
    }
}

extension [Observation] {
    /// Those that count for one position: of completed runs and of the session's start, shared or its own.
    func counting(completed: [Run], position: Int) -> [Observation] {
        filter { observation in
            guard observation.position == nil || observation.position == position else { return false }
            guard let point = observation.point else { return true }
            return completed.contains(
                Run(point: point, repetition: observation.repetition, attempt: observation.attempt))
        }
    }
}

extension Run {
    var words: String { "\(point) reading \(repetition) attempt \(attempt)" }
}

extension SessionPlan {
    var procedureFile: VerificationRecord.KeptFile {
        .init(name: procedure.number, digest: procedure.digest)
    }
}

extension DeviceProfile {
    var keptFile: VerificationRecord.KeptFile {
        .init(name: name, digest: CanonicalJSON.digest(text))
    }
}
