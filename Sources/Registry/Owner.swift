public import GRDB
public import Ledger

/// Who hands in an instrument and gets its certificate.
public struct Owner: Hashable, Sendable {
    public let key: String
    public let name: String
    public let address: String
    public let creditCode: SocialCreditCode?

    public init(key: String, name: String, address: String, creditCode: SocialCreditCode?) {
        self.key = key
        self.name = name
        self.address = address
        self.creditCode = creditCode
    }
}

public enum Owners {
    @discardableResult
    public static func keep(_ owner: Owner, in transaction: Transaction) throws -> Kept {
        try transaction.keep(
            "owner", by: ["key"],
            [
                "key": owner.key, "name": owner.name, "address": owner.address,
                "credit_code": owner.creditCode?.text,
            ])
    }

    public static func find(_ key: String, in database: Database) throws -> Owner? {
        try Row.fetchOne(database, sql: "SELECT * FROM owner WHERE key = ?", arguments: [key])
            .map { try owner(StoredRow($0, of: "owner")) }
    }

    /// In order of their keys.
    public static func all(in database: Database) throws -> [Owner] {
        try Row.fetchAll(database, sql: "SELECT * FROM owner ORDER BY key")
            .map { try owner(StoredRow($0, of: "owner")) }
    }

    private static func owner(_ row: StoredRow) throws -> Owner {
        var code: SocialCreditCode?
        if let text = row.optionalText("credit_code") {
            guard let read = SocialCreditCode(text) else { throw row.malformed("credit_code") }
            code = read
        }
        return Owner(
            key: try row.text("key"), name: try row.text("name"), address: try row.text("address"),
            creditCode: code)
    }
}
