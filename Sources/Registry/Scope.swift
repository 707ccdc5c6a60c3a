import Foundation

/// What an authorization or a qualification covers: everything, or listed catalogue categories and
/// regulations.
public enum Scope: Hashable, Sendable {
    case all
    /// Keys of catalogue entries (`water-meter`) and numbers of regulations (`JJG 162-2019`).
    case listed(Set<String>)

    public func covers(_ category: String, regulations: [String] = []) -> Bool {
        switch self {
        case .all: true
        case .listed(let names): names.contains(category) || regulations.contains(where: names.contains)
        }
    }

    /// `all`, or the names in order as a JSON list: the same scope always gives the same text.
    var stored: String {
        switch self {
        case .all: "all"
        case .listed(let names): StoredJSON.text(names.sorted())
        }
    }

    init?(stored: String) {
        if stored == "all" {
            self = .all
        } else if let names = StoredJSON.list(stored) {
            self = .listed(Set(names))
        } else {
            return nil
        }
    }
}

/// Lists and dictionaries of text in one column, written so that equal values have equal text.
public enum StoredJSON {
    public static func text(_ list: [String]) -> String { encoded(list) }

    public static func text(_ dictionary: [String: String]) -> String { encoded(dictionary) }

    public static func list(_ text: String) -> [String]? {
        try? JSONDecoder().decode([String].self, from: Data(text.utf8))
    }

    public static func dictionary(_ text: String) -> [String: String]? {
        try? JSONDecoder().decode([String: String].self, from: Data(text.utf8))
    }

    private static func encoded(_ value: some Encodable) -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        // Text, lists and dictionaries of text always have a JSON form.
        let data = (try? encoder.encode(value)) ?? Data("null".utf8)
        return String(decoding: data, as: UTF8.self)
    }
}
