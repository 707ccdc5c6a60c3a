import ArgumentParser
import Devices

/// The serial ports that are there, by the names that last.
struct DeviceListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "The serial ports that are plugged in, with the names that stay when a cable is plugged anew.",
        discussion: """
            The latency timer is how long an adapter keeps what has arrived before it passes it on: it is set to 1 ms \
            when a line is opened, where the adapter lets it.
            """)

    @Option(help: "text or json.") var format = OutputFormat.text

    func run() async throws {
        let ports = SerialPorts.present()
        switch format {
        case .text where ports.isEmpty: print("no serial port is plugged in")
        case .text:
            let rows = ports.map {
                [
                    $0.node, $0.words, $0.connection, $0.latency.map { "\($0) ms" } ?? "",
                    SerialPorts.holder(of: $0.node) ?? "",
                ]
            }
            print(TextTable(head: ["port", "what it is", "connection", "latency", "in use by"], rows: rows).text)
        case .json: try printJSON(ports.map(HeldPortDocument.init))
        }
    }
}
