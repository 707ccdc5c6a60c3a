/// A complaint about one place in one data file.
public struct DataFileError: Error, Sendable, Equatable {
    public let file: String
    /// Both counted from 1; 0 where the file as a whole is meant.
    public let line: Int
    public let column: Int
    public let message: String
    /// The text of the line, without its end.
    public let excerpt: String

    public init(file: String, line: Int, column: Int, message: String, excerpt: String) {
        self.file = file
        self.line = line
        self.column = column
        self.message = message
        self.excerpt = excerpt
    }
}

extension DataFileError: CustomStringConvertible {
    /// `file:line:column: message`, then the line and a caret under the place.
    public var description: String {
        guard line > 0 else { return "\(file): \(message)" }
        // Chinese characters take two cells in a terminal; the caret has to stand under them.
        let before = excerpt.unicodeScalars.prefix(max(0, column - 1))
        let cells = before.reduce(0) { $0 + ($1.value >= 0x1100 ? 2 : 1) }
        let caret = String(repeating: " ", count: cells) + "^"
        return "\(file):\(line):\(column): \(message)\n  \(excerpt)\n  \(caret)"
    }
}
