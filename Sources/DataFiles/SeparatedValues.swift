/// Lines of values separated by commas, as spreadsheets write them (RFC 4180): the first line names the columns.
public struct SeparatedValues: Sendable {
    public struct Line: Sendable {
        /// In the file, from 1.
        public let number: Int
        /// By the name of the column, without the spaces around; empty values are left out.
        public let values: [String: String]
    }

    public let columns: [String]
    public let lines: [Line]

    /// - Throws: `DataFileError` for a quote that never ends, a column without a name or named twice, a file without columns.
    public init(_ text: String, file: String) throws {
        var records = try Self.records(text, file)
        guard !records.isEmpty else {
            throw DataFileError(file: file, line: 0, column: 0, message: "the file has no columns", excerpt: "")
        }
        let head = records.removeFirst()
        columns = head.fields.map(Self.trimmed)
        var seen: Set<String> = []
        for (index, column) in columns.enumerated() {
            guard !column.isEmpty, seen.insert(column).inserted else {
                throw DataFileError(
                    file: file, line: head.line, column: 1,
                    message: column.isEmpty ? "column \(index + 1) has no name" : "the column '\(column)' stands twice",
                    excerpt: head.fields.joined(separator: ","))
            }
        }
        let columns = columns
        lines = records.compactMap { record in
            let values = zip(columns, record.fields.map(Self.trimmed)).filter { !$0.1.isEmpty }
            guard !values.isEmpty else { return nil }
            return Line(number: record.line, values: Dictionary(uniqueKeysWithValues: values))
        }
    }

    private static func trimmed(_ text: String) -> String {
        // A spreadsheet marks UTF-8 by a character of its own.
        String(text.drop { $0 == " " || $0 == "\u{FEFF}" }.reversed().drop { $0 == " " }.reversed())
    }

    private static func records(_ text: String, _ file: String) throws -> [(line: Int, fields: [String])] {
        var found: [(line: Int, fields: [String])] = []
        var fields: [String] = []
        var field = ""
        var (line, start) = (1, 1)
        var openedAt: Int?
        var characters = Array(text)[...]
        func isEnd(_ character: Character) -> Bool { character == "\n" || character == "\r\n" || character == "\r" }
        while let character = characters.popFirst() {
            if isEnd(character) { line += 1 }
            if openedAt != nil {
                if character != "\"" {
                    field.append(character)
                } else if characters.first == "\"" {
                    field.append("\"")
                    characters.removeFirst()
                } else {
                    openedAt = nil
                }
            } else if character == "\"", field.isEmpty {
                openedAt = line
            } else if character == "," {
                fields.append(field)
                field = ""
            } else if isEnd(character) {
                fields.append(field)
                found.append((start, fields))
                (fields, field, start) = ([], "", line)
            } else {
                field.append(character)
            }
        }
        if let openedAt {
            throw DataFileError(
                file: file, line: openedAt, column: 1, message: "a quote begins here and never ends", excerpt: "")
        }
        if !field.isEmpty || !fields.isEmpty { found.append((start, fields + [field])) }
        return found
    }
}
