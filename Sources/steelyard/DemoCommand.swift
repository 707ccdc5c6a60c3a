import ArgumentParser
import AsyncHTTPClient
import Chronometry
import Foundation
import NIOCore
import NIOFoundationCompat
import Simulation

struct DemoCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "demo",
        abstract: "The main job on simulated instruments, from the wire to certificate and upload.",
        discussion: """
            Every step is a command of this program, shown as it would be typed. What it makes lies in \
            one folder, made anew each time; certificates of it carry a mark and have no legal effect.
            """)

    @Option(help: "Folder for everything the demonstration makes.") var output = "demo"
    @Option(help: "The same seed gives the same meters and the same readings.") var seed: UInt64 = 20_261_125
    @Option(help: "Folder that holds Devices and Calibration.") var data: String?

    func run() async throws {
        var options = LedgerOptions()
        options.data = data
        options.database = nil
        let root = try options.dataRoot()
        let demo = try Demonstration(output: output, root: root, seed: seed)
        try await demo.run()
    }
}

/// What stopped the demonstration.
struct DemoFailure: Error, CustomStringConvertible {
    let description: String
}

/// One run of the demonstration: simulators in the background, then command after command.
private final class Demonstration {
    private let folder: String
    private let root: String
    private let seed: UInt64
    private let children: ChildProcesses
    private var database: String { "\(folder)/steelyard.sqlite" }

    /// Two hours of the morning in half a minute. Faster, and a busy machine would read a boundary late.
    private static let energySpeed = 300.0
    private static let quarters = 8
    /// Metering points of the demonstration plan.
    private static let points = 2
    private static let job = "demonstration-water-1"
    private static let institution = "421200"

    init(output: String, root: String, seed: UInt64) throws {
        folder = URL(fileURLWithPath: output).path
        self.root = root
        self.seed = seed
        try Self.prepare(folder)
        children = ChildProcesses(folder: folder)
    }

    /// Makes the folder anew. One that is not a demonstration's is left alone.
    private static func prepare(_ folder: String) throws {
        let files = FileManager.default
        let mark = "\(folder)/DEMONSTRATION"
        if files.fileExists(atPath: folder) {
            let isEmpty = (try? files.contentsOfDirectory(atPath: folder))?.isEmpty ?? false
            guard isEmpty || files.fileExists(atPath: mark) else {
                throw ValidationError("\(folder) holds something else: name another folder with --output")
            }
            try? files.removeItem(atPath: folder)
        }
        do {
            for part in ["", "/ports", "/certificates"] {
                try files.createDirectory(atPath: folder + part, withIntermediateDirectories: true)
            }
            try "Everything here was made by `steelyard demo` and has no legal effect.\n".write(
                toFile: mark, atomically: true, encoding: .utf8)
        } catch {
            throw DemoFailure(description: "\(folder) cannot be made: \(error.localizedDescription)")
        }
    }

    func run() async throws {
        defer { children.stop() }
        try loadData()
        let platform = try startSimulators()
        heading("能源数据在后台采集上报 Energy is collected and uploaded meanwhile")
        let energy = try startEnergy(platform)
        try writeJob()

        heading("检定 Verification: ten water meters at the simulated bench")
        try step("procedure", "approve", "JJG 162-2019", "--person", "chen-421200")
        for person in ["zhang", "wang", "zhao"] { try step("person", "key", "\(person)-421200") }
        try step("verify", "\(folder)/job.yaml", allowing: [0, 1])

        heading("签字与出证 Signatures and certificates")
        let selection = ["--job", Self.job, "--institution", Self.institution]
        for (role, person) in [("verifier", "zhang"), ("checker", "wang"), ("signatory", "zhao")] {
            try step(["certificate", "sign", "--as", role, "--person", "\(person)-421200"] + selection)
        }
        try step(["certificate", "issue", "--output", "\(folder)/certificates"] + selection)
        let first = "421200-\(SystemClock.now().date(in: .china).components.year)-JJG162-000001"
        try step("certificate", "verify", first)
        try step("certificate", "recompute", first)
        try verifyGauges()

        heading("溯源 Traceability")
        try step("trace", first)

        heading("检定能力 Coverage: 35 for the city, 15 for a county")
        try step("coverage", "--forecast", "60")

        heading("能源上报 Energy: completeness")
        try children.wait(energy, named: "energy run")
        try step("energy", "status")
        try step("energy", "gaps")
        try await checkUpload(platform)

        heading("审计 Audit")
        try step("audit", "verify")
        try summary()
    }

    // MARK: Steps

    /// Readings that a person typed, under a procedure no bench is made for.
    private func verifyGauges() throws {
        heading("压力表：人工读数 Pressure gauges: readings taken by eye and typed")
        try step("procedure", "approve", "JJG 52-2013", "--person", "chen-421200")
        try step("person", "key", "sun-421200")
        try step("verify", "\(root)/Calibration/demonstration/gauges.yaml", allowing: [0, 1])
        let selection = ["--job", "demonstration-gauges-1", "--institution", Self.institution]
        for (role, person) in [("verifier", "sun"), ("checker", "wang"), ("signatory", "zhao")] {
            try step(["certificate", "sign", "--as", role, "--person", "\(person)-421200"] + selection)
        }
        try step(["certificate", "issue", "--output", "\(folder)/certificates"] + selection)
    }

    private func loadData() throws {
        heading("演示数据 Demonstration data of the seven institutions")
        let files = "\(root)/Calibration/demonstration"
        try step("institution", "import", "\(files)/institutions.yaml", "--actor", "demonstration")
        try step("standard", "import", "\(files)/standards.yaml", "--actor", "demonstration")
    }

    /// Starts bench, meters and platform; returns the platform's address.
    private func startSimulators() throws -> String {
        _ = try children.start(
            [
                "simulate", "bench", "water", "--seed", "\(seed)", "--speed", "1000", "--links", "\(folder)/ports",
                "--truth", "\(folder)/truth.txt",
            ], log: "bench.log", until: "meters ")
        let line = try children.start(
            [
                "simulate", "platform", "--port", "0", "--journal", "\(folder)/platform.jsonl",
                "--refuse-first", "1", "--away-after", "4", "--away-for", "3",
            ], log: "platform.log", until: "platform listening on ")
        return String(line.dropFirst("platform listening on ".count))
    }

    private func startEnergy(_ platform: String) throws -> Process {
        // The run's clock begins five minutes, a real second, before a full hour: time to start up.
        let start = Instant(
            startOf: SystemClock.now().date(in: .china).advanced(byDays: -1), in: .china
        ).advanced(bySeconds: 8 * 3600 - 300).iso8601
        let clock = [
            "--start", start, "--speed", "\(Self.energySpeed)", "--origin",
            "\(SystemClock.monotonicSeconds())",
        ]
        _ = try children.start(
            [
                "simulate", "instrument", "electricity", "--meters", "2", "--seed", "\(seed)", "--links",
                "\(folder)/ports",
            ] + clock, log: "electricity.log", until: "electricity ")
        let address = "serial://\(folder)/ports/electricity"
        let arguments =
            ["energy", "run", "\(root)/Calibration/demonstration/energy.yaml"] + clock + [
                "--quarters", "\(Self.quarters)", "--connect", "incomer-1=\(address)?unit=1", "--connect",
                "ring-spinning=\(address)?unit=2", "--register", "province=\(platform)/enterprise/register",
                "--database", database, "--data", root,
            ]
        echo(["energy", "run", "energy.yaml", "--quarters", "\(Self.quarters)", "…"])
        return try children.launch(arguments, log: "energy.log")
    }

    private func writeJob() throws {
        func instrument(_ profile: String, _ port: String, _ unit: Int, _ channel: String? = nil) -> String {
            "{profile: simulated/\(profile), connect: \"serial://\(folder)/ports/\(port)?unit=\(unit)\""
                + (channel.map { ", channel: \($0)}" } ?? "}")
        }
        let positions = (1...10).map { position in
            """
              - position: \(position)
                maker: 演示水表厂
                model: LXS-20E
                serial: "\(26_110_000 + position)"
                nameplate: {Q3: 2.5, R: 80, class: 2, DN: 20}
                meter: \(instrument("water-meter", "meters", position))
                checks: {appearance: pass, tightness: pass}
            """
        }.joined(separator: "\n")
        let text = """
            # One sitting at the simulated bench; `steelyard verify` carries it out.
            job: \(Self.job)
            procedure: JJG 162-2019
            institution: "\(Self.institution)"
            verifier: zhang-421200
            client: water-utility-demo
            place: 咸宁市 水表检定室（演示）
            received: \(SystemClock.now().date(in: .china))
            repeatability: {relative: 0.05 %, degrees_of_freedom: 9, source: "demonstration: ten repeated runs at Q3"}
            standards:
              reference: flow-reference-421200
              conditions: {water-temperature: water-temperature-421200, water-pressure: water-pressure-421200, room-temperature: room-climate-421200, room-humidity: room-climate-421200}
            bench:
              reference: \(instrument("reference-flowmeter", "references", 1))
              controller: \(instrument("batch-controller", "references", 5))
              conditions:
                water-temperature: \(instrument("water-temperature", "references", 2, "temperature"))
                water-pressure: \(instrument("water-pressure", "references", 3, "pressure"))
                room-temperature: \(instrument("room-climate", "references", 4, "temperature"))
                room-humidity: \(instrument("room-climate", "references", 4, "humidity"))
            points: {Q3: {volume: 100 L}, Q2: {volume: 20 L}, Q1: {volume: 10 L}}
            positions:
            \(positions)

            """
        do { try text.write(toFile: "\(folder)/job.yaml", atomically: true, encoding: .utf8) } catch {
            throw DemoFailure(description: "\(folder)/job.yaml cannot be written: \(error.localizedDescription)")
        }
    }

    /// Holds what the platform received against what was due: each value once, none in two versions.
    private func checkUpload(_ platform: String) async throws {
        let address = platform + "/report"
        let report: PlatformReport
        do {
            let response = try await HTTPClient.shared.execute(
                HTTPClientRequest(url: address), timeout: .seconds(10))
            let body = try await response.body.collect(upTo: 1 << 20)
            report = try JSONDecoder().decode(PlatformReport.self, from: Data(buffer: body))
        } catch {
            throw DemoFailure(description: "the simulated platform does not answer at \(address): \(error)")
        }
        let due = Self.quarters * Self.points
        print(
            "平台所见 as the platform saw it: \(report.distinct) of \(due) values (\(100 * report.distinct / due) %), "
                + "\(report.duplicatesConflicting) conflicting; it refused \(report.refused) upload, went away once "
                + "with \(report.cut) answer cut off, and so received \(report.duplicatesIdentical) again, unchanged")
        guard report.distinct == due, report.duplicatesConflicting == 0 else {
            throw DemoFailure(description: "the upload is not complete: see the logs in \(folder)")
        }
    }

    private func summary() throws {
        let files = (try? FileManager.default.contentsOfDirectory(atPath: "\(folder)/certificates")) ?? []
        let count = files.filter { $0.hasSuffix(".pdf") }.count
        heading("看这里 Where to look")
        print(
            """
            证书 certificates     \(folder)/certificates: \(count) PDF, each with its DCC XML beside and inside
            检定任务 the job       \(folder)/job.yaml (run again: steelyard verify, with --database as below)
            真值 the truth        \(folder)/truth.txt: what the simulated meters' errors really are
            上报 the upload       \(folder)/platform.jsonl
            账本 the ledger       \(database): export STEELYARD_DATABASE=\(database)
            """)
    }

    // MARK: Commands

    private func step(_ arguments: String..., allowing statuses: [Int32] = [0]) throws {
        try step(arguments, allowing: statuses)
    }

    /// Runs one command of this program and shows it.
    private func step(_ arguments: [String], allowing statuses: [Int32] = [0]) throws {
        echo(arguments)
        let status = try children.run(arguments + ["--database", database, "--data", root])
        guard statuses.contains(status) else {
            throw DemoFailure(
                description: "`steelyard \(arguments.joined(separator: " "))` ended with status \(status)")
        }
    }

    private func echo(_ arguments: [String]) {
        let shown = arguments.map { $0.contains(" ") ? "'\($0)'" : $0 }.joined(separator: " ")
        write("$ steelyard \(shown)")
    }

    private func heading(_ text: String) {
        write("\n── \(text)")
    }

    /// At once, so that lines of parent and children stand in the order they were written.
    private func write(_ text: String) {
        FileHandle.standardOutput.write(Data((text + "\n").utf8))
    }

    private func print(_ text: String) { write(text) }
}
