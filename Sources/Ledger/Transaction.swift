public import Chronometry
public import GRDB

/// One open transaction of ``Ledger/commit(_:reason:_:)``.
///
/// Rows are written only through ``insert(_:_:)`` and ``update(_:_:set:)``, so that each change
/// stands in the audit entry with the digest of the row as it was stored.
public final class Transaction {
    /// For reading inside the transaction. Writing around the two methods below is found by
    /// `steelyard audit verify`: the row's digest stands in no entry.
    public let database: Database
    /// The instant of the audit entry, and so of every row of this commit.
    public let at: Instant
    private(set) var changes: [AuditChange] = []

    init(database: Database, at: Instant) {
        self.database = database
        self.at = at
    }

    /// Inserts one row. Column names come from the module's own code, never from input.
    ///
    /// - Returns: the row's `id`.
    @discardableResult
    public func insert(
        _ table: String, _ row: KeyValuePairs<String, (any DatabaseValueConvertible)?>
    ) throws -> Int64 {
        let columns = row.map(\.key).joined(separator: ", ")
        let marks = row.map { _ in "?" }.joined(separator: ", ")
        let statement = try database.cachedStatement(
            sql: "INSERT INTO \(table) (\(columns)) VALUES (\(marks))")
        try statement.execute(arguments: StatementArguments(row.map(\.value)))
        let key = database.lastInsertedRowID
        try record(table, key, .insert)
        return key
    }

    /// Updates columns of the row `key`.
    ///
    /// - Throws: ``LedgerError/noSuchRow(table:key:)`` where there is none.
    public func update(
        _ table: String, _ key: Int64,
        set columns: KeyValuePairs<String, (any DatabaseValueConvertible)?>
    ) throws {
        let settings = columns.map { "\($0.key) = ?" }.joined(separator: ", ")
        let statement = try database.cachedStatement(
            sql: "UPDATE \(table) SET \(settings) WHERE id = ?")
        try statement.execute(arguments: StatementArguments(columns.map(\.value) + [key]))
        guard database.changesCount == 1 else { throw LedgerError.noSuchRow(table: table, key: key) }
        try record(table, key, .update)
    }

    private func record(_ table: String, _ key: Int64, _ operation: AuditChange.Operation) throws {
        let statement = try database.cachedStatement(sql: "SELECT * FROM \(table) WHERE id = ?")
        guard let row = try Row.fetchOne(statement, arguments: [key]) else {
            throw LedgerError.noSuchRow(table: table, key: key)
        }
        changes.append(
            AuditChange(
                table: table, key: key, operation: operation,
                digest: AuditEncoding.digest(of: row, in: table)))
    }
}
