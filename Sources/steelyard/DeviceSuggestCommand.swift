import ArgumentParser
import Devices
import Foundation

/// `device suggest`: how to write what has just been plugged in.
struct DeviceSuggestCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "suggest", abstract: "Wait for an adapter to be plugged in, and say how to connect through it.")

    @Flag(help: "Take what is plugged in already instead of waiting.") var present = false
    @Option(help: "text or json.") var format = OutputFormat.text

    func run() async throws {
        if present {
            let ports = SerialPorts.present()
            guard !ports.isEmpty || format == .json else { return print("no serial port is plugged in") }
            return try suggest(ports)
        }
        let command = self
        try await untilSignalled {
            let watch = try SerialPortWatch()
            FileHandle.standardError.write(Data("steelyard: plug the adapter in; Ctrl-C ends\n".utf8))
            for await case .added(let port) in watch.events { return try command.suggest([port]) }
        }
    }

    private func suggest(_ ports: [SerialPortDetails]) throws {
        let suggestions = ports.map(Suggestion.init)
        switch format {
        case .text: print(suggestions.map(\.text).joined(separator: "\n\n"))
        case .json: try printJSON(suggestions)
        }
    }
}

private struct Suggestion: Encodable {
    let port: HeldPortDocument
    /// When the connection stays right.
    let lasts: String
    /// What to do next; a command.
    let next: String

    init(_ details: SerialPortDetails) {
        port = HeldPortDocument(details)
        lasts =
            switch (details.serial, details.stableName) {
            case (_?, _?): "wherever the adapter is plugged in"
            case (_, _?): "as long as the adapter stays in this socket: it has no serial number"
            case (_, nil) where details.vendor == nil: "always: the port is part of this machine"
            case (_, nil): "until it is plugged in anew: the system gives it no lasting name"
            }
        next = "steelyard device scan --connect '\(details.connection)'"
    }

    var text: String {
        let details = port.port
        var lines = [
            "\(details.node): \(details.words)",
            "  connection     \(details.connection)",
            "  stays right    \(lasts)",
        ]
        if let vendor = details.vendor, let product = details.product {
            lines.append("  USB            \(vendor):\(product) at \(details.place)")
        }
        lines.append("  latency timer  \(latency)")
        if let holder = port.holder { lines.append("  in use by      \(holder)") }
        lines.append("  profile        an adapter does not tell what stands behind it; find out with")
        lines.append("                 \(next)")
        return lines.joined(separator: "\n")
    }

    private var latency: String {
        switch port.port.latencyTimer {
        case nil: "none"
        case .some(...1): "1 ms"
        case .some(let milliseconds): "\(milliseconds) ms; set to 1 ms when the line is opened, where this user may"
        }
    }
}
