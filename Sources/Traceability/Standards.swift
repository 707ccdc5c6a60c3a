public import GRDB
public import Ledger
public import Registry

public enum Standards {
    /// - Throws: ``TraceabilityError`` where the institution is not on file.
    @discardableResult
    public static func keep(_ standard: Standard, in transaction: Transaction) throws -> Kept {
        guard try Institutions.find(standard.institution, in: transaction.database) != nil else {
            throw TraceabilityError.unknown(
                what: "institution", key: standard.institution, namedBy: "standard \(standard.key)")
        }
        return try transaction.keep(
            "standard", by: ["key"],
            [
                "key": standard.key, "institution": standard.institution,
                "name_zh": standard.name.zh, "name_en": standard.name.en, "maker": standard.maker,
                "model": standard.model, "serial": standard.serial, "quantity": standard.quantity,
                "unit": standard.unit, "range": standard.range, "accuracy": standard.accuracy,
                "kind": standard.kind.rawValue,
            ])
    }

    public static func find(_ key: String, in database: Database) throws -> Standard? {
        try standards(where: "key = ?", [key], in: database).first
    }

    /// Every standard with that serial number: two makers may use the same one.
    public static func bearing(serial: String, in database: Database) throws -> [Standard] {
        try standards(where: "serial = ?", [serial], in: database)
    }

    /// The standard with that key, or else every one with that serial number.
    public static func called(
        _ keyOrSerial: String, in database: Database
    ) throws -> [Standard] {
        if let standard = try find(keyOrSerial, in: database) { return [standard] }
        return try bearing(serial: keyOrSerial, in: database)
    }

    /// In order of their keys; of one institution, or all.
    public static func all(
        of institution: String? = nil, in database: Database
    ) throws -> [Standard] {
        guard let institution else { return try standards(where: "TRUE", [], in: database) }
        return try standards(where: "institution = ?", [institution], in: database)
    }

    private static func standards(
        where condition: String, _ arguments: StatementArguments, in database: Database
    ) throws -> [Standard] {
        try Row.fetchAll(
            database, sql: "SELECT * FROM standard WHERE \(condition) ORDER BY key",
            arguments: arguments
        ).map { row in
            let row = StoredRow(row, of: "standard")
            return Standard(
                key: try row.text("key"), institution: try row.text("institution"),
                name: try row.bilingual("name"), maker: try row.text("maker"),
                model: try row.text("model"), serial: try row.text("serial"),
                quantity: try row.text("quantity"), unit: try row.text("unit"),
                range: try row.text("range"), accuracy: try row.text("accuracy"),
                kind: try row.oneOf("kind"))
        }
    }
}
