public import Chronometry
public import Metrology

/// Reads the counter of a metering point from its meter.
///
/// Handed in by whoever composes the program; this module never learns how it is done.
public protocol CounterSource: Sendable {
    /// - Throws: whatever happened, described for the person who can act on it. A read must end by
    ///   itself within seconds: all points of a round wait for the slowest.
    func read(_ point: MeteringPoint) async throws -> CounterReading
}

/// A counter as the meter showed it, with the bytes behind it.
public struct CounterReading: Sendable, Equatable {
    public let value: ExactDecimal
    public let unit: String
    public let exchange: CounterExchange

    public init(value: ExactDecimal, unit: String, exchange: CounterExchange) {
        self.value = value
        self.unit = unit
        self.exchange = exchange
    }
}

/// 报文: request and answer, hexadecimal, and when they passed by the machine's wall clock.
public struct CounterExchange: Sendable, Equatable {
    public let request: String
    public let answer: String
    public let requestedAt: Instant
    public let answeredAt: Instant

    public init(request: String, answer: String, requestedAt: Instant, answeredAt: Instant) {
        self.request = request
        self.answer = answer
        self.requestedAt = requestedAt
        self.answeredAt = answeredAt
    }
}
