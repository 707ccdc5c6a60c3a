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
        let before = excerpt.unicodeScalars.prefix(max(0, column - 1))
        let cells = before.reduce(0) { $0 + ($1.takesTwoCells ? 2 : 1) }
        let caret = String(repeating: " ", count: cells) + "^"
        return "\(file):\(line):\(column): \(message)\n  \(excerpt)\n  \(caret)"
    }
}

extension Unicode.Scalar {
    /// Whether a terminal gives it two cells (Unicode Standard Annex 11, wide and full-width):
    /// the caret has to stand under Chinese text too. `≤`, `℃` and `Ω` take one.
    fileprivate var takesTwoCells: Bool {
        switch value {
        case 0x1100...0x115F, 0x2E80...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE4F,
            0xFF01...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1FAFF, 0x20000...0x3FFFD:
            true
        default: false
        }
    }
}
