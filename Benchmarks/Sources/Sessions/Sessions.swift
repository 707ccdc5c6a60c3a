import Chronometry
import Foundation
import GRDB
import Ledger
import Metrology
import Procedures
import Registry
import Traceability
import Verification

/// What the work of a bench costs.
///
/// `Sessions evaluate PROCEDURE`: milliseconds to evaluate 64 water meters, three points read three times each.
/// `Sessions records FILE COUNT`: makes a ledger with so many closed records where there is none, then prints the
/// milliseconds to open one, the median and the slowest of a thousand.
@main struct Benchmark {
    static func main() throws {
        let arguments = CommandLine.arguments
        switch (arguments.dropFirst().first, arguments.count) {
        case ("evaluate", 3): try evaluate(arguments[2])
        case ("records", 4): try records(arguments[2], Int(arguments[3]) ?? 0)
        default: print("usage: Sessions evaluate PROCEDURE | Sessions records FILE COUNT")
        }
    }

    private static func evaluate(_ path: String) throws {
        // As it ships, only that every reading counts: the worst case of a bench.
        let text = try String(contentsOfFile: path, encoding: .utf8)
            .replacingOccurrences(of: "readings_at_most: 2", with: "readings_at_most: 3")
        let procedure = try Procedure.parse(text, file: path)
        func number(_ text: String, _ unit: String) -> Quantity {
            Quantity(ExactDecimal(text) ?? ExactDecimal(0), MeasurementUnit(unit) ?? .one)
        }
        let positions = (0..<64).map { position in
            var rows: [VerificationData.Row] = []
            for point in ["Q3", "Q2", "Q1"] {
                for repetition in 1...3 {
                    // Outside at first, so that none is left out.
                    let shown = 100 + 0.1 * Double(position % 7) + (repetition == 1 ? 6 : 0.01 * Double(repetition))
                    rows.append(
                        .init(
                            point: point, repetition: repetition,
                            values: [
                                "indicated": number("\(shown)", "L"), "reference": number("100.02", "L"),
                                "temperature": number("20.1", "°C"),
                            ]))
                }
            }
            return VerificationData(
                stage: .subsequent,
                nameplate: procedure.plate(["Q3": "2.5", "R": "80", "class": "2", "DN": "20"]),
                checks: ["appearance": true, "tightness": true],
                standards: ["reference": .expanded(number("0.1", "%"), k: 2)],
                repeatability: ["indication.error": .init(deviation: number("0.05", "%"), degreesOfFreedom: 9)],
                tests: ["indication": rows])
        }
        var best = Double.infinity
        var verdicts = 0
        for _ in 0..<20 {
            let start = ContinuousClock.now
            for data in positions { verdicts += try procedure.evaluate(data).verdict == .conforming ? 1 : 0 }
            best = min(best, (ContinuousClock.now - start) / .milliseconds(1))
        }
        print(best, verdicts)
    }

    private static func records(_ path: String, _ count: Int) throws {
        let schemas = [RegistryTables.schema, ProceduresTables.schema, TraceabilityTables.schema, VerificationTables.schema]
        if !FileManager.default.fileExists(atPath: path) { try fill(path, count) }
        let ledger = try Ledger(path: path, schemas: schemas, create: false)
        let records = Records(ledger)
        var generator = SeededGenerator(seed: 5)
        var times: [Double] = []
        for _ in 0..<1000 {
            let number = name(Int(generator.uniform() * Double(count)))
            let start = ContinuousClock.now
            _ = try records.record(number)
            times.append((ContinuousClock.now - start) / .milliseconds(1))
        }
        times.sort()
        print(times[500], times[999])
    }

    private static func name(_ index: Int) -> String {
        let digits = String(index % 1_000_000)
        return "R-421200-\(2026 + index / 1_000_000)-" + String(repeating: "0", count: 6 - digits.count) + digits
    }

    /// Rows as a session leaves them, without their audit: only the size matters here.
    private static func fill(_ path: String, _ count: Int) throws {
        let schemas = [RegistryTables.schema, ProceduresTables.schema, TraceabilityTables.schema, VerificationTables.schema]
        _ = try Ledger(path: path, schemas: schemas, create: true)
        let queue = try DatabaseQueue(path: path)
        try queue.writeWithoutTransaction { db in
            try db.execute(sql: "PRAGMA foreign_keys = OFF; PRAGMA synchronous = OFF")
            try db.inTransaction {
                let insert = try db.makeStatement(
                    sql: """
                        INSERT INTO verification_record (number, session, position, instrument, verdict, body, digest, closed_at)
                        VALUES (?, ?, ?, ?, 'conforming', ?, ?, '2026-11-25T00:00:00.000Z')
                        """)
                for index in 0..<count {
                    let body = try body(index)
                    try insert.execute(arguments: [name(index), index / 64, index % 64, index, body, CanonicalJSON.digest(body)])
                }
                return .commit
            }
        }
    }

    /// A record of typed readings of the usual length.
    private static func body(_ index: Int) throws -> String {
        let observations = (0..<8).map { "{\"role\":\"condition\",\"repetition\":0,\"attempt\":0,\"value\":\"\(index % 97).\($0)\",\"unit\":\"MPa\",\"profile\":\"p\",\"channel\":\"c\",\"framing\":\"rtu\",\"request\":\"01 03 00 00 00 02 C4 0B\",\"answer\":\"01 03 04 41 A4 00 00 EE 3D\",\"sentAt\":\"2026-11-25T00:00:00.000Z\",\"answeredAt\":\"2026-11-25T00:00:00.010Z\",\"line\":\"/dev/ttyUSB0\"}" }
            .joined(separator: ",")
        let file = "{\"name\":\"f\",\"digest\":\"00\"}"
        return "{\"layout\":1,\"number\":\"\(name(index))\",\"job\":\"j\",\"institution\":\"421200\",\"place\":\"p\",\"client\":\"c\",\"startedAt\":\"2026-11-25T00:00:00.000Z\",\"closedAt\":\"2026-11-25T00:00:00.000Z\",\"verifiedOn\":\"2026-11-25\",\"procedure\":\"JJG 52-2013\",\"procedureFile\":\(file),\"profiles\":[],\"verifier\":\"v\",\"subject\":{\"maker\":\"m\",\"model\":\"m\",\"serial\":\"\(index)\",\"category\":\"pressure-gauge\",\"owner\":\"o\",\"nameplate\":{}},\"standards\":[],\"observations\":[\(observations)],\"result\":{\"position\":1,\"checks\":[],\"points\":[],\"jointRules\":[],\"verdict\":\"conforming\"}}"
    }
}
