/// What the simulated platform does wrong, on request.
public struct PlatformFaults: Sendable {
    /// So many uploads of data are refused first, with a text of the platform's own.
    public var refuseFirst: Int
    /// After so many uploads of data were answered, the next one is taken in, its answer is cut off,
    /// and the platform goes away once. nil: never.
    public var awayAfter: Int?
    /// How long it is away, in real seconds: it does not listen, and open connections are closed.
    public var awayFor: Double
    /// Seconds before each answer.
    public var delay: Double

    public init(
        refuseFirst: Int = 0, awayAfter: Int? = nil, awayFor: Double = 5, delay: Double = 0
    ) {
        self.refuseFirst = refuseFirst
        self.awayAfter = awayAfter
        self.awayFor = awayFor
        self.delay = delay
    }
}
