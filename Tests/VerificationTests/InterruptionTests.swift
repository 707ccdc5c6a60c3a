import Chronometry
import Foundation
import GRDB
import Ledger
import Simulation
import Testing
import Verification

/// `kill -9` of the real program at chosen moments, then the same command again.
@Suite(.serialized) struct InterruptionTests {
    private static var program: String {
        ProcessInfo.processInfo.environment["STEELYARD_PROGRAM"]
            ?? "\(DemonstrationLaboratory.root)/.build/release/steelyard"
    }

    /// Runs `steelyard verify`; kills it after `seconds` where given.
    private func verify(
        _ job: String, _ laboratory: DemonstrationLaboratory, killAfter seconds: Double?
    ) throws -> (status: Int32, wasKilled: Bool, output: String) {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: Self.program)
        process.arguments = [
            "verify", job, "--database", laboratory.database, "--data", DemonstrationLaboratory.root,
        ]
        let path = "\(laboratory.folder)/output-\(UUID().uuidString)"
        _ = FileManager.default.createFile(atPath: path, contents: nil)
        let handle = try #require(FileHandle(forWritingAtPath: path))
        process.standardOutput = handle
        process.standardError = handle
        try process.run()
        if let seconds {
            Thread.sleep(forTimeInterval: seconds)
            if process.isRunning { kill(process.processIdentifier, SIGKILL) }
        }
        process.waitUntilExit()
        return (
            process.terminationStatus, process.terminationReason == .uncaughtSignal,
            try String(contentsOfFile: path, encoding: .utf8)
        )
    }

    /// Runs by point and repetition whose readings the program said it had taken.
    private func said(_ what: String, in outputs: [String]) -> [String: Int] {
        var counts: [String: Int] = [:]
        for line in outputs.joined(separator: "\n").split(separator: "\n") where line.contains(what) {
            let key = line.split(separator: ":")[0].trimmingCharacters(in: .whitespaces)
            counts[key, default: 0] += 1
        }
        return counts
    }

    @Test(arguments: 1...8)
    func theSameCommandGoesOnWhereItWas(trial: Int) throws {
        let laboratory = try DemonstrationLaboratory()
        defer { laboratory.remove() }
        let bench = try SimulatedWaterBench(
            WaterBenchWorld(seed: UInt64(trial)), speed: 4000,
            monotonicSeconds: SystemClock.monotonicSeconds)
        defer { bench.stop() }
        let job = try laboratory.job(
            "killed-\(trial)", references: bench.references.port, meters: bench.meters.port)

        var outputs: [String] = []
        var kills = 0
        // Moments spread over start-up, readings, running water and commits; each trial shifts them.
        for attempt in 0..<5 {
            let moment =
                0.08 + 0.037 * Double(trial) + 0.31 * Double(attempt).truncatingRemainder(dividingBy: 3)
            let result = try verify(job, laboratory, killAfter: moment)
            outputs.append(result.output)
            if result.wasKilled { kills += 1 } else { break }
        }
        #expect(kills > 0, "no kill fell into the session: the moments have to be earlier")
        let last = try verify(job, laboratory, killAfter: nil)
        outputs.append(last.output)
        #expect([0, 1].contains(last.status), "\(last.output)")

        // What was said to be taken is there.
        let (starts, ends) = (
            said("start readings taken", in: outputs), said("end readings taken", in: outputs)
        )
        let (events, readings) = try laboratory.ledger.read { db in
            (
                try Row.fetchAll(
                    db, sql: "SELECT kind, point, repetition FROM session_event WHERE point IS NOT NULL"),
                try Row.fetchAll(
                    db,
                    sql: """
                        SELECT point, repetition, attempt, role, count(*) AS n FROM observation
                        WHERE role IN ('indicated-start', 'indicated-end') GROUP BY 1, 2, 3, 4
                        """)
            )
        }
        func key(_ row: Row) -> String { "\(row["point"] as String) 第\(row["repetition"] as Int)次" }
        for (run, count) in starts {
            let stored = events.filter { key($0) == run && $0["kind"] == "run-started" }.count
            #expect(stored >= count, "\(run): \(count) starts shown, \(stored) on disk")
            let sets = readings.filter { key($0) == run && $0["role"] == "indicated-start" }
            #expect(sets.count >= count && sets.allSatisfy { $0["n"] == 10 })
        }
        for (run, count) in ends {
            let sets = readings.filter { key($0) == run && $0["role"] == "indicated-end" }
            #expect(sets.count >= count && sets.allSatisfy { $0["n"] == 10 })
        }
        #expect(!starts.isEmpty)

        let records = try Records(laboratory.ledger).records(ofJob: "killed-\(trial)", institution: "421200")
        #expect(records.count == 10)
        for stored in records {
            #expect(try Records(laboratory.ledger).recompute(stored.record.number).isIdentical)
        }
        guard case .sound = try laboratory.ledger.verifyAudit() else {
            Issue.record("the audit chain is not sound after the kills")
            return
        }
        // Once more: nothing is done twice.
        let again = try verify(job, laboratory, killAfter: nil)
        #expect(again.status == last.status)
        #expect(!again.output.contains("readings taken"))
    }
}
