import Chronometry
import GRDB

/// What checking the audit chain found.
public enum AuditVerification: Equatable, Sendable {
    /// Nothing was ever committed: there is no chain to be sound or broken.
    case empty
    /// Every entry and every audited row agree; `head` is the newest entry's hash. Kept outside the
    /// file (at the city, on paper), it shows that the chain was not rewritten as a whole.
    case sound(entries: Int, rows: Int, head: String)
    case broken(Break)

    /// The first place where chain or rows disagree with what was written.
    public enum Break: Equatable, Sendable {
        case missingEntry(expected: Int64, found: Int64)
        case unknownEncoding(entry: Int64, encoding: Int)
        case wrongPredecessor(entry: Int64)
        case wrongHash(entry: Int64, at: String, actor: String)
        case strayChange(table: String, key: Int64, entry: Int64)
        case alteredRow(table: String, key: Int64, entry: Int64)
        case missingRow(table: String, key: Int64, entry: Int64)
        case unauditedRow(table: String, key: Int64)
    }
}

extension AuditVerification.Break: CustomStringConvertible {
    public var description: String {
        switch self {
        case .missingEntry(let expected, let found):
            "entry \(expected) is missing: the next one present is \(found)"
        case .unknownEncoding(let entry, let encoding):
            "entry \(entry) uses encoding \(encoding), which this program does not know"
        case .wrongPredecessor(let entry):
            "entry \(entry) does not name entry \(entry - 1)'s hash as its predecessor"
        case .wrongHash(let entry, let at, let actor):
            "entry \(entry) (\(at), \(actor)) does not have the hash of its own content"
        case .strayChange(let table, let key, let entry):
            "a change of row \(key) of \(table) names entry \(entry), which the chain does not have"
        case .alteredRow(let table, let key, let entry):
            "row \(key) of \(table) is not what entry \(entry) recorded"
        case .missingRow(let table, let key, let entry):
            "row \(key) of \(table), recorded by entry \(entry), is gone"
        case .unauditedRow(let table, let key):
            "row \(key) of \(table) stands in no entry: it was written around the ledger"
        }
    }
}

enum AuditLog {
    static func append(
        actor: String, reason: String, at: Instant, changes: [AuditChange], to db: Database
    ) throws {
        guard !changes.isEmpty else { return }
        let last = try Row.fetchOne(
            db, sql: "SELECT id, hash FROM audit_entry ORDER BY id DESC LIMIT 1")
        let sequence: Int64 = (last?["id"] ?? 0) + 1
        let previous: String = last?["hash"] ?? AuditEncoding.genesis
        let hash = AuditEncoding.hash(
            sequence: sequence, at: at, actor: actor, reason: reason, previous: previous,
            changes: changes)
        try db.cachedStatement(
            sql: """
                INSERT INTO audit_entry (id, at, actor, reason, encoding, previous, hash)
                VALUES (?, ?, ?, ?, ?, ?, ?)
                """
        ).execute(arguments: [
            sequence, at.iso8601, actor, reason, AuditEncoding.version, previous, hash,
        ])
        let statement = try db.cachedStatement(
            sql: """
                INSERT INTO audit_change (entry, table_name, key, operation, digest)
                VALUES (?, ?, ?, ?, ?)
                """)
        for change in changes {
            try statement.execute(arguments: [
                sequence, change.table, change.key, change.operation.rawValue, change.digest,
            ])
        }
    }

    static func verify(_ db: Database, tables: [String]) throws -> AuditVerification {
        var expected: Int64 = 1
        var previous = AuditEncoding.genesis
        let entries = try Row.fetchCursor(db, sql: "SELECT * FROM audit_entry ORDER BY id")
        while let entry = try entries.next() {
            let sequence: Int64 = entry["id"]
            guard sequence == expected else {
                return .broken(.missingEntry(expected: expected, found: sequence))
            }
            let encoding: Int = entry["encoding"]
            guard encoding == AuditEncoding.version else {
                return .broken(.unknownEncoding(entry: sequence, encoding: encoding))
            }
            guard entry["previous"] == previous else {
                return .broken(.wrongPredecessor(entry: sequence))
            }
            let at: String = entry["at"]
            let actor: String = entry["actor"]
            let hash: String = entry["hash"]
            // The hash covers the instant, not its spelling, and only operations it knows: another
            // spelling or an unknown operation is not what `append` wrote.
            guard let instant = Instant(at), instant.iso8601 == at,
                let recorded = try changes(of: sequence, db),
                hash
                    == AuditEncoding.hash(
                        sequence: sequence, at: instant, actor: actor, reason: entry["reason"],
                        previous: previous, changes: recorded)
            else { return .broken(.wrongHash(entry: sequence, at: at, actor: actor)) }
            previous = hash
            expected += 1
        }
        if let found = try strayChange(db) { return .broken(found) }
        var rows = 0
        for table in tables {
            if let found = try firstBreak(in: table, db, counting: &rows) { return .broken(found) }
        }
        if let found = try rowOfDroppedTable(db, present: tables) { return .broken(found) }
        if expected == 1 { return .empty }
        return .sound(entries: Int(expected - 1), rows: rows, head: previous)
    }

    /// - Returns: nil where one names an operation this program never writes.
    private static func changes(of entry: Int64, _ db: Database) throws -> [AuditChange]? {
        let rows = try Row.fetchAll(
            db.cachedStatement(sql: "SELECT * FROM audit_change WHERE entry = ? ORDER BY id"),
            arguments: [entry])
        let changes = rows.compactMap { row in
            AuditChange.Operation(rawValue: row["operation"]).map {
                AuditChange(
                    table: row["table_name"], key: row["key"], operation: $0, digest: row["digest"])
            }
        }
        return changes.count == rows.count ? changes : nil
    }

    /// A change outside every entry is under no hash, yet would vouch for its row.
    private static func strayChange(_ db: Database) throws -> AuditVerification.Break? {
        try Row.fetchOne(
            db,
            sql: """
                SELECT table_name, key, entry FROM audit_change
                WHERE entry NOT IN (SELECT id FROM audit_entry) ORDER BY id LIMIT 1
                """
        ).map { .strayChange(table: $0["table_name"], key: $0["key"], entry: $0["entry"]) }
    }

    /// A dropped table is walked by nobody; its recorded rows are gone all the same.
    private static func rowOfDroppedTable(
        _ db: Database, present tables: [String]
    ) throws -> AuditVerification.Break? {
        let recorded = try String.fetchAll(
            db, sql: "SELECT DISTINCT table_name FROM audit_change ORDER BY table_name")
        guard let dropped = recorded.first(where: { !tables.contains($0) }) else { return nil }
        return try Row.fetchOne(
            db,
            sql: """
                SELECT key, max(entry) AS entry FROM audit_change WHERE table_name = ?
                GROUP BY key ORDER BY key LIMIT 1
                """, arguments: [dropped]
        ).map { .missingRow(table: dropped, key: $0["key"], entry: $0["entry"]) }
    }

    /// Walks the table and its last recorded changes side by side, both in key order.
    private static func firstBreak(
        in table: String, _ db: Database, counting rows: inout Int
    ) throws -> AuditVerification.Break? {
        let recorded = try Row.fetchCursor(
            db,
            sql: """
                SELECT key, max(entry) AS entry,
                    (SELECT digest FROM audit_change last WHERE last.table_name = change.table_name
                     AND last.key = change.key ORDER BY last.entry DESC, last.id DESC LIMIT 1) AS digest
                FROM audit_change change WHERE table_name = ? GROUP BY key ORDER BY key
                """,
            arguments: [table])
        let stored = try Row.fetchCursor(
            db, sql: "SELECT * FROM \(table.quotedDatabaseIdentifier) ORDER BY id")
        var row = try stored.next()
        while let change = try recorded.next() {
            let key: Int64 = change["key"]
            let entry: Int64 = change["entry"]
            guard let current = row else {
                return .missingRow(table: table, key: key, entry: entry)
            }
            let id: Int64 = current["id"]
            guard id <= key else { return .missingRow(table: table, key: key, entry: entry) }
            guard id == key else { return .unauditedRow(table: table, key: id) }
            guard AuditEncoding.digest(of: current, in: table) == change["digest"] else {
                return .alteredRow(table: table, key: key, entry: entry)
            }
            rows += 1
            row = try stored.next()
        }
        return row.map { .unauditedRow(table: table, key: $0["id"]) }
    }
}
