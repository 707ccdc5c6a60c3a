import ArgumentParser
import Devices
import Foundation

/// `device scan`: what answers on a line, and which profiles fit it.
struct DeviceScanCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "scan", abstract: "Find what answers on a line, and the profiles that fit.",
        discussion: """
            Asks what is likely first: meters by the address that means any, then Modbus units, at the usual speeds before \
            the others. It only reads; the link of an M-Bus meter is initialised, and it may be selected. A line speaks one \
            protocol at one speed: once something has answered, the rest is left out, but with --thorough. Ctrl-C ends it \
            with what was found so far. Modbus ASCII is not looked for. Exit status 1 where nothing was found.
            """)

    @OptionGroup var ledger: LedgerOptions
    @Option(help: "serial:///dev/ttyUSB0 or tcp://HOST:PORT; baud=, parity= and unit= there narrow the scan.")
    var connect: String
    @Option(help: "Speeds of a serial line: 9600,2400; the usual ones where left out.") var speeds: String?
    @Option(help: "none, even, odd; none and even where left out.") var parities: String?
    @Option(help: "Of dlt645, cjt188, mbus, scpi, mt-sics, modbus; all where left out.") var protocols: String?
    @Option(help: "Modbus units: 1, 1-5 or 1,3,7; 1-247 where left out.") var units: String?
    @Option(help: "How long to wait for the first byte of an answer, in ms.") var timeout: Int?
    @Flag(help: "Ask everything, also after something has answered.") var thorough = false
    @Option(help: "text or json.") var format = OutputFormat.text

    func run() async throws {
        let connection = try Connection(connect)
        let scope = try scope(connection)
        let profiles = try ProfileCatalogue.profiles(in: try ledger.dataRoot() + "/Devices")
        let plan = ScanPlan(scope)
        let screen = ScanProgressLine()
        screen.say(
            "at most \(plan.tries.count) questions, \(ScanProgressLine.words(plan.seconds)); what is likely comes first"
        )
        let scan = LineScan(connection.line, scope, profiles: profiles, isThorough: thorough)
        let report = ScanReport(line: "\(connection.line)", format, screen)
        try await untilSignalled {
            let summary = try await scan.run(progress: { screen.show($0) }, found: { report.take($0) })
            report.end(summary)
        }
        screen.clear()
        guard try report.finish() else { throw ExitCode(1) }
    }

    /// - Throws: `ValidationError` for what cannot be scanned.
    private func scope(_ connection: Connection) throws -> ScanPlan.Scope {
        guard connection.address == nil, connection.framing == nil, connection.stopBits == nil else {
            throw ValidationError(
                "a scan finds addresses and framing itself, with one stop bit: leave out address=, framing= and stop=")
        }
        var isSerial = false
        if case .serial = connection.line { isSerial = true }
        guard isSerial || (speeds == nil && parities == nil && connection.baud == nil && connection.parity == nil)
        else {
            throw ValidationError("a network has no speed and no parity: leave out --speeds and --parities")
        }
        var scope = ScanPlan.Scope(isSerial: isSerial)
        if let baud = connection.baud { scope.speeds = [baud] }
        if let parity = connection.parity { scope.parities = [parity] }
        if let unit = connection.unit { scope.units = [unit] }
        if let milliseconds = timeout ?? connection.timeout { scope.timeout = milliseconds }
        if let speeds {
            scope.speeds = try list(speeds, "--speeds", Connection.speeds.map(String.init)).compactMap { Int($0) }
        }
        if let parities {
            scope.parities = try list(parities, "--parities", Connection.Parity.allCases.map(\.rawValue))
                .compactMap { Connection.Parity(rawValue: $0) }
        }
        if let protocols {
            scope.protocols = Set(
                try list(protocols, "--protocols", ScanProtocol.allCases.map(\.rawValue))
                    .compactMap { ScanProtocol(rawValue: $0) })
        }
        if let units {
            guard let list = UnitList(units) else {
                throw ValidationError("--units is like 1, 1-5 or 1,3,7, each from 1 to 247, not '\(units)'")
            }
            scope.units = list.units.map(Int.init)
        }
        guard (1...60_000).contains(scope.timeout) else {
            throw ValidationError("--timeout is from 1 to 60000 ms, not \(scope.timeout)")
        }
        return scope
    }

    /// The parts of `text`, each once, all among `known`.
    private func list(_ text: String, _ name: String, _ known: [String]) throws -> [String] {
        var found: [String] = []
        for part in text.split(separator: ",", omittingEmptySubsequences: false).map(String.init) {
            guard known.contains(part) else {
                throw ValidationError(
                    "\(name) is of \(known.joined(separator: ", ")), separated by commas, not '\(part)'")
            }
            if !found.contains(part) { found.append(part) }
        }
        return found
    }
}
