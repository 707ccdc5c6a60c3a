import Chronometry
import GRDB

/// Reads one row back into the module's types; what does not fit is a complaint that names the row.
struct StoredRow {
    let row: Row
    let table: String

    init(_ row: Row, of table: String) {
        self.row = row
        self.table = table
    }

    var id: Int64 { row["id"] }

    func malformed(_ column: String) -> RegistryError {
        RegistryError.malformed(table: table, row: id, column: column)
    }

    func optionalText(_ column: String) -> String? { row[column] }

    func text(_ column: String) throws -> String {
        guard let text = optionalText(column) else { throw malformed(column) }
        return text
    }

    func date(_ column: String) throws -> CivilDate {
        guard let date = CivilDate(try text(column)) else { throw malformed(column) }
        return date
    }

    func flag(_ column: String) throws -> Bool {
        guard let value: Int = row[column] else { throw malformed(column) }
        return value != 0
    }

    func oneOf<T: RawRepresentable>(_ column: String) throws -> T where T.RawValue == String {
        guard let value = T(rawValue: try text(column)) else { throw malformed(column) }
        return value
    }

    func scope(_ column: String) throws -> Scope {
        guard let scope = Scope(stored: try text(column)) else { throw malformed(column) }
        return scope
    }

    func bilingual(_ prefix: String) throws -> Bilingual {
        Bilingual(zh: try text("\(prefix)_zh"), en: try text("\(prefix)_en"))
    }
}
