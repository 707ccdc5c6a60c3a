import Chronometry
import Testing

private func text(_ date: CivilDate) -> String { date.description }

private func date(_ text: String) throws -> CivilDate {
    try #require(CivilDate(text), "\(text) should be a date")
}

@Suite struct CivilDateTests {
    /// Proleptic Gregorian ordinals, computed outside this program.
    @Test(arguments: [
        ("0001-01-01", -719_162), ("1970-01-01", 0), ("2000-02-29", 11_016),
        ("2026-11-25", 20_782), ("9999-12-31", 2_932_896),
    ])
    func `known days have their number`(text: String, days: Int) throws {
        #expect(try date(text).daysSinceEpoch == days)
        #expect(CivilDate(daysSinceEpoch: days).description == text)
    }

    @Test func `sampled days of the years 1 to 9999 read back`() throws {
        // 97 days is prime to weeks and months: every month, day and leap state turns up.
        for days in stride(from: -719_162, through: 2_932_896, by: 97) {
            let day = CivilDate(daysSinceEpoch: days)
            let (year, month, dayOfMonth) = day.components
            #expect(CivilDate(year: year, month: month, day: dayOfMonth) == day)
            #expect(CivilDate(text(day)) == day)
        }
    }

    /// Centuries with and without a leap day, leap and common years, both ends of the range.
    @Test(arguments: [(1, 365), (4, 366), (1600, 366), (1900, 365), (2000, 366), (2024, 366), (2026, 365), (9999, 365)])
    func `every day of a year follows the one before`(year: Int, length: Int) throws {
        let months = [31, length == 366 ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
        var expected = try #require(CivilDate(year: year, month: 1, day: 1)).daysSinceEpoch
        var counted = 0
        for (index, days) in months.enumerated() {
            for day in 1...days {
                let made = try #require(CivilDate(year: year, month: index + 1, day: day))
                #expect(made.daysSinceEpoch == expected)
                #expect(made.components == (year, index + 1, day))
                #expect(CivilDate(text(made)) == made)
                expected += 1
                counted += 1
            }
            #expect(CivilDate(year: year, month: index + 1, day: days + 1) == nil)
        }
        #expect(counted == length)
    }

    @Test(arguments: [
        ("2026-01-31", 1, "2026-02-28"), ("2024-01-31", 1, "2024-02-29"),
        ("2024-02-29", 12, "2025-02-28"), ("2024-02-29", 48, "2028-02-29"),
        ("2026-08-31", 6, "2027-02-28"), ("2026-12-31", 2, "2027-02-28"),
        ("2026-11-25", 0, "2026-11-25"), ("2026-11-25", 24, "2028-11-25"),
        ("2026-12-15", 1, "2027-01-15"), ("2026-01-15", -1, "2025-12-15"),
        ("2026-03-31", -1, "2026-02-28"), ("2026-03-31", -13, "2025-02-28"),
        ("1900-01-30", 1, "1900-02-28"), ("2000-01-30", 1, "2000-02-29"),
    ])
    func `months later, at most the last day of the month`(
        start: String, months: Int, end: String
    ) throws {
        #expect(text(try date(start).advanced(byMonths: months)) == end)
    }

    @Test func `days later and order`() throws {
        let day = try date("2024-02-28")
        #expect(text(day.advanced(byDays: 2)) == "2024-03-01")
        #expect(text(day.advanced(byDays: -59)) == "2023-12-31")
        #expect(day < day.advanced(byDays: 1))
        #expect(!(day < day))
    }

    @Test(arguments: [
        "2026-02-29", "1900-02-29", "2026-04-31", "2026-00-10", "2026-13-01", "2026-01-00", "2026-01-32",
        "2026-1-01", "2026-01-1", "26-01-01", "02026-01-01", "2026/01/01", "20260101", "2026-01-01 ",
        " 2026-01-01", "2026-01", "2026-01-01-01", "", "--", "+026-01-01", "-026-01-01", "2026-+1-01",
        "2026-01-+1", "2026-01--1", "２０２６-01-01", "2026-01-0x",
    ])
    func `what is no date is refused`(text: String) {
        #expect(CivilDate(text) == nil)
    }
}
