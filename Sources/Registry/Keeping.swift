public import GRDB
public import Ledger

/// What keeping a fact did to the ledger.
public struct Kept: Hashable, Sendable {
    public enum Change: Hashable, Sendable {
        case inserted, updated, unchanged
    }

    /// `id` of the row.
    public let id: Int64
    public let change: Change

    public init(id: Int64, change: Change) {
        self.id = id
        self.change = change
    }
}

extension Transaction {
    /// Inserts `row` where no row has the same `key` columns, updates that row where anything else
    /// differs, and leaves it (and the audit log) alone where nothing does.
    @discardableResult
    public func keep(
        _ table: String, by key: [String],
        _ row: KeyValuePairs<String, (any DatabaseValueConvertible)?>
    ) throws -> Kept {
        let condition = key.map { "\($0) IS ?" }.joined(separator: " AND ")
        let identity = key.map { name in row.first { $0.key == name }?.value ?? nil }
        let stored = try Row.fetchOne(
            database, sql: "SELECT * FROM \(table) WHERE \(condition)",
            arguments: StatementArguments(identity))
        guard let stored else { return Kept(id: try insert(table, row), change: .inserted) }
        let id: Int64 = stored["id"]
        let isSame = row.allSatisfy { column, value in
            let present: DatabaseValue = stored[column]
            return present == (value?.databaseValue ?? .null)
        }
        guard !isSame else { return Kept(id: id, change: .unchanged) }
        try update(table, id, set: row)
        return Kept(id: id, change: .updated)
    }
}

/// How many facts a file brought.
public struct KeptCounts: Hashable, Sendable {
    public private(set) var inserted = 0
    public private(set) var updated = 0
    public private(set) var unchanged = 0

    public init() {}

    public mutating func count(_ kept: Kept) {
        switch kept.change {
        case .inserted: inserted += 1
        case .updated: updated += 1
        case .unchanged: unchanged += 1
        }
    }

    public static func + (a: KeptCounts, b: KeptCounts) -> KeptCounts {
        var sum = a
        sum.inserted += b.inserted
        sum.updated += b.updated
        sum.unchanged += b.unchanged
        return sum
    }
}
