import ArgumentParser
import Devices

/// The serial ports that are there, by the names that last.
struct DeviceListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "The serial ports that are plugged in, with the names that stay when a cable is plugged anew.")

    @Option(help: "text or json.") var format = OutputFormat.text

    func run() async throws {
        let ports = SerialPorts.present()
        switch format {
        case .text where ports.isEmpty: print("no serial port is plugged in")
        case .text:
            let rows = ports.map { [$0.node, $0.words, "serial://\($0.stableName ?? $0.node)"] }
            print(TextTable(head: ["port", "what it is", "connection"], rows: rows).text)
        case .json: try printJSON(ports.map(PortDocument.init))
        }
    }
}

private struct PortDocument: Encodable {
    let node, place, words: String
    let stableName, vendor, product, serial, interface: String?

    init(_ port: SerialPortDetails) {
        node = port.node
        place = port.place
        words = port.words
        stableName = port.stableName
        vendor = port.vendor
        product = port.product
        serial = port.serial
        interface = port.interface
    }
}
