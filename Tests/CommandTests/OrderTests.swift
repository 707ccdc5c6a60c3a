import Foundation
import Testing

extension CommandTests {
    /// From the service window to the hand-back.
    @Suite(.serialized) struct Orders {
        private static let head =
            "maker,model,serial,category,stage,note,plate.class,plate.lower,plate.upper,plate.division,plate.stop_pin,plate.oxygen"
        private static let plate = "1.6,0 MPa,1.6 MPa,0.05 MPa,no,no"

        private func receive(_ laboratory: Laboratory, _ lines: [String], _ more: String...) throws -> Outcome {
            let file = try laboratory.folder.write(([Self.head] + lines).joined(separator: "\n"), to: "list.csv")
            return try laboratory.folder.steelyard(
                [
                    "order", "receive", file, "--institution", "421200", "--client", "enterprise-demo", "--person",
                    "sun-421200",
                ] + more)
        }

        @Test func fromTheWindowToTheHandBack() throws {
            let laboratory = try Laboratory()
            let folder = laboratory.folder
            let received = try receive(
                laboratory,
                [
                    "演示仪表厂,Y-100,26-0601,pressure-gauge,,\"glass \"\"scratched\"\"\",\(Self.plate)",
                    "演示衡器厂,ACS-15,26-0700,nawi,,,,,,,,",
                ], "--due", "2026-12-31", "--storage", "shelf 3")
            #expect(received.status == 0, "\(received.errors)")
            let number = try #require(received.output.split(separator: " ").first).description
            #expect(number.hasPrefix("O-421200-") && number.hasSuffix("-0001"))
            #expect(received.output.contains("glass \"scratched\"") && received.output.contains("shelf 3"))

            expectRefusal(
                try folder.steelyard("order", "hand-back", number, "--to", "Li", "--person", "sun-421200"), 2,
                "26-0601, 26-0700 not verified")
            let job = try laboratory.must(
                "order", "job", number, "--procedure", "JJG 52-2013", "--verifier", "sun-421200", "--place", "room 2",
                "--standard", "reference=manometer-421200")
            #expect(job.contains("26-0601") && !job.contains("26-0700"))
            let path = try folder.write(job, to: "job.yaml")
            let answers = "20\n50 %RH\ny\ny\n0 1.6\n0\n0\n0\n1.6\n1.6\n1.6\n1.6\n1.6\n1.6\n0\n0\n0\n"
            let begun = try folder.steelyard(
                ["session", path], standardInput: folder.write(String(answers.prefix(20)), to: "first"))
            #expect(begun.status == 0, "\(begun.errors)")
            #expect(try laboratory.must("order", "show", number).contains("检定中 in \(number)-JJG 52-2013"))
            // What is in a session waits for no second one.
            expectRefusal(
                try folder.steelyard(
                    "order", "job", number, "--procedure", "JJG 52-2013", "--verifier", "sun-421200", "--place",
                    "room 2"), 2,
                "no instrument of \(number) waits for JJG 52-2013")
            let ended = try folder.steelyard(
                ["session", path], standardInput: folder.write(String(answers.dropFirst(20)), to: "rest"))
            #expect(ended.status == 0, "\(ended.output)\(ended.errors)")
            #expect(try laboratory.must("order", "show", number).contains("已检 conforming R-421200-"))
            #expect(try laboratory.must("instrument", "history", "26-0601").contains("JJG 52-2013"))
            let back = try laboratory.must(
                "order", "hand-back", number, "--to", "Li", "--person", "sun-421200", "--as-they-are")
            #expect(back.contains("交还 handed back"))
            expectRefusal(
                try folder.steelyard("order", "hand-back", number, "--to", "Li", "--person", "sun-421200"), 2,
                "was handed back already")
            #expect(!(try laboratory.must("order", "list", "--open").contains(number)))

            // It comes again: plate and history come by themselves, and it waits anew.
            let again = try receive(laboratory, ["演示仪表厂,Y-100,26-0601,pressure-gauge"])
            #expect(again.status == 0 && again.output.contains("待检 waiting"), "\(again.errors)")
            #expect(again.output.contains("来过 here before: JJG 52-2013"))
            let second = try #require(again.output.split(separator: " ").first).description
            #expect(
                try laboratory.must(
                    "order", "job", second, "--procedure", "JJG 52-2013", "--verifier", "sun-421200", "--place",
                    "room 2"
                ).contains("division: \"0.05 MPa\""))
        }

        /// What can be taken is taken; each other line is named with its reason.
        @Test func whatIsRefusedIsNamedByLine() throws {
            let laboratory = try Laboratory()
            let outcome = try receive(
                laboratory,
                [
                    "演示仪表厂,Y-100,26-0601,pressure-gauge", "演示仪表厂,Y-100,26-0601,pressure-gauge",
                    ",Y-100,26-0603,pressure-gauge",
                    "演示仪表厂,Y-100,26-0604,presure-gauge", "演示仪表厂,Y-100,26-0605,pressure-gauge,later",
                ])
            #expect(outcome.status == 1)
            #expect(outcome.output.contains("26-0601") && !outcome.output.contains("26-0604"))
            let lines = outcome.errorLines
            try #require(lines.count == 4, "\(outcome.errors)")
            #expect(lines[0].contains("list.csv: line 3: 演示仪表厂 Y-100 26-0601 stands in line 2 already"))
            #expect(lines[1].contains("line 4: 'maker' is empty"))
            #expect(
                lines[2].contains("line 5: the catalogue has no row 'presure-gauge': did you mean 'pressure-gauge'?"))
            #expect(lines[3].contains("line 6: the stage is one of first, subsequent, in-service, not 'later'"))
            // It is here: it cannot come a second time, nor as something else.
            let twice = try receive(laboratory, ["演示仪表厂,Y-100,26-0601,pressure-gauge"])
            #expect(twice.status == 2 && twice.errors.contains("is here already, in the order O-421200-"))
            let other = try receive(laboratory, ["演示仪表厂,Y-100,26-0601,nawi"])
            #expect(other.status == 2 && other.errors.contains("is on file as 'pressure-gauge', not as 'nawi'"))
        }

        @Test func aWrongListIsRefusedWhole() throws {
            let laboratory = try Laboratory()
            let file = try laboratory.folder.write("maker,model,serail,category\n", to: "list.csv")
            let arguments = ["--institution", "421200", "--client", "enterprise-demo", "--person", "sun-421200"]
            let outcome = try laboratory.folder.steelyard(["order", "receive", file] + arguments)
            #expect(outcome.status == 2 && outcome.errors.contains("unknown column 'serail': did you mean 'serial'?"))
            let nobody = try laboratory.folder.write("maker,model,serial,category\na,b,c,nawi\n", to: "good.csv")
            expectRefusal(
                try laboratory.folder.steelyard(
                    "order", "receive", nobody, "--institution", "421200", "--client", "nobody", "--person",
                    "sun-421200"), 2,
                "no owner 'nobody' is known")
            expectRefusal(
                try laboratory.folder.steelyard(
                    "order", "receive", nobody, "--institution", "421202", "--client", "enterprise-demo", "--person",
                    "sun-421200"),
                2, "孙演示")
            expectRefusal(try laboratory.folder.steelyard("order", "show", "O-1"), 2, "no order 'O-1' is known")
            expectRefusal(
                try laboratory.folder.steelyard("instrument", "history", "no-such"), 2,
                "no instrument with the serial number")
        }
    }
}
