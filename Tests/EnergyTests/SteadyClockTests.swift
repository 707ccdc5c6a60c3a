import Chronometry
import Energy
import Testing

@Suite struct SteadyClockTests {
    /// Looks at the clock every 10 s for six hours while the wall clock is stepped after one hour;
    /// returns every quarter-hour boundary it passes.
    private func boundaries(steppedBy step: Double) -> (passed: [Instant], steps: [Double]) {
        let begin = at("2026-11-25 10:00:00")
        var clock = SteadyClock(SteadyClock.Reading(wall: begin, monotonic: 500))
        var last = QuarterHour.boundary(notAfter: begin)
        var passed: [Instant] = []
        var steps: [Double] = []
        for tick in 1...2160 {
            let elapsed = Double(tick) * 10
            let wall = begin.advanced(bySeconds: elapsed + (elapsed > 3600 ? step : 0))
            let (now, found) = clock.advance(
                SteadyClock.Reading(wall: wall, monotonic: 500 + elapsed))
            if let found { steps.append(found.seconds) }
            let boundary = QuarterHour.boundary(notAfter: now)
            if boundary != last { passed.append(boundary) }
            last = boundary
        }
        return (passed, steps)
    }

    @Test(arguments: [3600.0, -3600, 901, -901, 14, -14, 86_400, -86_400])
    func aSteppedWallClockSkipsNoBoundaryAndShowsNoneTwice(step: Double) throws {
        let (passed, steps) = boundaries(steppedBy: step)
        for (earlier, later) in zip(passed, passed.dropFirst()) {
            #expect(later.seconds(since: earlier) == 900)
        }
        // Six hours hold 24 boundaries; making a step good moves at most 2 % of five of them.
        #expect((23...25).contains(passed.count))
        #expect(steps.count == 1)
        #expect(abs((steps.first ?? 0) - step) < 0.001)
    }

    @Test func aSmallStepIsMadeGood() {
        let begin = at("2026-11-25 10:00:00")
        var clock = SteadyClock(SteadyClock.Reading(wall: begin, monotonic: 0))
        let wall = begin.advanced(bySeconds: 10_020)
        let early = clock.advance(SteadyClock.Reading(wall: wall, monotonic: 10_000)).now
        #expect(early == wall)
    }

    @Test func aClockSetBackBetweenTwoRunsDoesNotGoBeforeWhatIsOnRecord() {
        let recorded = at("2026-11-25 10:00:00")
        let wall = at("2026-11-25 09:00:00")
        var clock = SteadyClock(
            SteadyClock.Reading(wall: wall, monotonic: 0), notBefore: recorded)
        let now = clock.advance(
            SteadyClock.Reading(wall: wall.advanced(bySeconds: 900), monotonic: 900)
        ).now
        #expect(now == recorded.advanced(bySeconds: 882))
    }

    @Test func theOrdinaryDriftOfAClockIsFollowedWithoutAWord() {
        let (passed, steps) = boundaries(steppedBy: 0.9)
        #expect(passed.count == 24)
        #expect(steps.isEmpty)
    }
}
