public import Chronometry
import GRDB
import Ledger
import Metrology

/// What reading one point at one boundary came to.
struct ReadingOutcome: Sendable {
    enum Result: Sendable {
        case read(CounterReading, at: Instant)
        case failed(why: String, at: Instant)
    }

    let point: String
    let boundary: Instant
    let result: Result
}

extension EnergyRecords {
    /// Commits a round of readings; when this returns they are on disk.
    func record(_ outcomes: [ReadingOutcome]) throws {
        guard !outcomes.isEmpty else { return }
        try ledger.commit(Self.actor, reason: "counter readings") { tx in
            for outcome in outcomes {
                guard
                    let point = try Int64.fetchOne(
                        tx.database, sql: "SELECT id FROM metering_point WHERE key = ?",
                        arguments: [outcome.point])
                else { throw EnergyError.unknownPoint(key: outcome.point) }
                switch outcome.result {
                case .read(let reading, let at):
                    let distance = abs(at.seconds(since: outcome.boundary))
                    let exchange = reading.exchange
                    try tx.insert(
                        "sample",
                        [
                            "point": point, "at": at.iso8601, "value": "\(reading.value)",
                            "unit": reading.unit,
                            "quality": distance <= IntervalMaker.close ? "good" : "suspect",
                            "request": exchange.request, "answer": exchange.answer,
                            "requested_at": exchange.requestedAt.iso8601,
                            "answered_at": exchange.answeredAt.iso8601,
                        ])
                case .failed(let why, let at):
                    try tx.insert(
                        "reading_failure",
                        [
                            "point": point, "boundary": outcome.boundary.iso8601,
                            "at": at.iso8601, "why": why,
                        ])
                }
            }
        }
    }

    /// Makes every quarter-hour value that is now certain, and for each one a submission to each
    /// destination, in one transaction: a value without its submission cannot exist.
    ///
    /// - Parameter destinations: keys of the destinations of the plan.
    /// - Returns: how many quarter hours were closed, gaps included.
    @discardableResult
    public func closeIntervals(of points: [String], for destinations: [String], now: Instant) throws -> Int {
        try ledger.commit(Self.actor, reason: "quarter-hour values") { tx in
            let receivers = try destinations.compactMap {
                try Int64.fetchOne(
                    tx.database, sql: "SELECT id FROM destination WHERE key = ?", arguments: [$0])
            }
            return try points.reduce(0) { count, key in
                guard
                    let row = try Row.fetchOne(
                        tx.database, sql: "SELECT * FROM metering_point WHERE key = ?",
                        arguments: [key])
                else { throw EnergyError.unknownPoint(key: key) }
                return try count + Self.closeIntervals(of: row, for: receivers, now, in: tx)
            }
        }
    }

    private static func closeIntervals(
        of row: Row, for receivers: [Int64], _ now: Instant, in tx: Transaction
    ) throws -> Int {
        let id: Int64 = row["id"]
        let point = try MeteringPoint(row)
        let start = try nextStart(of: row, point, in: tx)
        let intervals = IntervalMaker(point).intervals(
            from: start, readings: try readings(of: id, from: start, in: tx),
            failures: try failures(of: id, from: start, in: tx), now: now)
        for interval in intervals {
            let value = try tx.insert(
                "interval_value",
                [
                    "point": id, "stat_type": point.statistic.rawValue,
                    "start": interval.start.iso8601, "value": interval.value?.description,
                    "unit": point.unit, "quality": interval.quality.rawValue,
                    "remark": interval.remark, "first_sample": interval.first,
                    "last_sample": interval.last,
                ])
            // The platform takes values only; a gap is told to people, not to it.
            guard interval.value != nil else { continue }
            for receiver in receivers {
                try submit(
                    value, code: point.code.digits, statistic: point.statistic.rawValue,
                    start: interval.start, to: receiver, in: tx)
            }
        }
        return intervals.count
    }

    /// Puts one value into one destination's outbox, unless a value of that identity is there: two
    /// points that held the same code one after the other must not overwrite each other.
    static func submit(
        _ value: Int64, code: String, statistic: Int, start: Instant, to receiver: Int64,
        in tx: Transaction
    ) throws {
        let isThere = try Bool.fetchOne(
            tx.database,
            sql: """
                SELECT EXISTS (SELECT 1 FROM submission WHERE destination = ? AND data_code = ?
                AND stat_type = ? AND stat_date = ?)
                """, arguments: [receiver, code, statistic, start.platformText])
        guard isThere != true else { return }
        try tx.insert(
            "submission",
            [
                "destination": receiver, "interval_value": value, "data_code": code,
                "stat_type": statistic, "stat_date": start.platformText, "state": "waiting",
                "refusals": 0,
            ])
    }

    private static func nextStart(
        of row: Row, _ point: MeteringPoint, in tx: Transaction
    ) throws -> Instant {
        let id: Int64 = row["id"]
        let newest = try Row.fetchOne(
            tx.database,
            sql: """
                SELECT id, start FROM interval_value WHERE point = ? AND stat_type = ?
                ORDER BY start DESC LIMIT 1
                """, arguments: [id, point.statistic.rawValue])
        guard let newest else {
            return try row.instant("active_from", in: "metering_point", id)
        }
        return try newest.instant("start", in: "interval_value", newest["id"]).nextQuarter
    }

    private static func readings(
        of point: Int64, from start: Instant, in tx: Transaction
    ) throws -> [IntervalMaker.Reading] {
        let since = start.advanced(bySeconds: -IntervalMaker.far)
        return try Row.fetchAll(
            tx.database,
            sql: "SELECT id, at, value FROM sample WHERE point = ? AND at >= ? ORDER BY at, id",
            arguments: [point, since.iso8601]
        ).map { row in
            let id: Int64 = row["id"]
            return IntervalMaker.Reading(
                id: id, at: try row.instant("at", in: "sample", id),
                value: try row.decimal("value", in: "sample", id))
        }
    }

    private static func failures(
        of point: Int64, from start: Instant, in tx: Transaction
    ) throws -> [Instant: String] {
        let rows = try Row.fetchAll(
            tx.database,
            sql: """
                SELECT id, boundary, why FROM reading_failure WHERE point = ? AND boundary >= ?
                ORDER BY id
                """, arguments: [point, start.iso8601])
        return try rows.reduce(into: [:]) { result, row in
            result[try row.instant("boundary", in: "reading_failure", row["id"])] = row["why"]
        }
    }
}
