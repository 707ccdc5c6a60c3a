import ArgumentParser
import Ledger

struct AuditCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "audit", abstract: "The log of every change.", subcommands: [Verify.self])

    struct Verify: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Check the hash chain and every row against it; status 1 where it is broken.",
            discussion:
                "Keep the printed head outside this machine: it shows that the chain was not rewritten as a whole.")

        @OptionGroup var ledger: LedgerOptions

        func run() async throws {
            switch try ledger.openLedger().verifyAudit() {
            case .empty: print("审计链为空 the chain is empty: nothing was ever committed")
            case .sound(let entries, let rows, let head):
                print("审计链完好 sound: \(entries) entries, \(rows) rows, head \(head)")
            case .broken(let found):
                print("审计链断裂 BROKEN: \(found)")
                throw ExitCode(1)
            }
        }
    }
}

struct BackupCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backup", abstract: "Write a consistent copy of the ledger while it is in use.")

    @OptionGroup var ledger: LedgerOptions
    @Argument(help: "The copy; must not exist yet.") var path: String

    func run() async throws {
        try ledger.openLedger().backup(to: path)
        print("backup written to \(path)")
    }
}
