import Metrology

/// What an instrument shows while it is watched: the last value of each channel, how fast it changes, and how old it is.
/// Pure: readings and failures go in, rows come out.
public struct InstrumentMonitor: Sendable {
    /// One reading of a channel.
    public struct Sample: Hashable, Sendable {
        public let channel: String
        public let reading: TextReading
        /// When the answer was complete, in seconds of a clock that is never stepped.
        public let seconds: Double
        /// From the question to the answer that holds the value, in seconds.
        public let roundTrip: Double

        public init(channel: String, reading: TextReading, seconds: Double, roundTrip: Double) {
            self.channel = channel
            self.reading = reading
            self.seconds = seconds
            self.roundTrip = roundTrip
        }
    }

    /// What stands behind the name of a channel.
    public struct Row: Hashable, Sendable {
        public let channel: String
        /// The last one; nil before the first.
        public let sample: Sample?
        /// Over at most ``window``; nil before two numbers.
        public let rate: ChangeRate?
        /// Whether the last round did not bring it.
        public let isStale: Bool
    }

    /// A rate is the mean over at most so long, and over two readings at least, in seconds.
    public static let window = 60.0

    private let channels: [DeviceProfile.Channel]
    private var latest: [String: Sample] = [:]
    private var points: [String: [ChangeRate.Point]] = [:]
    private var units: [String: MeasurementUnit] = [:]
    private var fresh: Set<String> = []
    /// What went wrong in the last round; nil where nothing did.
    public private(set) var failure: String?
    public private(set) var rounds = 0
    public private(set) var failedRounds = 0

    public init(_ channels: [DeviceProfile.Channel]) {
        self.channels = channels
    }

    /// A round that went well.
    ///
    /// - Parameter failure: why some channels are not among the samples; nil where all are.
    public mutating func take(_ samples: [Sample], without failure: String? = nil) {
        rounds += 1
        self.failure = failure
        fresh = Set(samples.map(\.channel))
        for sample in samples {
            latest[sample.channel] = sample
            note(sample)
        }
    }

    /// A round that did not: what was read before stays, and is stale.
    public mutating func fail(_ why: String) {
        rounds += 1
        failedRounds += 1
        failure = why
        fresh = []
    }

    private mutating func note(_ sample: Sample) {
        guard case .number(let number, let told)? = sample.reading.value,
            let channel = channels.first(where: { $0.name == sample.channel })
        else { return }
        let unit = told ?? channel.unit
        let point = ChangeRate.Point(number, at: sample.seconds)
        var known = points[sample.channel] ?? []
        // Another unit, as of a balance, or a counter that was set back: nothing before it belongs to this rate.
        let isOther = units[sample.channel].map { $0 != unit } ?? false
        let isBack = known.last.map { ChangeRate(from: $0, to: point, of: channel, in: unit) == nil } ?? false
        if isOther || isBack { known = [] }
        known.append(point)
        while known.count > 2, sample.seconds - known[0].seconds > Self.window { known.removeFirst() }
        points[sample.channel] = known
        units[sample.channel] = unit
    }

    /// In the order of the channels.
    public var rows: [Row] {
        channels.map { channel in
            let known = points[channel.name] ?? []
            var rate: ChangeRate?
            if let first = known.first, let last = known.last, known.count > 1 {
                rate = ChangeRate(from: first, to: last, of: channel, in: units[channel.name] ?? channel.unit)
            }
            return Row(
                channel: channel.name, sample: latest[channel.name], rate: rate, isStale: !fresh.contains(channel.name))
        }
    }
}
