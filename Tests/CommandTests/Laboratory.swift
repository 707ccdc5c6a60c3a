import Certification
import Chronometry
import DataFiles
import Energy
import Foundation
import Ledger
import Procedures
import Registry
import Traceability
import Verification

/// A laboratory of its own: the demonstration's institutions, people and standards in a ledger, a
/// simulated bench, and job files for it.
struct Laboratory {
    let folder: Folder
    private let today = SystemClock.now().date(in: .china)

    /// - Parameter changes: what is replaced in the texts of institutions and standards.
    init(_ changes: [(String, String)] = []) throws {
        folder = try Folder()
        let calibration = "\(Programs.root)/Calibration"
        func data(_ name: String) throws -> DataNode {
            let path = "\(calibration)/demonstration/\(name).yaml"
            let text = try DataNode.text(ofFile: path)
            return try DataNode.parse(
                changes.reduce(text) { $0.replacingOccurrences(of: $1.0, with: $1.1) }, file: path)
        }
        try ledger(create: true).commit("test", reason: "load data") { transaction in
            _ = try RegionsFile(path: "\(calibration)/regions.yaml").keep(in: transaction)
            _ = try InstitutionsFile(data("institutions"), today: today).keep(in: transaction)
            _ = try StandardsFile(data("standards"), today: today).keep(why: "test", in: transaction)
        }
        try FileManager.default.createDirectory(
            atPath: "\(folder.path)/ports", withIntermediateDirectories: true)
    }

    func ledger(create: Bool = false) throws -> Ledger {
        // The program's own composition, floor by floor.
        try Ledger(
            path: "\(folder.path)/steelyard.sqlite",
            schemas: [
                RegistryTables.schema, ProceduresTables.schema, TraceabilityTables.schema,
                VerificationTables.schema, EnergyTables.schema, CertificationTables.schema,
            ], create: create)
    }

    func audit() throws -> AuditVerification { try ledger().verifyAudit() }

    /// Two meters that conform; the links to its ports are those the job names.
    func bench(speed: Int = 20_000) throws -> Running {
        try folder.start(
            [
                "simulate", "bench", "water", "--seed", "6", "--positions", "2", "--faulty", "0", "--speed",
                "\(speed)", "--links", "\(folder.path)/ports",
            ], until: "meters ")
    }

    /// Writes a job for the bench, and returns its path.
    func job(_ name: String = "job-1", _ changes: (String, String)...) throws -> String {
        func instrument(_ profile: String, _ port: String, _ unit: Int, _ channel: String? = nil) -> String {
            "{profile: simulated/\(profile), connect: \"serial://\(folder.path)/ports/\(port)?unit=\(unit)&timeout=5000\""
                + (channel.map { ", channel: \($0)}" } ?? "}")
        }
        let positions = (1...2).map { position in
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
            job: \(name)
            procedure: JJG 162-2019
            institution: "421200"
            verifier: zhang-421200
            client: water-utility-demo
            place: test room
            repeatability: {relative: 0.05 %, degrees_of_freedom: 9, source: test}
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
        return try folder.write(
            changes.reduce(text) { $0.replacingOccurrences(of: $1.0, with: $1.1) }, to: "\(name).yaml")
    }

    /// Runs a command that has to end with 0.
    @discardableResult
    func must(_ arguments: String...) throws -> String {
        let outcome = try folder.steelyard(arguments)
        guard outcome.status == 0 else {
            throw SetupFailed(description: "\(arguments): \(outcome.status): \(outcome.output)\(outcome.errors)")
        }
        return outcome.output
    }

    /// Changes the ledger with another program, around all its guards.
    func tamper(_ sql: String) throws {
        let outcome = try folder.run(
            Programs.python, ["\(Programs.peers)/tamper.py", "\(folder.path)/steelyard.sqlite", sql])
        guard outcome.output.hasPrefix("changed 1") else {
            throw SetupFailed(description: "tampering: \(outcome.output)\(outcome.errors)")
        }
    }
}
