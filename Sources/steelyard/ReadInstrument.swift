import Chronometry
import Devices
import Metrology

/// An instrument of either kind, on Modbus or through a port of its own, and what is read of it.
struct ReadInstrument {
    let channels: [DeviceProfile.Channel]
    /// What the instrument itself does not settle; its channels are not read.
    let open: [DeviceError]
    private let read: @Sendable ([String]) async throws -> [ChannelReading]

    /// - Parameter names: all its profile offers where there are none.
    /// - Throws: ``DeviceError``.
    init(_ profile: DeviceProfile, at connection: Connection, on lines: DeviceLines, _ names: [String]) async throws {
        if profile.speaksModbus {
            let (device, open) = try await lines.device(profile, at: connection).settled()
            let names = names.isEmpty ? device.profile.readable.map(\.name) : names
            channels = try names.map(device.profile.channel)
            self.open = open
            read = { try await device.read($0).map { ChannelReading($0) } }
        } else {
            let instrument = try await lines.portInstrument(profile, at: connection)
            let names = names.isEmpty ? instrument.channels.map(\.name) : names
            channels = try names.map(profile.channel)
            open = []
            read = { try await instrument.read($0).map { ChannelReading($0) } }
        }
    }

    /// Every channel once, in the order named.
    ///
    /// - Throws: ``DeviceError``, ``UnreadableChannel``.
    func read() async throws -> [ChannelReading] { try await read(channels.map(\.name)) }

    /// Every channel but `left` that has a value, and why the others have none: one channel without a value does not hide
    /// the others.
    ///
    /// - Throws: ``DeviceError`` where the line fails, and where no channel has a value.
    func read(but left: Set<String>) async throws -> (readings: [ChannelReading], without: [String: String]) {
        var names = channels.map(\.name).filter { !left.contains($0) }
        var without: [String: String] = [:]
        while true {
            do { return (try await read(names), without) } catch {
                guard let channel = Self.channel(of: error), names.contains(channel), names.count > 1 else {
                    throw error
                }
                without[channel] = "\(error)"
                names.removeAll { $0 == channel }
            }
        }
    }

    /// The one channel that has no value, where that is all that is wrong.
    private static func channel(of error: any Error) -> String? {
        switch error {
        case let error as UnreadableChannel: error.channel
        case DeviceError.notAvailable(let channel, _, _), DeviceError.notANumber(let channel, _, _): channel
        default: nil
        }
    }
}

/// What one channel said, with the bytes it was read from, whatever the protocol.
struct ChannelReading {
    /// A question and its answer as they stood on the wire.
    struct Wire: Hashable {
        let request, answer: [UInt8]
        let sentAt, answeredAt: Instant
        let line: String
    }

    let channel: String
    let reading: TextReading
    /// The value with its unit, as far as the instrument tells.
    let words: String
    /// Those that led to the value, and last the one that holds it.
    let exchanges: [Wire]
    /// Whether the protocol has states, and questions that lead to a value.
    let isOfPort: Bool

    init(_ indication: Indication) {
        channel = indication.channel
        reading = TextReading(value: .number(indication.value.number, indication.value.unit), state: .unstated)
        words = "\(indication.value)"
        let exchange = indication.exchange
        exchanges = [
            Wire(
                request: exchange.request, answer: exchange.answer, sentAt: exchange.sentAt,
                answeredAt: exchange.answeredAt, line: exchange.line)
        ]
        isOfPort = false
    }

    init(_ indication: PortIndication) {
        channel = indication.channel
        reading = indication.reading
        words =
            switch indication.reading.value {
            case .number(let number, let unit): unit.map { "\(number) \($0)" } ?? "\(number)"
            case .text(let text): text
            case nil: "no value"
            }
        exchanges = indication.exchanges.map {
            Wire(request: $0.request, answer: $0.answer, sentAt: $0.sentAt, answeredAt: $0.answeredAt, line: $0.line)
        }
        isOfPort = true
    }

    /// nil where the instrument has none now.
    var value: String? {
        switch reading.value {
        case .number(let number, _): "\(number)"
        case .text(let text): text
        case nil: nil
        }
    }

    var unit: MeasurementUnit? {
        if case .number(_, let unit) = reading.value { unit } else { nil }
    }
}
