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
        static let configuration = CommandConfiguration(abstract: "The procedures on file.")

        @OptionGroup var ledger: LedgerOptions

        func run() async throws {
            let procedures = try Procedure.all(in: try ledger.dataRoot() + "/Calibration/procedures")
            print(
                TextTable(
                    head: ["规程 number", "名称 title", "施行 in force", "复核 review"],
                    rows: procedures.map {
                        [$0.number, $0.title.zh, "\($0.inForceFrom)", $0.review]
                    }
                ).text)
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
            print("\(procedure.number)  \(procedure.title.zh)  \(procedure.title.en)")
            print("施行 in force from \(procedure.inForceFrom)  复核 review: \(procedure.review)")
            print("来源 source: \(procedure.source)\nsha256 \(procedure.digest)")
            for limit in procedure.limits {
                let water = [
                    limit.waterAbove.map { "水温 > \($0) °C" }, limit.waterAtMost.map { "水温 ≤ \($0) °C" },
                ].compactMap { $0 }.joined(separator: " ")
                print(
                    "  \(limit.accuracyClass)级 \(limit.points.joined(separator: " ")) \(water): "
                        + "±\(limit.limit) \(procedure.errorUnit)  [\(limit.provenance.confidence.rawValue): \(limit.provenance.source)]"
                )
            }
            for unknown in procedure.unknown { print("未转录 not transcribed: \(unknown)") }
        }
    }

    struct Check: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Read procedure files strictly; the first fault is named with file, line and column.")

        @Argument(help: "Procedure files.") var files: [String]

        func run() async throws {
            for file in files {
                let procedure = try Procedure.load(file)
                print("\(file): \(procedure.number) 可用 sound, sha256 \(procedure.digest)")
            }
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
