/// How long one round over all instruments of a line takes, before it is begun.
public struct RoundForecast: Sendable {
    public struct Share: Hashable, Sendable {
        public let name: String
        public let cost: LineTiming.Cost
        public let requests: Int
        public let isSilent: Bool
    }

    public let members: [RoundMember]
    /// In the order of the members.
    public let shares: [Share]
    public let cost: LineTiming.Cost

    public init(_ members: [RoundMember]) {
        // A line has few kinds of instruments: each kind is planned once.
        var known: [RoundMember.Essence: (cost: LineTiming.Cost, requests: Int)] = [:]
        let shares = members.map { member in
            let essence = member.essence
            let found = known[essence] ?? (member.cost, member.requests)
            known[essence] = found
            return Share(
                name: member.name, cost: found.cost, requests: found.requests, isSilent: member.silence != nil)
        }
        self.members = members
        self.shares = shares
        cost = shares.reduce(LineTiming.Cost()) { $0 + $1.cost }
    }

    /// One round, in seconds.
    public var seconds: Double { cost.seconds }

    /// The part of the round in which no characters pass, 0 to 1.
    public var waiting: Double { seconds > 0 ? cost.waiting / seconds : 0 }

    /// The part of the round that is `share`'s, 0 to 1.
    public func part(of share: Share) -> Double { seconds > 0 ? share.cost.seconds / seconds : 0 }

    /// The part of the time the line is taken when a round begins every `interval` seconds; above 1 it cannot.
    public func load(every interval: Double) -> Double { seconds / interval }

    public func holds(every interval: Double) -> Bool { seconds <= interval }

    /// Whether an instrument's turn-round is neither stated nor measured, so that a round takes at least this long.
    public var isLeast: Bool { members.contains { $0.silence == nil && $0.timing.turnRound == .unknown } }

    /// The names of all channels that are read.
    var channels: [String] { Set(members.flatMap(\.wanted.keys)).sorted() }

    func with(_ change: (RoundMember) -> RoundMember) -> RoundForecast { RoundForecast(members.map(change)) }

    /// Bits per second of the line; nil where there are several or none.
    var baud: Int? {
        let speeds = Set(members.map { $0.timing.serial?.baud })
        return speeds.count == 1 ? speeds.first.flatMap { $0 } : nil
    }
}
