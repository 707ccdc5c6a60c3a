/// What goes wrong with an instrument, by name.
public enum WireFault: Hashable, Sendable {
    /// No answer at all.
    case silent
    /// The answer comes, that many milliseconds late.
    case late(milliseconds: Int)
    /// The answer comes byte by byte, with so many milliseconds before each.
    case slow(milliseconds: Int)
    /// Stray bytes before the answer.
    case noise
    /// The check of the answer fails; where its protocol has none, one of its bytes is changed.
    case wrongChecksum
    /// The end of the answer is missing.
    case cut
    /// The answer carries the address of another unit.
    case wrongUnit
    /// The answer carries the number of another transaction of Modbus TCP.
    case wrongTransaction
    case exception(UInt8)
    /// The instrument keeps the answers of the first reading.
    case sticking
    /// The value moves away from the true one, in percent of it per hour.
    case drifting(percentPerHour: Double)
    /// The value scatters by a percent, and a balance says that it is not stable.
    case unstable
    /// A counter started again from zero when the fault began.
    case reset
    /// Every answer comes twice.
    case duplicate
    /// The connection is closed when the instrument is asked.
    case gone

    /// Reads what ``allNames`` lists.
    public init?(_ text: String) {
        let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        let value = parts.count == 2 ? Int(parts[1]) : nil
        guard parts.count == 1 || !parts[1].isEmpty else { return nil }
        switch (parts.first, value) {
        case ("late", let milliseconds?) where (0...60_000).contains(milliseconds):
            self = .late(milliseconds: milliseconds)
        case ("slow", let milliseconds?) where (1...1000).contains(milliseconds):
            self = .slow(milliseconds: milliseconds)
        case ("exception", let code?) where (1...255).contains(code): self = .exception(UInt8(code))
        case ("drifting", _) where parts.count == 2:
            guard let rate = Double(parts[1]), rate.isFinite, abs(rate) <= 1e6 else { return nil }
            self = .drifting(percentPerHour: rate)
        default:
            guard let fault = Self.plain[text] else { return nil }
            self = fault
        }
    }

    private static let plain: [String: WireFault] = [
        "silent": .silent, "noise": .noise, "wrong-crc": .wrongChecksum, "cut": .cut, "wrong-unit": .wrongUnit,
        "wrong-transaction": .wrongTransaction, "sticking": .sticking, "unstable": .unstable, "reset": .reset,
        "duplicate": .duplicate, "gone": .gone,
    ]

    /// The faults a meter on a bench is usually given.
    public static let names = "silent, late=MS, wrong-crc, wrong-unit, exception=CODE, noise, sticking"
    /// All of them.
    public static let allNames =
        names + ", slow=MS, cut, wrong-transaction, drifting=PERCENT_PER_HOUR, unstable, reset, duplicate, gone"

    /// Whether it changes what is measured, and not how it is said.
    public var isOfValue: Bool {
        switch self {
        case .drifting, .unstable, .reset: true
        default: false
        }
    }
}

/// A fault and when it is there.
public struct ScheduledFault: Hashable, Sendable {
    public let fault: WireFault
    /// In seconds of the line's clock, which starts with it.
    public let from, to: Double
    /// The probability that an answer is hit, 0 to 1.
    public let chance: Double

    public init(_ fault: WireFault, from: Double = 0, to: Double = .infinity, chance: Double = 1) {
        self.fault = fault
        self.from = from
        self.to = to
        self.chance = chance
    }

    func holds(at time: Double) -> Bool { from <= time && time < to }
}
