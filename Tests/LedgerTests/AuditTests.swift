import Chronometry
import Foundation
import GRDB
import Ledger
import Testing

@Suite struct AuditTests {
    /// Three entries: readings 1 and 2; reading 2 corrected; seal 1, reading 3.
    private func withThreeEntries<T>(_ body: (String, Ledger) throws -> T) throws -> T {
        try withFolder { path in
            let ledger = try openLedger(path)
            try ledger.commit("deng", reason: "first") {
                try $0.insert("reading", ["value": 1])
                try $0.insert("reading", ["value": 2])
            }
            try ledger.commit("xiao", reason: "second") { try $0.update("reading", 2, set: ["value": 2.5]) }
            try ledger.commit("deng", reason: "third") {
                try $0.insert("seal", ["number": "A1"])
                try $0.insert("reading", ["value": 3])
            }
            return try body(path, ledger)
        }
    }

    @Test func `an unused ledger has an empty chain`() throws {
        try withFolder { path in
            let fresh = try openLedger(path)
            #expect(try fresh.verifyAudit() == .empty)
            let reopened = try openLedger(path)
            #expect(try reopened.verifyAudit() == .empty)
        }
    }

    @Test func `a sound chain counts its entries and rows and names its head`() throws {
        try withThreeEntries { path, ledger in
            let head = try ledger.read {
                try String.fetchOne($0, sql: "SELECT hash FROM audit_entry WHERE id = 3") ?? ""
            }
            #expect(head.utf8.count == 64)
            #expect(try ledger.verifyAudit() == .sound(entries: 3, rows: 4, head: head))
            #expect(try openLedger(path).verifyAudit() == .sound(entries: 3, rows: 4, head: head))
        }
    }

    struct Tampering: CustomTestStringConvertible {
        let what: String
        let sql: String
        let found: AuditVerification.Break
        var testDescription: String { what }

        init(_ what: String, _ sql: String, _ found: AuditVerification.Break) {
            self.what = what
            self.sql = sql
            self.found = found
        }
    }

    private static let moment = "2026-11-25T03:30:00.000Z"
    private static let second = AuditVerification.Break.wrongHash(entry: 2, at: moment, actor: "xiao")

    static let tamperings: [Tampering] = [
        // Rows.
        .init(
            "a row altered", "UPDATE reading SET value = 9 WHERE id = 1",
            .alteredRow(table: "reading", key: 1, entry: 1)),
        .init(
            "a corrected row altered", "UPDATE reading SET value = 9 WHERE id = 2",
            .alteredRow(table: "reading", key: 2, entry: 2)),
        .init(
            "a correction undone", "UPDATE reading SET value = 2 WHERE id = 2",
            .alteredRow(table: "reading", key: 2, entry: 2)),
        .init(
            "an empty column filled", "UPDATE reading SET note = '' WHERE id = 3",
            .alteredRow(table: "reading", key: 3, entry: 3)),
        .init(
            "an append-only row replaced", "REPLACE INTO seal (id, number) VALUES (1, 'B2')",
            .alteredRow(table: "seal", key: 1, entry: 3)),
        .init(
            "rows swapped",
            "UPDATE reading SET id = 9 WHERE id = 1; UPDATE reading SET id = 1 WHERE id = 3; UPDATE reading SET id = 3 WHERE id = 9",
            .alteredRow(table: "reading", key: 1, entry: 1)),
        .init("a row deleted", "DELETE FROM reading WHERE id = 2", .missingRow(table: "reading", key: 2, entry: 2)),
        .init(
            "the first row deleted", "DELETE FROM reading WHERE id = 1",
            .missingRow(table: "reading", key: 1, entry: 1)),
        .init(
            "the last row deleted", "DELETE FROM reading WHERE id = 3",
            .missingRow(table: "reading", key: 3, entry: 3)),
        .init("a table dropped", "DROP TABLE reading", .missingRow(table: "reading", key: 1, entry: 1)),
        .init(
            "a row inserted at the end", "INSERT INTO reading (value) VALUES (4)",
            .unauditedRow(table: "reading", key: 4)),
        .init(
            "a row inserted before all", "INSERT INTO reading (id, value) VALUES (-5, 4)",
            .unauditedRow(table: "reading", key: -5)),
        .init(
            "a row in a table without any", "INSERT INTO line (reading) VALUES (1)",
            .unauditedRow(table: "line", key: 1)),
        .init(
            "a table made around the ledger",
            "CREATE TABLE auditor (id INTEGER PRIMARY KEY); INSERT INTO auditor VALUES (7)",
            .unauditedRow(table: "auditor", key: 7)),
        // Entries.
        .init(
            "an actor altered", "UPDATE audit_entry SET actor = 'deng' WHERE id = 2",
            .wrongHash(entry: 2, at: moment, actor: "deng")),
        .init("a reason altered", "UPDATE audit_entry SET reason = 'second.' WHERE id = 2", second),
        .init(
            "a time altered", "UPDATE audit_entry SET at = '2026-11-25T03:30:00.001Z' WHERE id = 2",
            .wrongHash(entry: 2, at: "2026-11-25T03:30:00.001Z", actor: "xiao")),
        .init(
            "a time spelled otherwise", "UPDATE audit_entry SET at = '2026-11-25T03:30:00Z' WHERE id = 2",
            .wrongHash(entry: 2, at: "2026-11-25T03:30:00Z", actor: "xiao")),
        .init(
            "a time that is none", "UPDATE audit_entry SET at = 'yesterday' WHERE id = 2",
            .wrongHash(entry: 2, at: "yesterday", actor: "xiao")),
        .init(
            "a hash altered",
            "UPDATE audit_entry SET hash = replace(hash, substr(hash, 1, 8), '00000000') WHERE id = 2", second),
        .init(
            "the newest hash altered", "UPDATE audit_entry SET hash = '' WHERE id = 3",
            .wrongHash(entry: 3, at: moment, actor: "deng")),
        .init(
            "a predecessor altered", "UPDATE audit_entry SET previous = hash WHERE id = 2",
            .wrongPredecessor(entry: 2)),
        .init(
            "the first predecessor altered", "UPDATE audit_entry SET previous = hash WHERE id = 1",
            .wrongPredecessor(entry: 1)),
        .init(
            "an unknown encoding", "UPDATE audit_entry SET encoding = 2 WHERE id = 2",
            .unknownEncoding(entry: 2, encoding: 2)),
        .init(
            "the first entry removed", "DELETE FROM audit_entry WHERE id = 1", .missingEntry(expected: 1, found: 2)),
        .init(
            "an entry removed", "DELETE FROM audit_entry WHERE id = 2; DELETE FROM audit_change WHERE entry = 2",
            .missingEntry(expected: 2, found: 3)),
        .init(
            "an entry removed and the rest renumbered",
            """
            DELETE FROM audit_entry WHERE id = 2; DELETE FROM audit_change WHERE entry = 2;
            UPDATE audit_entry SET id = 2 WHERE id = 3; UPDATE audit_change SET entry = 2 WHERE entry = 3
            """, .wrongPredecessor(entry: 2)),
        .init(
            "the newest entry removed", "DELETE FROM audit_entry WHERE id = 3",
            .strayChange(table: "seal", key: 1, entry: 3)),
        .init(
            "the newest entry and its changes removed",
            "DELETE FROM audit_entry WHERE id = 3; DELETE FROM audit_change WHERE entry = 3",
            .unauditedRow(table: "reading", key: 3)),
        .init(
            "every entry removed", "DELETE FROM audit_entry; DELETE FROM audit_change",
            .unauditedRow(table: "reading", key: 1)),
        .init(
            "entries swapped",
            """
            UPDATE audit_entry SET id = 9 WHERE id = 2; UPDATE audit_entry SET id = 2 WHERE id = 3;
            UPDATE audit_entry SET id = 3 WHERE id = 9
            """, .wrongPredecessor(entry: 2)),
        .init(
            "an entry appended with a hash of fancy",
            "INSERT INTO audit_entry SELECT 4, at, actor, reason, encoding, hash, 'f' FROM audit_entry WHERE id = 3",
            .wrongHash(entry: 4, at: moment, actor: "deng")),
        // Changes.
        .init("a change removed", "DELETE FROM audit_change WHERE entry = 2", second),
        .init("a digest altered", "UPDATE audit_change SET digest = '' WHERE entry = 2", second),
        .init("an operation altered", "UPDATE audit_change SET operation = 'insert' WHERE entry = 2", second),
        .init("a key altered", "UPDATE audit_change SET key = 1 WHERE entry = 2", second),
        .init("a table altered", "UPDATE audit_change SET table_name = 'seal' WHERE entry = 2", second),
        .init(
            "a change moved to another entry", "UPDATE audit_change SET entry = 1 WHERE entry = 2",
            .wrongHash(entry: 1, at: moment, actor: "deng")),
        .init(
            "the changes of an entry reordered",
            "UPDATE audit_change SET id = id + 10 WHERE entry = 1 AND key = 1",
            .wrongHash(entry: 1, at: moment, actor: "deng")),
        .init(
            "a change added",
            "INSERT INTO audit_change (entry, table_name, key, operation, digest) VALUES (2, 'reading', 1, 'update', 'd')",
            second),
        .init(
            "a change of an unknown kind added",
            """
            PRAGMA ignore_check_constraints = ON;
            INSERT INTO audit_change (entry, table_name, key, operation, digest)
            VALUES (2, 'reading', 1, 'forget', 'd')
            """, second),
        .init(
            "a change of no entry added",
            "INSERT INTO audit_change (entry, table_name, key, operation, digest) VALUES (99, 'reading', 1, 'update', 'd')",
            .strayChange(table: "reading", key: 1, entry: 99)),
        .init(
            // Within each entry the order stays; only the newest record of the row is another.
            "a correction undone and its older record put last",
            "UPDATE reading SET value = 2 WHERE id = 2; UPDATE audit_change SET id = 100 WHERE entry = 1 AND key = 2",
            .alteredRow(table: "reading", key: 2, entry: 2)),
    ]

    @Test(arguments: tamperings)
    func `every break is found and named`(tampering: Tampering) throws {
        try withThreeEntries { path, ledger in
            let triggers = ["seal", "audit_entry", "audit_change"].flatMap { table in
                ["update", "delete"].map { "DROP TRIGGER \(table)_refuses_\($0);" }
            }
            try tamper(path, triggers.joined() + tampering.sql)
            #expect(try ledger.verifyAudit() == .broken(tampering.found))
            // And the same from the file alone, by a program that was started since.
            #expect(try openLedger(path).verifyAudit() == .broken(tampering.found))
        }
    }

    @Test func `of several breaks the first is named`() throws {
        try withThreeEntries { path, ledger in
            try tamper(
                path,
                """
                DROP TRIGGER audit_entry_refuses_update; UPDATE audit_entry SET reason = 'x' WHERE id >= 2;
                UPDATE reading SET value = 9
                """)
            #expect(try ledger.verifyAudit() == .broken(Self.second))
        }
    }

    @Test func `each kind of break is worded for an inspector`() {
        let descriptions = Self.tamperings.map(\.found.description)
        for text in [
            "entry 2 is missing: the next one present is 3",
            "entry 2 uses encoding 2, which this program does not know",
            "entry 2 does not name entry 1's hash as its predecessor",
            "entry 2 (\(Self.moment), xiao) does not have the hash of its own content",
            "a change of row 1 of seal names entry 3, which the chain does not have",
            "row 1 of reading is not what entry 1 recorded",
            "row 2 of reading, recorded by entry 2, is gone",
            "row 4 of reading stands in no entry: it was written around the ledger",
        ] {
            #expect(descriptions.contains(text), "\(text)")
        }
    }
}

@Suite struct AuditEncodingTests {
    /// The byte layout of encoding 1, hashed outside this program. Were this test to fail, every ledger
    /// in the field would be called broken: the encoding gets a new number instead.
    @Test func `encoding 1 is pinned`() throws {
        try withFolder { path in
            let schema = LedgerSchema(
                module: "vector",
                migrations: [
                    .init(
                        "1",
                        "CREATE TABLE vector (id INTEGER PRIMARY KEY, d BLOB, c TEXT, b REAL, a INTEGER, e TEXT) STRICT"
                    )
                ])
            let ledger = try Ledger(
                path: path, schemas: [schema], clock: { Instant(milliseconds: 1_795_577_423_118) })
            try ledger.commit("邓", reason: "首次登记") {
                try $0.insert(
                    "vector", ["a": -7, "b": 0.1, "c": "衡准", "d": Data([0, 255, 16]), "e": nil])
            }
            let digest = try ledger.read { try String.fetchOne($0, sql: "SELECT digest FROM audit_change") }
            #expect(digest == "67bf1237bec67d1c8bcbefa4ff9b3fee00ba6ecd3aa5fe0d035c1824a918d016")
            #expect(
                try ledger.verifyAudit()
                    == .sound(
                        entries: 1, rows: 1,
                        head: "88a39a386fd3474a941fb27f3542013b702ca9bc3d50437aaafc4e7cf183b8c6"))
        }
    }

    @Test func `a column added later leaves old digests as they were`() throws {
        try withFolder { path in
            let ledger = try openLedger(path)
            try ledger.commit("deng", reason: "first") {
                try $0.insert("reading", ["value": 1, "note": nil])
                try $0.insert("reading", ["value": 2, "note": "two"])
            }
            let before = try ledger.verifyAudit()
            let wider = LedgerSchema(
                module: "bench",
                migrations: bench.migrations + [.init("2", "ALTER TABLE reading ADD COLUMN unit TEXT")],
                appendOnly: bench.appendOnly)
            let reopened = try openLedger(path, [wider])
            #expect(try reopened.verifyAudit() == before)
            try reopened.commit("deng", reason: "the unit, too") {
                try $0.update("reading", 1, set: ["unit": "L"])
                try $0.insert("reading", ["value": 3, "unit": "mL"])
            }
            #expect(try reopened.verifyAudit().isSound)
            try tamper(path, "UPDATE reading SET unit = 'L' WHERE id = 2")
            #expect(
                try reopened.verifyAudit() == .broken(.alteredRow(table: "reading", key: 2, entry: 1)))
        }
    }

    @Test func `values of unlike kinds never share a digest`() throws {
        try withFolder { path in
            let schema = LedgerSchema(
                module: "kinds",
                migrations: [.init("1", "CREATE TABLE kind (id INTEGER PRIMARY KEY, a ANY, b ANY) STRICT")])
            let ledger = try openLedger(path, [schema])
            let digests = try ledger.commit("deng", reason: "kinds") { transaction in
                let rows: [(a: (any DatabaseValueConvertible)?, b: (any DatabaseValueConvertible)?)] = [
                    (1, nil), (nil, 1), (1.0, nil), ("1", nil), (Data("1".utf8), nil), ("", nil), (Data(), nil),
                    (0, nil), (0.0, nil), (-0.0, nil), ("ab", "c"), ("a", "bc"), ("b", "a"), ("a", "b"),
                ]
                for row in rows {
                    // One id for all: rows of unlike id differ anyway.
                    try transaction.database.execute(sql: "DELETE FROM kind")
                    try transaction.insert("kind", ["id": 1, "a": row.a, "b": row.b])
                }
                return rows.count
            }
            let distinct = try ledger.read {
                try Int.fetchOne($0, sql: "SELECT count(DISTINCT digest) FROM audit_change")
            }
            #expect(distinct == digests)
        }
    }

    @Test func `hexadecimal of bytes`() {
        #expect([0x00, 0x0F, 0xA0, 0xFF].hexadecimal == "000fa0ff")
        #expect([UInt8]().hexadecimal == "")
    }
}
