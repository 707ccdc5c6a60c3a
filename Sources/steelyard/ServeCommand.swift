import ArgumentParser
import Console
import Foundation

struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "The console: what can be verified, what was issued, what was uploaded.",
        discussion: "Read only. Ends on SIGTERM or SIGINT.")

    @OptionGroup var ledger: LedgerOptions
    @Option(help: "Address to listen on.") var host = "127.0.0.1"
    @Option(help: "Port to listen on; 0 for any free one.") var port = 8080

    func validate() throws {
        guard (0...65_535).contains(port) else { throw ValidationError("--port is 0 to 65535, not \(port)") }
    }

    func run() async throws {
        let console = try ConsoleServer(
            ledger: ledger.openLedger(), calibration: ledger.dataRoot() + "/Calibration", version: Steelyard.version)
        let host = host
        do {
            try await console.run(host: host, port: port) { port in
                FileHandle.standardOutput.write(Data("console listening on http://\(host):\(port)\n".utf8))
            }
        } catch let error as any Error & CustomStringConvertible where ErrorReport(error) == nil {
            throw ServeFailure(description: "the console cannot listen on \(host):\(port): \(error)")
        }
    }
}

/// Why the console could not be served.
struct ServeFailure: Error, CustomStringConvertible {
    let description: String
}
