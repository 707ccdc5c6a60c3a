public import Chronometry
public import GRDB
public import Ledger

/// A metrology institute.
public struct Institution: Hashable, Sendable {
    public enum Level: String, CaseIterable, Sendable {
        case national, province, city, county
    }

    /// 授权: what lets the institute verify for the public, and for which categories.
    public struct Authorization: Hashable, Sendable {
        /// 授权证书号, printed on every certificate.
        public let number: String
        /// The last day on which it holds.
        public let validUntil: CivilDate
        public let scope: Scope

        public init(number: String, validUntil: CivilDate, scope: Scope) {
            self.number = number
            self.validUntil = validUntil
            self.scope = scope
        }
    }

    public struct Contact: Hashable, Sendable {
        public let address: String
        public let postcode: String
        public let telephone: String
        public let email: String

        public init(address: String, postcode: String, telephone: String, email: String) {
            self.address = address
            self.postcode = postcode
            self.telephone = telephone
            self.email = email
        }
    }

    public let key: String
    public let level: Level
    /// GB/T 2260 code of the division it serves; nil for the national institute.
    public let region: String?
    public let name: Bilingual
    public let authorization: Authorization
    public let contact: Contact
    /// True where the institute is invented, so that nobody takes its numbers for real ones.
    public let isDemonstration: Bool

    public init(
        key: String, level: Level, region: String?, name: Bilingual, authorization: Authorization,
        contact: Contact, isDemonstration: Bool
    ) {
        self.key = key
        self.level = level
        self.region = region
        self.name = name
        self.authorization = authorization
        self.contact = contact
        self.isDemonstration = isDemonstration
    }
}

public enum Institutions {
    /// - Throws: ``RegistryError`` where the region is not on file.
    @discardableResult
    public static func keep(
        _ institution: Institution, in transaction: Transaction
    ) throws -> Kept {
        if let region = institution.region, try Regions.find(region, in: transaction.database) == nil {
            throw RegistryError.unknown(
                what: "region", key: region, namedBy: "institution \(institution.key)")
        }
        return try transaction.keep(
            "institution", by: ["key"],
            [
                "key": institution.key, "level": institution.level.rawValue,
                "region": institution.region, "name_zh": institution.name.zh,
                "name_en": institution.name.en,
                "authorization_number": institution.authorization.number,
                "authorization_until": institution.authorization.validUntil.description,
                "authorization_scope": institution.authorization.scope.stored,
                "address": institution.contact.address, "postcode": institution.contact.postcode,
                "telephone": institution.contact.telephone, "email": institution.contact.email,
                "demonstration": institution.isDemonstration ? 1 : 0,
            ])
    }

    public static func find(_ key: String, in database: Database) throws -> Institution? {
        try Row.fetchOne(database, sql: "SELECT * FROM institution WHERE key = ?", arguments: [key])
            .map { try institution(StoredRow($0, of: "institution")) }
    }

    /// In order of their keys.
    public static func all(in database: Database) throws -> [Institution] {
        try Row.fetchAll(database, sql: "SELECT * FROM institution ORDER BY key")
            .map { try institution(StoredRow($0, of: "institution")) }
    }

    private static func institution(_ row: StoredRow) throws -> Institution {
        Institution(
            key: try row.text("key"), level: try row.oneOf("level"),
            region: row.optionalText("region"), name: try row.bilingual("name"),
            authorization: Institution.Authorization(
                number: try row.text("authorization_number"),
                validUntil: try row.date("authorization_until"),
                scope: try row.scope("authorization_scope")),
            contact: Institution.Contact(
                address: try row.text("address"), postcode: try row.text("postcode"),
                telephone: try row.text("telephone"), email: try row.text("email")),
            isDemonstration: try row.flag("demonstration"))
    }
}
