/// Why a fact could not be put on file or read back.
public enum RegistryError: Error, Sendable, Equatable {
    case unknown(what: String, key: String, namedBy: String)
    case malformed(table: String, row: Int64, column: String)
}

extension RegistryError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .unknown(let what, let key, let namedBy):
            "\(namedBy) names the \(what) '\(key)', which is not on file: put the \(what) on file first, or correct the name"
        case .malformed(let table, let row, let column):
            "\(column) of row \(row) in \(table) cannot be read: run `steelyard audit verify` to see whether it was altered"
        }
    }
}
