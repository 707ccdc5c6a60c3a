import ArgumentParser
import Chronometry
import Devices
import Foundation

/// `device monitor`: an instrument's channels as they change.
struct DeviceMonitorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "monitor", abstract: "Watch an instrument's channels and how fast they change.",
        discussion: """
            In a terminal the table is drawn anew in its place; elsewhere each round adds its lines. A rate is the mean \
            over at most a minute, a counter's by the hour (kWh give kW), anything else's by the minute; ± is what the \
            steps of the indication leave open. A round that fails keeps the last values, marked stale; a channel without a value does not hide the others, \
            and is asked for again every tenth round. Ends with Ctrl-C \
            or after --rounds.
            """)

    @OptionGroup var options: InstrumentOptions
    @Option(help: "How often to read; for ever where it is left out.") var rounds: Int?
    @Option(help: "Seconds from the beginning of one reading to that of the next.") var every = 1.0
    @Option(help: "text, or json: an object for each round in a line.") var format = OutputFormat.text

    /// Rounds after which a channel that had no value is asked for again.
    private static let patience = 10

    func validate() throws {
        guard rounds.map({ $0 > 0 }) ?? true, every >= 0, every.isFinite else {
            throw ValidationError("--rounds is at least 1 and --every not below 0 seconds")
        }
    }

    func run() async throws {
        let alarm = PlugAlarm()
        let lines = DeviceLines(news: { news in
            tell(news)
            if case .back = news.change { alarm.ring() }
        })
        let instrument = try await options.instrument(on: lines)
        for question in instrument.open { complain("\(question)") }
        let screen = format == .text ? TerminalScreen() : nil
        let (format, every, rounds) = (format, every, rounds)
        try await untilSignalled {
            var monitor = InstrumentMonitor(instrument.channels)
            var next = SystemClock.monotonicSeconds()
            var without: [String: String] = [:]
            while rounds.map({ monitor.rounds < $0 }) ?? true {
                if monitor.rounds % Self.patience == 0 { without = [:] }
                do {
                    let (readings, found) = try await instrument.read(but: Set(without.keys))
                    without.merge(found) { $1 }
                    let failure = without.sorted { $0.key < $1.key }.map(\.value).joined(separator: "; ")
                    monitor.take(readings.map(Self.sample), without: failure.isEmpty ? nil : failure)
                } catch let error as DeviceError where !error.isWrongUse {
                    monitor.fail("\(error)")
                } catch let error as UnreadableChannel {
                    monitor.fail("\(error)")
                }
                let view = MonitorView(monitor, at: SystemClock.now(), seconds: SystemClock.monotonicSeconds())
                switch (format, screen) {
                case (.json, _): try printJSONLine(view.document)
                case (.text, let screen?): screen.draw(view.table)
                case (.text, nil):
                    FileHandle.standardOutput.write(Data(view.lines.map { "\($0)\n" }.joined().utf8))
                    if let failure = monitor.failure { complain(failure) }
                }
                next += every
                guard rounds.map({ monitor.rounds < $0 }) ?? true else { break }
                // An adapter that is plugged in again is read at once, whatever the timetable says.
                if try await alarm.sleep(until: next) { next = SystemClock.monotonicSeconds() }
            }
        }
    }

    /// The instant of an answer is one of the calendar, which may be set: its age is taken from the clock that is not.
    @Sendable private static func sample(_ reading: ChannelReading) -> InstrumentMonitor.Sample {
        let exchange = reading.exchanges.last
        let age = exchange.map { max(0, SystemClock.now().seconds(since: $0.answeredAt)) } ?? 0
        return InstrumentMonitor.Sample(
            channel: reading.channel, reading: reading.reading, seconds: SystemClock.monotonicSeconds() - age,
            roundTrip: exchange.map { max(0, $0.answeredAt.seconds(since: $0.sentAt)) } ?? 0)
    }
}
