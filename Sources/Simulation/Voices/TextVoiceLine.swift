public import Metrology

/// How one channel of an instrument spoken to in text is asked for and told.
public struct TextVoiceLine: Hashable, Sendable {
    public enum Form: Hashable, Sendable {
        case decimal, text, hexadecimal
        /// Eight hexadecimal digits of a single-precision number, least significant byte first.
        case float32
        /// Groups `mantissa` and `exponent`: value = mantissa × 10^(exponent − zero) × scale.
        case mantissaExponent(zero: Int)
    }

    /// What the group `state` says.
    public enum StateWords: Hashable, Sendable {
        case none
        /// What it says when stable, and when it is not; where one list is empty, anything else.
        case words(stable: [String], unstable: [String])
        /// A stable reading carries its unit, another does not.
        case unit
    }

    public var channel: String
    /// Commands that set the instrument to this channel.
    public var prepare: [String]
    /// nil where it sends unasked.
    public var ask: String?
    public var answer: String
    /// The group that holds the value.
    public var take: String
    public var form: Form
    /// Value = number in the answer × scale.
    public var scale: ExactDecimal
    public var state: StateWords
    /// What the instrument writes for the channel's unit, where it writes it.
    public var unit: String?
    /// The question for the unit, and the pattern of its answer.
    public var unitQuestion, unitAnswer: String?
    /// Answers that were recorded: the first that fits lends its shape.
    public var samples: [String]

    public init(
        channel: String, prepare: [String] = [], ask: String?, answer: String, take: String = "value",
        form: Form = .decimal, scale: ExactDecimal = ExactDecimal(1), state: StateWords = .none, unit: String? = nil,
        unitQuestion: String? = nil, unitAnswer: String? = nil, samples: [String] = []
    ) {
        self.channel = channel
        self.prepare = prepare
        self.ask = ask
        self.answer = answer
        self.take = take
        self.form = form
        self.scale = scale
        self.state = state
        self.unit = unit
        self.unitQuestion = unitQuestion
        self.unitAnswer = unitAnswer
        self.samples = samples
    }
}

/// A command that changes something, and the pattern of what is answered.
public struct TextVoiceAction: Hashable, Sendable {
    public var send: String
    public var answer: String?

    public init(send: String, answer: String?) {
        self.send = send
        self.answer = answer
    }
}
