import Foundation
import Testing

extension CommandTests {
    /// `steelyard verify` with readings that a person typed, under a procedure no bench is made for.
    @Suite(.serialized) struct TypedReadings {
        private static let job = "\(Programs.root)/Calibration/demonstration/gauges.yaml"

        private func edited(_ laboratory: Laboratory, _ changes: [(String, String)]) throws -> String {
            let text = try String(contentsOfFile: Self.job, encoding: .utf8)
            for (old, _) in changes { try #require(text.contains(old), "'\(old)' is not in the job") }
            return try laboratory.folder.write(
                changes.reduce(text) { $0.replacingOccurrences(of: $1.0, with: $1.1) }, to: "gauges.yaml")
        }

        @Test func fromReadingsToPaper() throws {
            let laboratory = try Laboratory()
            let folder = laboratory.folder
            let outcome = try folder.steelyard("verify", Self.job)
            #expect(outcome.status == 1, "one of the three does not conform: \(outcome.errors)")
            #expect(outcome.output.contains("26-0511  合格 conforming"))
            #expect(outcome.output.contains("26-0512  不合格 not conforming"))
            #expect(outcome.output.contains("26-0513  合格 conforming"))
            // The same job again gives the same records.
            let again = try folder.steelyard("verify", Self.job)
            #expect(again.status == 1)
            #expect(again.output == outcome.output)

            try laboratory.must("procedure", "approve", "JJG 52-2013", "--person", "chen-421200")
            let selection = ["--job", "demonstration-gauges-1", "--institution", "421200"]
            for (role, person) in [("verifier", "sun"), ("checker", "wang"), ("signatory", "zhao")] {
                try laboratory.must("person", "key", "\(person)-421200")
                let signed = try folder.steelyard(
                    ["certificate", "sign", "--as", role, "--person", "\(person)-421200"] + selection)
                #expect(signed.status == 0, "\(signed.errors)")
            }
            let issued = try folder.steelyard(["certificate", "issue", "--output", "\(folder.path)/paper"] + selection)
            #expect(issued.status == 0, "\(issued.errors)")
            let papers = try FileManager.default.contentsOfDirectory(atPath: "\(folder.path)/paper").filter {
                $0.hasSuffix(".pdf")
            }.sorted()
            #expect(papers.count == 3)
            for paper in papers {
                let number = String(paper.dropLast(4))
                #expect(try folder.steelyard("certificate", "verify", number).status == 0)
                let recomputed = try folder.steelyard("certificate", "recompute", number)
                #expect(recomputed.status == 0 && recomputed.output.contains("identical"), "\(recomputed.output)")
            }
            let pdftotext = try Programs.peer("pdftotext")
            func text(_ index: Int) throws -> String {
                try run(pdftotext, ["-layout", "\(folder.path)/paper/\(papers[index])", "-"])
            }
            #expect(try text(0).contains("准予作1.6级使用"))
            #expect(try text(1).contains("检定结果通知书"))
            #expect(try text(1).contains("指针偏转平稳性"))
            #expect(try text(1).contains("0.8 MPa 升 0.0400 MPa"))
            #expect(try text(2).contains("准予作2.5级使用"))
            // A gauge belongs to the pressure standard, though the manometer serves blood pressure too.
            #expect(try text(0).replacing(" ", with: "").contains("考核-gauges-421200"))
        }

        private func run(_ program: String, _ arguments: [String]) throws -> String {
            let process = Process()
            process.executableURL = URL(fileURLWithPath: program)
            process.arguments = arguments
            let output = Pipe()
            process.standardOutput = output
            try process.run()
            let said = output.fileHandleForReading.readDataToEndOfFile()
            process.waitUntilExit()
            return String(decoding: said, as: UTF8.self)
        }

        /// Each wrong use has its line, and leaves the ledger as it was.
        @Test(arguments: [
            (
                [("before: 0.80, after: 0.81", "before: 0.80, after: 8.1")],
                "示值 indication after tapping = 8.1 where 0.8 was set: look at the decimal point"
            ),
            ([("before: 0.80, after: 0.81", "before: 0.80 kg, after: 0.81")], "before = 0.80 kg is no number of MPa"),
            (
                [("reference: 4, before: 4.06", "reference: 6.5, before: 4.06")],
                "6.5 is beyond what the certificate of the standard manometer-421200 covers"
            ),
            ([("stage: first", "stage: in-service")], "has no in-service inspection"),
            ([("stage: first", "stage: later")], "must be one of first, subsequent, in-service"),
            ([("class: 2.5", "class: 3")], "class = 3 is not a value of JJG 52-2013: allowed are 1, 1.6, 2.5, 4"),
            ([("verifier: sun-421200", "verifier: zhang-421200")], "is not qualified"),
            ([("verifier: sun-421200", "verifier: nobody")], "nobody"),
            ([("reference: manometer-421200", "reference: no-such-thing")], "no-such-thing"),
            (
                [("reference: manometer-421200", "pressure: manometer-421200")],
                "has no standard 'pressure': it has reference"
            ),
            ([("temperature: 20.4 °C", "temperature: 27 °C")], "27 °C is outside 15 to 25 °C"),
            (
                [("{temperature: 20.4 °C, humidity: 55 %RH}", "{temperature: 20.4 °C}")],
                "the condition 'humidity' is missing"
            ),
            ([("pointer: fail", "pointer: perhaps")], "a check is 'pass' or 'fail', not 'perhaps'"),
            (
                [("appearance: pass, oil-free: pass, pointer: pass", "appearance: pass, pointer: pass")],
                "the check 'oil-free' (禁油检查 free of oil and grease) has no outcome"
            ),
            ([("\"26-0512\"", "\"26-0511\"")], "stands at position 1 already"),
            ([("procedure: JJG 52-2013", "procedure: JJG 52-1999")], "there is no procedure 'JJG 52-1999'"),
            (
                [("    stage: first\n", "    stage: first\n    standards: {reference: {U: 1 kPa, k: 2}}\n")],
                "comes from its certificate on file"
            ),
            (
                [
                    (
                        "- {at: 0, stroke: rising, reference: 0, before: 0.00, after: 0.00}\n        - {at: 0.4",
                        "- {at: 0.4"
                    )
                ], "point"
            ),
        ])
        func aWrongUseIsRefused(_ changes: [(String, String)], _ words: String) throws {
            let laboratory = try Laboratory()
            let before = try laboratory.audit()
            let outcome = try laboratory.folder.steelyard("verify", edited(laboratory, changes))
            #expect(outcome.status == 2, "\(outcome.output)\(outcome.errors)")
            #expect(outcome.errors.contains(words), "\(outcome.errors)")
            #expect(outcome.output.isEmpty)
            #expect(try laboratory.audit() == before)
        }

        @Test func aStrangeReadingIsTakenWithItsReason() throws {
            let laboratory = try Laboratory()
            let path = try edited(
                laboratory,
                [
                    ("before: 0.80, after: 0.81", "before: 0.80, after: 2.81"),
                    (
                        "serial: \"26-0511\"",
                        "serial: \"26-0511\"\n    unusual: the pointer jumped at tapping, seen by two"
                    ),
                ])
            let outcome = try laboratory.folder.steelyard("verify", path)
            #expect(outcome.status == 1, "\(outcome.errors)")
            #expect(outcome.output.contains("26-0511  不合格"))
        }

        /// An instrument is one thing: the serial number of a water meter is no gauge's.
        @Test func anInstrumentOfAnotherKind() throws {
            let laboratory = try Laboratory()
            #expect(try laboratory.folder.steelyard("verify", Self.job).status == 1)
            let job = """
                job: scales-1
                procedure: JJG 13-2016
                institution: "421200"
                verifier: sun-421200
                client: enterprise-demo
                place: here
                standards: {weights: weights-421200}
                instruments:
                  - {maker: 演示仪表厂, model: Y-100, serial: "26-0511", nameplate: {}, tests: {}}
                """
            let path = try laboratory.folder.write(job, to: "scales.yaml")
            expectRefusal(
                try laboratory.folder.steelyard("verify", path), 2,
                "is on file as 'pressure-gauge', and JJG 13-2016 is for nawi")
        }

        @Test func anEditionThatIsReplaced() throws {
            let laboratory = try Laboratory()
            // The catalogue knows since when another edition governs.
            let root = "\(laboratory.folder.path)/data"
            try FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: true)
            for part in ["Devices", "Calibration"] {
                try FileManager.default.copyItem(atPath: "\(Programs.root)/\(part)", toPath: "\(root)/\(part)")
            }
            let path = "\(root)/Calibration/catalogue.yaml"
            let text = try String(contentsOfFile: path, encoding: .utf8)
            let edition = """
                  - number: JJG 52-2026
                    title: 弹性元件式一般压力表
                    identity: {confidence: found, source: trial}
                    in_force: {from: 2026-01-01}
                    replaces: [JJG 52-2013]
                    period: {unknown: trial}
                """
            try #require(text.contains("regulations:\n  - number:"))
            try text.replacingOccurrences(
                of: "\nregulations:\n  - number:", with: "\nregulations:\n\(edition)\n  - number:"
            )
            .write(toFile: path, atomically: true, encoding: .utf8)
            expectRefusal(
                try laboratory.folder.steelyard("verify", Self.job, "--data", root), 2,
                "JJG 52-2013 is replaced by JJG 52-2026 since 2026-01-01: verify under the new edition")
        }

        @Test func blanksCannotBeApproved() throws {
            let laboratory = try Laboratory()
            expectRefusal(
                try laboratory.folder.steelyard("procedure", "approve", "JJG 579-2025", "--person", "chen-421200"), 2,
                "JJG 579-2025 cannot be approved: not transcribed is")
        }
    }
}
