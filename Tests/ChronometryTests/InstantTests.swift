import Chronometry
import Testing

@Suite struct InstantTests {
    @Test(arguments: [
        ("1970-01-01T00:00:00.000Z", 0), ("2026-11-25T03:30:23.118Z", 1_795_577_423_118),
        ("1969-12-31T23:59:59.999Z", -1), ("0001-01-01T00:00:00.000Z", -62_135_596_800_000),
        ("9999-12-31T23:59:59.999Z", 253_402_300_799_999),
    ])
    func `text and milliseconds are the same moment`(text: String, milliseconds: Int64) {
        #expect(Instant(milliseconds: milliseconds).iso8601 == text)
        #expect(Instant(text)?.milliseconds == milliseconds)
    }

    @Test func `sampled moments read back to the millisecond`() {
        // A step that is prime to day, hour, minute and second, on both sides of the epoch.
        for n in -5000..<5000 {
            let moment = Instant(milliseconds: Int64(n) * 7_000_000_333)
            #expect(Instant(moment.iso8601) == moment)
            #expect(moment.iso8601.utf8.count == 24)
        }
    }

    @Test func `text order is time order`() {
        let moments = (0..<200).map { Instant(milliseconds: Int64($0) * 86_399_999) }
        #expect(moments.map(\.iso8601).sorted() == moments.map(\.iso8601))
    }

    @Test func `the day in China begins at 16 o'clock UTC`() throws {
        let last = try #require(Instant("2026-11-24T15:59:59.999Z"))
        let first = try #require(Instant("2026-11-24T16:00:00.000Z"))
        #expect(last.date(in: .china).description == "2026-11-24")
        #expect(last.text(in: .china) == "2026-11-24 23:59:59")
        #expect(first.date(in: .china).description == "2026-11-25")
        #expect(first.text(in: .china) == "2026-11-25 00:00:00")
        #expect(first.date(in: .utc).description == "2026-11-24")

        let day = try #require(CivilDate("2026-11-25"))
        #expect(Instant(startOf: day, in: .china) == first)
        #expect(Instant(startOf: day, in: .utc) == Instant("2026-11-25T00:00:00.000Z"))
        #expect(Instant(startOf: day, in: ZoneOffset(minutes: -210)) == Instant("2026-11-25T03:30:00.000Z"))
    }

    @Test func `text of a zone reads back in that zone`() throws {
        let moment = try #require(Instant("2026-12-31T16:00:00.000Z"))
        #expect(moment.text(in: .china) == "2027-01-01 00:00:00")
        #expect(Instant("2027-01-01 00:00:00", zone: .china) == moment)
        #expect(Instant("2027-01-01 00:00:00", zone: .utc) != moment)
        // A text that says UTC is UTC, whatever zone the reader has in mind.
        #expect(Instant("2026-12-31T16:00:00.000Z", zone: .china) == moment)
        #expect(Instant("2026-12-31T16:00:00Z") == moment)
        #expect(Instant("2027-01-01 00:00:00.250", zone: .china) == moment.advanced(bySeconds: 0.25))
    }

    @Test func `the parts of a moment before the epoch are not negative`() {
        let parts = Instant(milliseconds: -1).civil(in: .utc)
        #expect(parts.date.description == "1969-12-31")
        #expect([parts.hour, parts.minute, parts.second, parts.millisecond] == [23, 59, 59, 999])
    }

    @Test func `seconds between moments`() {
        let start = Instant(milliseconds: 1_000)
        #expect(start.advanced(bySeconds: 1.5).milliseconds == 2_500)
        #expect(start.advanced(bySeconds: -2).milliseconds == -1_000)
        // To the nearest millisecond, not cut: 0.0286 s is 28.6 ms.
        #expect(start.advanced(bySeconds: 0.0286).milliseconds == 1_029)
        #expect(Instant(milliseconds: 2_500).seconds(since: start) == 1.5)
        #expect(start.seconds(since: Instant(milliseconds: 2_500)) == -1.5)
        #expect(start < start.advanced(bySeconds: 0.001))
    }

    @Test(arguments: [
        "2026-11-25T24:00:00.000Z", "2026-11-25T23:60:00.000Z", "2026-11-25T23:59:60.000Z",
        "2026-02-29T00:00:00.000Z", "2026-11-25T3:30:23.118Z", "2026-11-25T03:30:23.11Z",
        "2026-11-25T03:30:23.1180Z", "2026-11-25T03:30:23.Z", "2026-11-25T03:30:23.118.0Z",
        "2026-11-25T03:30Z", "2026-11-25T03:30:23.118", "2026-11-25 03:30:23.118Z", "2026-11-25Z",
        "2026-11-25T-1:30:23.118Z", "2026-11-25T+3:30:23.118Z", "2026-11-25T03:30:23.-18Z",
        "2026-11-25T03:30:23.+18Z", "2026-11-25T03:30:23.118ZZ", "", "Z", "T",
    ])
    func `what is no moment of UTC is refused`(text: String) {
        #expect(Instant(text) == nil)
    }

    @Test(arguments: [
        "2026-11-25", "2026-11-25T03:30:23", "2026-11-25 03:30", "2026-11-25 25:00:00",
        "2026-11-31 00:00:00", "2026-11-25 3:30:23", "2026-11-25  03:30:23", "2026-11-25 03:30:23 ",
    ])
    func `what is no clock text is refused`(text: String) {
        #expect(Instant(text, zone: .china) == nil)
    }

    @Test func `clock text needs a zone`() {
        #expect(Instant("2026-11-25 03:30:23") == nil)
        #expect(Instant("2026-11-25 03:30:23", zone: .utc) == Instant("2026-11-25T03:30:23.000Z"))
    }

    @Test func `the clocks go forward`() {
        let (wall, steady) = (SystemClock.now(), SystemClock.monotonicSeconds())
        #expect(wall > Instant(milliseconds: 1_700_000_000_000))
        #expect(steady > 0)
        #expect(SystemClock.monotonicSeconds() >= steady)
    }
}
