import Devices
import Metrology
import Testing

@Suite struct LineQueueTests {
    private struct Wanted {
        let urgency: Urgency
        let arrival: Int
    }

    /// Whatever is put in comes out by urgency, and of equals in the order it came.
    @Test(arguments: 1...20) func everythingLeavesByUrgency(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var queue = LineQueue<Int>()
        var wanted: [Wanted] = []
        for arrival in 0..<50 {
            let due = Double(random.next() % 7)
            let urgency = random.next() % 3 == 0 ? Urgency.live : .routine(due: due)
            _ = queue.insert(arrival, urgency, .unit(Int(random.next() % 5)))
            wanted.append(Wanted(urgency: urgency, arrival: arrival))
        }
        let order = wanted.sorted { ($0.urgency, $0.arrival) < ($1.urgency, $1.arrival) }.map(\.arrival)
        var taken: [Int] = []
        while let next = queue.take(rest: { _ in 0 }) { taken.append(next.job) }
        #expect(taken == order)
        #expect(queue.count == 0)
    }

    @Test func anInstrumentThatRestsLetsOthersGoFirstButNobodyOvertakesABench() {
        var queue = LineQueue<String>()
        _ = queue.insert("routine 1", .routine(due: 0), .unit(1))
        _ = queue.insert("routine 2", .routine(due: 5), .unit(2))
        let rests: (Station) -> Double = { $0 == .unit(1) ? 0.2 : 0 }
        #expect(queue.take(rest: rests)?.job == "routine 2")
        _ = queue.insert("routine 3", .routine(due: 1), .unit(3))
        _ = queue.insert("bench 1", .live, .unit(1))
        #expect(queue.take(rest: rests)?.job == "bench 1")
        #expect(queue.take(rest: { _ in 0.1 })?.job == "routine 1")
    }

    @Test func whatWasBegunGoesOnBeforeItsEquals() throws {
        var queue = LineQueue<String>()
        _ = queue.insert("first", .routine(due: 3), .unit(1))
        _ = queue.insert("second", .routine(due: 3), .unit(2))
        let begun = try #require(queue.take { _ in 0 })
        #expect(!queue.overtakes(begun.urgency))
        _ = queue.insert("bench", .live, .unit(3))
        #expect(queue.overtakes(begun.urgency))
        queue.putBack(begun)
        #expect((0..<3).compactMap { _ in queue.take { _ in 0 }?.job } == ["bench", "first", "second"])
    }

    @Test func whatIsTakenBackIsGone() {
        var queue = LineQueue<String>()
        let ticket = queue.insert("a", .live, .only)
        _ = queue.insert("b", .live, .only)
        #expect(queue.remove(ticket) == "a")
        #expect(queue.remove(ticket) == nil)
        #expect(queue.count == 1)
    }
}
