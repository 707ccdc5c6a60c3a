public import Chronometry
public import Metrology

/// Makes quarter-hour values from counter readings. Pure: readings and the present moment in,
/// values out.
///
/// A counter is never interpolated: the reading nearest to a boundary stands for the boundary, for
/// the quarter hour before it and the one after, so that the values between two readings always add
/// up to exactly the difference of those readings.
public struct IntervalMaker: Sendable {
    /// One counter reading, in the order in which readings were taken.
    public struct Reading: Sendable, Equatable {
        public let id: Int64
        public let at: Instant
        public let value: ExactDecimal

        public init(id: Int64, at: Instant, value: ExactDecimal) {
            self.id = id
            self.at = at
            self.value = value
        }
    }

    public enum Quality: String, Sendable {
        case good, suspect, gap
    }

    /// One quarter hour; `value` is nil exactly where the quality is a gap.
    public struct Interval: Sendable, Equatable {
        public let start: Instant
        public let value: ExactDecimal?
        public let quality: Quality
        /// Why it is not plainly good; what a person reads under "missing" and "suspect".
        public let remark: String?
        /// Ids of the readings it was made from.
        public let first: Int64?
        public let last: Int64?
    }

    /// A reading at most this far from the boundary stands for it without reserve, in seconds: the
    /// platform's rule for the start of a period is 1 minute (a rule for days, applied to quarters).
    public static let close: Double = 60
    /// A reading farther than ``close`` but at most this far gives a suspect value; beyond, a gap.
    /// A third of the quarter hour, so that no reading can stand for two boundaries.
    public static let far: Double = 300

    let rollsOverAt: ExactDecimal?
    let ratio: ExactDecimal
    let range: ClosedRange<ExactDecimal>

    public init(
        rollsOverAt: ExactDecimal?, ratio: ExactDecimal, range: ClosedRange<ExactDecimal>
    ) {
        self.rollsOverAt = rollsOverAt
        self.ratio = ratio
        self.range = range
    }

    public init(_ point: MeteringPoint) {
        self.init(
            rollsOverAt: point.rollsOverAt, ratio: point.ratio,
            range: point.least...point.greatest)
    }

    /// All quarter hours from `start` on that nothing still to come can change.
    ///
    /// - Parameters:
    ///   - start: a boundary.
    ///   - readings: in order of time, from ``far`` before `start` on.
    ///   - failures: what went wrong at a boundary, for the remark of a gap.
    ///   - now: every reading taken before it is in `readings`.
    public func intervals(
        from start: Instant, readings: [Reading], failures: [Instant: String] = [:], now: Instant
    ) -> [Interval] {
        var result: [Interval] = []
        var opening = mark(at: start, readings, now)
        var boundary = start
        while let begin = opening {
            let end = boundary.nextQuarter
            guard let closing = mark(at: end, readings, now) else { break }
            result.append(
                interval(start: boundary, begin, closing, failures))
            (boundary, opening) = (end, closing)
        }
        return result
    }

    /// What stands for a boundary; nil while a reading still to come might.
    private enum Mark {
        case reading(Reading, isClose: Bool)
        case none(Instant)
    }

    private func mark(at boundary: Instant, _ readings: [Reading], _ now: Instant) -> Mark? {
        let isPast = now.seconds(since: boundary) >= Self.far
        let later = readings.partitionIndex { $0.at >= boundary }
        guard isPast || later < readings.endIndex else { return nil }
        // The earlier one wins a tie, so that the choice does not depend on what comes after.
        let near = [later - 1, later].filter(readings.indices.contains).map { readings[$0] }
        func distance(_ reading: Reading) -> Double { abs(reading.at.seconds(since: boundary)) }
        guard let nearest = near.min(by: { distance($0) < distance($1) }),
            distance(nearest) <= Self.far
        else { return Mark.none(boundary) }
        return .reading(nearest, isClose: distance(nearest) <= Self.close)
    }

    private func interval(
        start: Instant, _ begin: Mark, _ end: Mark, _ failures: [Instant: String]
    ) -> Interval {
        switch (begin, end) {
        case (.reading(let a, let startsClose), .reading(let b, let endsClose)):
            var remarks: [String] = []
            var quality = startsClose && endsClose ? Quality.good : .suspect
            if !startsClose { remarks.append("its start was read \(lateness(a, start))") }
            if !endsClose { remarks.append("its end was read \(lateness(b, start.nextQuarter))") }
            var difference = b.value - a.value
            if difference < ExactDecimal(0) {
                if let modulus = rollsOverAt, isRollover(from: a.value, to: b.value, modulus) {
                    difference = difference + modulus
                    remarks.append("the counter rolled over from \(a.value) to \(b.value)")
                } else {
                    quality = .suspect
                    remarks.append("the counter went back from \(a.value) to \(b.value)")
                }
            }
            let value = difference * ratio
            if !range.contains(value) {
                quality = .suspect
                remarks.append("outside the point's range \(range.lowerBound) to \(range.upperBound)")
            }
            return Interval(
                start: start, value: value, quality: quality,
                remark: remarks.isEmpty ? nil : remarks.joined(separator: "; "),
                first: a.id, last: b.id)
        case (.none(let missing), _), (_, .none(let missing)):
            let why = failures[missing] ?? "the counter was not read within \(Int(Self.far)) s"
            return Interval(
                start: start, value: nil, quality: .gap,
                remark: "no reading at \(missing.platformText): \(why)", first: nil, last: nil)
        }
    }

    private func lateness(_ reading: Reading, _ boundary: Instant) -> String {
        let seconds = reading.at.seconds(since: boundary)
        return "\(Int(abs(seconds).rounded())) s \(seconds < 0 ? "early" : "late")"
    }

    /// A counter that rolls over leaves the last tenth of its range and is found in the first;
    /// anything else that goes back is a new meter, a reset or a fault.
    private func isRollover(
        from a: ExactDecimal, to b: ExactDecimal, _ modulus: ExactDecimal
    ) -> Bool {
        let ten = ExactDecimal(10)
        return a <= modulus && a * ten >= modulus * ExactDecimal(9) && b * ten <= modulus
    }
}

extension Array {
    /// The first index whose element, and every later one, fulfils `isLater`.
    fileprivate func partitionIndex(where isLater: (Element) -> Bool) -> Int {
        var (low, high) = (startIndex, endIndex)
        while low < high {
            let middle = (low + high) / 2
            if isLater(self[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
