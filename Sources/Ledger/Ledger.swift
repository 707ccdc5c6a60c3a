public import Chronometry
public import GRDB
@preconcurrency import Glibc

/// The one file everything is kept in, and the one way to change it.
///
/// Readers never wait for writers (WAL). A commit that has returned is on disk
/// (`synchronous=FULL`), and its audit entry with it.
public final class Ledger: Sendable {
    private let pool: DatabasePool
    private let clock: @Sendable () -> Instant
    let schemas: [LedgerSchema]
    public let path: String

    /// Opens or creates the ledger at `path` and brings it to the schemas' newest step.
    ///
    /// - Parameters:
    ///   - schemas: in dependency order: a table is created after those it refers to.
    ///   - create: false where a missing file is a mistake of the caller.
    /// - Throws: ``LedgerError`` where the file cannot be opened, was written by a newer program,
    ///   or does not keep the durability settings.
    public init(
        path: String, schemas: [LedgerSchema], create: Bool = true,
        clock: @escaping @Sendable () -> Instant = SystemClock.now
    ) throws {
        self.path = path
        self.clock = clock
        self.schemas = [.audit] + schemas
        guard create || Self.exists(path) else { throw LedgerError.notFound(path: path) }
        var configuration = Configuration()
        configuration.foreignKeysEnabled = true
        configuration.busyMode = .timeout(10)
        configuration.label = "ledger"
        configuration.prepareDatabase { db in
            // Without it REPLACE deletes a row and no trigger is asked.
            try db.execute(sql: "PRAGMA recursive_triggers = ON")
        }
        do {
            pool = try DatabasePool(path: path, configuration: configuration)
        } catch {
            throw LedgerError.cannotOpen(path: path, why: Self.text(of: error))
        }
        try Self.mapping {
            try pool.writeWithoutTransaction { db in
                try db.execute(sql: "PRAGMA synchronous = FULL")
            }
        }
        try assertDurable()
        try migrate()
    }

    /// Reads a consistent snapshot; never waits for a writer.
    public func read<T>(_ body: (Database) throws -> T) throws -> T {
        try Self.mapping { try pool.read(body) }
    }

    /// Runs `body` in one transaction and appends its audit entry in the same one.
    ///
    /// When this returns, changes and entry are durable together; when it throws, neither exists.
    /// A body that changes nothing leaves no entry.
    ///
    /// - Parameters:
    ///   - actor: who acts, as the institute knows them; not empty.
    ///   - reason: why, in words an inspector understands; not empty.
    @discardableResult
    public func commit<T>(
        _ actor: String, reason: String, _ body: (Transaction) throws -> T
    ) throws -> T {
        guard !actor.isEmpty, !reason.isEmpty else { throw LedgerError.emptyActorOrReason }
        return try Self.mapping {
            try pool.write { db in
                // Read once the writer's turn has come, so that the order of entries is that of time.
                let at = clock()
                let transaction = Transaction(database: db, at: at)
                let result = try body(transaction)
                try AuditLog.append(
                    actor: actor, reason: reason, at: at, changes: transaction.changes, to: db)
                return result
            }
        }
    }

    /// When the last change was made; nil for a ledger without one.
    public func lastChange() throws -> Instant? {
        try Self.mapping {
            try pool.read { db in
                try String.fetchOne(db, sql: "SELECT at FROM audit_entry ORDER BY id DESC LIMIT 1")
            }
        }.flatMap { Instant($0) }
    }

    /// Checks the whole audit chain and every audited row against it.
    public func verifyAudit() throws -> AuditVerification {
        try Self.mapping {
            try pool.read { db in
                try AuditLog.verify(db, tables: auditedTables(db))
            }
        }
    }

    /// Writes a consistent copy of the whole ledger to `path`, which must not exist yet.
    public func backup(to path: String) throws {
        guard !Self.exists(path) else {
            throw LedgerError.cannotOpen(path: path, why: "a file of that name is there already")
        }
        try Self.mapping {
            let copy = try DatabaseQueue(path: path)
            try pool.backup(to: copy)
            try copy.close()
        }
    }

    private func auditedTables(_ db: Database) throws -> [String] {
        try String.fetchAll(
            db,
            sql: """
                SELECT name FROM sqlite_master WHERE type = 'table' AND substr(name, 1, 7) <> 'sqlite_'
                AND name NOT IN ('audit_entry', 'audit_change', 'grdb_migrations') ORDER BY name
                """)
    }

    private func assertDurable() throws {
        let (synchronous, journal, foreignKeys) = try Self.mapping {
            try pool.writeWithoutTransaction { db in
                (
                    try Int.fetchOne(db, sql: "PRAGMA synchronous") ?? -1,
                    try String.fetchOne(db, sql: "PRAGMA journal_mode") ?? "?",
                    try Int.fetchOne(db, sql: "PRAGMA foreign_keys") ?? -1
                )
            }
        }
        func require(_ holds: Bool, _ setting: String, _ found: String) throws {
            guard holds else {
                throw LedgerError.unsafeSetting(path: path, setting: setting, found: found)
            }
        }
        try require(synchronous >= 2, "synchronous", "\(synchronous)")
        try require(journal == "wal", "journal_mode", journal)
        try require(foreignKeys == 1, "foreign_keys", "\(foreignKeys)")
    }

    private func migrate() throws {
        var migrator = DatabaseMigrator()
        for schema in schemas {
            for migration in schema.migrations {
                migrator.registerMigration("\(schema.module)/\(migration.name)") { db in
                    try db.execute(sql: migration.sql)
                }
            }
        }
        let superseded = try Self.mapping { try pool.read(migrator.hasBeenSuperseded) }
        guard !superseded else { throw LedgerError.newerSchema(path: path) }
        try Self.mapping {
            // Two processes that open a new ledger at once both find nothing applied; the second
            // one's migration then fails on what the first made, and finds it done when it looks again.
            if try !pool.read(migrator.hasCompletedMigrations) {
                do { try migrator.migrate(pool) } catch {
                    guard try pool.read(migrator.hasCompletedMigrations) else { throw error }
                }
            }
            let wanted = schemas.flatMap(\.appendOnly).flatMap { table in
                ["update", "delete"].map { (table, $0) }
            }
            let present = try pool.read { db in
                Set(try String.fetchAll(db, sql: "SELECT name FROM sqlite_master WHERE type = 'trigger'"))
            }
            let missing = wanted.filter { !present.contains("\($0.0)_refuses_\($0.1)") }
            guard !missing.isEmpty else { return }
            try pool.write { db in
                for (table, verb) in missing {
                    try db.execute(
                        sql: """
                            CREATE TRIGGER IF NOT EXISTS \(table)_refuses_\(verb)
                            BEFORE \(verb.uppercased()) ON \(table)
                            BEGIN SELECT RAISE(ABORT, '\(table) is append-only: rows are never changed or deleted'); END
                            """)
                }
            }
        }
    }

    /// Turns the storage library's errors into this module's, and leaves every other error alone.
    private static func mapping<T>(_ body: () throws -> T) throws -> T {
        do {
            return try body()
        } catch let error as DatabaseError {
            throw LedgerError.failed(why: text(of: error))
        }
    }

    private static func text(of error: any Error) -> String {
        guard let error = error as? DatabaseError else { return "\(error)" }
        return error.message ?? "SQLite code \(error.resultCode.rawValue)"
    }

    private static func exists(_ path: String) -> Bool {
        access(path, F_OK) == 0
    }
}
