import ArgumentParser
import Chronometry
import Devices
import Foundation
import Metrology

struct DeviceCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "device", abstract: "Read instruments through their profiles.",
        subcommands: [
            Read.self, Profiles.self, DeviceForecastCommand.self, DeviceListCommand.self, DeviceWatchCommand.self,
            DeviceSuggestCommand.self, DeviceTraceCommand.self,
        ])

    struct Read: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Read an instrument's channels once, with the bytes behind each value.")

        @OptionGroup var ledger: LedgerOptions

        @Option(help: "Profile: maker/model, model, or a YAML file.")
        var profile: String

        @Option(help: "tcp://HOST:PORT?unit=1 or serial:///dev/ttyUSB0?baud=9600&parity=even&unit=1")
        var connect: String

        @Argument(help: "Channels to read; all of the profile's where none is named.")
        var channels: [String] = []

        @Option(help: "text or json.") var format = OutputFormat.text

        func run() async throws {
            let profile = try DeviceProfile.named(
                profile, in: try ledger.dataRoot() + "/Devices")
            if !profile.speaksModbus { return try await readPort(profile) }
            let (device, open) = try await DeviceLines().device(profile, at: try Connection(connect)).settled()
            // What the instrument itself does not settle is not read, and said beside the answer.
            for question in open {
                FileHandle.standardError.write(Data("steelyard: \(question)\n".utf8))
            }
            let names = channels.isEmpty ? device.profile.readable.map(\.name) : channels
            let indications = try await device.read(names)
            switch format {
            case .text:
                let width = names.map(\.count).max() ?? 0
                for indication in indications {
                    let name = indication.channel.padding(
                        toLength: width, withPad: " ", startingAt: 0)
                    print("\(name)  \(indication.value)")
                }
                for exchange in indications.map(\.exchange).uniqued() {
                    print("\(exchange.sentAt)  > \(exchange.request.spacedHexadecimal)")
                    print("\(exchange.answeredAt)  < \(exchange.answer.spacedHexadecimal)")
                }
            case .json: try printJSON(indications.map(IndicationDocument.init))
            }
        }

        /// An instrument that does not speak Modbus: each channel by its own question.
        private func readPort(_ profile: DeviceProfile) async throws {
            let instrument = try profile.portInstrument(at: try Connection(connect))
            let names = channels.isEmpty ? instrument.channels.map(\.name) : channels
            let indications: [PortIndication]
            do {
                indications = try await instrument.read(names)
            } catch let error as UnreadableChannel {
                throw ValidationError("\(error)")
            }
            switch format {
            case .text:
                let width = names.map(\.count).max() ?? 0
                for indication in indications {
                    let name = indication.channel.padding(toLength: width, withPad: " ", startingAt: 0)
                    let state = indication.reading.state
                    print("\(name)  \(indication.words)\(state == .unstated ? "" : "  (\(state.rawValue))")")
                }
                for exchange in indications.flatMap(\.exchanges).uniqued() {
                    print("\(exchange.sentAt)  > \(exchange.request.spacedHexadecimal)")
                    print("\(exchange.answeredAt)  < \(exchange.answer.spacedHexadecimal)")
                }
            case .json: try printJSON(indications.map(PortIndicationDocument.init))
            }
        }
    }

    struct Profiles: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "profile",
            abstract: "List the profiles, or show and check one.")

        @OptionGroup var ledger: LedgerOptions
        @Argument(help: "The profile to show.") var name: String?
        @Flag(help: "The catalogue of all profiles, as Markdown.") var catalogue = false

        func run() async throws {
            let folder = try ledger.dataRoot() + "/Devices"
            if catalogue {
                print(ProfileCatalogue.markdown(try ProfileCatalogue.profiles(in: folder)), terminator: "")
                return
            }
            guard let name else {
                for name in DeviceProfile.all(in: folder) { print(name) }
                return
            }
            for line in lines(of: try DeviceProfile.named(name, in: folder)) { print(line) }
        }

        private func lines(of profile: DeviceProfile) -> [String] {
            let confirmed = profile.confirmedOnHardware
            var lines = [
                "\(profile.maker): \(profile.models.joined(separator: ", ")) (\(profile.kind))",
                "protocol: \(profile.protocols.map(\.rawValue).joined(separator: ", "))",
                "source: \(profile.source) [\(profile.confidence)]",
                "confirmed on hardware: \(confirmed.isEmpty ? "by nobody yet" : confirmed.joined(separator: "; "))",
            ]
            lines += profile.channels.map { "  \($0.name): \($0.quantity), \($0.unit)" }
            lines += profile.conflicts.map { "conflict: \($0)" }
            lines += profile.probes.map {
                "settled on the instrument: \($0.name) (\($0.settles.rawValue) of \($0.channels.joined(separator: ", ")))"
            }
            lines += profile.caveats.map { "caveat: \($0)" }
            return lines
        }
    }
}

private struct IndicationDocument: Encodable {
    let channel: String
    let value: String
    let unit: String
    let request: String
    let answer: String
    let sentAt: String
    let answeredAt: String
    let line: String

    init(_ indication: Indication) {
        channel = indication.channel
        value = indication.value.number.description
        unit = indication.value.unit.symbol
        request = indication.exchange.request.spacedHexadecimal
        answer = indication.exchange.answer.spacedHexadecimal
        sentAt = indication.exchange.sentAt.iso8601
        answeredAt = indication.exchange.answeredAt.iso8601
        line = indication.exchange.line
    }
}

extension PortIndication {
    /// The value with its unit, as far as the instrument tells.
    fileprivate var words: String {
        switch reading.value {
        case .number(let number, let unit): unit.map { "\(number) \($0)" } ?? "\(number)"
        case .text(let text): text
        case nil: "no value"
        }
    }
}

private struct PortIndicationDocument: Encodable {
    let channel: String
    /// nil where the instrument has none now.
    let value: String?
    let unit: String?
    let state: String
    let request: String
    let answer: String
    /// What led to the exchange that holds the value.
    let requestsBefore: [String]
    let answersBefore: [String]
    let sentAt: String
    let answeredAt: String
    let line: String

    init(_ indication: PortIndication) {
        channel = indication.channel
        switch indication.reading.value {
        case .number(let number, let stated): (value, unit) = ("\(number)", stated?.symbol)
        case .text(let text): (value, unit) = (text, nil)
        case nil: (value, unit) = (nil, nil)
        }
        state = indication.reading.state.rawValue
        request = indication.exchanges.last?.request.spacedHexadecimal ?? ""
        answer = indication.exchanges.last?.answer.spacedHexadecimal ?? ""
        requestsBefore = indication.exchanges.dropLast().map(\.request.spacedHexadecimal)
        answersBefore = indication.exchanges.dropLast().map(\.answer.spacedHexadecimal)
        sentAt = indication.exchanges.first?.sentAt.iso8601 ?? ""
        answeredAt = indication.exchanges.last?.answeredAt.iso8601 ?? ""
        line = indication.exchanges.first?.line ?? ""
    }
}

extension Array where Element: Hashable {
    /// Each once, in order.
    fileprivate func uniqued() -> [Element] {
        var seen: Set<Element> = []
        return filter { seen.insert($0).inserted }
    }
}

/// One object in one line, at once: for what goes on and on.
func printJSONLine(_ value: some Encodable) {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    // Numbers and texts only: there is nothing in it that cannot be encoded.
    guard let line = try? encoder.encode(value) else { return }
    FileHandle.standardOutput.write(line + Data("\n".utf8))
}

func printJSON(_ value: some Encodable) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
    print(String(decoding: try encoder.encode(value), as: UTF8.self))
}
