import ArgumentParser
import Foundation
import Metrology
import Procedures
import Verification

struct VerifyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Carry out the verification a job file describes.",
        discussion: """
            Interrupted at any moment and started again with the same job, it goes on where it was. \
            Exits with 1 where an instrument does not conform.
            """)

    @OptionGroup var ledger: LedgerOptions
    @Argument(help: "Job file.") var job: String
    @Option(help: "text or json.") var format = OutputFormat.text

    func run() async throws {
        let root = try ledger.dataRoot()
        if try ReadingsJob.isOne(job) { return try verifyReadings(root) }
        let job = try VerificationJob.load(job)
        let procedure = try Procedure.numbered(job.procedure, in: root + "/Calibration/procedures")
        let printer = SessionPrinter(job: job, flowTest: try FlowTest(procedure), isQuiet: format == .json)
        let session = try await VerificationSession(
            job, procedure: procedure,
            in: .init(
                ledger: try Composition.openLedger(ledger.databasePath, create: false),
                devices: root + "/Devices", catalogue: try Catalogue.load(root + "/Calibration/catalogue.yaml"))
        ) { printer.show($0) }
        let records = try await session.run()
        try finish(records) { printer.table(records) }
    }

    /// Readings that were typed: no instrument is asked.
    private func verifyReadings(_ root: String) throws {
        let job = try ReadingsJob.load(job, procedures: root + "/Calibration/procedures")
        let ledger = try Composition.openLedger(ledger.databasePath, create: false)
        let session = ReadingsSession(
            job,
            in: .init(
                ledger: ledger, devices: root + "/Devices",
                catalogue: try Catalogue.load(root + "/Calibration/catalogue.yaml")))
        let records = try session.run()
        try finish(records) { ReadingsTable(job.procedure, records).text }
    }

    private func finish(_ records: [Records.Stored], _ table: () -> String) throws {
        switch format {
        case .text: print(table())
        case .json: try printJSON(records.map(\.record))
        }
        if records.contains(where: { $0.record.verdict != .conforming }) { throw ExitCode(1) }
    }
}

/// What a session looks like at a terminal.
private struct SessionPrinter: Sendable {
    let job: VerificationJob
    let flowTest: FlowTest
    let isQuiet: Bool

    func show(_ report: SessionReport) {
        guard !isQuiet else { return }
        let line: String
        switch report {
        case .began(let job, let positions):
            line = "检定开始 session \(job): \(positions) 表位 positions, \(flowTest.procedure.number)"
        case .resumed(let job, let completed):
            let done = completed.map { "\($0.point)/\($0.repetition)" }.joined(separator: " ")
            line = "检定继续 session \(job) resumes; done: \(done.isEmpty ? "nothing yet" : done)"
        case .abandoned(let run, let why):
            line = "  \(run.point) 第\(run.repetition)次 abandoned (\(why)); its readings are kept and count for nothing"
        case .runStarted(let run, let flow, let volume):
            line = "  \(run.point) 第\(run.repetition)次: start readings taken; \(volume) at \(flow)"
        case .runCompleted(let run, let results):
            let outside = results.filter { $0?.verdict != .conforming }.count
            line =
                "  \(run.point) 第\(run.repetition)次: end readings taken; \(results.count - outside) within, \(outside) outside"
        case .closed(let records):
            line = "检定结束 session closed: \(records.count) records"
        }
        FileHandle.standardOutput.write(Data((line + "\n").utf8))
    }

    func table(_ records: [Records.Stored]) -> String {
        let points = flowTest.points
        let unit = flowTest.errorUnit
        let head = ["表位", "编号 serial"] + points.map { "\($0) E±U (MPE) \(unit)" } + ["结论", "记录 record"]
        let rows = records.map { stored -> [String] in
            let record = stored.record
            let cells = record.result.points.map { result in
                let places = Reporting.places(forUncertainty: result.expandedUncertainty)
                func text(_ value: Double) -> String {
                    Reporting.rounded(value, places: places)?.description ?? "?"
                }
                let mark = result.verdict == .conforming ? "✓" : "✗"
                return "\(text(result.error))±\(text(result.expandedUncertainty)) (\(result.limit)) \(mark)"
            }
            let verdict: String =
                switch record.verdict {
                case .conforming: "合格"
                case .notConforming: "不合格"
                case .undetermined: "待定"
                }
            return ["\(record.result.position)", record.subject.serial] + cells + [verdict, record.number]
        }
        return TextTable(head: head, rows: rows).text
    }
}
