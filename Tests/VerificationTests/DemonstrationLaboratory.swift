import Certification
import Chronometry
import Energy
import Foundation
import Ledger
import Procedures
import Registry
import Simulation
import Traceability
import Verification

/// A laboratory for one test: a folder of its own, the demonstration's people and standards, and
/// jobs for a simulated bench.
struct DemonstrationLaboratory {
    static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().path
    static let today = SystemClock.now().date(in: .china)

    let folder: String
    let ledger: Ledger
    var database: String { "\(folder)/steelyard.sqlite" }

    init() throws {
        folder = NSTemporaryDirectory() + "steelyard-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        ledger = try Self.open("\(folder)/steelyard.sqlite")
        let calibration = "\(Self.root)/Calibration"
        try ledger.commit("test", reason: "demonstration data") { transaction in
            try RegionsFile(path: "\(calibration)/regions.yaml").keep(in: transaction)
            try InstitutionsFile(
                path: "\(calibration)/demonstration/institutions.yaml", today: Self.today
            ).keep(in: transaction)
            try StandardsFile(
                path: "\(calibration)/demonstration/standards.yaml", today: Self.today
            ).keep(why: "demonstration data", in: transaction)
        }
    }

    static func open(_ path: String) throws -> Ledger {
        try Ledger(
            path: path,
            schemas: [
                RegistryTables.schema, ProceduresTables.schema, TraceabilityTables.schema,
                VerificationTables.schema, EnergyTables.schema, CertificationTables.schema,
            ])
    }

    func remove() {
        try? FileManager.default.removeItem(atPath: folder)
    }

    static func procedure() throws -> Procedure {
        try Procedure.numbered("JJG 162-2019", in: "\(root)/Calibration/procedures")
    }

    /// A job of `positions` meters at the bench with these ports, written into the folder.
    func job(
        _ name: String, references: String, meters: String, positions: Int = 10
    ) throws -> String {
        func instrument(_ profile: String, _ port: String, _ unit: Int, _ channel: String) -> String {
            "{profile: simulated/\(profile), connect: \"serial://\(port)?unit=\(unit)\", channel: \(channel)}"
        }
        var text = """
            job: \(name)
            procedure: JJG 162-2019
            institution: "421200"
            verifier: zhang-421200
            client: water-utility-demo
            place: test bench
            repeatability: {relative: 0.05 %, degrees_of_freedom: 9, source: test}
            standards:
              reference: flow-reference-421200
              conditions: {water-temperature: water-temperature-421200, water-pressure: water-pressure-421200, room-temperature: room-climate-421200, room-humidity: room-climate-421200}
            bench:
              reference: \(instrument("reference-flowmeter", references, 1, "volume"))
              controller: \(instrument("batch-controller", references, 5, "state"))
              conditions:
                water-temperature: \(instrument("water-temperature", references, 2, "temperature"))
                water-pressure: \(instrument("water-pressure", references, 3, "pressure"))
                room-temperature: \(instrument("room-climate", references, 4, "temperature"))
                room-humidity: \(instrument("room-climate", references, 4, "humidity"))
            points: {Q3: {volume: 100 L}, Q2: {volume: 20 L}, Q1: {volume: 10 L}}
            positions:

            """
        for position in 1...positions {
            text += """
                  - position: \(position)
                    maker: maker
                    model: LXS-20E
                    serial: "\(26_110_000 + position)"
                    nameplate: {Q3: 2.5, R: 80, class: 2, DN: 20}
                    meter: \(instrument("water-meter", meters, position, "volume"))
                    checks: {appearance: pass, tightness: pass}

                """
        }
        let path = "\(folder)/\(name).yaml"
        try text.write(toFile: path, atomically: true, encoding: .utf8)
        return path
    }

    /// Verifies what stands at `bench` and returns the records.
    func verify(_ name: String, at bench: SimulatedWaterBench, positions: Int = 10) async throws -> [Records
        .Stored]
    {
        let path = try job(
            name, references: bench.references.port, meters: bench.meters.port, positions: positions)
        let session = try await VerificationSession(
            VerificationJob.load(path), procedure: try Self.procedure(),
            in: .init(ledger: ledger, devices: "\(Self.root)/Devices")
        ) { _ in }
        return try await session.run()
    }
}
