import Chronometry
import Foundation
import GRDB
import Ledger
import Synchronization
import Testing

@Suite struct DurabilityTests {
    private struct Settings: Equatable {
        var journal: String?
        var synchronous, foreignKeys: Int?
        static let durable = Settings(journal: "wal", synchronous: 2, foreignKeys: 1)
    }

    /// As the connection that writes has them.
    private func settings(of ledger: Ledger) throws -> Settings {
        try ledger.commit("test", reason: "look") {
            Settings(
                journal: try String.fetchOne($0.database, sql: "PRAGMA journal_mode"),
                synchronous: try Int.fetchOne($0.database, sql: "PRAGMA synchronous"),
                foreignKeys: try Int.fetchOne($0.database, sql: "PRAGMA foreign_keys"))
        }
    }

    @Test func `a fresh and a reopened ledger write through to the disk`() throws {
        try withFolder { path in
            let fresh = try settings(of: openLedger(path))
            #expect(fresh == .durable)
            let reopened = try settings(of: openLedger(path))
            #expect(reopened == .durable)
            // Another program switched the file to a rollback journal meanwhile.
            try tamper(path, "PRAGMA journal_mode = DELETE")
            let switched = try settings(of: openLedger(path))
            #expect(switched == .durable)
        }
    }

    @Test func `a missing file is an error where none is to be made`() throws {
        try withFolder { path in
            let error = #expect(throws: LedgerError.self) {
                try Ledger(path: path, schemas: [bench], create: false)
            }
            guard case .notFound(path) = error else {
                Issue.record("\(String(describing: error))")
                return
            }
            #expect(!FileManager.default.fileExists(atPath: path))
            #expect(error?.description.contains(path) == true)
            _ = try openLedger(path)
            #expect(throws: Never.self) { try Ledger(path: path, schemas: [bench], create: false) }
        }
    }

    @Test func `what is not a ledger is not opened`() throws {
        try withFolder { path in
            try Data("not a database, but long enough to be looked at as one".utf8).write(
                to: URL(fileURLWithPath: path))
            #expect(throws: LedgerError.self) { try openLedger(path) }
            #expect(throws: LedgerError.self) { try openLedger(path + "/below/a/file") }
        }
    }

    @Test func `a ledger of a newer program is left alone`() throws {
        try withFolder { path in
            let newer = LedgerSchema(
                module: "bench", migrations: bench.migrations + [.init("2", "ALTER TABLE reading ADD COLUMN unit TEXT")]
            )
            try openLedger(path, [newer]).commit("deng", reason: "first") {
                try $0.insert("reading", ["value": 1.5, "unit": "L"])
            }
            let error = #expect(throws: LedgerError.self) { try openLedger(path) }
            guard case .newerSchema(path) = error else {
                Issue.record("\(String(describing: error))")
                return
            }
            #expect(try openLedger(path, [newer]).verifyAudit().isSound)
        }
    }

    @Test func `a backup is a sound ledger, and replaces nothing`() throws {
        try withFolder { path in
            let ledger = try openLedger(path)
            try ledger.commit("deng", reason: "first") { try $0.insert("reading", ["value": 1.5]) }
            let copy = path + ".backup"
            try ledger.backup(to: copy)
            // Taken while the ledger goes on.
            try ledger.commit("deng", reason: "second") { try $0.insert("reading", ["value": 2.5]) }
            let restored = try openLedger(copy)
            guard case .sound(entries: 1, rows: 1, _) = try restored.verifyAudit() else {
                Issue.record("\(try restored.verifyAudit())")
                return
            }
            #expect(try settings(of: restored) == .durable)
            try restored.commit("deng", reason: "goes on") { try $0.insert("seal", ["number": "A1"]) }
            #expect(try restored.verifyAudit().isSound)

            let bytes = try Data(contentsOf: URL(fileURLWithPath: copy))
            let error = #expect(throws: LedgerError.self) { try ledger.backup(to: copy) }
            guard case .cannotOpen(copy, _) = error else {
                Issue.record("\(String(describing: error))")
                return
            }
            #expect(try Data(contentsOf: URL(fileURLWithPath: copy)) == bytes)
        }
    }
}

@Suite struct CommitTests {
    private struct Interruption: Error {}

    @Test func `a commit and its entry exist together`() throws {
        try withFolder { path in
            let (ledger, reader) = (try openLedger(path), try openLedger(path))
            let key = try ledger.commit("邓", reason: "首次登记") { transaction in
                #expect(transaction.at == start)
                let key = try transaction.insert("reading", ["value": 1.5, "note": nil])
                // Not before the commit has returned, whoever looks.
                #expect(try count("reading", in: reader) == 0)
                #expect(try count("audit_entry", in: reader) == 0)
                return key
            }
            #expect(key == 1)
            #expect(try count("reading", in: reader) == 1)
            let entry = try #require(try reader.read { try Row.fetchOne($0, sql: "SELECT * FROM audit_entry") })
            #expect(entry["actor"] == "邓")
            #expect(entry["reason"] == "首次登记")
            #expect(entry["at"] == "2026-11-25T03:30:00.000Z")
            #expect(try count("audit_change", in: reader) == 1)
        }
    }

    @Test func `a commit that fails leaves neither rows nor entry`() throws {
        try withFolder { path in
            let ledger = try openLedger(path)
            try ledger.commit("deng", reason: "first") { try $0.insert("reading", ["value": 1]) }
            let before = try ledger.verifyAudit()

            #expect(throws: Interruption.self) {
                try ledger.commit("deng", reason: "interrupted") {
                    try $0.insert("reading", ["value": 2])
                    try $0.update("reading", 1, set: ["value": 9])
                    throw Interruption()
                }
            }
            #expect(throws: LedgerError.self) {
                try ledger.commit("deng", reason: "a row without its value") {
                    try $0.insert("reading", ["value": 2])
                    try $0.insert("reading", ["note": "none"])
                }
            }
            #expect(throws: LedgerError.self) {
                try ledger.commit("deng", reason: "a line of no reading") {
                    try $0.insert("reading", ["value": 2])
                    try $0.insert("line", ["reading": 77])
                }
            }
            let error = #expect(throws: LedgerError.self) {
                try ledger.commit("deng", reason: "no such row") {
                    try $0.insert("reading", ["value": 2])
                    try $0.update("reading", 77, set: ["value": 9])
                }
            }
            guard case .noSuchRow(table: "reading", key: 77) = error else {
                Issue.record("\(String(describing: error))")
                return
            }
            #expect(try ledger.verifyAudit() == before)
            #expect(try ledger.read { try Double.fetchAll($0, sql: "SELECT value FROM reading") } == [1])
        }
    }

    @Test func `who and why are not optional`() throws {
        try withFolder { path in
            let ledger = try openLedger(path)
            for (actor, reason) in [("", "why"), ("who", "")] {
                let error = #expect(throws: LedgerError.self) {
                    try ledger.commit(actor, reason: reason) { try $0.insert("reading", ["value": 1]) }
                }
                guard case .emptyActorOrReason = error else {
                    Issue.record("\(String(describing: error))")
                    return
                }
            }
            #expect(try count("reading", in: ledger) == 0)
            #expect(try ledger.verifyAudit() == .empty)
        }
    }

    @Test func `a commit that changes nothing leaves no entry`() throws {
        try withFolder { path in
            let ledger = try openLedger(path)
            try ledger.commit("deng", reason: "nothing") { _ in }
            #expect(try ledger.verifyAudit() == .empty)
            #expect(try count("audit_entry", in: ledger) == 0)
        }
    }

    @Test func `each change of a commit is one change of its entry, in order`() throws {
        try withFolder { path in
            let ledger = try openLedger(path)
            try ledger.commit("deng", reason: "first") {
                let key = try $0.insert("reading", ["value": 1])
                try $0.insert("line", ["reading": key])
                try $0.update("reading", key, set: ["note": "corrected"])
            }
            let changes = try ledger.read {
                try String.fetchAll(
                    $0,
                    sql:
                        "SELECT entry || ' ' || table_name || ' ' || key || ' ' || operation FROM audit_change ORDER BY id"
                )
            }
            #expect(changes == ["1 reading 1 insert", "1 line 1 insert", "1 reading 1 update"])
            #expect(try ledger.verifyAudit().isSound)
        }
    }

    @Test(arguments: ["seal", "audit_entry", "audit_change"])
    func `append-only rows are neither changed nor deleted, whoever asks`(table: String) throws {
        try withFolder { path in
            let ledger = try openLedger(path)
            try ledger.commit("deng", reason: "first") { try $0.insert("seal", ["number": "A1"]) }
            for sql in ["UPDATE \(table) SET id = id + 100", "DELETE FROM \(table)"] {
                let error = #expect(throws: DatabaseError.self) { try tamper(path, sql) }
                #expect(error?.message == "\(table) is append-only: rows are never changed or deleted")
                #expect(throws: LedgerError.self) {
                    try ledger.commit("deng", reason: "try") { try $0.database.execute(sql: sql) }
                }
            }
            #expect(throws: LedgerError.self) {
                try ledger.commit("deng", reason: "try") { try $0.update("seal", 1, set: ["number": "A2"]) }
            }
            #expect(try count(table, in: ledger) == 1)
            #expect(try ledger.verifyAudit().isSound)
        }
    }

    @Test func `opening restores the triggers that were taken away`() throws {
        try withFolder { path in
            _ = try openLedger(path)
            try tamper(path, "DROP TRIGGER seal_refuses_delete; DROP TRIGGER audit_entry_refuses_update")
            try openLedger(path).commit("deng", reason: "first") { try $0.insert("seal", ["number": "A1"]) }
            #expect(throws: DatabaseError.self) { try tamper(path, "DELETE FROM seal") }
            #expect(throws: DatabaseError.self) { try tamper(path, "UPDATE audit_entry SET actor = 'xiao'") }
        }
    }
}

@Suite struct ConcurrencyTests {
    /// Runs `body` at once on as many threads; what any of them throws fails the test.
    private func atOnce(_ threads: Int, _ body: @Sendable (Int) throws -> Void) {
        let errors = Mutex<[String]>([])
        DispatchQueue.concurrentPerform(iterations: threads) { number in
            do { try body(number) } catch { errors.withLock { $0.append("\(error)") } }
        }
        #expect(errors.withLock { $0 } == [])
    }

    @Test func `writers with connections of their own keep one chain`() throws {
        try withFolder { path in
            _ = try openLedger(path)
            // Each with a ledger of its own on the file, as separate processes have.
            atOnce(4) { thread in
                let ledger = try Ledger(path: path, schemas: [bench])
                for n in 0..<25 {
                    try ledger.commit("writer \(thread)", reason: "reading \(n)") {
                        try $0.insert("reading", ["value": Double(n)])
                    }
                }
            }
            let ledger = try openLedger(path)
            guard case .sound(entries: 100, rows: 100, _) = try ledger.verifyAudit() else {
                Issue.record("\(try ledger.verifyAudit())")
                return
            }
            let moments = try ledger.read { try String.fetchAll($0, sql: "SELECT at FROM audit_entry ORDER BY id") }
            #expect(moments == moments.sorted(), "the order of the chain is the order of time")
        }
    }

    @Test func `one ledger serves many threads`() throws {
        try withFolder { path in
            let ledger = try openLedger(path)
            atOnce(4) { thread in
                for n in 0..<25 {
                    try ledger.commit("thread \(thread)", reason: "\(n)") {
                        try $0.insert("reading", ["value": Double(n)])
                    }
                    _ = try ledger.verifyAudit()
                }
            }
            guard case .sound(entries: 100, rows: 100, _) = try ledger.verifyAudit() else {
                Issue.record("\(try ledger.verifyAudit())")
                return
            }
        }
    }

    @Test func `an entry's moment is taken once its turn has come`() throws {
        try withFolder { path in
            let first = try openLedger(path)
            let (begun, asked) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
            let order = Mutex<[String]>([])
            let second = try Ledger(
                path: path, schemas: [bench],
                clock: {
                    order.withLock { $0.append("the second asks for the time") }
                    asked.signal()
                    return start
                })
            atOnce(2) { thread in
                if thread == 0 {
                    try first.commit("first", reason: "long") {
                        try $0.insert("reading", ["value": 1])
                        begun.signal()
                        // A second that asked already would be answered within this wait.
                        _ = asked.wait(timeout: .now() + 0.3)
                        order.withLock { $0.append("the first has written") }
                    }
                } else {
                    _ = begun.wait(timeout: .now() + 10)
                    try second.commit("second", reason: "waits") { _ = try $0.insert("reading", ["value": 2]) }
                }
            }
            #expect(order.withLock { $0 } == ["the first has written", "the second asks for the time"])
        }
    }

    @Test func `a new ledger may be opened by several at once`() throws {
        // Often enough for the openings to meet in the middle of making the tables.
        for _ in 0..<10 {
            try withFolder { path in
                atOnce(4) { thread in
                    try Ledger(path: path, schemas: [bench]).commit("opener \(thread)", reason: "first") {
                        _ = try $0.insert("reading", ["value": 1])
                    }
                }
                let ledger = try openLedger(path)
                #expect(try count("reading", in: ledger) == 4)
                #expect(try ledger.verifyAudit().isSound)
            }
        }
    }
}
