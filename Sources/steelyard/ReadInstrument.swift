import Chronometry
import Devices
import Metrology

/// An instrument of either kind, on Modbus or through a port of its own, and what is read of it.
struct ReadInstrument {
    let channels: [DeviceProfile.Channel]
    /// What the instrument itself does not settle; its channels are not read.
    let open: [DeviceError]
    private let readAll: @Sendable () async throws -> [ChannelReading]

    /// - Parameter names: all its profile offers where there are none.
    /// - Throws: ``DeviceError``.
    init(_ profile: DeviceProfile, at connection: Connection, on lines: DeviceLines, _ names: [String]) async throws {
        if profile.speaksModbus {
            let (device, open) = try await lines.device(profile, at: connection).settled()
            let names = names.isEmpty ? device.profile.readable.map(\.name) : names
            channels = try names.map(device.profile.channel)
            self.open = open
            readAll = { try await device.read(names).map { ChannelReading($0) } }
        } else {
            let instrument = try await lines.portInstrument(profile, at: connection)
            let names = names.isEmpty ? instrument.channels.map(\.name) : names
            channels = try names.map(profile.channel)
            open = []
            readAll = { try await instrument.read(names).map { ChannelReading($0) } }
        }
    }

    /// Every channel once, in the order named.
    ///
    /// - Throws: ``DeviceError``, ``UnreadableChannel``.
    func read() async throws -> [ChannelReading] { try await readAll() }
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
