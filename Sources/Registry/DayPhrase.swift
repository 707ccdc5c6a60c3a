public import Chronometry
public import DataFiles

/// Reads the days of a data file: `2026-11-25`, and in demonstration data also `today`,
/// `today + 300 days` and `today - 20 days`, so that invented facts never go stale.
public struct DayPhrase: Sendable {
    private let today: CivilDate?

    /// - Parameter today: nil for real data, where a day relative to today is refused: the day a
    ///   file happens to be read must never decide how long a real certificate holds.
    public init(today: CivilDate?) {
        self.today = today
    }

    /// - Throws: `DataFileError` at the value where it is no day.
    public func day(_ node: DataNode) throws -> CivilDate {
        let words = try node.text().split(separator: " ")
        guard words.first == "today" else { return try node.date() }
        guard let today else {
            throw node.error(
                "'\(node.path)' is relative to today, which only demonstration data may be: write a date like 2026-11-25"
            )
        }
        if words.count == 1 { return today }
        guard words.count == 4, words[3] == "days", let days = Int(words[2]), days >= 0,
            words[1] == "+" || words[1] == "-"
        else {
            throw node.error(
                "'\(node.path)' must be a date, 'today', or like 'today + 300 days', not '\(try node.text())'"
            )
        }
        return today.advanced(byDays: words[1] == "+" ? days : -days)
    }
}
