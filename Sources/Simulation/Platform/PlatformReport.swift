import Chronometry

/// What the platform has received, as `GET /report` tells it.
public struct PlatformReport: Codable, Sendable, Equatable {
    /// One data code on one day.
    public struct Day: Codable, Sendable, Equatable {
        public let enterpriseCode: String
        public let dataCode: String
        public let statType: Int
        public let day: String
        public let received: Int
        /// 96 quarter hours a day, or one day.
        public let due: Int
    }

    /// Values in accepted uploads, repeated ones counted each time.
    public let received: Int
    /// Values of different (enterprise, data code, statistic, date).
    public let distinct: Int
    /// Values that came again and were the same.
    public let duplicatesIdentical: Int
    /// Values that came again and were different; the later one stands.
    public let duplicatesConflicting: Int
    /// Uploads refused.
    public let refused: Int
    /// Uploads taken in whose answer was cut off.
    public let cut: Int
    public let days: [Day]
}

/// The values on the platform, and how often each came.
struct ReceivedValues {
    private var values: [ReceivedKey: CheckedValue] = [:]
    private(set) var received = 0
    private(set) var identical = 0
    private(set) var conflicting = 0

    /// Takes in a value; one of the same key is replaced.
    mutating func take(_ value: CheckedValue) {
        received += 1
        if let known = values.updateValue(value, forKey: value.key) {
            let isSame = known.value == value.value && known.isValid == value.isValid
            if isSame { identical += 1 } else { conflicting += 1 }
        }
    }

    func report(refused: Int, cut: Int) -> PlatformReport {
        struct DayKey: Hashable {
            let enterprise: String
            let code: String
            let statistic: Int
            let day: String
        }
        let counts = values.keys.reduce(into: [DayKey: Int]()) { counts, key in
            let day = DayKey(
                enterprise: key.enterprise, code: key.code, statistic: key.statistic,
                day: String(key.date.prefix(10)))
            counts[day, default: 0] += 1
        }
        let days = counts.map { key, count in
            PlatformReport.Day(
                enterpriseCode: key.enterprise, dataCode: key.code, statType: key.statistic,
                day: key.day, received: count, due: key.statistic == 0 ? 96 : 1)
        }
        return PlatformReport(
            received: received, distinct: values.count, duplicatesIdentical: identical,
            duplicatesConflicting: conflicting, refused: refused, cut: cut,
            days: days.sorted {
                ($0.enterpriseCode, $0.dataCode, $0.statType, $0.day)
                    < ($1.enterpriseCode, $1.dataCode, $1.statType, $1.day)
            })
    }
}
