import Chronometry

/// How much of what was due is there: per metering point, and per destination of each.
public struct Completeness: Sendable, Equatable, Encodable {
    public struct Point: Sendable, Equatable, Encodable {
        public let key: String
        public let name: String
        /// With hyphens.
        public let dataCode: String
        /// First quarter hour due, platform time.
        public let from: String
        /// Quarter hours due.
        public let due: Int
        /// Quarter hours that have a value, suspect ones among them.
        public let sampled: Int
        public let suspect: Int
        public let destinations: [Delivery]
    }

    public struct Delivery: Sendable, Equatable, Encodable {
        public let key: String
        public let accepted: Int
        public let waiting: Int
        public let refused: Int
        /// Values the platform acknowledged more than once; one that was sent again because its
        /// first acknowledgement was lost is acknowledged once. Always 0, and counted to show it.
        public let twice: Int
    }

    public struct Platform: Sendable, Equatable, Encodable {
        public let key: String
        public let deviceId: String?
        public let waiting: Int
        /// What is wrong with the session now, in the platform's or the network's words.
        public let problem: String?
    }

    /// One quarter hour that is not where it should be.
    public struct Missing: Sendable, Equatable, Encodable {
        public let point: String
        /// Start, platform time.
        public let start: String
        /// nil where there is no value at all, so that no destination can have it.
        public let destination: String?
        public let reason: String
    }

    /// Quarter hours that ended by then were due, platform time.
    public let until: String
    public let points: [Point]
    public let platforms: [Platform]
    public let missing: [Missing]

    /// Whether all that was due is there, once. Where nothing was ever collected the answer is no:
    /// an empty ledger must not pass for a complete month.
    public var isComplete: Bool {
        !points.isEmpty && missing.isEmpty
            && points.allSatisfy { $0.destinations.allSatisfy { $0.twice == 0 } }
    }
}

extension Completeness {
    /// Neighbouring quarter hours that miss for the same reason, told as one.
    public struct Hole: Sendable, Equatable {
        public let point: String
        public let destination: String?
        public let first: String
        public let last: String
        public let quarters: Int
        public let reason: String
    }

    public var holes: [Hole] {
        var result: [Hole] = []
        let sorted = missing.sorted {
            ($0.point, $0.destination ?? "", $0.start) < ($1.point, $1.destination ?? "", $1.start)
        }
        for one in sorted {
            if let last = result.last, last.point == one.point,
                last.destination == one.destination, last.reason == one.reason,
                Instant(last.last, zone: .china)?.nextQuarter == Instant(one.start, zone: .china)
            {
                result[result.count - 1] = Hole(
                    point: last.point, destination: last.destination, first: last.first,
                    last: one.start, quarters: last.quarters + 1, reason: last.reason)
            } else {
                result.append(
                    Hole(
                        point: one.point, destination: one.destination, first: one.start,
                        last: one.start, quarters: 1, reason: one.reason))
            }
        }
        return result
    }
}
