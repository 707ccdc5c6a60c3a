/// Why the ledger could not be opened or written.
public enum LedgerError: Error, Sendable {
    case cannotOpen(path: String, why: String)
    case notFound(path: String)
    case newerSchema(path: String)
    case unsafeSetting(path: String, setting: String, found: String)
    case emptyActorOrReason
    case noSuchRow(table: String, key: Int64)
    case failed(why: String)
}

extension LedgerError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .cannotOpen(let path, let why):
            "cannot open the ledger \(path): \(why); check the path and its permissions"
        case .notFound(let path):
            "there is no ledger at \(path): name it with --database, or make one with `steelyard demo`"
        case .newerSchema(let path):
            "the ledger \(path) was written by a newer steelyard: update the program, nothing was changed"
        case .unsafeSetting(let path, let setting, let found):
            "the ledger \(path) runs with \(setting)=\(found), which could lose what was said to be stored; refusing to go on"
        case .emptyActorOrReason:
            "every change to the ledger names who makes it and why; one of the two was empty"
        case .noSuchRow(let table, let key):
            "no row \(key) in \(table) to change"
        case .failed(let why):
            "the ledger could not be read or written: \(why)"
        }
    }
}
