import ArgumentParser
import Certification
import Chronometry
import Ledger
import Procedures
import Registry

struct ProcedureCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "procedure", abstract: "Verification regulations as data.",
        subcommands: [List.self, Show.self, Check.self, Approve.self])

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "The procedures on file: what each covers, how it was reviewed, and what is blank and why.")

        @OptionGroup var ledger: LedgerOptions

        func run() async throws {
            let root = try ledger.dataRoot()
            let procedures = try Procedure.all(in: root + "/Calibration/procedures")
            let catalogue = try Catalogue.load(root + "/Calibration/catalogue.yaml")
            let coverage = ProcedureCoverage(of: catalogue, by: procedures)
            print(
                TextTable(
                    head: ["规程 number", "名称 title", "施行 in force", "一级目录 level 1", "复核 review", "空缺 blank"],
                    rows: procedures.map { procedure in
                        [
                            procedure.number, procedure.title.zh, procedure.inForceFrom.map { "\($0)" } ?? "?",
                            coverage.level1(of: procedure).joined(separator: " "), procedure.review,
                            procedure.unknown.isEmpty ? "" : "\(procedure.unknown.count)",
                        ]
                    }
                ).text)
            for procedure in procedures {
                for blank in procedure.unknown { print("空缺 blank in \(procedure.number): \(blank)") }
            }
            print(
                "\(procedures.count) 规程 regulations, \(procedures.count { $0.unknown.isEmpty }) of them without a blank; "
                    + "\(coverage.covered.count) 一级目录 of \(coverage.all.count) level-1 rows")
            if !coverage.missing.isEmpty {
                print("未覆盖 without a procedure: \(coverage.missing.joined(separator: ", "))")
            }
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "What a procedure says, with the source and confidence of each limit.")

        @OptionGroup var ledger: LedgerOptions
        @Argument(help: "Number, like 'JJG 162-2019'.") var number: String

        func run() async throws {
            let procedure = try Procedure.numbered(
                number, in: try ledger.dataRoot() + "/Calibration/procedures")
            print(ProcedureText(procedure).text)
        }
    }

    struct Check: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Read procedure files strictly, and compute the worked examples beside them.",
            discussion: """
                The first fault of a file is named with file, line, column and caret. The examples stand in \
                NAME.example.yaml beside NAME.yaml: each number in their tables is compared with what is computed.
                """)

        @Argument(help: "Procedure files.") var files: [String]
        @Option(help: "Examples of the one procedure in another file.") var examples: String?

        func validate() throws {
            guard examples == nil || files.count == 1 else {
                throw ValidationError("--examples belong to one procedure file")
            }
        }

        func run() async throws {
            var differ = 0
            for file in files {
                let procedure = try Procedure.load(file)
                let examples = try WorkedExample.load(examples ?? WorkedExample.path(beside: file), of: procedure)
                let found = examples.flatMap { $0.disagreements(under: procedure) }
                for line in found { print(line) }
                differ += found.count
                print(
                    "\(file): \(procedure.number) 可用 sound, \(examples.count) 算例 worked examples, "
                        + (found.isEmpty ? "" : "\(found.count) 不符 disagree, ") + "sha256 \(procedure.digest)")
                for blank in procedure.unknown { print("  空缺 blank: \(blank)") }
            }
            if differ > 0 { throw ExitCode(1) }
        }
    }

    struct Approve: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "A technical manager's word that the file agrees with the printed regulation.")

        @OptionGroup var ledger: LedgerOptions
        @Argument(help: "Number, like 'JJG 162-2019'.") var number: String
        @Option(help: "The technical manager.") var person: String

        func run() async throws {
            let procedure = try Procedure.numbered(
                number, in: try ledger.dataRoot() + "/Calibration/procedures")
            guard procedure.unknown.isEmpty else {
                throw ProcedureError.incomplete(procedure.number, blank: procedure.unknown)
            }
            let ledger = try ledger.openLedger()
            let today = SystemClock.now().date(in: .china)
            guard let manager = try ledger.read({ try People.find(person, in: $0) }) else {
                throw CertificationError.unknownPerson(person)
            }
            guard
                manager.qualified(
                    .technicalManager, for: procedure.categories[0], regulations: [number], on: today) != nil
            else {
                throw CertificationError.notQualified(
                    person: manager.name, role: Role.technicalManager.name.en,
                    category: procedure.categories[0], on: today)
            }
            try ProcedureApproval.approve(
                procedure, at: manager.institution, by: person, in: ledger)
            print("\(number) 批准于 approved at \(manager.institution) by \(manager.name), sha256 \(procedure.digest)")
        }
    }
}
