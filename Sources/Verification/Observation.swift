import Chronometry
public import Devices
import Metrology

/// One value read during a session. Never changed, never deleted; a repeated reading is another one.
public struct Observation: Hashable, Sendable, Codable {
    /// What the value is in the test.
    public enum Role: String, Hashable, Sendable, Codable, CaseIterable {
        case referenceStart = "reference-start"
        case referenceEnd = "reference-end"
        case indicatedStart = "indicated-start"
        case indicatedEnd = "indicated-end"
        /// How long the water ran.
        case duration
        /// An ambient or water condition; ``Observation/condition`` names it.
        case condition
        /// The serial number the instrument itself sends.
        case identity
    }

    public let role: Role
    public let condition: String?
    /// nil before the first point.
    public let point: String?
    public let repetition: Int
    /// Which try at this repetition: an interrupted one is abandoned, not overwritten.
    public let attempt: Int
    /// nil where the value belongs to all positions.
    public let position: Int?
    /// Exactly as decoded.
    public let value: String
    public let unit: String
    public let profile: String
    public let channel: String
    public let framing: String
    /// Bytes of request and answer, spaced hexadecimal.
    public let request: String
    public let answer: String
    public let sentAt: String
    public let answeredAt: String
    public let line: String

    public init(
        _ indication: Indication, role: Role, condition: String? = nil, run: Run?,
        position: Int? = nil, profile: String
    ) {
        self.role = role
        self.condition = condition
        point = run?.point
        repetition = run?.repetition ?? 0
        attempt = run?.attempt ?? 0
        self.position = position
        value = indication.value.number.description
        unit = indication.value.unit.symbol
        self.profile = profile
        channel = indication.channel
        framing = indication.exchange.framing.rawValue
        request = indication.exchange.request.spacedHexadecimal
        answer = indication.exchange.answer.spacedHexadecimal
        sentAt = indication.exchange.sentAt.iso8601
        answeredAt = indication.exchange.answeredAt.iso8601
        line = indication.exchange.line
    }

    init(
        role: Role, condition: String?, point: String?, repetition: Int, attempt: Int,
        position: Int?, value: String, unit: String, profile: String, channel: String,
        framing: String, request: String, answer: String, sentAt: String, answeredAt: String,
        line: String
    ) {
        self.role = role
        self.condition = condition
        self.point = point
        self.repetition = repetition
        self.attempt = attempt
        self.position = position
        self.value = value
        self.unit = unit
        self.profile = profile
        self.channel = channel
        self.framing = framing
        self.request = request
        self.answer = answer
        self.sentAt = sentAt
        self.answeredAt = answeredAt
        self.line = line
    }

    /// The value as a number; nil where the stored text is none.
    var number: ExactDecimal? { ExactDecimal(value) }

    /// The exchange behind the value; nil where the stored bytes cannot be read.
    var exchange: Exchange? {
        guard let framing = Exchange.Framing(rawValue: framing),
            let request = [UInt8](spacedHexadecimal: request),
            let answer = [UInt8](spacedHexadecimal: answer),
            let sentAt = Instant(sentAt), let answeredAt = Instant(answeredAt)
        else { return nil }
        return Exchange(
            framing: framing, request: request, answer: answer, sentAt: sentAt,
            answeredAt: answeredAt, line: line)
    }
}

/// One flow of water through all positions: a point, which repetition, which attempt at it.
public struct Run: Hashable, Sendable, Codable {
    public let point: String
    public let repetition: Int
    public let attempt: Int

    public init(point: String, repetition: Int, attempt: Int) {
        self.point = point
        self.repetition = repetition
        self.attempt = attempt
    }
}
