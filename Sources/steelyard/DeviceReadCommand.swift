import ArgumentParser
import Chronometry
import Devices
import Foundation
import Metrology

/// `device read`: an instrument's channels once.
struct DeviceReadCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "read", abstract: "Read an instrument's channels once, with the bytes behind each value.")

    @OptionGroup var options: InstrumentOptions
    @Option(help: "text or json.") var format = OutputFormat.text

    func run() async throws {
        let instrument = try await options.instrument()
        // What the instrument itself does not settle is not read, and said beside the answer.
        for question in instrument.open { complain("\(question)") }
        let readings: [ChannelReading]
        do { readings = try await instrument.read() } catch let error as UnreadableChannel {
            throw ValidationError("\(error)")
        }
        switch format {
        case .text:
            let width = readings.map(\.channel.count).max() ?? 0
            for reading in readings {
                let name = reading.channel.padding(toLength: width, withPad: " ", startingAt: 0)
                let state = reading.reading.state
                print("\(name)  \(reading.words)\(state == .unstated ? "" : "  (\(state.rawValue))")")
            }
            for exchange in readings.flatMap(\.exchanges).uniqued() {
                print("\(exchange.sentAt)  > \(exchange.request.spacedHexadecimal)")
                print("\(exchange.answeredAt)  < \(exchange.answer.spacedHexadecimal)")
            }
        case .json: try printJSON(readings.map(ReadingDocument.init))
        }
    }
}

private struct ReadingDocument: Encodable {
    let channel: String
    /// nil where the instrument has none now.
    let value: String?
    let unit: String?
    /// Of a protocol that has states.
    let state: String?
    let request: String
    let answer: String
    /// What led to the exchange that holds the value, where the protocol has such.
    let requestsBefore: [String]?
    let answersBefore: [String]?
    let sentAt: String
    let answeredAt: String
    let line: String

    init(_ reading: ChannelReading) {
        channel = reading.channel
        value = reading.value
        unit = reading.unit?.symbol
        let exchanges = reading.exchanges
        request = exchanges.last?.request.spacedHexadecimal ?? ""
        answer = exchanges.last?.answer.spacedHexadecimal ?? ""
        state = reading.isOfPort ? reading.reading.state.rawValue : nil
        requestsBefore = reading.isOfPort ? exchanges.dropLast().map(\.request.spacedHexadecimal) : nil
        answersBefore = reading.isOfPort ? exchanges.dropLast().map(\.answer.spacedHexadecimal) : nil
        sentAt = exchanges.first?.sentAt.iso8601 ?? ""
        answeredAt = exchanges.last?.answeredAt.iso8601 ?? ""
        line = exchanges.first?.line ?? ""
    }
}

extension Array where Element: Hashable {
    /// Each once, in order.
    fileprivate func uniqued() -> [Element] {
        var seen: Set<Element> = []
        return filter { seen.insert($0).inserted }
    }
}
