public import Chronometry
import GRDB
public import Ledger

public enum ProceduresTables {
    public static let schema = LedgerSchema(
        module: "procedures",
        migrations: [
            .init(
                "1-approval",
                """
                CREATE TABLE procedure_approval (
                    id INTEGER PRIMARY KEY,
                    institution TEXT NOT NULL,
                    number TEXT NOT NULL,
                    digest TEXT NOT NULL,
                    approved_by TEXT NOT NULL,
                    approved_at TEXT NOT NULL,
                    UNIQUE (institution, number, digest)
                ) STRICT;
                """)
        ],
        appendOnly: ["procedure_approval"])
}

/// A technical manager's word that a procedure file agrees with the printed regulation.
///
/// It names the file by its digest: one changed character needs a new approval.
public struct ProcedureApproval: Hashable, Sendable {
    public let approvedBy: String
    public let approvedAt: Instant

    /// Records the approval; approving the same file twice changes nothing.
    ///
    /// The caller has checked that `person` is a technical manager of `institution`.
    public static func approve(
        _ procedure: Procedure, at institution: String, by person: String, in ledger: Ledger
    ) throws {
        guard try find(procedure, at: institution, in: ledger) == nil else { return }
        try ledger.commit(person, reason: "approve procedure \(procedure.number)") { transaction in
            try transaction.insert(
                "procedure_approval",
                [
                    "institution": institution, "number": procedure.number,
                    "digest": procedure.digest, "approved_by": person,
                    "approved_at": transaction.at.iso8601,
                ])
        }
    }

    /// The approval of exactly this file at `institution`, or nil.
    public static func find(
        _ procedure: Procedure, at institution: String, in ledger: Ledger
    ) throws -> ProcedureApproval? {
        try ledger.read { db in
            try Row.fetchOne(
                db,
                sql: """
                    SELECT approved_by, approved_at FROM procedure_approval
                    WHERE institution = ? AND number = ? AND digest = ?
                    """,
                arguments: [institution, procedure.number, procedure.digest])
        }.flatMap { row in
            Instant(row["approved_at"]).map {
                ProcedureApproval(approvedBy: row["approved_by"], approvedAt: $0)
            }
        }
    }
}
