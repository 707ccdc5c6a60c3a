import Metrology

/// A JSON value that is written exactly: numbers as their decimal text, keys in the order given.
///
/// The common encoders take numbers as binary floats, and `0.1 + 0.2` kWh must not reach a platform
/// as 0.30000000000000004.
enum JSONText {
    case string(String)
    case number(ExactDecimal)
    case integer(Int)
    case boolean(Bool)
    case list([JSONText])
    case object(KeyValuePairs<String, JSONText>)

    var text: String {
        switch self {
        case .string(let text): Self.quoted(text)
        case .number(let value): value.description
        case .integer(let value): String(value)
        case .boolean(let value): value ? "true" : "false"
        case .list(let items): "[" + items.map(\.text).joined(separator: ",") + "]"
        case .object(let members):
            "{" + members.map { "\(Self.quoted($0.key)):\($0.value.text)" }.joined(separator: ",")
                + "}"
        }
    }

    private static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\t": result += "\\t"
            case _ where scalar.value < 0x20:
                let digits = String(scalar.value, radix: 16)
                result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }
}
