public import Metrology

/// What one channel of a simulated instrument shows at a moment.
public struct ShownValue: Hashable, Sendable {
    public enum Content: Hashable, Sendable {
        /// In the channel's unit.
        case number(ExactDecimal)
        case characters(String)
    }

    public var content: Content
    /// Whether the indication has settled; only balances and their like tell it.
    public var isStable: Bool

    public init(_ content: Content, isStable: Bool = true) {
        self.content = content
        self.isStable = isStable
    }

    var number: ExactDecimal? {
        switch content {
        case .number(let number): number
        case .characters(let text): ExactDecimal(text)
        }
    }

    var characters: String {
        switch content {
        case .number(let number): "\(number)"
        case .characters(let text): text
        }
    }
}

/// What a channel shows at a time in seconds of the line's clock; nil where the instrument has no value.
public typealias ShownValues = @Sendable (_ channel: String, _ time: Double) -> ShownValue?
