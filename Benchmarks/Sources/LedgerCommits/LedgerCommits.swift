import Chronometry
import GRDB
import Ledger

/// Prints the rows per second of `Ledger.commit`: `LedgerCommits FILE ROWS-A-COMMIT COMMITS`.
@main struct Benchmark {
    static func main() throws {
        let arguments = CommandLine.arguments
        guard arguments.count == 4, let rows = Int(arguments[2]), let commits = Int(arguments[3]) else {
            print("usage: LedgerCommits FILE ROWS-A-COMMIT COMMITS")
            return
        }
        let schema = LedgerSchema(
            module: "benchmark",
            migrations: [
                .init(
                    "1",
                    """
                    CREATE TABLE sample (
                        id INTEGER PRIMARY KEY, point INTEGER NOT NULL, at TEXT NOT NULL, value TEXT NOT NULL,
                        unit TEXT NOT NULL
                    ) STRICT
                    """)
            ])
        let ledger = try Ledger(path: arguments[1], schemas: [schema])
        let start = ContinuousClock.now
        for commit in 0..<commits {
            try ledger.commit("collector", reason: "samples") { transaction in
                for row in 0..<rows {
                    try transaction.insert(
                        "sample",
                        [
                            "point": row, "at": transaction.at.iso8601, "value": "\(commit).\(row)", "unit": "kWh",
                        ])
                }
            }
        }
        let elapsed = ContinuousClock.now - start
        print(Double(rows * commits) / (elapsed / .seconds(1)))
    }
}
