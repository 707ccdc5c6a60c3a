import ArgumentParser
import Chronometry
import Ledger
import Traceability

struct TraceCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "trace",
        abstract: "The chain from a standard up to the national standard.",
        discussion: "Exits with 1 where the chain is broken on that day.")

    @OptionGroup var ledger: LedgerOptions

    @Argument(help: "Key or serial number of a standard.")
    var number: String

    @Option(
        help: "The day asked about, such as 2026-11-25. Today without it.",
        transform: { text in
            guard let day = CivilDate(text) else {
                throw ValidationError("'\(text)' is no date: write it like 2026-11-25")
            }
            return day
        })
    var on: CivilDate?

    @Option(help: "text for people, json for programs.")
    var format: OutputFormat = .text

    func run() async throws {
        let day = on ?? SystemClock.now().date(in: .china)
        let chains = try ledger.openLedger().read { database in
            // What NUMBER may name is decided here and nowhere else.
            let standards = try Standards.called(number, in: database)
            let graph = try ReferenceGraph(in: database)
            return standards.map { graph.chain(of: $0.key, on: day) }
        }
        guard !chains.isEmpty else {
            throw ValidationError("nothing on file is called '\(number)': give the key or the serial number of a standard")
        }
        switch format {
        case .text: print(chains.map(\.text).joined(separator: "\n\n"))
        case .json: print("[\(try chains.map { try $0.json() }.joined(separator: ",\n"))]")
        }
        if chains.contains(where: { !$0.isUnbroken }) { throw ExitCode(1) }
    }
}
