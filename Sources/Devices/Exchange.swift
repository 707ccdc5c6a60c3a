public import Chronometry

/// The request and answer bytes behind an indication, as they stood on the wire, with both instants.
///
/// Everything an indication says can be decoded again from this and the profile.
public struct Exchange: Hashable, Sendable {
    public enum Framing: String, Hashable, Sendable, CaseIterable {
        case rtu, tcp, ascii
    }

    public let framing: Framing
    /// The whole frame, with address and checksum (RTU, ASCII) or header (TCP).
    public let request: [UInt8]
    public let answer: [UInt8]
    /// When the last byte of the request had been handed to the line.
    public let sentAt: Instant
    /// When the answer was complete.
    public let answeredAt: Instant
    /// The port or address it went through.
    public let line: String

    public init(
        framing: Framing, request: [UInt8], answer: [UInt8], sentAt: Instant, answeredAt: Instant,
        line: String
    ) {
        self.framing = framing
        self.request = request
        self.answer = answer
        self.sentAt = sentAt
        self.answeredAt = answeredAt
        self.line = line
    }
}

extension Sequence<UInt8> {
    /// `01 04 00 00`: two digits a byte, separated by blanks.
    public var spacedHexadecimal: String {
        map { byte in
            let digits = String(byte, radix: 16, uppercase: true)
            return digits.count == 1 ? "0" + digits : digits
        }.joined(separator: " ")
    }
}

extension [UInt8] {
    /// Reads what ``Swift/Sequence/spacedHexadecimal`` writes; nil for anything else.
    public init?(spacedHexadecimal text: String) {
        var bytes: [UInt8] = []
        for pair in text.split(separator: " ") {
            guard pair.count == 2, let byte = UInt8(pair, radix: 16) else { return nil }
            bytes.append(byte)
        }
        self = bytes
    }
}
