import Chronometry

/// A running estimate of an instrument's turn-round from its exchanges.
///
/// The mean of the middle half of the last readings: one in four may be delayed by whatever it likes without
/// moving it much, and instants told to the millisecond average out.
public struct DelayEstimate: Hashable, Sendable {
    /// In seconds, the oldest overwritten first.
    private var delays: [Double] = []
    private var next = 0

    /// As many are remembered: an instrument that becomes slower shows within half of them.
    static let remembered = 32
    /// Fewer are no estimate.
    static let least = 3

    public init() {}

    public var count: Int { delays.count }

    /// Learns from an exchange on a line timed by `timing`, whose own turn-round is not looked at.
    ///
    /// The request counts as sent once it is handed to the line, so its characters pass within the time measured.
    /// A refusal or a damaged answer teaches nothing: the instrument did not do the work of a reading.
    public mutating func learn(from exchange: Exchange, on timing: LineTiming) {
        guard case .registers? = try? ModbusFrame.answer(of: exchange) else { return }
        let size = FrameSize(request: exchange.request.count, answer: exchange.answer.count)
        let characters = Double(size.request + size.answer) * (timing.serial?.character ?? 0)
        learn(
            seconds: exchange.answeredAt.seconds(since: exchange.sentAt) - characters - timing.silence
                - timing.roundTrip)
    }

    /// Learns a turn-round measured otherwise.
    public mutating func learn(seconds: Double) {
        guard seconds.isFinite else { return }
        if delays.count < Self.remembered {
            delays.append(seconds)
        } else {
            delays[next] = seconds
        }
        next = (next + 1) % Self.remembered
    }

    /// Seconds; nil until there are three.
    public var seconds: Double? {
        guard delays.count >= Self.least else { return nil }
        let sorted = delays.sorted()
        let dropped = sorted.count < 5 ? (sorted.count - 1) / 2 : sorted.count / 4
        let middle = sorted[dropped..<(sorted.count - dropped)]
        // A single one may seem negative, as instants are whole milliseconds; a delay is not.
        return max(0, middle.reduce(0, +) / Double(middle.count))
    }

    public var turnRound: LineTiming.TurnRound? { seconds.map { .measured($0) } }
}
