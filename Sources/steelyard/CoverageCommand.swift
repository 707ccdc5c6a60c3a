import ArgumentParser
import Capabilities
import Chronometry
import Ledger
import Procedures

struct CoverageCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "coverage",
        abstract: "What each institute can verify, against its target.",
        discussion: """
            Computed from the standards, assessments, people and authorizations on file; with --region \
            the institutes of that very region are listed category by category.
            """)

    @OptionGroup var ledger: LedgerOptions

    @Option(help: "Six-digit code of a region: its institutes and those of the regions in it.")
    var region: String?

    @Option(
        help: "The day asked about, such as 2026-11-25. Today without it.",
        transform: { text in
            guard let day = CivilDate(text) else {
                throw ValidationError("'\(text)' is no date: write it like 2026-11-25")
            }
            return day
        })
    var on: CivilDate?

    @Option(help: "Also look so many days ahead.")
    var forecast: Int?

    @Option(help: "text for people, json for programs.")
    var format: OutputFormat = .text

    func validate() throws {
        if let forecast, forecast < 0 {
            throw ValidationError("--forecast looks ahead: \(forecast) days is in the past; use --on")
        }
    }

    func run() async throws {
        let calibration = "\(try ledger.dataRoot())/Calibration"
        let catalogue = try Catalogue.load("\(calibration)/catalogue.yaml")
        let targets = try CoverageTargets.load("\(calibration)/regions.yaml")
        let facts = try ledger.openLedger().read { database in
            try CoverageFacts(catalogue: catalogue, in: database)
        }
        let report = try Coverage.report(
            facts, targets: targets, region: region,
            on: on ?? SystemClock.now().date(in: .china), forecastDays: forecast)
        switch format {
        case .text: print(report.text(catalogue, detailed: region))
        case .json: print(try report.json())
        }
    }
}
