import ArgumentParser
import Chronometry
import Devices
import Metrology

/// How long one round over a line takes, before anything is connected.
struct DeviceForecastCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "forecast",
        abstract: "How long one round over a line takes, whether that is short enough, and what would help.",
        discussion: "The requests are those that 'device read' would make. Without --delay or --measure nothing is "
            + "known of how long an instrument thinks, and every time is said to be the least.")

    @OptionGroup var options: InstrumentOptions

    @Option(help: "How often a round is wished for: 5s, 200ms, 15min.")
    var every: String

    @Option(help: "Instruments of this kind on the line.")
    var devices = 1

    @Option(help: "How long an instrument thinks before it answers: 20ms.")
    var delay: String?

    @Flag(help: "Read the instrument five times and use how long it really thinks.")
    var measure = false

    @Option(help: "Instruments (1, 2, …) that do not answer.")
    var silent: [Int] = []

    @Option(help: "text or json.") var format = OutputFormat.text

    func run() async throws {
        let profile = try options.namedProfile()
        let address = try Connection(options.connect)
        guard let interval = StatedTime(every)?.seconds, interval > 0 else {
            throw ValidationError("--every is a time like 5s, 200ms or 15min, not '\(every)'")
        }
        guard (1...10_000).contains(devices) else {
            throw ValidationError("--devices is between 1 and 10000, not \(devices)")
        }
        for unit in silent where !(1...devices).contains(unit) {
            throw ValidationError("--silent \(unit) is not one of the \(devices) instruments")
        }
        let names = options.channels.isEmpty ? profile.readable.map(\.name) : options.channels
        let turnRound = try await turnRound(profile, address, names)
        let members: [RoundMember]
        do {
            members = try (1...devices).map {
                try RoundMember(
                    name: "unit \($0)", profile, at: address, reading: names, turnRound: turnRound, roundTrip: 0,
                    answers: !silent.contains($0))
            }
        } catch let error as ReadPlanError {
            throw ValidationError("\(error)")
        }
        let advice = RoundAdvice(RoundForecast(members), every: interval)
        let requests = members[0].plan.requests.map { "\($0)" }
        switch format {
        case .text:
            print(advice.sentence)
            for line in advice.shares(most: 3) + requests { print("  \(line)") }
        case .json:
            try printJSON(
                ForecastDocument(
                    sentence: advice.sentence, shares: advice.shares(most: devices), requestsOfOne: requests))
        }
    }

    private func turnRound(
        _ profile: DeviceProfile, _ address: Connection, _ names: [String]
    ) async throws -> LineTiming.TurnRound {
        if let delay {
            guard let seconds = StatedTime(delay)?.seconds, seconds >= 0 else {
                throw ValidationError("--delay is a time like 20ms, not '\(delay)'")
            }
            return .stated(seconds)
        }
        guard measure else { return .unknown }
        let (device, _) = try await DeviceLines().device(profile, at: address).settled()
        let timing = LineTiming(address, profile)
        var estimate = DelayEstimate()
        for _ in 0..<5 {
            for exchange in Set(try await device.read(names).map(\.exchange)) {
                estimate.learn(from: exchange, on: timing)
            }
        }
        return estimate.turnRound ?? .unknown
    }
}

private struct ForecastDocument: Encodable {
    let sentence: String
    let shares: [String]
    let requestsOfOne: [String]
}
