public import Chronometry
public import GRDB
public import Ledger

public enum People {
    /// Keeps the person and each of their qualifications. A qualification on file that is not named
    /// stays as it is: taking one away means giving it an earlier last day.
    ///
    /// - Throws: ``RegistryError`` where the institution is not on file.
    @discardableResult
    public static func keep(_ person: Person, in transaction: Transaction) throws -> [Kept] {
        guard try Institutions.find(person.institution, in: transaction.database) != nil else {
            throw RegistryError.unknown(
                what: "institution", key: person.institution, namedBy: "person \(person.key)")
        }
        let kept = try transaction.keep(
            "person", by: ["key"],
            ["key": person.key, "name": person.name, "institution": person.institution])
        return try [kept]
            + person.qualifications.map { qualification in
                try transaction.keep(
                    "qualification", by: ["person", "role", "certificate"],
                    [
                        "person": person.key, "role": qualification.role.rawValue,
                        "certificate": qualification.certificate,
                        "scope": qualification.scope.stored,
                        "valid_until": qualification.validUntil.description,
                    ])
            }
    }

    public static func find(_ key: String, in database: Database) throws -> Person? {
        try people(where: "key = ?", [key], in: database).first
    }

    /// In order of their keys; of one institution, or all.
    public static func all(
        of institution: String? = nil, in database: Database
    ) throws -> [Person] {
        guard let institution else { return try people(where: "TRUE", [], in: database) }
        return try people(where: "institution = ?", [institution], in: database)
    }

    /// The people who hold `role` for `category` on `day`.
    ///
    /// - Parameter regulations: numbers of the category's regulations in force, because a paper may
    ///   name a regulation instead of a category.
    public static func qualified(
        _ role: Role, for category: String, regulations: [String] = [], of institution: String,
        on day: CivilDate, in database: Database
    ) throws -> [Person] {
        try all(of: institution, in: database).filter {
            $0.qualified(role, for: category, regulations: regulations, on: day) != nil
        }
    }

    private static func people(
        where condition: String, _ arguments: StatementArguments, in database: Database
    ) throws -> [Person] {
        let rows = try Row.fetchAll(
            database, sql: "SELECT * FROM person WHERE \(condition) ORDER BY key",
            arguments: arguments)
        return try rows.map { row in
            let person = StoredRow(row, of: "person")
            let key = try person.text("key")
            let papers = try Row.fetchAll(
                database, sql: "SELECT * FROM qualification WHERE person = ? ORDER BY id",
                arguments: [key])
            return Person(
                key: key, name: try person.text("name"),
                institution: try person.text("institution"),
                qualifications: try papers.map { try qualification(StoredRow($0, of: "qualification")) })
        }
    }

    private static func qualification(_ row: StoredRow) throws -> Qualification {
        Qualification(
            role: try row.oneOf("role"), certificate: try row.text("certificate"),
            scope: try row.scope("scope"), validUntil: try row.date("valid_until"))
    }
}
