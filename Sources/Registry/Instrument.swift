public import GRDB
public import Ledger

/// 计量器具: the thing under verification, identified by maker, model and serial number together.
public struct Instrument: Hashable, Sendable {
    public let maker: String
    public let model: String
    public let serial: String
    /// Key of the catalogue entry, such as `water-meter`.
    public let category: String
    /// Key of the owner.
    public let owner: String
    /// What the nameplate says, each value with its unit: `["Q3": "2.5 m3/h"]`.
    public let particulars: [String: String]

    public init(
        maker: String, model: String, serial: String, category: String, owner: String,
        particulars: [String: String]
    ) {
        self.maker = maker
        self.model = model
        self.serial = serial
        self.category = category
        self.owner = owner
        self.particulars = particulars
    }
}

public enum Instruments {
    /// Puts the instrument on file, or brings what is on file up to date; the same instrument twice
    /// changes nothing.
    ///
    /// - Returns: the row's `id`, and whether it was new, changed or the same.
    /// - Throws: ``RegistryError`` where the owner is not on file.
    @discardableResult
    public static func register(
        _ instrument: Instrument, in transaction: Transaction
    ) throws -> Kept {
        guard try Owners.find(instrument.owner, in: transaction.database) != nil else {
            throw RegistryError.unknown(
                what: "owner", key: instrument.owner,
                namedBy: "instrument \(instrument.maker) \(instrument.model) \(instrument.serial)")
        }
        return try transaction.keep(
            "instrument", by: ["maker", "model", "serial"],
            [
                "maker": instrument.maker, "model": instrument.model, "serial": instrument.serial,
                "category": instrument.category, "owner": instrument.owner,
                "particulars": StoredJSON.text(instrument.particulars),
            ])
    }

    public static func find(
        maker: String, model: String, serial: String, in database: Database
    ) throws -> (id: Int64, instrument: Instrument)? {
        try instruments(
            where: "maker = ? AND model = ? AND serial = ?", [maker, model, serial], in: database
        ).first
    }

    public static func find(
        id: Int64, in database: Database
    ) throws -> (id: Int64, instrument: Instrument)? {
        try instruments(where: "id = ?", [id], in: database).first
    }

    /// Every instrument with that serial number: two makers may use the same one.
    public static func bearing(
        serial: String, in database: Database
    ) throws -> [(id: Int64, instrument: Instrument)] {
        try instruments(where: "serial = ?", [serial], in: database)
    }

    private static func instruments(
        where condition: String, _ arguments: StatementArguments, in database: Database
    ) throws -> [(id: Int64, instrument: Instrument)] {
        try Row.fetchAll(
            database, sql: "SELECT * FROM instrument WHERE \(condition) ORDER BY id",
            arguments: arguments
        ).map { row in
            let row = StoredRow(row, of: "instrument")
            guard let particulars = StoredJSON.dictionary(try row.text("particulars")) else {
                throw row.malformed("particulars")
            }
            return (
                row.id,
                Instrument(
                    maker: try row.text("maker"), model: try row.text("model"),
                    serial: try row.text("serial"), category: try row.text("category"),
                    owner: try row.text("owner"), particulars: particulars)
            )
        }
    }
}
