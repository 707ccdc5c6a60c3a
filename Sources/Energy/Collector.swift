public import Chronometry

/// Reads all counters at a quarter-hour boundary.
public struct Collector: Sendable {
    /// Rounds of reading before a point is given up for a boundary.
    public static let rounds = 3
    /// Seconds between two rounds; three rounds of slow meters still end within the reach of the
    /// boundary.
    static let pause: Double = 20

    let records: EnergyRecords
    let points: [MeteringPoint]
    let source: any CounterSource
    let clock: RunClock

    public init(
        records: EnergyRecords, points: [MeteringPoint], source: any CounterSource, clock: RunClock
    ) {
        self.records = records
        self.points = points
        self.source = source
        self.clock = clock
    }

    /// Reads every point, again where it failed; each round is on disk before the next one begins.
    ///
    /// - Throws: `LedgerError`, `CancellationError`; a counter that cannot be read is recorded, not thrown.
    public func sample(at boundary: Instant) async throws {
        var open = points
        for round in 1...Self.rounds {
            let outcomes = try await read(open, boundary)
            let failed = Set(outcomes.filter(\.isFailure).map(\.point))
            open = open.filter { failed.contains($0.key) }
            // A failure that the next round may still heal is not yet a failure of the boundary.
            let isLast = round == Self.rounds || open.isEmpty
            try records.record(isLast ? outcomes : outcomes.filter { !$0.isFailure })
            if isLast { return }
            try await clock.wait(seconds: Self.pause)
        }
    }

    /// The source sorts out which meters share a line.
    private func read(
        _ points: [MeteringPoint], _ boundary: Instant
    ) async throws -> [ReadingOutcome] {
        try await withThrowingTaskGroup(of: ReadingOutcome.self) { group in
            for point in points {
                group.addTask { try await read(point, boundary) }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
    }

    private func read(_ point: MeteringPoint, _ boundary: Instant) async throws -> ReadingOutcome {
        do {
            let reading = try await source.read(point)
            // The run's clock dates the sample, not the machine's: it is the one that never jumps.
            let at = clock.now()
            guard reading.unit == point.unit else {
                return ReadingOutcome(
                    point: point.key, boundary: boundary,
                    result: .failed(
                        why: "the meter counts in \(reading.unit), the plan says \(point.unit)",
                        at: at))
            }
            return ReadingOutcome(
                point: point.key, boundary: boundary, result: .read(reading, at: at))
        } catch {
            // Whatever the source throws is a reading that did not happen, save being stopped.
            try Task.checkCancellation()
            return ReadingOutcome(
                point: point.key, boundary: boundary,
                result: .failed(why: "\(error)", at: clock.now()))
        }
    }
}

extension ReadingOutcome {
    fileprivate var isFailure: Bool {
        if case .failed = result { true } else { false }
    }
}
