import Chronometry
import Foundation
import GRDB
import Ledger
import Testing

/// A bench of the tests: readings that may be corrected, seals that may not, and lines of a reading.
let bench = LedgerSchema(
    module: "bench",
    migrations: [
        .init(
            "1",
            """
            CREATE TABLE reading (id INTEGER PRIMARY KEY, value REAL NOT NULL, note TEXT) STRICT;
            CREATE TABLE seal (id INTEGER PRIMARY KEY, number TEXT NOT NULL UNIQUE) STRICT;
            CREATE TABLE line (
                id INTEGER PRIMARY KEY, reading INTEGER NOT NULL REFERENCES reading(id)
            ) STRICT;
            """)
    ],
    appendOnly: ["seal"])

/// 2026-11-25T03:30:00.000Z.
let start = Instant(milliseconds: 1_795_577_400_000)

func withFolder<T>(_ body: (String) throws -> T) throws -> T {
    let folder = FileManager.default.temporaryDirectory.appending(path: "ledger-\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    return try body(folder.appending(path: "ledger.sqlite").path)
}

func openLedger(_ path: String, _ schemas: [LedgerSchema] = [bench]) throws -> Ledger {
    try Ledger(path: path, schemas: schemas, clock: { start })
}

/// Runs `sql` around the ledger, on a connection of its own that minds no foreign key.
func tamper(_ path: String, _ sql: String) throws {
    var configuration = Configuration()
    configuration.foreignKeysEnabled = false
    let queue = try DatabaseQueue(path: path, configuration: configuration)
    try queue.writeWithoutTransaction { try $0.execute(sql: sql) }
    try queue.close()
}

func count(_ table: String, in ledger: Ledger) throws -> Int {
    try ledger.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM \(table)") ?? -1 }
}

extension AuditVerification {
    var isSound: Bool {
        if case .sound = self { true } else { false }
    }
}
