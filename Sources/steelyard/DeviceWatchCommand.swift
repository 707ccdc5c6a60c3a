import ArgumentParser
import Chronometry
import Devices
import Foundation

/// `device watch`: serial ports as they come and go.
struct DeviceWatchCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "watch", abstract: "Print at once what is plugged in and pulled out; ends with Ctrl-C.",
        discussion: "`+` is plugged in, `-` pulled out, `=` was there when the watch began.")

    @Option(help: "text, or json: an object in each line.") var format = OutputFormat.text

    func run() async throws {
        let format = format
        try await untilSignalled {
            let watch = try SerialPortWatch()
            FileHandle.standardError.write(Data("steelyard: plug and pull; Ctrl-C ends\n".utf8))
            for port in watch.present { Self.show(.present, port, format) }
            for await event in watch.events {
                switch event {
                case .added(let port): Self.show(.added, port, format)
                case .removed(let port): Self.show(.removed, port, format)
                }
            }
        }
    }

    private enum Change: String {
        case present, added, removed

        var sign: String {
            switch self {
            case .present: "="
            case .added: "+"
            case .removed: "-"
            }
        }
    }

    private static func show(_ change: Change, _ port: SerialPortDetails, _ format: OutputFormat) {
        let at = SystemClock.now()
        switch format {
        case .text:
            let line = "\(at)  \(change.sign) \(port.node)  \(port.words)  \(port.connection)\n"
            FileHandle.standardOutput.write(Data(line.utf8))
        case .json:
            // Texts only: there is nothing in it that cannot be encoded.
            try? printJSONLine(PlugDocument(at: at.iso8601, change: change.rawValue, port: PortDocument(port)))
        }
    }
}

private struct PlugDocument: Encodable {
    let at: String
    /// `present`, `added` or `removed`.
    let change: String
    let port: PortDocument
}
