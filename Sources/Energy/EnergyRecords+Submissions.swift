import Chronometry
import GRDB
import Ledger
import Metrology

/// What a platform assigned to this terminal, and what it holds of our configuration.
struct DestinationState: Sendable, Equatable {
    let id: Int64
    let deviceID: String?
    let versionURL: String?
    let configURL: String?
    let dataURL: String?
    /// `HH:mm:ss`, local time of China.
    let uploadTime: String?
    let regVersion: String?
    let configBody: String?
    let configVersion: String?
}

/// A value on its way.
struct Submission: Sendable {
    let id: Int64
    let refusals: Int
    let value: DialectA.Value
}

/// One request to a platform and what came of it.
struct UploadRecord: Sendable {
    let operation: String
    let url: String
    let request: String
    let status: Int?
    let answer: String?
    let outcome: String
    let sentAt: Instant
    let endedAt: Instant
}

/// What an upload decided about the submissions in it.
enum SubmissionOutcome: Sendable {
    case accepted
    /// The platform refused this one value.
    case refused(text: String, notBefore: Instant?)
    /// The platform refused a batch without saying which value; nothing is decided.
    case batchRefused(text: String)
    case noAnswer

    fileprivate var word: String {
        switch self {
        case .accepted: "accepted"
        case .refused: "refused"
        case .batchRefused: "batch refused"
        case .noAnswer: "no answer"
        }
    }
}

extension EnergyRecords {
    func destination(_ key: String) throws -> DestinationState? {
        try ledger.read { db in
            try Row.fetchOne(db, sql: "SELECT * FROM destination WHERE key = ?", arguments: [key])
                .map { row in
                    DestinationState(
                        id: row["id"], deviceID: row["device_id"], versionURL: row["version_url"],
                        configURL: row["config_url"], dataURL: row["data_url"],
                        uploadTime: row["upload_time"], regVersion: row["reg_version"],
                        configBody: row["config_body"], configVersion: row["config_version"])
                }
        }
    }

    func keep(
        _ upload: UploadRecord, of destination: Int64,
        set columns: KeyValuePairs<String, (any DatabaseValueConvertible)?>
    ) throws {
        try ledger.commit(Self.actor, reason: "\(upload.operation): \(upload.outcome)") { tx in
            try tx.insert("upload", upload.row(of: destination))
            if !columns.isEmpty { try tx.update("destination", destination, set: columns) }
        }
    }

    /// The platform no longer knows this terminal: what it assigned is void.
    func forgetRegistration(of destination: Int64) throws {
        try ledger.commit(Self.actor, reason: "the platform does not know this terminal") {
            try $0.update("destination", destination, set: ["device_id": nil, "config_body": nil])
        }
    }

    /// Waiting submissions that may be sent now, oldest first.
    ///
    /// - Parameter before: only periods that began before this platform date; nil for all.
    func due(
        for destination: Int64, at now: Instant, before: String?, limit: Int
    ) throws -> [Submission] {
        try ledger.read { db in
            try Row.fetchAll(
                db,
                sql: """
                    SELECT s.id, s.refusals, s.data_code, s.stat_date, v.value, v.quality,
                        v.stat_type, v.id AS value_id, p.*
                    FROM submission s JOIN interval_value v ON v.id = s.interval_value
                    JOIN metering_point p ON p.id = v.point
                    WHERE s.destination = ? AND s.state = 'waiting'
                        AND (s.not_before IS NULL OR s.not_before <= ?)
                        AND (? IS NULL OR s.stat_date < ?)
                    ORDER BY s.stat_date, s.id LIMIT ?
                    """, arguments: [destination, now.iso8601, before, before, limit]
            ).map(Submission.init)
        }
    }

    /// How many submissions a destination has not decided yet.
    public func waiting(for destination: String) throws -> Int {
        try ledger.read { db in
            try Int.fetchOne(
                db,
                sql: """
                    SELECT count(*) FROM submission s JOIN destination d ON d.id = s.destination
                    WHERE d.key = ? AND s.state = 'waiting'
                    """, arguments: [destination]) ?? 0
        }
    }

    /// Keeps an upload together with what it decided, in one transaction.
    func settle(
        _ submissions: [Submission], _ outcome: SubmissionOutcome, by upload: UploadRecord,
        of destination: Int64
    ) throws {
        try ledger.commit(Self.actor, reason: "upload of energy data: \(upload.outcome)") { tx in
            let id = try tx.insert("upload", upload.row(of: destination))
            for submission in submissions {
                try tx.insert(
                    "submission_attempt",
                    ["upload": id, "submission": submission.id, "outcome": outcome.word])
                switch outcome {
                case .accepted:
                    try tx.update(
                        "submission", submission.id,
                        set: [
                            "state": "accepted", "answer": upload.answer,
                            "accepted_at": upload.endedAt.iso8601, "not_before": nil,
                        ])
                case .refused(let text, let notBefore):
                    try tx.update(
                        "submission", submission.id,
                        set: [
                            "state": notBefore == nil ? "refused" : "waiting",
                            "refusals": submission.refusals + 1, "answer": text,
                            "not_before": notBefore?.iso8601,
                        ])
                case .batchRefused(let text):
                    try tx.update("submission", submission.id, set: ["answer": text])
                case .noAnswer: break
                }
            }
            try tx.update(
                "destination", destination,
                set: ["problem": outcome.isProblem ? upload.outcome : nil])
        }
    }
}

extension SubmissionOutcome {
    fileprivate var isProblem: Bool {
        if case .noAnswer = self { true } else { false }
    }
}

extension Submission {
    fileprivate init(_ row: Row) throws {
        let code = try DataCode(row["data_code"] as String)
        let point = try MeteringPoint(row)
        let quality: String = row["quality"]
        self.init(
            id: row["id"], refusals: row["refusals"],
            value: DialectA.Value(
                code: code, value: try row.decimal("value", in: "interval_value", row["value_id"]),
                inputType: point.inputType, statistic: point.statistic,
                statDate: row["stat_date"], scope: point.scope,
                isValid: quality == IntervalMaker.Quality.good.rawValue))
    }
}

extension UploadRecord {
    fileprivate func row(
        of destination: Int64
    ) -> KeyValuePairs<String, (any DatabaseValueConvertible)?> {
        [
            "destination": destination, "operation": operation, "url": url, "request": request,
            "http_status": status, "answer": answer, "outcome": outcome,
            "sent_at": sentAt.iso8601, "ended_at": endedAt.iso8601,
        ]
    }
}
