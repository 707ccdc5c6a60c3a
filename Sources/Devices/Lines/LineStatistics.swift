/// What a line and its instruments did so far.
public struct LineStatistics: Hashable, Sendable {
    /// Why an attempt gave no value, as the person who mends it has to look in different places.
    public enum Fault: String, Hashable, Sendable, CaseIterable {
        /// No answer in time.
        case silent
        /// Bytes came that are no answer: a wrong check, a wrong length, noise.
        case corrupted
        /// Another instrument answered.
        case otherStation = "other-station"
        /// It refused.
        case exception
        /// The line itself went away or could not be opened.
        case line
        case other
    }

    public struct Member: Hashable, Sendable {
        /// Attempts, repeated ones among them.
        public var asked = 0
        public var answered = 0
        /// Attempts made because the one before had failed.
        public var repeated = 0
        /// Requests of a timetable that were not sent, because the instrument had been silent just before.
        public var spared = 0
        public var faults: [Fault: Int] = [:]
        /// From the end of the request to the whole answer, in seconds.
        public var roundTrip = RoundTrip()
        /// When it last answered, in seconds of the line's clock; nil while it never has.
        public var lastAnswer: Double?
    }

    /// Of the answers only.
    public struct RoundTrip: Hashable, Sendable {
        public private(set) var count = 0
        public private(set) var least = Double.infinity
        public private(set) var most = 0.0
        public private(set) var sum = 0.0
        public private(set) var last = 0.0

        public var mean: Double { count > 0 ? sum / Double(count) : 0 }

        mutating func note(_ seconds: Double) {
            count += 1
            least = min(least, seconds)
            most = max(most, seconds)
            sum += seconds
            last = seconds
        }
    }

    public var members: [Station: Member] = [:]
    /// Requests that wait for their turn now.
    public var waiting = 0
    /// Seconds in which the line was taken, waiting for answers that did not come included.
    public var busy = 0.0
    /// When the first request was sent, and when the last attempt ended, in seconds of the line's clock.
    public var began: Double?
    public var ended = 0.0

    /// The part of the time the line was taken, 0 to 1.
    public var load: Double {
        guard let began, ended > began else { return 0 }
        return busy / (ended - began)
    }

    /// Everything that went wrong, by kind.
    public var faults: [Fault: Int] {
        members.values.reduce(into: [:]) { $0.merge($1.faults, uniquingKeysWith: +) }
    }
}

extension DeviceError {
    /// Its kind in the statistics of a line.
    var fault: LineStatistics.Fault {
        switch self {
        case .noAnswer, .silent, .silentAmong: .silent
        case .corrupted, .garbled: .corrupted
        case .otherUnit: .otherStation
        case .exception: .exception
        case .lineLost, .noSuchPort, .noPermission, .portBusy, .notASerialPort, .unreachable: .line
        default: .other
        }
    }

    /// Whether a reading that failed so may be asked for again at once.
    var mayPass: Bool { fault == .silent || fault == .corrupted || fault == .otherStation }
}
