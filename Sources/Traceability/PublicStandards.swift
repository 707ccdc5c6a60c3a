import Chronometry
public import GRDB
public import Ledger
public import Registry

public enum PublicStandards {
    /// - Throws: ``TraceabilityError`` where the institution or a main standard is not on file.
    @discardableResult
    public static func keep(_ standard: PublicStandard, in transaction: Transaction) throws -> Kept {
        func unknown(_ what: String, _ key: String) -> TraceabilityError {
            .unknown(what: what, key: key, namedBy: "public standard \(standard.key)")
        }
        let database = transaction.database
        guard try Institutions.find(standard.institution, in: database) != nil else {
            throw unknown("institution", standard.institution)
        }
        for main in standard.mainStandards where try Standards.find(main, in: database) == nil {
            throw unknown("standard", main)
        }
        return try transaction.keep(
            "public_standard", by: ["key"],
            [
                "key": standard.key, "institution": standard.institution,
                "name_zh": standard.name.zh, "name_en": standard.name.en,
                "assessment_number": standard.assessment.number,
                "assessment_from": standard.assessment.validFrom.description,
                "assessment_until": standard.assessment.validUntil.description,
                "certificate_number": standard.certificate.number,
                "certificate_from": standard.certificate.validFrom.description,
                "certificate_until": standard.certificate.validUntil.description,
                "categories": StoredJSON.text(standard.categories),
                "regulations": StoredJSON.text(standard.regulations),
                "range": standard.range, "accuracy": standard.accuracy,
                "main_standards": StoredJSON.text(standard.mainStandards),
            ])
    }

    public static func find(_ key: String, in database: Database) throws -> PublicStandard? {
        try standards(where: "key = ?", [key], in: database).first
    }

    /// In order of their keys; of one institution, or all.
    public static func all(
        of institution: String? = nil, in database: Database
    ) throws -> [PublicStandard] {
        guard let institution else { return try standards(where: "TRUE", [], in: database) }
        return try standards(where: "institution = ?", [institution], in: database)
    }

    private static func standards(
        where condition: String, _ arguments: StatementArguments, in database: Database
    ) throws -> [PublicStandard] {
        try Row.fetchAll(
            database, sql: "SELECT * FROM public_standard WHERE \(condition) ORDER BY key",
            arguments: arguments
        ).map { row in
            let row = StoredRow(row, of: "public_standard")
            return PublicStandard(
                key: try row.text("key"), institution: try row.text("institution"),
                name: try row.bilingual("name"), assessment: try paper("assessment", row),
                certificate: try paper("certificate", row), categories: try row.list("categories"),
                regulations: try row.list("regulations"), range: try row.text("range"),
                accuracy: try row.text("accuracy"), mainStandards: try row.list("main_standards"))
        }
    }

    private static func paper(_ name: String, _ row: StoredRow) throws -> PublicStandard.Paper {
        PublicStandard.Paper(
            number: try row.text("\(name)_number"), validFrom: try row.date("\(name)_from"),
            validUntil: try row.date("\(name)_until"))
    }
}
