import Chronometry
import Energy
import Metrology
import Testing

@Suite struct IntervalMakerTests {
    private let maker = IntervalMaker(
        rollsOverAt: decimal("1000"), ratio: decimal("1"), range: decimal("0")...decimal("100"))
    private let start = at("2026-11-25 10:00:00")

    private func readings(_ list: [(String, String)]) -> [IntervalMaker.Reading] {
        list.enumerated().map { index, item in
            IntervalMaker.Reading(
                id: Int64(index + 1), at: at("2026-11-25 " + item.0), value: decimal(item.1))
        }
    }

    private func intervals(
        _ list: [(String, String)], now: String
    ) -> [IntervalMaker.Interval] {
        maker.intervals(from: start, readings: readings(list), now: at("2026-11-25 " + now))
    }

    @Test func readingsOnTheBoundariesGiveExactDifferences() {
        let made = intervals(
            [("10:00:00", "0.1"), ("10:15:00", "0.4"), ("10:30:00", "0.40")], now: "10:30:00")
        #expect(made.map(\.start) == [start, at("2026-11-25 10:15:00")])
        #expect(made.map { $0.value?.description } == ["0.3", "0.00"])
        #expect(made.allSatisfy { $0.quality == .good && $0.remark == nil })
        #expect(made[0].first == 1 && made[0].last == 2)
    }

    @Test func nothingIsMadeBeforeItsEndIsCertain() {
        #expect(intervals([("10:00:00", "1"), ("10:14:59", "2")], now: "10:15:01").isEmpty)
        #expect(intervals([("10:00:00", "1")], now: "10:19:59").isEmpty)
    }

    @Test func aReadingOfExactlyTheToleranceIsGoodAndOneBeyondIsSuspect() {
        let close = intervals([("10:00:00", "1"), ("10:16:00", "2")], now: "10:16:00")
        #expect(close.map(\.quality) == [.good])
        let late = intervals([("10:00:00", "1"), ("10:16:01", "2")], now: "10:16:01")
        #expect(late.map(\.quality) == [.suspect])
        #expect(late[0].value == decimal("1"))
        #expect(late[0].remark == "its end was read 61 s late")
    }

    @Test func theNearestReadingStandsForTheBoundaryOnBothSides() {
        let made = intervals(
            [("10:00:00", "1"), ("10:14:58", "5"), ("10:15:30", "6"), ("10:30:00", "9")],
            now: "10:30:00")
        // 5, not 6, ends the first quarter hour and begins the second.
        #expect(made.map { $0.value?.description } == ["4", "4"])
    }

    @Test func aMissingBoundaryIsAGapOnBothSidesAndSaysSo() {
        let made = maker.intervals(
            from: start,
            readings: readings([
                ("10:00:00", "1"), ("10:20:01", "2"), ("10:30:00", "3"), ("10:45:00", "5"),
            ]),
            failures: [at("2026-11-25 10:15:00"): "no answer from unit 1"],
            now: at("2026-11-25 10:45:00"))
        #expect(made.map(\.quality) == [.gap, .gap, .good])
        #expect(made.map { $0.value?.description } == [nil, nil, "2"])
        #expect(made[0].remark == "no reading at 2026-11-25 10:15:00: no answer from unit 1")
        #expect(made[1].remark == made[0].remark)
    }

    @Test func aSilenceOfHoursBecomesOneGapPerQuarterHour() {
        let made = intervals([("10:00:00", "1"), ("13:00:00", "50")], now: "13:00:00")
        #expect(made.count == 12)
        #expect(made.allSatisfy { $0.quality == .gap && $0.value == nil })
    }

    @Test func aRollOverIsCountedThroughAndTold() {
        let made = intervals([("10:00:00", "999.5"), ("10:15:00", "2.25")], now: "10:15:00")
        #expect(made.map { $0.value?.description } == ["2.75"])
        #expect(made[0].quality == .good)
        #expect(made[0].remark == "the counter rolled over from 999.5 to 2.25")
    }

    @Test func aCounterThatWentBackKeepsItsNegativeValueAndIsSuspect() {
        let made = intervals([("10:00:00", "500"), ("10:15:00", "2")], now: "10:15:00")
        #expect(made.map { $0.value?.description } == ["-498"])
        #expect(made[0].quality == .suspect)
        #expect(made[0].remark?.contains("went back from 500 to 2") == true)
    }

    @Test func aValueOutsideTheRangeIsSuspectNotSuppressed() {
        let made = intervals([("10:00:00", "500"), ("10:15:00", "600.1")], now: "10:15:00")
        #expect(made.map { $0.value?.description } == ["100.1"])
        #expect(made[0].quality == .suspect)
    }

    @Test func theRatioMultipliesTheDifference() {
        let maker = IntervalMaker(
            rollsOverAt: nil, ratio: decimal("40"), range: decimal("0")...decimal("100"))
        let made = maker.intervals(
            from: start, readings: readings([("10:00:00", "1.01"), ("10:15:00", "1.26")]),
            now: at("2026-11-25 10:15:00"))
        #expect(made.map { $0.value?.description } == ["10.00"])
    }

    @Test func valuesBetweenTwoReadingsAddUpToTheirDifference() {
        var generator = SeededGenerator(seed: 20)
        var counter = 100.0
        let list = (0...20).map { quarter in
            counter += generator.uniform(in: 0...4)
            let text = decimal("\((counter * 1000).rounded() / 1000)")
            return IntervalMaker.Reading(
                id: Int64(quarter),
                at: start.advanced(
                    bySeconds: Double(quarter) * 900 + generator.uniform(in: -50...50)),
                value: text)
        }
        let made = maker.intervals(from: start, readings: list, now: at("2026-11-25 16:00:00"))
        let sum = made.compactMap(\.value).prefix(20).reduce(decimal("0")) { $0 + $1 }
        #expect(made.prefix(20).allSatisfy { $0.quality == .good })
        #expect(sum == list[20].value - list[0].value)
    }
}
