import ArgumentParser
import Chronometry
import Energy
import Foundation
import Ledger

struct EnergyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "energy",
        abstract: "Collect energy data from meters and submit it to monitoring platforms.",
        subcommands: [Run.self, Status.self, Gaps.self, Resend.self])

    struct Run: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Collect and submit by a plan, until told to stop.",
            discussion: """
                With --start, --speed and --origin the run lives on an accelerated clock: it shows
                START + (monotonic seconds − ORIGIN) × SPEED. Simulated meters given the same three
                numbers live on the same one.
                """)

        @OptionGroup var ledger: LedgerOptions

        @Argument(help: ArgumentHelp("Plan file.", valueName: "plan"))
        var planFile: String

        @Option(help: "End after so many quarter hours, once they are submitted.")
        var quarters: Int?

        @Option(help: "How long to wait for the platforms at the end, in real seconds.")
        var patience = 60.0

        @Option(help: "Read a point elsewhere than the plan says: POINT=ADDRESS.")
        var connect: [String] = []

        @Option(help: "Register elsewhere than the plan says: DESTINATION=URL.")
        var register: [String] = []

        @Option(help: "Seconds of the run's clock per real second.")
        var speed: Double?

        @Option(help: "What the run's clock shows at the origin, like 2026-11-25T02:00:00.000Z.")
        var start: String?

        @Option(help: "The origin, in seconds of the machine's monotonic clock; now where left out.")
        var origin: Double?

        func validate() throws {
            guard (speed == nil) == (start == nil) else {
                throw ValidationError("--speed and --start belong together")
            }
            guard origin == nil || start != nil else {
                throw ValidationError("--origin needs --speed and --start")
            }
            guard speed ?? 1 > 0, quarters ?? 1 > 0, patience >= 0 else {
                throw ValidationError("--speed and --quarters are above zero, --patience is not below")
            }
            if let start, Instant(start) == nil {
                throw ValidationError("--start is an instant like 2026-11-25T02:00:00.000Z, not '\(start)'")
            }
        }

        func run() async throws {
            let plan = try adjustedPlan()
            let (planFile, quarters) = (planFile, quarters)
            let counters = try await DeviceCounters(
                plan.points, profiles: ledger.dataRoot() + "/Devices")
            // The first run of a new terminal finds no ledger and makes one.
            let ledger = try Composition.openLedger(ledger.databasePath, create: true)
            let clock = clock
            let patience = patience * clock.speed
            try await untilSignalled {
                try await HTTPTransport.with { transport in
                    try await EnergyRun(
                        plan: plan, planFile: planFile, ledger: ledger, source: counters,
                        transport: transport, clock: clock
                    ).run(quarters: quarters, patience: patience)
                }
            }
            try print(EnergyRecords(ledger).completeness().table)
        }

        private func adjustedPlan() throws -> EnergyPlan {
            var plan = try EnergyPlan.load(planFile)
            for (point, address) in try pairs(connect, "--connect") {
                try plan.connect(point, to: address)
            }
            for (destination, url) in try pairs(register, "--register") {
                try plan.register(destination, at: PlatformURL(url))
            }
            return plan
        }

        private var clock: RunClock.Source {
            guard let speed, let start = start.flatMap({ Instant($0) }) else { return .system }
            return .accelerated(
                start: start, origin: origin ?? SystemClock.monotonicSeconds(), speed: speed)
        }

        private func pairs(_ texts: [String], _ option: String) throws -> [(String, String)] {
            try texts.map { text in
                let parts = text.split(separator: "=", maxSplits: 1).map(String.init)
                guard parts.count == 2 else {
                    throw ValidationError("\(option) is NAME=VALUE, not '\(text)'")
                }
                return (parts[0], parts[1])
            }
        }
    }

    struct Status: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "How much of what was due is collected and accepted.")

        @OptionGroup var ledger: LedgerOptions
        @OptionGroup var period: EnergyPeriod
        @Option(help: "text or json.") var format = OutputFormat.text

        func run() async throws {
            let found = try period.completeness(in: ledger.openLedger())
            switch format {
            case .text: print(found.table)
            case .json: try printJSON(found)
            }
        }
    }

    struct Gaps: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Quarter hours that are missing, with the reason; status 1 where there are any.")

        @OptionGroup var ledger: LedgerOptions
        @OptionGroup var period: EnergyPeriod
        @Option(help: "text or json.") var format = OutputFormat.text

        func run() async throws {
            let found = try period.completeness(in: ledger.openLedger())
            switch format {
            case .text: print(found.gapList)
            case .json: try printJSON(found.missing)
            }
            guard found.isComplete else { throw ExitCode(1) }
        }
    }

    struct Resend: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Send refused values again, after the cause is cleared.")

        @OptionGroup var ledger: LedgerOptions
        @Option(help: "Only of this metering point.") var point: String?
        @Option(help: "Who decides it.") var actor: String
        @Option(help: "Why it may succeed now.") var reason: String

        func run() async throws {
            let count = try EnergyRecords(ledger.openLedger()).resendRefused(
                of: point, actor: actor, reason: reason)
            print("\(count) values wait again; the running collection sends them")
        }
    }
}

/// The quarter hours a question is about.
struct EnergyPeriod: ParsableArguments {
    @Option(help: "From this day on, like 2026-11-01.")
    var from: String?

    @Option(help: "Up to the end of this day; a quarter hour ago where left out.")
    var to: String?

    func validate() throws {
        for day in [from, to].compactMap({ $0 }) where CivilDate(day) == nil {
            throw ValidationError("a day is written like 2026-11-25, not '\(day)'")
        }
    }

    func completeness(in ledger: Ledger) throws -> Completeness {
        try EnergyRecords(ledger).completeness(
            since: from.flatMap { CivilDate($0) }.map { Instant(startOf: $0, in: .china) },
            until: to.flatMap { CivilDate($0) }.map {
                Instant(startOf: $0.advanced(byDays: 1), in: .china)
            })
    }
}
