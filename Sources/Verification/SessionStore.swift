import Chronometry
import GRDB
import Ledger
import Registry

/// The tables of sessions, behind the module's types.
struct SessionStore {
    let ledger: Ledger

    struct Session {
        let id: Int64
        let jobDigest: String
        let procedureDigest: String
        let startedAt: Instant
        let standards: [StandardUsed]
        let profiles: [VerificationRecord.KeptFile]
    }

    func find(job: String, institution: String) throws -> Session? {
        try ledger.read { db in
            try Row.fetchOne(
                db, sql: "SELECT * FROM verification_session WHERE institution = ? AND job = ?",
                arguments: [institution, job])
        }.map { row in
            let id: Int64 = row["id"]
            guard let startedAt = Instant(row["started_at"]),
                let standards = try? CanonicalJSON.decode([StandardUsed].self, row["standards"]),
                let profiles = try? CanonicalJSON.decode(
                    [VerificationRecord.KeptFile].self, row["profiles"])
            else { throw VerificationError.malformedRow(table: "verification_session", id: id) }
            return Session(
                id: id, jobDigest: row["job_digest"], procedureDigest: row["procedure_digest"],
                startedAt: startedAt, standards: standards, profiles: profiles)
        }
    }

    /// Job of the session in which the instrument stands and which is not closed; nil where it is free.
    static func openSession(with instrument: Int64, in database: Database) throws -> String? {
        try String.fetchOne(
            database,
            sql: """
                SELECT job FROM verification_session JOIN session_position ON session = verification_session.id
                WHERE instrument = ? AND NOT EXISTS (
                    SELECT 1 FROM session_event WHERE session_event.session = verification_session.id AND kind = 'closed')
                """, arguments: [instrument])
    }

    func isClosed(_ session: Int64) throws -> Bool { try events(of: session).contains(.closed) }

    /// What was typed, in order.
    func answers(of session: Int64) throws -> [TypedAnswer] {
        try ledger.read { db in
            try Row.fetchAll(db, sql: "SELECT * FROM typed_answer WHERE session = ? ORDER BY id", arguments: [session])
        }.map { TypedAnswer(position: $0["position"], key: $0["question"], text: $0["answer"], reason: $0["reason"]) }
    }

    func events(of session: Int64) throws -> [SessionEvent] {
        try ledger.read { db in
            try Row.fetchAll(
                db, sql: "SELECT * FROM session_event WHERE session = ? ORDER BY id",
                arguments: [session])
        }.map { row in
            guard let event = SessionEvent(row) else {
                throw VerificationError.malformedRow(table: "session_event", id: row["id"])
            }
            return event
        }
    }

    func observations(of session: Int64) throws -> [Observation] {
        try ledger.read { db in
            try Row.fetchAll(
                db, sql: "SELECT * FROM observation WHERE session = ? ORDER BY id",
                arguments: [session])
        }.map { row in
            guard let observation = Observation(row) else {
                throw VerificationError.malformedRow(table: "observation", id: row["id"])
            }
            return observation
        }
    }

    func instrument(at position: Int, of session: Int64) throws -> Int64? {
        try ledger.read { db in
            try Int64.fetchOne(
                db, sql: "SELECT instrument FROM session_position WHERE session = ? AND position = ?",
                arguments: [session, position])
        }
    }
}

extension Transaction {
    func insert(_ event: SessionEvent, session: Int64) throws {
        let (kind, run, detail) = event.columns
        try insert(
            "session_event",
            [
                "session": session, "kind": kind, "point": run?.point,
                "repetition": run?.repetition, "attempt": run?.attempt, "detail": detail,
                "at": at.iso8601,
            ])
    }

    func insert(_ observation: Observation, session: Int64) throws {
        try insert(
            "observation",
            [
                "session": session, "role": observation.role.rawValue,
                "condition": observation.condition, "point": observation.point,
                "repetition": observation.repetition, "attempt": observation.attempt,
                "position": observation.position, "value": observation.value,
                "unit": observation.unit, "profile": observation.profile,
                "channel": observation.channel, "framing": observation.framing,
                "request": observation.request, "answer": observation.answer,
                "sent_at": observation.sentAt, "answered_at": observation.answeredAt,
                "line": observation.line,
            ])
    }

    /// Keeps the text of a data file once; what was computed under it can be computed again.
    func keep(file: VerificationRecord.KeptFile, content: String) throws {
        let isKept = try Bool.fetchOne(
            database, sql: "SELECT EXISTS (SELECT 1 FROM kept_file WHERE digest = ?)",
            arguments: [file.digest])
        guard isKept != true else { return }
        try insert("kept_file", ["name": file.name, "digest": file.digest, "content": content])
    }
}

extension SessionEvent {
    fileprivate var columns: (kind: String, run: Run?, detail: String?) {
        switch self {
        case .started: ("started", nil, nil)
        case .runStarted(let run): ("run-started", run, nil)
        case .runCompleted(let run): ("run-completed", run, nil)
        case .runAbandoned(let run, let why): ("run-abandoned", run, why)
        case .closed: ("closed", nil, nil)
        }
    }

    fileprivate init?(_ row: Row) {
        let run: Run? =
            if let point: String = row["point"], let repetition: Int = row["repetition"],
                let attempt: Int = row["attempt"]
            {
                Run(point: point, repetition: repetition, attempt: attempt)
            } else { nil }
        switch (row["kind"] as String, run) {
        case ("started", nil): self = .started
        case ("run-started", let run?): self = .runStarted(run)
        case ("run-completed", let run?): self = .runCompleted(run)
        case ("run-abandoned", let run?): self = .runAbandoned(run, why: row["detail"] ?? "")
        case ("closed", nil): self = .closed
        default: return nil
        }
    }
}

extension Observation {
    fileprivate init?(_ row: Row) {
        guard let role = Role(rawValue: row["role"]) else { return nil }
        self.init(
            role: role, condition: row["condition"], point: row["point"],
            repetition: row["repetition"], attempt: row["attempt"], position: row["position"],
            value: row["value"], unit: row["unit"], profile: row["profile"],
            channel: row["channel"], framing: row["framing"], request: row["request"],
            answer: row["answer"], sentAt: row["sent_at"], answeredAt: row["answered_at"],
            line: row["line"])
    }
}
