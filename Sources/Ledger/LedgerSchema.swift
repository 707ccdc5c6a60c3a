/// The tables one module brings to the ledger.
public struct LedgerSchema: Sendable {
    /// One numbered step; once released its SQL never changes.
    public struct Migration: Sendable {
        public let name: String
        public let sql: String

        public init(_ name: String, _ sql: String) {
            self.name = name
            self.sql = sql
        }
    }

    public let module: String
    public let migrations: [Migration]
    /// Tables whose rows are never updated or deleted; triggers refuse it, whoever asks.
    public let appendOnly: [String]

    /// Every table must have an `id INTEGER PRIMARY KEY`: the audit log names rows by it.
    public init(module: String, migrations: [Migration], appendOnly: [String] = []) {
        self.module = module
        self.migrations = migrations
        self.appendOnly = appendOnly
    }
}

extension LedgerSchema {
    static let audit = LedgerSchema(
        module: "ledger",
        migrations: [
            Migration(
                "1-audit",
                """
                CREATE TABLE audit_entry (
                    id INTEGER PRIMARY KEY,
                    at TEXT NOT NULL,
                    actor TEXT NOT NULL,
                    reason TEXT NOT NULL,
                    encoding INTEGER NOT NULL,
                    previous TEXT NOT NULL,
                    hash TEXT NOT NULL UNIQUE
                ) STRICT;
                CREATE TABLE audit_change (
                    id INTEGER PRIMARY KEY,
                    entry INTEGER NOT NULL REFERENCES audit_entry(id),
                    table_name TEXT NOT NULL,
                    key INTEGER NOT NULL,
                    operation TEXT NOT NULL CHECK (operation IN ('insert', 'update')),
                    digest TEXT NOT NULL
                ) STRICT;
                CREATE INDEX audit_change_row ON audit_change(table_name, key, entry);
                CREATE INDEX audit_change_entry ON audit_change(entry);
                """)
        ],
        appendOnly: ["audit_entry", "audit_change"])
}
