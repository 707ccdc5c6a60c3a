/// One instrument of a line and what a round reads of it.
public struct RoundMember: Hashable, Sendable {
    /// What a channel takes.
    public enum Want: Hashable, Sendable {
        case registers(RegisterSpan)
        /// A whole exchange; channels that name the same one share it.
        case exchange(String, FrameSize)
    }

    /// How an instrument that does not answer is waited for. Times in seconds.
    public struct Silence: Hashable, Sendable {
        public var timeout: Double
        /// How often it is asked before it is given up for the round.
        public var attempts: Int
        /// What is waited after each attempt for an answer that comes too late.
        public var settling: Double

        public init(timeout: Double, attempts: Int, settling: Double) {
            self.timeout = timeout
            self.attempts = attempts
            self.settling = settling
        }
    }

    public let name: String
    public var timing: LineTiming
    public let limits: ReadLimits
    public private(set) var wanted: [String: Want]
    /// Set for one that does not answer.
    public var silence: Silence?

    /// - Throws: ``ReadPlanError`` where a channel fits no request.
    public init(
        name: String, timing: LineTiming, limits: ReadLimits, wanted: [String: Want], silence: Silence? = nil
    ) throws(ReadPlanError) {
        for (_, want) in wanted.sorted(by: { $0.key < $1.key }) {
            if case .registers(let span) = want { try limits.check(span) }
        }
        self.name = name
        self.timing = timing
        self.limits = limits
        self.wanted = wanted
        self.silence = silence
    }

    /// The registers of the round, planned for this timing.
    public var plan: ReadPlan {
        let spans = wanted.values.compactMap { want -> RegisterSpan? in
            if case .registers(let span) = want { span } else { nil }
        }
        return ReadPlan(checked: Set(spans), within: limits, at: .init(timing))
    }

    private var exchanges: [FrameSize] {
        let sizes = wanted.values.reduce(into: [String: FrameSize]()) { sizes, want in
            if case .exchange(let key, let size) = want { sizes[key] = size }
        }
        return sizes.sorted { $0.key < $1.key }.map(\.value)
    }

    /// Its part of a round: of an instrument that does not answer, only the waiting for its first answer.
    public var cost: LineTiming.Cost {
        guard let silence else { return exchanges.reduce(plan.cost(timing)) { $0 + timing.cost(of: $1) } }
        guard !wanted.isEmpty else { return LineTiming.Cost() }
        return LineTiming.Cost(
            waiting: Double(silence.attempts)
                * (max(timing.silence, timing.pause) + silence.timeout + silence.settling))
    }

    /// Requests of one round.
    public var requests: Int { plan.requests.count + exchanges.count }

    func without(_ channel: String) -> RoundMember {
        var fewer = self
        fewer.wanted[channel] = nil
        return fewer
    }

    func at(baud: Int) -> RoundMember {
        var faster = self
        faster.timing.serial?.baud = baud
        return faster
    }

    /// What its cost depends on, without its name.
    var essence: Essence { Essence(timing: timing, limits: limits, wanted: wanted, silence: silence) }

    struct Essence: Hashable {
        let timing: LineTiming
        let limits: ReadLimits
        let wanted: [String: Want]
        let silence: Silence?
    }
}
