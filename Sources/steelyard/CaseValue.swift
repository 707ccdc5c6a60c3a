/// A value of an answer; the keys of a mapping keep their order.
indirect enum CaseValue: Sendable {
    case number(Double)
    case integer(Int)
    case boolean(Bool)
    case text(String)
    case null
    case list([CaseValue])
    case mapping([(String, CaseValue)])

    /// The value of `key` of a mapping.
    subscript(_ key: String) -> CaseValue? {
        guard case .mapping(let entries) = self else { return nil }
        return entries.first { $0.0 == key }?.1
    }

    /// The text of a text.
    var string: String? {
        if case .text(let text) = self { text } else { nil }
    }
}

extension CaseValue {
    /// As JSON (RFC 8259), numbers by the shortest text that reads back as the same number; a number
    /// that is not finite has no JSON form and is null.
    func json(indent: String = "") -> String {
        let inner = indent + "  "
        switch self {
        case .number(let value): return value.isFinite ? Self.digits(value) : "null"
        case .integer(let value): return String(value)
        case .boolean(let value): return value ? "true" : "false"
        case .text(let value): return Self.quoted(value)
        case .null: return "null"
        case .list(let values):
            // Numbers stand on one line: an interval, a row.
            if values.allSatisfy(\.isScalar) {
                return "[" + values.map { $0.json() }.joined(separator: ", ") + "]"
            }
            let lines = values.map { inner + $0.json(indent: inner) }
            return "[\n" + lines.joined(separator: ",\n") + "\n\(indent)]"
        case .mapping(let entries):
            if entries.isEmpty { return "{}" }
            let lines = entries.map { inner + Self.quoted($0.0) + ": " + $0.1.json(indent: inner) }
            return "{\n" + lines.joined(separator: ",\n") + "\n\(indent)}"
        }
    }

    private var isScalar: Bool {
        switch self {
        case .list, .mapping: false
        default: true
        }
    }

    /// Without the `.0` of a whole number.
    private static func digits(_ value: Double) -> String {
        let text = value.description
        return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
    }

    private static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\t": result += "\\t"
            case _ where scalar.value < 0x20:
                let hex = String(scalar.value, radix: 16)
                result += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }

    /// As lines for people: the path of each value, then the value.
    func lines() -> String {
        let leaves = leaves(path: "")
        let width = leaves.map(\.path.count).max() ?? 0
        return leaves.map { leaf in
            leaf.path + String(repeating: " ", count: width + 2 - leaf.path.count) + leaf.value
        }
        .joined(separator: "\n")
    }

    private func leaves(path: String) -> [(path: String, value: String)] {
        switch self {
        case .mapping(let entries):
            return entries.flatMap { $0.1.leaves(path: path.isEmpty ? $0.0 : "\(path).\($0.0)") }
        case .list(let values) where !values.allSatisfy(\.isScalar):
            return values.enumerated().flatMap { $1.leaves(path: "\(path)[\($0)]") }
        case .text(let text): return [(path, text)]
        default: return [(path, json())]
        }
    }
}
