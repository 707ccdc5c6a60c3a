public import GRDB
public import Ledger

/// An administrative division by its GB/T 2260 code.
public struct Region: Hashable, Sendable {
    public enum Level: String, CaseIterable, Sendable {
        case province, city, county
    }

    /// Six digits, such as `421223`.
    public let code: String
    public let name: Bilingual
    public let level: Level
    /// The code of the division this one belongs to.
    public let parent: String?

    public init(code: String, name: Bilingual, level: Level, parent: String?) {
        self.code = code
        self.name = name
        self.level = level
        self.parent = parent
    }
}

public enum Regions {
    /// - Throws: ``RegistryError`` where the parent is not on file yet.
    @discardableResult
    public static func keep(_ region: Region, in transaction: Transaction) throws -> Kept {
        if let parent = region.parent, try find(parent, in: transaction.database) == nil {
            throw RegistryError.unknown(what: "region", key: parent, namedBy: "region \(region.code)")
        }
        return try transaction.keep(
            "region", by: ["code"],
            [
                "code": region.code, "name_zh": region.name.zh, "name_en": region.name.en,
                "level": region.level.rawValue, "parent": region.parent,
            ])
    }

    public static func find(_ code: String, in database: Database) throws -> Region? {
        try Row.fetchOne(database, sql: "SELECT * FROM region WHERE code = ?", arguments: [code])
            .map { try region(StoredRow($0, of: "region")) }
    }

    /// In order of their codes.
    public static func all(in database: Database) throws -> [Region] {
        try Row.fetchAll(database, sql: "SELECT * FROM region ORDER BY code")
            .map { try region(StoredRow($0, of: "region")) }
    }

    private static func region(_ row: StoredRow) throws -> Region {
        Region(
            code: try row.text("code"), name: try row.bilingual("name"),
            level: try row.oneOf("level"), parent: row.optionalText("parent"))
    }
}
