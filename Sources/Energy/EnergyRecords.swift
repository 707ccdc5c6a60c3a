public import Chronometry
import GRDB
public import Ledger
import Metrology
import Registry

/// The energy half of the ledger: what is written there and what is asked of it.
public struct EnergyRecords: Sendable {
    /// Who stands in the audit log for what the program does by itself.
    static let actor = "energy collection"

    let ledger: Ledger

    public init(_ ledger: Ledger) {
        self.ledger = ledger
    }

    /// The last instant on record: no clock of a later run may start before it.
    public func lastInstant() throws -> Instant? {
        try ledger.read { db in
            try String.fetchOne(
                db,
                sql: """
                    SELECT max(t) FROM (
                        SELECT max(at) AS t FROM sample
                        UNION ALL SELECT max(started_at) FROM collection_run
                        UNION ALL SELECT max(at) FROM reading_failure)
                    """
            ).flatMap { Instant($0) }
        }
    }

    /// Notes that a run begins, and with how many seconds of its clock per real second.
    public func beginRun(at: Instant, speed: Double) throws {
        try ledger.commit(Self.actor, reason: "collection begins") {
            try $0.insert("collection_run", ["started_at": at.iso8601, "speed": speed])
        }
    }

    public func record(_ step: SteadyClock.Step) throws {
        try ledger.commit(Self.actor, reason: "the wall clock was stepped") {
            try $0.insert(
                "clock_step",
                ["at": step.at.iso8601, "wall": step.wall.iso8601, "seconds": step.seconds])
        }
    }
}

extension EnergyRecords {
    /// Brings points and destinations to what `plan` says; their history stays with their keys.
    ///
    /// A point that the plan no longer names is closed at `at`: nothing is due from it any more.
    public func record(_ plan: EnergyPlan, at: Instant) throws {
        let first = QuarterHour.boundary(notBefore: at)
        try ledger.commit(Self.actor, reason: "energy plan of \(plan.enterprise.name)") { tx in
            for destination in plan.destinations {
                try Self.record(destination, of: plan.enterprise, in: tx)
            }
            try Self.retireDestinations(notIn: plan, in: tx)
            for point in plan.points {
                try Self.record(point, of: plan.enterprise, from: first, in: tx)
            }
            let open = try Row.fetchAll(
                tx.database,
                sql: """
                    SELECT id, key FROM metering_point
                    WHERE active_until IS NULL AND enterprise_code = ?
                    """, arguments: [plan.enterprise.code.text])
            let kept = Set(plan.points.map(\.key))
            for row in open where !kept.contains(row["key"]) {
                try tx.update("metering_point", row["id"], set: ["active_until": at.iso8601])
            }
            try Self.fillOutboxes(of: plan, in: tx)
        }
    }

    /// A destination that joins later receives what was made before it came.
    private static func fillOutboxes(of plan: EnergyPlan, in tx: Transaction) throws {
        let places = plan.destinations.map { _ in "?" }.joined(separator: ", ")
        let rows = try Row.fetchAll(
            tx.database,
            sql: """
                SELECT d.id AS receiver, v.id, v.stat_type, v.start, p.data_code
                FROM destination d
                JOIN metering_point p ON p.enterprise_code = ? AND p.active_until IS NULL
                JOIN interval_value v ON v.point = p.id AND v.value IS NOT NULL
                LEFT JOIN submission s ON s.destination = d.id AND s.interval_value = v.id
                WHERE d.key IN (\(places)) AND s.id IS NULL ORDER BY v.start, v.id
                """,
            arguments: StatementArguments(
                [plan.enterprise.code.text] + plan.destinations.map(\.key)))
        for row in rows {
            let value: Int64 = row["id"]
            try submit(
                value, code: row["data_code"], statistic: row["stat_type"],
                start: row.instant("start", in: "interval_value", value), to: row["receiver"],
                in: tx)
        }
    }

    private static func record(
        _ destination: Destination, of enterprise: Enterprise, in tx: Transaction
    ) throws {
        let known = try Row.fetchOne(
            tx.database, sql: "SELECT * FROM destination WHERE key = ?",
            arguments: [destination.key])
        let (dialect, url) = (destination.dialect.rawValue, destination.registerURL.text)
        let sending = destination.sending.rawValue
        guard let known else {
            try tx.insert(
                "destination",
                [
                    "key": destination.key, "enterprise_code": enterprise.code.text,
                    "dialect": dialect, "sending": sending, "is_active": true,
                    "register_url": url,
                ])
            return
        }
        try refuseForeign(known, enterprise)
        if known["sending"] != sending || known["is_active"] != true {
            try tx.update(
                "destination", known["id"], set: ["sending": sending, "is_active": true])
        }
        guard known["register_url"] != url || known["dialect"] != dialect else { return }
        // Another platform, or the same one at another address: what the old one assigned is void.
        try tx.update(
            "destination", known["id"],
            set: [
                "dialect": dialect, "register_url": url, "device_id": nil, "version_url": nil,
                "config_url": nil, "data_url": nil, "upload_time": nil, "config_body": nil,
            ])
    }

    private static func retireDestinations(notIn plan: EnergyPlan, in tx: Transaction) throws {
        let rows = try Row.fetchAll(
            tx.database,
            sql: "SELECT id, key FROM destination WHERE is_active AND enterprise_code = ?",
            arguments: [plan.enterprise.code.text])
        let kept = Set(plan.destinations.map(\.key))
        for row in rows where !kept.contains(row["key"]) {
            try tx.update("destination", row["id"], set: ["is_active": false])
        }
    }

    private static func refuseForeign(_ row: Row, _ enterprise: Enterprise) throws {
        let owner: String = row["enterprise_code"]
        guard owner == enterprise.code.text else {
            throw EnergyError.keyTaken(key: row["key"], by: owner)
        }
    }

    private static func record(
        _ point: MeteringPoint, of enterprise: Enterprise, from first: Instant, in tx: Transaction
    ) throws {
        let known = try Row.fetchOne(
            tx.database, sql: "SELECT * FROM metering_point WHERE key = ?", arguments: [point.key])
        guard let known else {
            try tx.insert(
                "metering_point",
                [
                    "key": point.key, "enterprise_code": enterprise.code.text,
                    "data_code": point.code.digits, "name": point.name, "device": point.device,
                    "connection": point.connection, "channel": point.channel, "unit": point.unit,
                    "ratio": "\(point.ratio)", "rolls_over_at": point.rollsOverAt?.description,
                    "input_type": point.inputType.rawValue, "stat_type": point.statistic.rawValue,
                    "scope": point.scope.rawValue, "least": "\(point.least)",
                    "greatest": "\(point.greatest)", "source": point.source,
                    "active_from": first.iso8601,
                ])
            return
        }
        try refuseForeign(known, enterprise)
        let isSame =
            try MeteringPoint(known) == point && known["active_until"] == String?.none
        guard !isSame else { return }
        try tx.update(
            "metering_point", known["id"],
            set: [
                "data_code": point.code.digits, "name": point.name, "device": point.device,
                "connection": point.connection, "channel": point.channel, "unit": point.unit,
                "ratio": "\(point.ratio)", "rolls_over_at": point.rollsOverAt?.description,
                "input_type": point.inputType.rawValue, "stat_type": point.statistic.rawValue,
                "scope": point.scope.rawValue, "least": "\(point.least)",
                "greatest": "\(point.greatest)", "source": point.source, "active_until": nil,
            ])
    }
}

extension MeteringPoint {
    /// Reads a row of `metering_point`.
    init(_ row: Row) throws {
        let id: Int64 = row["id"]
        func decimal(_ column: String) throws -> ExactDecimal {
            try row.decimal(column, in: "metering_point", id)
        }
        func word<T: RawRepresentable>(_ column: String, _ type: T.Type) throws -> T
        where T.RawValue == Int {
            let raw: Int = row[column]
            guard let value = T(rawValue: raw) else {
                throw EnergyError.damagedRow(
                    table: "metering_point", key: id, column: column, found: "\(raw)")
            }
            return value
        }
        self.init(
            key: row["key"], code: try DataCode(row["data_code"] as String), name: row["name"],
            device: row["device"], connection: row["connection"], channel: row["channel"],
            unit: row["unit"], ratio: try decimal("ratio"),
            rollsOverAt: row["rolls_over_at"] == nil ? nil : try decimal("rolls_over_at"),
            inputType: try word("input_type", InputType.self),
            statistic: try word("stat_type", StatisticType.self),
            scope: try word("scope", CollectionScope.self), least: try decimal("least"),
            greatest: try decimal("greatest"), source: row["source"])
    }
}

extension Row {
    func decimal(_ column: String, in table: String, _ key: Int64) throws -> ExactDecimal {
        let text: String = self[column]
        guard let value = ExactDecimal(text) else {
            throw EnergyError.damagedRow(table: table, key: key, column: column, found: text)
        }
        return value
    }

    func instant(_ column: String, in table: String, _ key: Int64) throws -> Instant {
        let text: String = self[column]
        guard let value = Instant(text) else {
            throw EnergyError.damagedRow(table: table, key: key, column: column, found: text)
        }
        return value
    }
}
