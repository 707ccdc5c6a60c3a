import ArgumentParser
import Foundation
import Simulation

struct SimulatePlatformCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "platform",
        abstract: "A monitoring platform with the terminal interface over HTTP, on this machine only.",
        discussion: """
            Prints `platform listening on http://127.0.0.1:PORT`; register at
            /enterprise/register, see what arrived at /report. Ends on SIGTERM or SIGINT.
            """)

    @Option(help: "Port to listen on; 0 for any free one.")
    var port = 0

    @Option(help: "File that keeps everything received, one JSON object a line; remembered at the next start.")
    var journal: String?

    @Option(help: "Refuse so many uploads of data before accepting any.")
    var refuseFirst = 0

    @Option(help: "After so many uploads of data, cut the next answer off and go away once.")
    var awayAfter: Int?

    @Option(help: "How long to be away, in seconds.")
    var awayFor = 5.0

    @Option(help: "Answer each request so many seconds late.")
    var slow = 0.0

    func validate() throws {
        guard (0...65_535).contains(port) else {
            throw ValidationError("--port is 0 to 65535, not \(port)")
        }
        guard refuseFirst >= 0, awayAfter ?? 0 >= 0, awayFor >= 0, slow >= 0 else {
            throw ValidationError("counts and seconds are 0 or more")
        }
    }

    func run() async throws {
        let platform = try SimulatedPlatform(
            faults: PlatformFaults(
                refuseFirst: refuseFirst, awayAfter: awayAfter, awayFor: awayFor, delay: slow),
            journal: journal)
        let port = port
        try await untilSignalled {
            try await platform.run(port: port) { port in
                // Written at once, not when a buffer is full: another program waits for this line.
                FileHandle.standardOutput.write(
                    Data("platform listening on http://127.0.0.1:\(port)\n".utf8))
            }
        }
    }
}
