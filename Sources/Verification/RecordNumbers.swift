import GRDB

/// Numbers of records: `R-421200-2026-000001`, one series an institution and year, without a gap.
enum RecordNumbers {
    /// The next number; called inside the transaction that uses it, so that two can never be equal.
    static func next(institution: String, year: Int, in database: Database) throws -> String {
        let prefix = "R-\(institution)-\(year)-"
        let last = try String.fetchOne(
            database,
            sql: "SELECT max(number) FROM verification_record WHERE number LIKE ? || '______'",
            arguments: [prefix])
        let sequence = (last.flatMap { Int($0.dropFirst(prefix.count)) } ?? 0) + 1
        let digits = String(sequence)
        return prefix + String(repeating: "0", count: max(0, 6 - digits.count)) + digits
    }
}
