import Chronometry
public import Ledger
import Synchronization

/// Collects, makes quarter-hour values and submits them, until told to stop.
///
/// Collecting and each destination go on independently: a platform that is away for days delays
/// nothing but its own submissions.
public struct EnergyRun: Sendable {
    let records: EnergyRecords
    let plan: EnergyPlan
    let source: any CounterSource
    let transport: any PlatformTransport
    let clock: RunClock
    private let lock: CollectionLock

    /// - Parameter planFile: named in complaints.
    /// - Throws: ``EnergyError/nothingToRun(plan:)``, ``EnergyError/alreadyCollecting(ledger:)``,
    ///   ``EnergyError/cannotLock(path:why:)``, `LedgerError`.
    public init(
        plan: EnergyPlan, planFile: String, ledger: Ledger, source: any CounterSource,
        transport: any PlatformTransport, clock: RunClock.Source
    ) throws {
        guard !plan.points.isEmpty else { throw EnergyError.nothingToRun(plan: planFile) }
        lock = try CollectionLock(ledger: ledger.path)
        let records = EnergyRecords(ledger)
        self.records = records
        self.plan = plan
        self.source = source
        self.transport = transport
        // A run may not go before what is on record, or a clock set back would make duplicates.
        self.clock = RunClock(
            clock, notBefore: try records.lastInstant(),
            onStep: { step in
                // A step that cannot be noted must not stop the collection it does not disturb.
                try? records.record(step)
            })
    }

    /// Runs until cancelled or, where `quarters` is given, until so many quarter hours are closed
    /// and every submission is decided or `patience` has passed.
    ///
    /// - Parameter patience: seconds of the run's clock to wait for the platforms at the end.
    /// - Throws: `LedgerError` where the ledger fails, `CancellationError` where stopped.
    public func run(quarters: Int? = nil, patience: Double = 600) async throws {
        let start = clock.now()
        try records.beginRun(at: start, speed: clock.source.speed)
        try records.record(plan, at: start)
        let end = CollectionEnd()
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                try await collect(from: start, quarters: quarters)
                let limit = clock.now().advanced(bySeconds: patience)
                end.set(limit)
            }
            for destination in plan.destinations {
                group.addTask {
                    try await submit(to: destination, until: end)
                }
            }
            try await group.waitForAll()
        }
    }

    private func collect(from start: Instant, quarters: Int?) async throws {
        let collector = Collector(
            records: records, points: plan.points, source: source, clock: clock)
        let passed = QuarterHour.boundary(notAfter: start)
        // Restarted just after a boundary, the reading still counts for it.
        if start.seconds(since: passed) <= IntervalMaker.far {
            try await collector.sample(at: passed)
            try close()
        }
        var boundary = passed.nextQuarter
        // n quarter hours have n + 1 boundaries; the first one may lie at the start itself.
        var left = quarters.map { passed == start ? $0 : $0 + 1 }
        while left != 0 {
            try await clock.wait(until: boundary)
            try await collector.sample(at: boundary)
            try close()
            left = left.map { $0 - 1 }
            // Rounds that took longer than a quarter hour leave boundaries behind: they are gaps.
            boundary = max(boundary.nextQuarter, QuarterHour.boundary(notBefore: clock.now()))
        }
    }

    private func close() throws {
        try records.closeIntervals(
            of: plan.points.map(\.key), for: plan.destinations.map(\.key), now: clock.now())
    }

    private func submit(
        to destination: Destination, until end: CollectionEnd
    ) async throws {
        var outbox = Outbox(
            records: records, plan: plan, destination: destination, transport: transport,
            now: { clock.now() })
        while true {
            let step = try await outbox.step()
            if let end = end.limit {
                let waiting = try records.waiting(for: destination.key)
                if waiting == 0 || clock.now() >= end { return }
            }
            switch step {
            case .progressed: continue
            case .idle: try await clock.wait(seconds: Self.look)
            case .blocked(let until):
                // The end of the run is looked for while the platform is waited for.
                let rest = until.seconds(since: clock.now())
                try await clock.wait(seconds: min(rest, Self.look))
            }
        }
    }

    /// Seconds between two looks into the outbox.
    private static let look: Double = 15
}

/// Tells the destinations that collecting is over, and how long they may still take.
private final class CollectionEnd: Sendable {
    private let value = Mutex<Instant?>(nil)

    var limit: Instant? { value.withLock { $0 } }

    func set(_ limit: Instant) {
        value.withLock { $0 = limit }
    }
}
