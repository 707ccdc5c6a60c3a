import Chronometry
import DataFiles
import Energy
import Ledger
import Synchronization
import Testing

/// Time for several waiting tasks: when all of them wait, it moves to the first that is due.
private actor SharedWaiting {
    private var waiting: [(until: Instant, resume: CheckedContinuation<Void, Never>)] = []
    private var participants: Int
    private let clock: TestClock

    init(_ clock: TestClock, participants: Int) {
        self.clock = clock
        self.participants = participants
    }

    func wait(_ seconds: Double) async {
        let until = clock.now.advanced(bySeconds: seconds)
        await withCheckedContinuation { continuation in
            waiting.append((until, continuation))
            moveOn()
        }
    }

    /// One of them will not wait again.
    func leave() {
        participants -= 1
        moveOn()
    }

    private func moveOn() {
        guard waiting.count >= participants else { return }
        guard let next = waiting.indices.min(by: { waiting[$0].until < waiting[$1].until }) else {
            return
        }
        clock.move(to: waiting[next].until)
        waiting.remove(at: next).resume.resume()
    }
}

/// A counter that grows by 1 kWh a quarter hour and tells when it has been read often enough.
private final class CountingSource: CounterSource {
    private let reads = Mutex(0)
    private let last: Int
    private let onLast: @Sendable () async -> Void

    init(last: Int, onLast: @escaping @Sendable () async -> Void) {
        self.last = last
        self.onLast = onLast
    }

    func read(_ point: MeteringPoint) async throws -> CounterReading {
        let count = reads.withLock { reads in
            reads += 1
            return reads
        }
        if count == last { await onLast() }
        return CounterReading(
            value: decimal("\(1000 + count)"), unit: "kWh",
            exchange: CounterExchange(
                request: "", answer: "", requestedAt: at("2026-11-25 10:00:00"),
                answeredAt: at("2026-11-25 10:00:00")))
    }
}

@Suite struct RunTests {
    /// Collecting and submitting side by side, with a platform that is away for a while.
    @Test func aRunOfFourQuarterHoursBringsFourValuesToThePlatform() async throws {
        let files = try TemporaryLedger()
        let clock = TestClock("2026-11-25 09:58:00")
        let waiting = SharedWaiting(clock, participants: 2)
        let platform = MemoryPlatform { call, _ in
            guard (2..<6).contains(call) else { return nil }
            throw EnergyError.unreachable(url: "x", why: "away")
        }
        let source = CountingSource(last: 5) { await waiting.leave() }
        let ledger = try files.open()
        let run = try EnergyRun(
            plan: plan(), planFile: "plan.yaml", ledger: ledger, source: source,
            transport: platform,
            clock: RunClock.Source(
                speed: 600, read: clock.source.read, sleep: { await waiting.wait($0) }))
        try await run.run(quarters: 4, patience: 3600)
        #expect(platform.now.values.values.map(\.first) == ["1", "1", "1", "1"])
        #expect(
            platform.now.values.keys.sorted().map { $0.suffix(8) } == [
                "10:00:00", "10:15:00", "10:30:00", "10:45:00",
            ])
        // Asked for the four alone: how far the clock went while the platform was away is its own affair.
        let end = try #require(Instant("2026-11-25 11:00:00", zone: .china))
        let found = try EnergyRecords(ledger).completeness(until: end)
        #expect(found.points.first?.due == 4)
        #expect(found.isComplete)
    }

    @Test func aSecondCollectionIntoOneLedgerIsRefusedAndTheFirstOnesEndLetsItIn() throws {
        let files = try TemporaryLedger()
        let ledger = try files.open()
        func start() throws -> EnergyRun {
            try EnergyRun(
                plan: plan(), planFile: "plan.yaml", ledger: ledger, source: HandSetCounters(),
                transport: MemoryPlatform(), clock: .system)
        }
        do {
            let first = try start()
            withExtendedLifetime(first) {
                _ = #expect(throws: EnergyError.alreadyCollecting(ledger: ledger.path)) {
                    try start()
                }
            }
        }
        _ = try start()
    }

    @Test func aPlanWithoutPointsIsRefusedBeforeAnythingRuns() throws {
        let files = try TemporaryLedger()
        let text = planText().split(separator: "points:")[0] + "points: []"
        let empty = try EnergyPlan.read(.parse(String(text), file: "plan.yaml"))
        #expect(throws: EnergyError.nothingToRun(plan: "plan.yaml")) {
            try EnergyRun(
                plan: empty, planFile: "plan.yaml", ledger: files.open(),
                source: HandSetCounters(), transport: MemoryPlatform(), clock: .system)
        }
    }
}
