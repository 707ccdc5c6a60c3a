import Chronometry
import DataFiles
import Energy
import Metrology
import Testing

@Suite struct CollectionTests {
    private func start(_ files: TemporaryLedger) throws -> Bench {
        try Bench(files.open(), plan(), clock: TestClock("2026-11-25 10:00:00"))
    }

    private func completeness(_ bench: Bench, _ until: String) throws -> Completeness {
        try bench.records.completeness(until: at(until), now: bench.clock.now)
    }

    @Test func aReadingThatFailsIsTriedAgainAndNothingIsLost() async throws {
        let files = try TemporaryLedger()
        let bench = try start(files)
        try await bench.sample("2026-11-25 10:00:00", "1")
        bench.counters.fail(Collector.rounds - 1)
        try await bench.sample("2026-11-25 10:15:00", "2")
        let point = try #require(completeness(bench, "2026-11-25 10:15:00").points.first)
        #expect([point.due, point.sampled, point.suspect] == [1, 1, 0])
    }

    @Test func aBoundaryThatCannotBeReadIsTwoGapsWithTheirReason() async throws {
        let files = try TemporaryLedger()
        let bench = try start(files)
        try await bench.sample("2026-11-25 10:00:00", "1")
        bench.counters.fail(Collector.rounds)
        try await bench.sample("2026-11-25 10:15:00", "2")
        try await bench.sample("2026-11-25 10:30:00", "3")
        let found = try completeness(bench, "2026-11-25 10:30:00")
        #expect(found.points.first?.sampled == 0)
        #expect(found.missing.map(\.start) == ["2026-11-25 10:00:00", "2026-11-25 10:15:00"])
        #expect(found.missing.allSatisfy { $0.reason.contains("no answer from unit 1") })
        #expect(found.holes.count == 1)
        #expect(found.holes.first?.quarters == 2)
    }

    @Test func aPauseOfTheProgramIsAGapForEveryQuarterHourOfIt() async throws {
        let files = try TemporaryLedger()
        do {
            let bench = try start(files)
            try await bench.sample("2026-11-25 10:00:00", "1")
            try await bench.sample("2026-11-25 10:15:00", "2")
        }
        let bench = try Bench(files.open(), plan(), clock: TestClock("2026-11-25 11:00:00"))
        // Before anything is read again, the pause is already known as not collected.
        #expect(try completeness(bench, "2026-11-25 11:00:00").missing.count { $0.destination == nil } == 3)
        try await bench.sample("2026-11-25 11:00:00", "20")
        try await bench.sample("2026-11-25 11:15:00", "21")
        let point = try #require(completeness(bench, "2026-11-25 11:15:00").points.first)
        #expect([point.due, point.sampled] == [5, 2])
    }

    @Test func closingTwiceMakesNothingTwice() async throws {
        let files = try TemporaryLedger()
        let bench = try start(files)
        try await bench.sample("2026-11-25 10:00:00", "1")
        try await bench.sample("2026-11-25 10:15:00", "2")
        try await bench.sample("2026-11-25 10:15:00", "2", late: 30)
        try bench.close()
        #expect(try bench.records.waiting(for: "province") == 1)
    }

    @Test func aMeterThatCountsInAnotherUnitIsNotBelieved() async throws {
        let files = try TemporaryLedger()
        let ledger = try files.open()
        let wrong = try EnergyPlan.read(
            .parse(planText().replacing("unit: kWh", with: "unit: MWh"), file: "plan.yaml"))
        let bench = try Bench(ledger, wrong, clock: TestClock("2026-11-25 10:00:00"))
        try await bench.sample("2026-11-25 10:00:00", "1")
        try await bench.sample("2026-11-25 10:15:00", "2")
        bench.clock.move(to: at("2026-11-25 10:21:00"))
        try bench.close()
        let found = try completeness(bench, "2026-11-25 10:15:00")
        #expect(found.missing.first?.reason.contains("counts in kWh, the plan says MWh") == true)
    }

    @Test func aDestinationThatJoinsLaterReceivesWhatWasMadeBefore() async throws {
        let files = try TemporaryLedger()
        let bench = try start(files)
        try await bench.sample("2026-11-25 10:00:00", "1")
        try await bench.sample("2026-11-25 10:15:00", "2")
        let both = planText().replacing(
            "points:",
            with:
                "  - {key: nation, dialect: a, register: \"https://nation.example/register\", send: at-once}\npoints:"
        )
        try bench.records.record(
            EnergyPlan.read(.parse(both, file: "plan.yaml")), at: bench.clock.now)
        #expect(try bench.records.waiting(for: "nation") == 1)
        #expect(try bench.records.waiting(for: "province") == 1)
    }

    @Test func twoPointsThatHeldOneCodeInTurnDoNotOverwriteEachOther() async throws {
        let files = try TemporaryLedger()
        let first = try start(files)
        try await first.sample("2026-11-25 10:00:00", "1")
        try await first.sample("2026-11-25 10:15:00", "2")
        let renamed = try EnergyPlan.read(
            .parse(planText().replacing("key: incomer", with: "key: other"), file: "plan.yaml"))
        let second = try Bench(files.open(), renamed, clock: TestClock("2026-11-25 10:15:00"))
        second.counters.set("other", "500")
        try await second.sample("2026-11-25 10:15:00", "2")
        second.counters.set("other", "507")
        try await second.sample("2026-11-25 10:30:00", "3")
        #expect(try second.records.waiting(for: "province") == 2)
        // The first point comes back and has a value of its own for 10:15; the one sent stays.
        let again = try Bench(files.open(), plan(), clock: TestClock("2026-11-25 10:30:00"))
        try await again.sample("2026-11-25 10:30:00", "3")
        #expect(try again.records.waiting(for: "province") == 2)
    }
}
