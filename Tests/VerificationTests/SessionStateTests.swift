import Testing
import Verification

@Suite struct SessionStateTests {
    private let points = ["Q3", "Q2", "Q1"]

    private func next(_ events: [SessionEvent], outside: Set<String> = []) -> SessionAction {
        SessionState(events).next(points: points, readingsAtMost: 2) { outside.contains($0) }
    }

    private func run(_ point: String, _ repetition: Int = 1, _ attempt: Int = 1) -> Run {
        Run(point: point, repetition: repetition, attempt: attempt)
    }

    @Test func goesThroughThePointsInOrder() {
        #expect(next([]) == .begin)
        var events: [SessionEvent] = [.started]
        for point in points {
            #expect(next(events) == .perform(run(point)))
            events += [.runStarted(run(point)), .runCompleted(run(point))]
        }
        #expect(next(events) == .close)
        #expect(next(events + [.closed]) == .nothing)
    }

    @Test func measuresAPointAgainOnceWhereAnErrorIsOutside() {
        let first: [SessionEvent] = [.started, .runStarted(run("Q3")), .runCompleted(run("Q3"))]
        #expect(next(first, outside: ["Q3"]) == .perform(run("Q3", 2)))
        let second = first + [.runStarted(run("Q3", 2)), .runCompleted(run("Q3", 2))]
        #expect(next(second, outside: ["Q3"]) == .perform(run("Q2")))
    }

    /// Whatever the moment of an interruption, what was completed stands and what was open is abandoned first.
    @Test func resumesFromEveryPrefixOfItsEvents() {
        var whole: [SessionEvent] = [.started]
        for point in points { whole += [.runStarted(run(point)), .runCompleted(run(point))] }
        for length in 1...whole.count {
            let events = Array(whole.prefix(length))
            let state = SessionState(events)
            switch next(events) {
            case .abandon(let open):
                #expect(state.open == open)
                let after = events + [.runAbandoned(open, why: "interrupted")]
                #expect(next(after) == .perform(run(open.point, 1, 2)))
            case .perform(let run): #expect(!state.completed.contains(run))
            case .close: #expect(state.completed.count == 3)
            case .begin, .nothing: Issue.record("a session under way neither begins nor has ended")
            }
        }
    }

    @Test func anAbandonedAttemptDoesNotCount() {
        let events: [SessionEvent] = [
            .started, .runStarted(run("Q3")), .runAbandoned(run("Q3"), why: "flow outside"),
            .runStarted(run("Q3", 1, 2)), .runCompleted(run("Q3", 1, 2)),
        ]
        #expect(SessionState(events).completed == [run("Q3", 1, 2)])
        #expect(next(events) == .perform(run("Q2")))
    }
}
