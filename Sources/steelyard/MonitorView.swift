import Chronometry
import Devices
import Foundation
import Metrology

/// What a monitor shows of an instrument after a round.
struct MonitorView {
    private let monitor: InstrumentMonitor
    private let instant: Instant
    /// Of the clock the samples are counted in.
    private let seconds: Double

    init(_ monitor: InstrumentMonitor, at instant: Instant, seconds: Double) {
        self.monitor = monitor
        self.instant = instant
        self.seconds = seconds
    }

    /// For a terminal: every channel, and below them what went wrong in the last round.
    var table: String {
        let table = TextTable(
            head: ["channel", "value", "rate", "age", "state", "round trip"],
            rows: monitor.rows.map { row in
                [
                    row.channel, row.value, row.rate?.words ?? "", row.sample.map { words(age: $0) } ?? "", row.state,
                    row.sample.map { "\(milliseconds($0.roundTrip)) ms" } ?? "",
                ]
            }
        ).text
        let failed = monitor.failedRounds == 0 ? "" : ", \(monitor.failedRounds) of them failed"
        let foot = "\(instant)  round \(monitor.rounds)\(failed); Ctrl-C ends"
        return table + "\n\n" + foot + (monitor.failure.map { "\nno reading: \($0)" } ?? "")
    }

    /// For a file or another program: a line for each channel.
    var lines: [String] {
        let width = monitor.rows.map(\.channel.count).max() ?? 0
        return monitor.rows.map { row in
            let name = row.channel.padding(toLength: width, withPad: " ", startingAt: 0)
            let rate = row.rate.map { "  \($0.words)" } ?? ""
            return "\(instant)  \(name)  \(row.value)\(rate)" + (row.state.isEmpty ? "" : "  (\(row.state))")
        }
    }

    var document: MonitorDocument {
        MonitorDocument(
            at: instant.iso8601, round: monitor.rounds, failure: monitor.failure,
            channels: monitor.rows.map { row in
                var unit: String?
                if case .number(_, let told)? = row.sample?.reading.value { unit = told?.symbol }
                return MonitorDocument.Channel(
                    channel: row.channel, value: row.number, unit: unit, rate: row.rate?.value,
                    rateStep: row.rate?.step, rateUnit: row.rate?.unit, rateSeconds: row.rate?.seconds,
                    ageSeconds: row.sample.map { max(0, seconds - $0.seconds) }, isStale: row.isStale,
                    state: row.sample?.reading.state.rawValue,
                    roundTripMilliseconds: row.sample.map { milliseconds($0.roundTrip) })
            })
    }

    private func words(age sample: InstrumentMonitor.Sample) -> String {
        String(format: "%.1f s", max(0, seconds - sample.seconds))
    }

    private func milliseconds(_ seconds: Double) -> Int { Int((1000 * seconds).rounded()) }
}

/// One round as JSON; keys without a value are left out.
struct MonitorDocument: Encodable {
    struct Channel: Encodable {
        let channel: String
        let value: String?
        let unit: String?
        let rate: Double?
        let rateStep: Double?
        let rateUnit: String?
        let rateSeconds: Double?
        let ageSeconds: Double?
        let isStale: Bool
        let state: String?
        let roundTripMilliseconds: Int?
    }

    let at: String
    let round: Int
    let failure: String?
    let channels: [Channel]
}

extension InstrumentMonitor.Row {
    fileprivate var number: String? {
        switch sample?.reading.value {
        case .number(let number, _): "\(number)"
        case .text(let text): text
        case nil: nil
        }
    }

    fileprivate var value: String {
        guard let sample else { return "none yet" }
        guard case .number(let number, let unit?)? = sample.reading.value, unit != .one else {
            return number ?? "no value"
        }
        return "\(number) \(unit)"
    }

    /// Empty where there is nothing to say.
    fileprivate var state: String {
        let told = sample.flatMap { $0.reading.state == .unstated ? nil : $0.reading.state.rawValue }
        return [isStale && sample != nil ? "stale" : nil, told].compactMap(\.self).joined(separator: ", ")
    }
}

extension ChangeRate {
    /// `2.4 ± 0.7 kW`, and of a change within the steps of the indication `0 ± 0.7 kW`.
    fileprivate var words: String {
        guard step > 0 else { return "\(value.formatted(places: 6)) \(unit)" }
        // The step to one digit that counts, two where it is 1; the rate to the same place.
        let exponent = Int(log10(step).rounded(.down))
        let places = max(0, -exponent + (step / pow(10, Double(exponent)) < 2 ? 1 : 0))
        return "\(value.formatted(places: places)) ± \(step.formatted(places: places)) \(unit)"
    }
}

extension Double {
    fileprivate func formatted(places: Int) -> String {
        let text = String(format: "%.\(min(places, 12))f", self)
        // No minus before a zero.
        return text.hasPrefix("-") && text.allSatisfy { "-0.".contains($0) } ? String(text.dropFirst()) : text
    }
}
