import ArgumentParser
import Chronometry
import Ledger
import Registry

struct InstitutionCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "institution", abstract: "Institutions, their people and their customers.",
        subcommands: [Import.self, List.self])

    struct Import: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Put institutions, people and owners from a file on record; again changes only what changed.",
            discussion: "Makes the ledger where there is none. Regions come from Calibration/regions.yaml.")

        @OptionGroup var ledger: LedgerOptions
        @Argument(help: "File like Calibration/demonstration/institutions.yaml.") var file: String
        @Option(help: "Who does it.") var actor: String

        func run() async throws {
            let today = SystemClock.now().date(in: .china)
            let regions = try RegionsFile(path: "\(ledger.dataRoot())/Calibration/regions.yaml")
            let institutions = try InstitutionsFile(path: file, today: today)
            let ledger = try Composition.openLedger(ledger.databasePath, create: true)
            let counts = try ledger.commit(actor, reason: "import institutions from \(file)") { transaction in
                try regions.keep(in: transaction) + institutions.keep(in: transaction)
            }
            print(counts.words)
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "The institutions on file.")

        @OptionGroup var ledger: LedgerOptions

        func run() async throws {
            let all = try ledger.openLedger().read { try Institutions.all(in: $0) }
            let rows = all.map {
                [$0.key, $0.name.zh, $0.level.rawValue, $0.authorization.number, "\($0.authorization.validUntil)"]
            }
            print(
                TextTable(
                    head: ["代码 code", "名称 name", "级 level", "授权 authorization", "有效至 until"], rows: rows
                ).text)
        }
    }
}

extension KeptCounts {
    /// What an import did.
    var words: String { "\(inserted) facts new, \(updated) changed, \(unchanged) as they were" }
}
