public import Chronometry
public import Procedures
public import Registry

/// What a client brought: instruments received together, verified, and handed back 委托单.
public struct Order: Hashable, Sendable {
    public struct Item: Hashable, Sendable {
        /// Where an instrument stands on its way.
        public enum State: Hashable, Sendable {
            case waiting
            case inSession(job: String)
            case verified(record: String, verdict: String)
        }

        /// From 1, in the order of reception; the label says it after the order's number.
        public let position: Int
        public let instrument: Instrument
        public let stage: Procedure.Stage
        public let note: String?
        public let state: State
    }

    public let number: String
    public let institution: String
    /// Key of the owner.
    public let client: String
    public let receivedBy: String
    public let receivedOn: CivilDate
    public let dueOn: CivilDate?
    /// Where the instruments lie meanwhile.
    public let storage: String?
    public let items: [Item]
    /// To whom and when; nil while they are here.
    public let handedBack: HandBack?

    public struct HandBack: Hashable, Sendable {
        public let to: String
        public let on: CivilDate
    }

    public var isOpen: Bool { handedBack == nil }
}

/// One earlier verification of an instrument.
public struct PastVerification: Hashable, Sendable {
    public let record: String
    public let procedure: String
    public let institution: String
    public let verdict: String
    public let closedAt: Instant
}
