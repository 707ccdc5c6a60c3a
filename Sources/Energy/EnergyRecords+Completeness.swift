public import Chronometry
import GRDB
import Ledger

extension EnergyRecords {
    /// What is due and what is there.
    ///
    /// - Parameters:
    ///   - since: quarter hours that begin before it are left out; nil for all.
    ///   - until: quarter hours that ended by then are due; nil for the usual: a quarter hour ago,
    ///     or, where the last run lived on an accelerated clock, the end of what it closed.
    public func completeness(
        since: Instant? = nil, until: Instant? = nil, now: Instant = SystemClock.now()
    ) throws -> Completeness {
        try ledger.read { db in
            let end = try until ?? Self.usualEnd(now, in: db)
            let platforms = try Row.fetchAll(
                db, sql: "SELECT * FROM destination WHERE is_active ORDER BY key")
            var points: [Completeness.Point] = []
            var missing: [Completeness.Missing] = []
            for row in try Row.fetchAll(db, sql: "SELECT * FROM metering_point ORDER BY key") {
                let count = try PointCount(row, platforms, since, end, in: db)
                points.append(count.point)
                missing += count.missing
            }
            return Completeness(
                until: end.platformText, points: points,
                platforms: try platforms.map { row in
                    Completeness.Platform(
                        key: row["key"], deviceId: row["device_id"],
                        waiting: try Int.fetchOne(
                            db,
                            sql: """
                                SELECT count(*) FROM submission
                                WHERE destination = ? AND state = 'waiting'
                                """, arguments: [row["id"] as Int64]) ?? 0,
                        problem: row["problem"])
                },
                missing: missing)
        }
    }

    private static func usualEnd(_ now: Instant, in db: Database) throws -> Instant {
        let speed = try Double.fetchOne(
            db, sql: "SELECT speed FROM collection_run ORDER BY id DESC LIMIT 1")
        guard let speed, speed != 1 else {
            // A quarter hour for reading late, for the network and for the platform.
            return now.advanced(bySeconds: -QuarterHour.seconds)
        }
        let newest = try String.fetchOne(db, sql: "SELECT max(start) FROM interval_value")
        return newest.flatMap { Instant($0) }?.nextQuarter ?? now
    }
}

/// The count of one point's quarter hours.
private struct PointCount {
    let point: Completeness.Point
    private(set) var missing: [Completeness.Missing] = []

    init(
        _ row: Row, _ platforms: [Row], _ since: Instant?, _ end: Instant, in db: Database
    ) throws {
        let id: Int64 = row["id"]
        let key: String = row["key"]
        let code = try DataCode(row["data_code"] as String)
        let activeFrom = try row.instant("active_from", in: "metering_point", id)
        let activeUntil =
            row["active_until"] == nil
            ? nil : try row.instant("active_until", in: "metering_point", id)
        let from = QuarterHour.boundary(notBefore: max(activeFrom, since ?? activeFrom))
        let to = min(end, activeUntil ?? end)
        let due = QuarterHour.count(from: from, to: to)

        let values = try Row.fetchAll(
            db,
            sql: """
                SELECT start, quality, remark FROM interval_value
                WHERE point = ? AND start >= ? AND start < ? ORDER BY start
                """, arguments: [id, from.iso8601, to.iso8601])
        let byStart = Dictionary(values.map { ($0["start"] as String, $0) }) { first, _ in first }
        var present: [Instant] = []
        var start = from
        for _ in 0..<due {
            let value = byStart[start.iso8601]
            if let value, value["quality"] != IntervalMaker.Quality.gap.rawValue {
                present.append(start)
            } else {
                let reason: String? = value?["remark"]
                missing.append(
                    Completeness.Missing(
                        point: key, start: start.platformText, destination: nil,
                        reason: reason ?? "not collected: the collection was not running"))
            }
            start = start.nextQuarter
        }
        var deliveries: [Completeness.Delivery] = []
        let mine = platforms.filter { $0["enterprise_code"] == row["enterprise_code"] as String }
        for platform in mine {
            let (delivery, open) = try Self.delivery(of: id, key, present, to: platform, end, in: db)
            deliveries.append(delivery)
            missing += open
        }
        let suspect = values.count { $0["quality"] == IntervalMaker.Quality.suspect.rawValue }
        point = Completeness.Point(
            key: key, name: row["name"], dataCode: code.hyphenated, from: from.platformText,
            due: due, sampled: present.count, suspect: suspect, destinations: deliveries)
    }

    private static func delivery(
        of point: Int64, _ key: String, _ present: [Instant], to platform: Row, _ end: Instant,
        in db: Database
    ) throws -> (Completeness.Delivery, [Completeness.Missing]) {
        let name: String = platform["key"]
        let rows = try Row.fetchAll(
            db,
            sql: """
                SELECT v.start, s.state, s.answer,
                    (SELECT count(*) FROM submission_attempt a
                        WHERE a.submission = s.id AND a.outcome = 'accepted') AS acknowledged
                FROM submission s JOIN interval_value v ON v.id = s.interval_value
                WHERE v.point = ? AND s.destination = ?
                """, arguments: [point, platform["id"] as Int64])
        let byStart = Dictionary(rows.map { ($0["start"] as String, $0) }) { first, _ in first }
        // A platform that takes whole days is owed nothing of the day that is not over.
        let owedBefore =
            platform["sending"] == Destination.Sending.daily.rawValue
            ? Instant(startOf: end.date(in: .china), in: .china) : nil
        var states: [String: Int] = [:]
        var twice = 0
        var open: [Completeness.Missing] = []
        for start in present {
            let row = byStart[start.iso8601]
            let state: String = row?["state"] ?? "none"
            states[state, default: 0] += 1
            if let acknowledged: Int = row?["acknowledged"], acknowledged > 1 { twice += 1 }
            guard state != "accepted", owedBefore.map({ start < $0 }) ?? true else { continue }
            let answer: String? = row?["answer"] ?? platform["problem"]
            let reason =
                switch state {
                case "waiting": "waiting to be sent" + (answer.map { ": \($0)" } ?? "")
                case "refused": "refused by the platform: \(answer ?? "without a word")"
                default: "no submission: start the collection with a plan that names this destination"
                }
            open.append(
                Completeness.Missing(
                    point: key, start: start.platformText, destination: name, reason: reason))
        }
        return (
            Completeness.Delivery(
                key: name, accepted: states["accepted", default: 0],
                waiting: states["waiting", default: 0], refused: states["refused", default: 0],
                twice: twice),
            open
        )
    }
}
