public import Chronometry
import Foundation
import Yams

/// One value of a data file, with the place where it stands.
public struct DataNode {
    let node: Node
    let source: Source
    /// What leads here from the top, for messages: `limits.zone`.
    public let path: String

    final class Source: Sendable {
        /// The line ends of YAML 1.1; to Swift, "\r\n" is one character.
        static let lineEnds: Set<Character> = ["\n", "\r\n", "\r", "\u{85}", "\u{2028}", "\u{2029}"]

        let file: String
        let lines: [String]

        init(file: String, text: String) {
            self.file = file
            self.lines = text.split(
                omittingEmptySubsequences: false, whereSeparator: Self.lineEnds.contains
            ).map(String.init)
        }
    }

    public var file: String { source.file }
    public var line: Int { node.mark?.line ?? 0 }
    public var column: Int { node.mark?.column ?? 0 }

    /// A complaint about this value.
    public func error(_ message: String) -> DataFileError {
        source.error(message, line: line, column: column)
    }

    /// A complaint about the character `offset` scalars into this scalar value.
    public func error(_ message: String, at offset: Int) -> DataFileError {
        let quoted = node.scalar.map { $0.style == .doubleQuoted || $0.style == .singleQuoted }
        return source.error(message, line: line, column: column + offset + (quoted == true ? 1 : 0))
    }

    /// Reads and parses the file at `path`.
    ///
    /// - Throws: ``DataFileError`` where it cannot be read or is not YAML.
    public static func load(_ path: String) throws -> DataNode {
        try parse(text(ofFile: path), file: path)
    }

    /// The text of the file at `path`.
    ///
    /// - Throws: ``DataFileError`` where it cannot be read or is not UTF-8.
    public static func text(ofFile path: String) throws -> String {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw DataFileError(
                file: path, line: 0, column: 0,
                message: "cannot be read: check that it exists and may be read", excerpt: "")
        }
        guard let text = String(data: data, encoding: .utf8) else {
            throw DataFileError(
                file: path, line: 0, column: 0, message: "is not UTF-8 text", excerpt: "")
        }
        return text
    }

    public static func parse(_ text: String, file: String) throws -> DataNode {
        let source = Source(file: file, text: text)
        do {
            guard let node = try Yams.compose(yaml: text) else {
                throw source.error("the file is empty", line: 0, column: 0)
            }
            return DataNode(node: node, source: source, path: "")
        } catch let error as YamlError {
            throw source.error(for: error)
        }
    }

    // MARK: Values

    public var isMapping: Bool { node.mapping != nil }
    public var isList: Bool { node.sequence != nil }
    public var isScalar: Bool { node.scalar != nil }

    /// The scalar as it is written, without quotes.
    public func text() throws -> String {
        guard let scalar = node.scalar else {
            throw error("\(named) must be a single value")
        }
        guard !scalar.string.isEmpty else { throw error("\(named) is empty") }
        return scalar.string
    }

    public func integer() throws -> Int {
        let text = try text()
        if text.hasPrefix("0x"), let value = Int(text.dropFirst(2), radix: 16) { return value }
        guard let value = Int(text) else { throw error("\(named) must be a whole number, not '\(text)'") }
        return value
    }

    public func number() throws -> Double {
        let text = try text()
        guard let value = Double(text), value.isFinite else {
            throw error("\(named) must be a number, not '\(text)'")
        }
        return value
    }

    public func boolean() throws -> Bool {
        switch try text() {
        case "true", "yes": return true
        case "false", "no": return false
        case let other: throw error("\(named) must be true or false, not '\(other)'")
        }
    }

    public func date() throws -> CivilDate {
        let text = try text()
        guard let date = CivilDate(text) else {
            throw error("\(named) must be a date like 2026-11-25, not '\(text)'")
        }
        return date
    }

    /// One of the raw values of `type`; the complaint lists them.
    public func oneOf<T: RawRepresentable & CaseIterable>(_ type: T.Type) throws -> T
    where T.RawValue == String {
        let text = try text()
        guard let value = T(rawValue: text) else {
            let known = T.allCases.map(\.rawValue).joined(separator: ", ")
            throw error("\(named) must be one of \(known), not '\(text)'")
        }
        return value
    }

    public func list() throws -> [DataNode] {
        guard let sequence = node.sequence else { throw error("\(named) must be a list") }
        return sequence.enumerated().map { index, node in
            DataNode(node: node, source: source, path: "\(path)[\(index)]")
        }
    }

    /// Keys in the order of the file, each with its value.
    public func entries() throws -> [(key: DataNode, value: DataNode)] {
        guard let mapping = node.mapping else {
            throw error("\(named) must have keys and values")
        }
        var seen: Set<String> = []
        return try mapping.map { key, value in
            let name = key.scalar?.string ?? "?"
            let inner = path.isEmpty ? name : "\(path).\(name)"
            let node = DataNode(node: key, source: source, path: inner)
            // To YAML `1` and `"1"` are two keys; to a reader of the file they are one.
            guard seen.insert(name).inserted else { throw node.error("the key '\(name)' stands twice") }
            return (node, DataNode(node: value, source: source, path: inner))
        }
    }

    /// Reads a mapping with `body`, then refuses every key that `body` did not ask for.
    public func mapping<T>(_ body: (DataMapping) throws -> T) throws -> T {
        let mapping = DataMapping(node: self, entries: try entries())
        let result = try body(mapping)
        try mapping.refuseUnknown()
        return result
    }

    private var named: String { path.isEmpty ? "the file" : "'\(path)'" }
}

extension DataNode.Source {
    func error(_ message: String, line: Int, column: Int) -> DataFileError {
        let excerpt = lines.indices.contains(line - 1) ? lines[line - 1] : ""
        return DataFileError(
            file: file, line: line, column: column, message: message, excerpt: excerpt)
    }

    func error(for error: YamlError) -> DataFileError {
        switch error {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
            .composer(_, let problem, let mark, _):
            return self.error("is not valid YAML: \(problem)", line: mark.line, column: mark.column)
        case .duplicatedKeysInMapping(let duplicates, let context):
            let keys = duplicates.map { "'\($0)'" }.joined(separator: ", ")
            let mark = context.mark
            return self.error("the key \(keys) stands twice", line: mark.line, column: mark.column)
        case .reader(let problem, let offset?, _, let yaml):
            let before = yaml.prefix(offset)
            let line = before.lastIndex(where: Self.lineEnds.contains).map(before.index(after:))
            return self.error(
                "is not valid YAML: \(problem)",
                line: before.count(where: Self.lineEnds.contains) + 1,
                column: before[(line ?? before.startIndex)...].unicodeScalars.count + 1)
        default:
            return self.error("is not valid YAML: \(error)", line: 0, column: 0)
        }
    }
}
