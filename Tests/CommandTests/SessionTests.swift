import Chronometry
import Foundation
import Glibc
import Ledger
import Testing
import Verification

extension CommandTests {
    /// `steelyard session`: readings typed one by one, with neither page nor mouse.
    @Suite(.serialized) struct KeyboardSessions {
        private static let gauges = ["26-0601", "26-0602"]

        private func job(_ laboratory: Laboratory, name: String = "desk-1") throws -> String {
            let instruments = Self.gauges.map {
                "  - {maker: 演示仪表厂, model: Y-100, serial: \"\($0)\", nameplate: {class: 1.6, lower: 0 MPa, upper: 1.6 MPa, division: 0.05 MPa, stop_pin: \"no\", oxygen: \"no\"}}"
            }
            return try laboratory.folder.write(
                """
                job: \(name)
                procedure: JJG 52-2013
                institution: "421200"
                verifier: sun-421200
                client: enterprise-demo
                place: test room
                standards: {reference: manometer-421200}
                instruments:
                \(instruments.joined(separator: "\n"))
                """, to: "\(name).yaml")
        }

        private static let room = ["20.5", "55 %RH"]
        /// Checks, points, and the readings of one gauge, in the order they are asked for.
        private static let gauge = [
            "y", "y", "0 0.8 1.6", "0", "0", "0", "0.8", "0.80", "0.81", "1.6", "1.61", "1.62", "1.6", "1.61", "1.61",
            "0.8", "0.82",
            "0.82", "0", "0.01", "0.01",
        ]

        private func session(_ laboratory: Laboratory, _ path: String, _ answers: [String]) throws -> Outcome {
            let input = try laboratory.folder.write(answers.map { $0 + "\n" }.joined(), to: "answers")
            return try laboratory.folder.steelyard(["session", path], standardInput: input)
        }

        /// From an empty desk to the signed record, by keyboard alone.
        @Test func fromTheFirstReadingToTheSignedRecord() throws {
            let laboratory = try Laboratory()
            let path = try job(laboratory)
            let outcome = try session(laboratory, path, Self.room + Self.gauge + Self.gauge)
            #expect(outcome.status == 0, "\(outcome.errors)")
            #expect(
                outcome.output.contains("26-0601  合格 conforming") && outcome.output.contains("26-0602  合格 conforming"))
            // Each point is judged as soon as it is read.
            #expect(
                outcome.output.contains(
                    "✓ indication.error at 0.8 rising reading 1 = 0.010000 (-0.025600 to 0.025600): conforming, U = 0.0062"
                ))
            try laboratory.must("procedure", "approve", "JJG 52-2013", "--person", "chen-421200")
            for (role, person) in [("verifier", "sun"), ("checker", "wang"), ("signatory", "zhao")] {
                try laboratory.must("person", "key", "\(person)-421200")
                try laboratory.must(
                    "certificate", "sign", "--as", role, "--person", "\(person)-421200", "--job", "desk-1",
                    "--institution", "421200")
            }
            try laboratory.must(
                "certificate", "issue", "--output", "\(laboratory.folder.path)/paper", "--job", "desk-1",
                "--institution", "421200")
            let list = try laboratory.must("certificate", "list")
            #expect(list.contains("26-0601") && list.contains("26-0602"))
            // Closed is closed: the same command shows the records again.
            let again = try session(laboratory, path, [])
            #expect(again.status == 0 && again.output.contains("26-0601  合格 conforming"))
        }

        @Test func aSlipIsQuestionedAndAReasonKept() throws {
            let laboratory = try Laboratory()
            let path = try job(laboratory)
            var answers = Self.room + Self.gauge.prefix(8)
            answers += ["8.1", "abc", "", "1 kg", "0.81", ":back misread the dial", "8.2", "0.82", ":list", ":pause"]
            let outcome = try session(laboratory, path, answers)
            #expect(outcome.status == 0)
            #expect(outcome.errors.contains("= 8.1 MPa where 0.8 was set: look at the decimal point and the unit"))
            #expect(outcome.errors.contains("= 8.2 MPa where 0.8 was set"))
            #expect(outcome.errors.contains("'abc': it is no number: type it in MPa"))
            #expect(outcome.errors.contains("'1 kg': it is no number of MPa"))
            // The old answer stays, the new one says why it is there.
            #expect(outcome.output.contains("0.8 rising 1 after: 0.81 MPa\n"))
            #expect(outcome.output.contains("0.8 rising 1 after: 0.82 MPa (misread the dial)"))
            #expect(outcome.output.contains("paused"))
            #expect(!outcome.output.contains("8.1 MPa"))
        }

        @Test func anInstrumentIsLeftAndTheOthersGoOn() throws {
            let laboratory = try Laboratory()
            let path = try job(laboratory)
            let outcome = try session(
                laboratory, path, Self.room + ["y", ":abandon", ":abandon the glass broke"] + Self.gauge)
            #expect(outcome.status == 0, "\(outcome.errors)")
            #expect(outcome.errors.contains("say why: :abandon REASON"))
            #expect(!outcome.output.contains("26-0601  合格"))
            #expect(outcome.output.contains("26-0602  合格 conforming"))
        }

        @Test func everythingThatForbidsToBeginIsNamedAtOnce() throws {
            let laboratory = try Laboratory()
            let path = try job(laboratory)
            let text = try String(contentsOfFile: path, encoding: .utf8)
                .replacingOccurrences(of: "sun-421200", with: "zhang-421200")
                .replacingOccurrences(of: "manometer-421200", with: "nothing")
                .replacingOccurrences(of: "{class: 1.6,", with: "{class: 7,")
            let wrong = try laboratory.folder.write(text, to: "wrong.yaml")
            let before = try laboratory.audit()
            let outcome = try session(laboratory, wrong, Self.room)
            #expect(outcome.status == 2 && outcome.output.isEmpty)
            #expect(outcome.errorLines.count == 4, "\(outcome.errors)")
            #expect(outcome.errors.contains("张演示 is not qualified as verifier"))
            #expect(outcome.errors.contains("no standard 'nothing' is known"))
            #expect(outcome.errors.contains("class = 7 is not a value of JJG 52-2013"))
            #expect(try laboratory.audit() == before)
        }

        @Test func aJobThatHoldsReadingsIsNotAskedAgain() throws {
            let laboratory = try Laboratory()
            let outcome = try session(laboratory, "\(Programs.root)/Calibration/demonstration/gauges.yaml", Self.room)
            expectRefusal(outcome, 2, "holds readings already: `steelyard verify` takes them")
        }

        /// A clock that was set back, and a standard that lapses while a session is open, forbid to go on.
        @Test func whatChangesWhileASessionIsOpen() throws {
            let laboratory = try Laboratory()
            let path = try job(laboratory)
            #expect(try session(laboratory, path, Self.room + Self.gauge.prefix(5)).status == 0)
            let open = try ReadingsJob.load(path, procedures: "\(Programs.root)/Calibration/procedures")
            func obstacles(_ seconds: Double) throws -> [String] {
                try TypedSession(
                    open,
                    in: .init(
                        ledger: laboratory.ledger(), devices: "\(Programs.root)/Devices",
                        clock: { SystemClock.now().advanced(bySeconds: seconds) })
                ).obstacles()
            }
            #expect(try obstacles(0).isEmpty)
            let back = try obstacles(-3600)
            #expect(back.count == 1 && back[0].contains("set the clock right before anything is dated"), "\(back)")
            // The manometer's certificate ends within the year.
            let late = try obstacles(400 * 86_400)
            #expect(late.contains { $0.contains("manometer-421200") }, "\(late)")
        }

        /// One thing stands at one bench.
        @Test func anInstrumentOfAnOpenSessionIsTaken() throws {
            let laboratory = try Laboratory()
            #expect(try session(laboratory, job(laboratory), Self.room).status == 0)
            let outcome = try session(laboratory, job(laboratory, name: "desk-2"), Self.room)
            #expect(outcome.status == 2)
            #expect(outcome.errors.contains("26-0601 stands in the session desk-1, which is not closed"))
        }

        /// Killed again and again, wherever it happens to be: what was answered is there, and the session comes to its end.
        @Test func nothingThatWasAnsweredIsLost() throws {
            let laboratory = try Laboratory()
            let path = try job(laboratory)
            let answers = Self.room + Self.gauge + Self.gauge
            var given = 0
            var kills = 0
            var generator = SystemRandomNumberGenerator()
            while given < answers.count {
                let child = Process()
                child.executableURL = URL(fileURLWithPath: Programs.steelyard)
                child.arguments = ["session", path]
                child.environment = laboratory.folder.environment
                let (input, output) = (Pipe(), Pipe())
                child.standardInput = input
                child.standardOutput = output
                child.standardError = FileHandle.nullDevice
                try child.run()
                // The prompt of a question is the receipt of the answer before it.
                var said = Data()
                func awaitPrompt() -> Bool {
                    while true {
                        let more = output.fileHandleForReading.availableData
                        if more.isEmpty { return false }
                        said += more
                        if said.suffix(2) == Data("): ".utf8).suffix(2) { return true }
                    }
                }
                guard awaitPrompt() else { break }
                if kills > 0 {
                    #expect(String(decoding: said, as: UTF8.self).contains("going on: \(given) answers are there"))
                }
                let more = Int.random(in: 1...3, using: &generator)
                for _ in 0..<more where given < answers.count {
                    input.fileHandleForWriting.write(Data((answers[given] + "\n").utf8))
                    given += 1
                    said = Data()
                    // After the last one the records come, and no prompt.
                    if given < answers.count { #expect(awaitPrompt()) }
                }
                kill(child.processIdentifier, SIGKILL)
                child.waitUntilExit()
                kills += 1
            }
            #expect(kills >= 10)
            let outcome = try session(laboratory, path, Array(answers.suffix(1)))
            #expect(outcome.status == 0, "\(outcome.errors)")
            #expect(
                outcome.output.contains("26-0601  合格 conforming") && outcome.output.contains("26-0602  合格 conforming"))
            guard case .sound = try laboratory.audit() else {
                Issue.record("the ledger is not sound")
                return
            }
        }
    }
}
