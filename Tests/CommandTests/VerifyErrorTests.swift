import Foundation
import Testing

extension CommandTests {
    /// `steelyard verify` refuses before it writes, and goes on where a bench left it.
    @Suite(.serialized) struct VerifyErrors {
        /// Verifies with a bench ready, and demands a refusal that left the ledger as it was.
        private func expectUntouched(
            _ laboratory: Laboratory, _ status: Int32, _ text: String, _ changes: (String, String)...,
            sourceLocation: SourceLocation = #_sourceLocation
        ) throws {
            var path = try laboratory.job()
            let job = changes.reduce(try String(contentsOfFile: path, encoding: .utf8)) {
                $0.replacingOccurrences(of: $1.0, with: $1.1)
            }
            path = try laboratory.folder.write(job, to: "job-1.yaml")
            let before = try laboratory.audit()
            expectRefusal(
                try laboratory.folder.steelyard("verify", path), status, text, sourceLocation: sourceLocation)
            #expect(try laboratory.audit() == before, sourceLocation: sourceLocation)
        }

        @Test func aFaultyJobFileIsShownWhereItIsFaulty() throws {
            let laboratory = try Laboratory()
            let before = try laboratory.audit()
            let path = try laboratory.job("job-1", ("place: test room", "plce: test room\nplace: there"))
            let outcome = try laboratory.folder.steelyard("verify", path)
            #expect(outcome.status == 2)
            #expect(outcome.output.isEmpty)
            try #require(outcome.errorLines.count == 3)
            #expect(
                outcome.errorLines[0].hasPrefix("steelyard: \(path):6:1: unknown key 'plce': did you mean 'place'?"))
            #expect(outcome.errorLines[1] == "  plce: test room")
            #expect(outcome.errorLines[2] == "  ^")
            #expect(try laboratory.audit() == before)
        }

        @Test func whatIsWrongWithTheJob() throws {
            let laboratory = try Laboratory()
            let bench = try laboratory.bench()
            let cases: [(status: Int32, text: String, from: String, to: String)] = [
                (
                    2, "the job job-1 leaves out the point Q2, which JJG 162-2019 requires: add it under 'points'",
                    "Q2: {volume: 20 L}, ", ""
                ),
                (
                    2, "JJG 162-2019 has no point 'Q9': it has Q3, Q2, Q1", "Q2: {volume",
                    "Q9: {volume: 1 L}, Q2: {volume"
                ),
                (2, "position 1 stands twice in the job", "- position: 2", "- position: 1"),
                (2, "the instrument 26110001 stands at positions 1 and 2 at once", "\"26110002\"", "\"26110001\""),
                (2, "'JJG 163-2019'", "JJG 162-2019", "JJG 163-2019"),
                (
                    2, "no standard 'flow-reference-999' is known: register it first", "flow-reference-421200",
                    "flow-reference-999"
                ),
                (2, "no person 'nobody' is known: register it first", "zhang-421200", "nobody"),
                (2, "何演示 does not belong to institution 421200", "zhang-421200", "he-421202"),
                (2, "孙演示 is not qualified as verifier for water-meter on ", "zhang-421200", "sun-421200"),
                (2, "no owner 'nobody' is known: register it first", "water-utility-demo", "nobody"),
                (
                    2, "there is no device profile 'simulated/water-metre'", "simulated/water-meter,",
                    "simulated/water-metre,"
                ),
                (
                    3, "position 2 answers with serial number 26110002, the job says 999: correct the job or the bench",
                    "\"26110002\"", "\"999\""
                ),
                (
                    3, "no answer from unit 77 on \(laboratory.folder.path)/ports/meters within 50 ms",
                    "meters?unit=2&timeout=5000", "meters?unit=77&timeout=50"
                ),
                (
                    3, "there is no port \(laboratory.folder.path)/ports/elsewhere", "ports/meters?unit=1&",
                    "ports/elsewhere?unit=1&"
                ),
            ]
            for wrong in cases {
                try expectUntouched(laboratory, wrong.status, wrong.text, (wrong.from, wrong.to))
            }
            bench.stop()
        }

        @Test func aStandardThatLapsedYesterdayStopsTheSession() throws {
            let laboratory = try Laboratory([("today + 269 days", "today - 1 days")])
            let bench = try laboratory.bench()
            try expectUntouched(
                laboratory, 2, "flow-reference-421200 must not be used: certificate 演示-LL-0001 is out of date since ")
            bench.stop()
        }

        @Test func aStandardAboveThatLapsedStopsTheSessionToo() throws {
            let laboratory = try Laboratory([
                ("reference-water-flow: today + 445 days", "reference-water-flow: today - 1 days")
            ])
            let bench = try laboratory.bench()
            try expectUntouched(laboratory, 2, "reference-water-flow-420000")
            bench.stop()
        }

        @Test func aBenchThatVanishesAndComesBack() throws {
            let laboratory = try Laboratory()
            let path = try laboratory.job()
            var bench = try laboratory.bench(speed: 200)
            let session = try laboratory.folder.start(["verify", path], until: "  Q1 第1次: start readings")
            bench.stop()
            let cut = try session.end()
            #expect(cut.status == 3)
            #expect(cut.errorLines.count == 1, "\(cut.errors)")
            #expect(
                cut.errors.contains("went away in the middle of a measurement: plug it in again and repeat the command")
            )

            bench = try laboratory.bench()
            let resumed = try laboratory.folder.steelyard("verify", path)
            #expect(resumed.status == 0, "\(resumed.errors)")
            #expect(resumed.output.contains("检定继续 session job-1 resumes; done: Q3/1 Q2/1\n"))
            #expect(resumed.output.contains("  Q1 第1次 abandoned (interrupted)"))
            #expect(resumed.output.contains("检定结束 session closed: 2 records"))
            // Closed is closed: a third time nothing is measured and nothing written.
            let audit = try laboratory.audit()
            bench.stop()
            let again = try laboratory.folder.steelyard("verify", path)
            #expect(again.status == 0, "\(again.errors)")
            #expect(try laboratory.audit() == audit)
        }

        @Test func aJobThatWasChangedSinceIsRefused() throws {
            let laboratory = try Laboratory()
            let bench = try laboratory.bench()
            try laboratory.must("verify", laboratory.job())
            let before = try laboratory.audit()
            expectRefusal(
                try laboratory.folder.steelyard("verify", laboratory.job("job-1", ("test room", "elsewhere"))), 2,
                "the job job-1 was changed since its session began: put the file back, or give the new work another name"
            )
            #expect(try laboratory.audit() == before)
            bench.stop()
        }
    }
}
