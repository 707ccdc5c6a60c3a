import Foundation
import Testing

extension CommandTests {
    /// From closed records to signed paper, and what is refused on the way.
    @Suite(.serialized) struct CertificateCommands {
        /// A checker who may sign as signatory too, so that one person could try both.
        private static let wangSigns = (
            "- {role: checker, certificate: 演示-任-421200-03, covers: all,",
            "- {role: signatory, certificate: 演示-任-421200-33, covers: all, valid_until: today + 800 days}\n"
                + "          - {role: checker, certificate: 演示-任-421200-03, covers: all,"
        )

        private func certificates(_ laboratory: Laboratory) throws -> [String] {
            try laboratory.must("certificate", "list").split(separator: "\n").compactMap { line in
                line.split(separator: " ").first.map(String.init)
            }.filter { $0.hasPrefix("421200-") }
        }

        @Test func signingInOrderAndIssuingOnce() throws {
            let laboratory = try Laboratory([Self.wangSigns])
            let folder = laboratory.folder
            let bench = try laboratory.bench()
            for job in ["job-1", "job-2"] { try laboratory.must("verify", laboratory.job(job)) }
            bench.stop()
            func selection(_ job: String) -> [String] { ["--job", job, "--institution", "421200"] }
            func sign(_ role: String, _ person: String, _ job: String = "job-1") throws -> Outcome {
                try folder.steelyard(
                    ["certificate", "sign", "--as", role, "--person", "\(person)-421200"] + selection(job))
            }
            func issue(_ job: String = "job-1") throws -> Outcome {
                try folder.steelyard(
                    ["certificate", "issue", "--output", "\(folder.path)/paper"] + selection(job))
            }

            expectRefusal(try issue(), 2, "JJG 162-2019")
            expectRefusal(
                try folder.steelyard("procedure", "approve", "JJG 162-2019", "--person", "wang-421200"), 2,
                "王演示 is not qualified as ")
            try laboratory.must("procedure", "approve", "JJG 162-2019", "--person", "chen-421200")
            expectRefusal(try sign("verifier", "zhang"), 2, "there is no signing key of zhang-421200 at ")
            expectRefusal(try folder.steelyard("person", "key", "nobody"), 2, "no person 'nobody' is known")
            for person in ["zhang", "li", "wang", "zhao"] {
                try laboratory.must("person", "key", "\(person)-421200")
            }

            expectRefusal(try sign("checker", "wang"), 2, "waits for its verifier first")
            expectRefusal(
                try sign("verifier", "li"), 2, "is signed as verifier by zhang-421200, who measured, not by li-421200")
            #expect(try sign("verifier", "zhang").status == 0)
            expectRefusal(try sign("verifier", "zhang"), 2, "is signed as verifier by zhang-421200 already")
            expectRefusal(try sign("checker", "zhang"), 2, "张演示 is not qualified as ")
            expectRefusal(try sign("signatory", "zhao"), 2, "waits for its checker first")
            #expect(try sign("checker", "wang").status == 0)
            expectRefusal(
                try sign("signatory", "wang"), 2,
                "wang-421200 has signed record R-421200-")
            expectRefusal(try issue(), 2, "lacks the signature of its signatory")
            #expect(try certificates(laboratory).isEmpty)
            #expect(try sign("signatory", "zhao").status == 0)

            // Numbers go on, never twice, however often issuing is asked for.
            #expect(try issue().status == 0)
            #expect(try issue().status == 0)
            for (role, person) in [("verifier", "zhang"), ("checker", "wang"), ("signatory", "zhao")] {
                #expect(try sign(role, person, "job-2").status == 0)
            }
            #expect(try issue("job-2").status == 0)
            #expect(try issue().status == 0)
            let numbers = try certificates(laboratory)
            #expect(numbers.map { String($0.suffix(6)) } == ["000001", "000002", "000003", "000004"])
            let paper = try FileManager.default.contentsOfDirectory(atPath: "\(folder.path)/paper")
            #expect(Set(paper) == Set(numbers.flatMap { ["\($0).pdf", "\($0).xml"] }))
            for number in numbers {
                try laboratory.must("certificate", "verify", number)
                try laboratory.must("certificate", "recompute", number)
            }
            expectRefusal(
                try folder.steelyard("certificate", "verify", "421200-2026-JJG162-000099"), 2,
                "there is no certificate or notice '421200-2026-JJG162-000099'")

            // Paper gone lost is printed again, to the byte.
            let number = try #require(numbers.first)
            let first = try Data(contentsOf: URL(fileURLWithPath: "\(folder.path)/paper/\(number).pdf"))
            try laboratory.must("certificate", "pdf", number, "--output", "\(folder.path)/again")
            #expect(try Data(contentsOf: URL(fileURLWithPath: "\(folder.path)/again/\(number).pdf")) == first)

            let sound = try folder.steelyard("audit", "verify")
            #expect(sound.status == 0)
            #expect(sound.output.hasPrefix("审计链完好 sound: "))
            try laboratory.tamper("UPDATE record_signature SET person = 'li-421200' WHERE id = 2")
            let tampered = try folder.steelyard("audit", "verify")
            #expect(tampered.status == 1)
            #expect(tampered.output.hasPrefix("审计链断裂 BROKEN: row 2 of record_signature is not what entry "))
        }

        @Test(arguments: [
            ("UPDATE observation SET value = '1.23' WHERE id = 20", "row 20 of observation is not what entry "),
            ("DELETE FROM observation WHERE id = 20", "row 20 of observation, recorded by entry "),
            (
                "UPDATE verification_record SET verdict = 'not-conforming' WHERE id = 1",
                "row 1 of verification_record is not what entry "
            ),
            ("UPDATE audit_entry SET reason = 'another' WHERE id = 3", "entry 3 ("),
            (
                "INSERT INTO session_event (session, kind, at) SELECT session, 'closed', at FROM session_event LIMIT 1",
                "of session_event stands in no entry: it was written around the ledger"
            ),
        ])
        func tamperingIsFoundAndNamed(sql: String, text: String) throws {
            let laboratory = try Laboratory()
            let bench = try laboratory.bench()
            try laboratory.must("verify", laboratory.job())
            bench.stop()
            try laboratory.must("audit", "verify")
            try laboratory.tamper(sql)
            let outcome = try laboratory.folder.steelyard("audit", "verify")
            #expect(outcome.status == 1)
            #expect(outcome.output.contains("BROKEN: "))
            #expect(outcome.output.contains(text), "\(outcome.output)")
        }
    }
}
