import ArgumentParser
import Chronometry
import Devices
import Foundation

/// `device trace`: what goes over the wire, frame by frame.
struct DeviceTraceCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "trace", abstract: "Read an instrument again and again, and print every frame with its time.",
        discussion: """
            `>` is what was sent, `<` what came, also where it is no answer. At the end stands what the line did: \
            how many questions were answered, how long that took, what went wrong. Ends with Ctrl-C or after --rounds.
            """)

    @OptionGroup var options: InstrumentOptions

    @Option(help: "How often to read; for ever where it is left out.") var rounds: Int?
    @Option(help: "Seconds from the beginning of one reading to that of the next.") var every = 1.0
    @Option(help: "text, or json: an object in each line.") var format = OutputFormat.text

    func validate() throws {
        guard rounds.map({ $0 > 0 }) ?? true, every >= 0, every.isFinite else {
            throw ValidationError("--rounds is at least 1 and --every not below 0 seconds")
        }
    }

    func run() async throws {
        let format = format
        let alarm = PlugAlarm()
        let lines = DeviceLines(
            observer: { attempt in
                switch format {
                case .text: Self.show(attempt)
                case .json:
                    // Numbers and texts only: there is nothing in it that cannot be encoded.
                    try? printJSONLine(TraceDocument(attempt))
                }
            },
            news: { news in
                tell(news)
                if case .back = news.change { alarm.ring() }
            })
        let instrument = try await options.instrument(on: lines)
        try await untilSignalled {
            var next = SystemClock.monotonicSeconds()
            var round = 0
            while rounds.map({ round < $0 }) ?? true {
                round += 1
                do { _ = try await instrument.read() } catch let error as DeviceError where !error.isWrongUse {
                    complain("\(error)")
                } catch let error as UnreadableChannel {
                    complain("\(error)")
                }
                next += every
                guard rounds.map({ round < $0 }) ?? true else { break }
                // An adapter that is plugged in again is read at once, whatever the timetable says.
                if try await alarm.sleep(until: next) { next = SystemClock.monotonicSeconds() }
            }
        }
        try summary(await lines.statistics)
    }

    private static func show(_ attempt: TracedExchange) {
        var text = "\(attempt.sentAt)  > \(attempt.sent.spacedHexadecimal)\n"
        if !attempt.received.isEmpty { text += "\(attempt.endedAt)  < \(attempt.received.spacedHexadecimal)" }
        if let fault = attempt.fault {
            text += attempt.received.isEmpty ? "\(attempt.endedAt)  (\(fault.rawValue))" : "  (\(fault.rawValue))"
        } else {
            text += "  (\(String(format: "%.1f", 1000 * attempt.roundTrip)) ms)"
        }
        FileHandle.standardOutput.write(Data((text + "\n").utf8))
    }

    private func summary(_ statistics: [String: LineStatistics]) throws {
        for (line, found) in statistics.sorted(by: { $0.key < $1.key }) {
            for (station, member) in found.members.sorted(by: { $0.key < $1.key }) {
                if format == .json {
                    try printJSONLine(StationDocument(line: line, station: station, member, load: found.load))
                } else {
                    print(station.summary(of: member, on: line))
                }
            }
            if format == .text { print("\(line): the line was taken \(percent(found.load)) of the time") }
        }
    }

    private func percent(_ part: Double) -> String { String(format: "%.1f %%", 100 * part) }
}

extension Station {
    fileprivate func summary(of member: LineStatistics.Member, on line: String) -> String {
        var parts = ["\(line), \(words): asked \(member.asked) times, answered \(member.answered)"]
        let trip = member.roundTrip
        if trip.count > 0 {
            let times = [trip.least, trip.mean, trip.most].map { String(format: "%.1f", 1000 * $0) }
            parts.append("\(times[0]) to \(times[2]) ms, on average \(times[1])")
        }
        for (fault, count) in member.faults.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
            parts.append("\(fault.rawValue) \(count)")
        }
        return parts.joined(separator: "; ")
    }
}

private struct TraceDocument: Encodable {
    let line: String
    let station: String
    let sent: String
    let received: String
    let sentAt: String
    let endedAt: String
    let milliseconds: Double
    let fault: String?

    init(_ attempt: TracedExchange) {
        line = attempt.line
        station = attempt.station.words
        sent = attempt.sent.spacedHexadecimal
        received = attempt.received.spacedHexadecimal
        sentAt = attempt.sentAt.iso8601
        endedAt = attempt.endedAt.iso8601
        milliseconds = (1e6 * attempt.roundTrip).rounded() / 1000
        fault = attempt.fault?.rawValue
    }
}

private struct StationDocument: Encodable {
    let line: String
    let station: String
    let asked: Int
    let answered: Int
    let repeated: Int
    let faults: [String: Int]
    let meanMilliseconds: Double
    let load: Double

    init(line: String, station: Station, _ member: LineStatistics.Member, load: Double) {
        self.line = line
        self.station = station.words
        asked = member.asked
        answered = member.answered
        repeated = member.repeated
        faults = Dictionary(uniqueKeysWithValues: member.faults.map { ($0.rawValue, $1) })
        meanMilliseconds = (1e6 * member.roundTrip.mean).rounded() / 1000
        self.load = load
    }
}
