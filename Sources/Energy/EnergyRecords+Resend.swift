import GRDB
import Ledger

extension EnergyRecords {
    /// Puts refused submissions back to waiting, after a person has cleared the cause.
    ///
    /// - Parameters:
    ///   - actor: who decided it; stands in the audit log with `reason`.
    ///   - point: only of this metering point; nil for all.
    /// - Returns: how many.
    /// - Throws: ``EnergyError/unknownPoint(key:)``, `LedgerError`.
    public func resendRefused(of point: String?, actor: String, reason: String) throws -> Int {
        try ledger.commit(actor, reason: reason) { tx in
            if let point {
                let isKnown = try Bool.fetchOne(
                    tx.database,
                    sql: "SELECT EXISTS (SELECT 1 FROM metering_point WHERE key = ?)",
                    arguments: [point])
                guard isKnown == true else { throw EnergyError.unknownPoint(key: point) }
            }
            let refused = try Int64.fetchAll(
                tx.database,
                sql: """
                    SELECT s.id FROM submission s
                    JOIN interval_value v ON v.id = s.interval_value
                    JOIN metering_point p ON p.id = v.point
                    WHERE s.state = 'refused' AND (? IS NULL OR p.key = ?) ORDER BY s.id
                    """, arguments: [point, point])
            for id in refused {
                try tx.update(
                    "submission", id, set: ["state": "waiting", "refusals": 0, "not_before": nil])
            }
            return refused.count
        }
    }
}
