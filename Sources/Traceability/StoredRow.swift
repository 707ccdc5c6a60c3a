import Chronometry
import GRDB
import Registry

/// Reads one row back into the module's types; what does not fit is a complaint that names the row.
struct StoredRow {
    let row: Row
    let table: String

    init(_ row: Row, of table: String) {
        self.row = row
        self.table = table
    }

    var id: Int64 { row["id"] }

    func optionalText(_ column: String) -> String? { row[column] }

    func text(_ column: String) throws -> String {
        guard let text = optionalText(column) else { throw malformed(column) }
        return text
    }

    func date(_ column: String) throws -> CivilDate {
        guard let date = CivilDate(try text(column)) else { throw malformed(column) }
        return date
    }

    func list(_ column: String) throws -> [String] {
        guard let list = StoredJSON.list(try text(column)) else { throw malformed(column) }
        return list
    }

    func oneOf<T: RawRepresentable>(_ column: String) throws -> T where T.RawValue == String {
        guard let value = T(rawValue: try text(column)) else { throw malformed(column) }
        return value
    }

    func bilingual(_ prefix: String) throws -> Bilingual {
        Bilingual(zh: try text("\(prefix)_zh"), en: try text("\(prefix)_en"))
    }

    private func malformed(_ column: String) -> TraceabilityError {
        TraceabilityError.malformed(table: table, row: id, column: column)
    }
}
