import ArgumentParser
import Chronometry
import Ledger
import Registry
import Traceability

struct StandardCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "standard", abstract: "Standards, their certificates and assessments.",
        subcommands: [Import.self, List.self])

    struct Import: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Put standards, certificates and public standards from a file on record.",
            discussion: "A certificate that differs from the one on file is a correction: a new row that names the old."
        )

        @OptionGroup var ledger: LedgerOptions
        @Argument(help: "File like Calibration/demonstration/standards.yaml.") var file: String
        @Option(help: "Who does it.") var actor: String

        func run() async throws {
            let standards = try StandardsFile(path: file, today: SystemClock.now().date(in: .china))
            let reason = "import standards from \(file)"
            let counts = try ledger.openLedger().commit(actor, reason: reason) { transaction in
                try standards.keep(why: reason, in: transaction)
            }
            print(counts.words)
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Standards and whether each may be used; status 1 where one may not.")

        @OptionGroup var ledger: LedgerOptions
        @Option(help: "Only of this institution.") var institution: String?

        func run() async throws {
            let today = SystemClock.now().date(in: .china)
            let standings = try ledger.openLedger().read { database in
                let graph = try ReferenceGraph(in: database)
                return try Standards.all(of: institution, in: database).map {
                    (standard: $0, standing: Standing(of: graph.chain(of: $0.key, on: today)))
                }
            }
            let rows = standings.map { [$0.standard.key, $0.standard.name.zh, $0.standard.range, $0.standing.zh] }
            print(TextTable(head: ["键 key", "名称 name", "范围 range", "状态 standing"], rows: rows).text)
            if standings.contains(where: { !$0.standing.isInDate }) { throw ExitCode(1) }
        }
    }
}
