/// An instrument that answered a scan.
public struct ScanFinding: Hashable, Sendable {
    public let spoken: DeviceProtocol
    /// What `--connect` takes.
    public let connection: String
    /// What it says of itself.
    public let says: [String]
    /// Profiles that fit, the most certain first; empty where none does.
    public let candidates: [ScanCandidate]
}

/// A profile that fits an instrument, and why.
public struct ScanCandidate: Hashable, Sendable {
    /// How far the instrument itself tells.
    public enum Certainty: String, Hashable, Sendable, CaseIterable {
        /// It names its maker and model, or a register, a header or an answer by which the profile is known.
        case identified
        /// It speaks the protocol of a profile that is of every such instrument.
        case `protocol`
        /// What stands in its registers is plausible as this profile reads it, and no more.
        case plausible

        var rank: Int { Self.allCases.firstIndex(of: self) ?? 0 }
    }

    public let profile: String
    public let certainty: Certainty
    public let why: String

    public init(profile: String, certainty: Certainty, why: String) {
        self.profile = profile
        self.certainty = certainty
        self.why = why
    }
}

/// How far a scan is.
public struct ScanProgress: Hashable, Sendable {
    public let asked: ScanTry
    /// Tries left, this one among them.
    public let left: Int
    /// How long they take at most, in seconds.
    public let seconds: Double
}

/// What a scan leaves to say when it is over.
public struct ScanSummary: Hashable, Sendable {
    public internal(set) var findings: [ScanFinding] = []
    /// Where bytes came that were no answer, and how often, in the order they were met.
    public internal(set) var noise: [Noise] = []
    /// Whether speeds and parities were left out because something answered at another.
    public internal(set) var leftOut = false

    public struct Noise: Hashable, Sendable {
        public let serial: LineTiming.Serial?
        public internal(set) var times: Int
    }
}
