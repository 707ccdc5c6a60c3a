public import DataFiles

/// A name or a sentence in the two languages of the house: Chinese first, English second.
public struct Bilingual: Hashable, Sendable {
    public let zh: String
    public let en: String

    public init(zh: String, en: String) {
        self.zh = zh
        self.en = en
    }

    /// Reads `{zh: …, en: …}`.
    public init(_ node: DataNode) throws {
        self = try node.mapping { keys in
            Bilingual(zh: try keys.required("zh").text(), en: try keys.required("en").text())
        }
    }
}
