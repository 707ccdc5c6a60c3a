/// Why a standard or a certificate could not be put on file or read back.
///
/// An expired or missing link is none of these: it is an answer, see ``Chain``.
public enum TraceabilityError: Error, Sendable, Equatable {
    case unknown(what: String, key: String, namedBy: String)
    case impossibleCertificate(number: String, why: String)
    case differs(number: String, standard: String)
    case nothingToCorrect(number: String, standard: String)
    case malformed(table: String, row: Int64, column: String)
}

extension TraceabilityError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .unknown(let what, let key, let namedBy):
            "\(namedBy) names the \(what) '\(key)', which is not on file: put the \(what) on file first, or correct the name"
        case .impossibleCertificate(let number, let why):
            "certificate \(number) cannot be right: \(why); compare it with the paper"
        case .differs(let number, let standard):
            "certificate \(number) of \(standard) is on file with another content: record a correction that says why"
        case .nothingToCorrect(let number, let standard):
            "there is no certificate \(number) of \(standard) to correct: record it first, or check the number"
        case .malformed(let table, let row, let column):
            "\(column) of row \(row) in \(table) cannot be read: run `steelyard audit verify` to see whether it was altered"
        }
    }
}
