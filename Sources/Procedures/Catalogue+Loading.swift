import Chronometry
public import DataFiles

extension Catalogue {
    /// Reads `Calibration/catalogue.yaml`.
    ///
    /// - Throws: `DataFileError` at the place that is wrong; also where two entries or editions have
    ///   one name, or an entry names an edition that is not there.
    public static func load(_ path: String) throws -> Catalogue {
        try Catalogue(DataNode.load(path))
    }

    public init(_ node: DataNode) throws {
        self = try node.mapping { keys in
            let (titleZh, titleEn) = try Self.names(keys.required("title"))
            // For the reader of the file only: nothing is computed from them.
            _ = keys.optional("official_rows")
            _ = keys.optional("note")
            let editions = try Self.unique(keys.required("regulations"), "number", Self.edition)
            let numbers = Set(editions.map(\.number))
            return Catalogue(
                titleZh: titleZh, titleEn: titleEn,
                announcement: try keys.required("announcement").text(),
                source: try keys.required("source").text(),
                review: try keys.required("review").text(),
                inForceFrom: try keys.required("in_force").mapping { keys in
                    _ = try Self.evidence(keys)
                    return try keys.required("from").date()
                },
                checkedOn: try keys.required("checked_on").date(),
                entries: try Self.unique(keys.required("entries"), "key") {
                    try Self.entry($0, editions: numbers)
                },
                editions: editions)
        }
    }

    private static func entry(_ node: DataNode, editions: Set<String>) throws -> CatalogueEntry {
        try node.mapping { keys in
            let (zh, en) = try names(keys.required("name"))
            let level1 = try keys.required("level_1").mapping { keys in
                (
                    zh: try keys.required("zh").text(), en: try keys.required("en").text(),
                    number: try keys.optional("number")?.integer()
                )
            }
            let mode = try keys.required("mode").mapping { keys in
                (
                    codes: keys.optional("unknown") == nil
                        ? try keys.required("codes").list().map { try $0.oneOf(CatalogueEntry.Mode.self) }
                        : nil,
                    note: try keys.optional("note")?.text()
                )
            }
            return CatalogueEntry(
                key: try keys.required("key").text(), zh: zh, en: en, level1Zh: level1.zh,
                level1En: level1.en, level1Number: level1.number,
                membership: try keys.required("membership").mapping(evidence),
                supervision: try stated(keys.required("supervision")) { keys in
                    Set(
                        try keys.required("codes").list().map {
                            try $0.oneOf(CatalogueEntry.Supervision.self)
                        })
                },
                modes: mode.codes, modeNote: mode.note,
                compulsoryFrom: try keys.optional("compulsory_from")?.date(),
                regulations: try keys.required("regulations").list().map { node in
                    let number = try node.text()
                    guard editions.contains(number) else {
                        throw node.error("there is no edition '\(number)' under 'regulations' of this file")
                    }
                    return number
                },
                period: try keys.optional("period").map {
                    try stated($0) { try $0.required("at_most_months").integer() }
                },
                isLivelihood: try keys.required("livelihood").boolean(),
                scope: try keys.required("scope").text(), source: try keys.required("source").text())
        }
    }

    private static func edition(_ node: DataNode) throws -> RegulationEdition {
        try node.mapping { keys in
            var rule: String?
            let identity = try keys.required("identity").mapping(evidence)
            return RegulationEdition(
                number: try keys.required("number").text(), title: try keys.required("title").text(),
                identity: identity, issued: try keys.optional("issued")?.date(),
                inForceFrom: try keys.required("in_force").mapping { keys in
                    if let why = keys.optional("unknown") { return .unknown(why: try why.text()) }
                    // Number, title and dates were read in one place, unless the day has its own.
                    let own = keys.optional("source") == nil ? identity : try evidence(keys)
                    return .known(try keys.required("from").date(), own)
                },
                replaces: try keys.optional("replaces")?.list().map { try $0.text() } ?? [],
                period: try stated(
                    keys.required("period"),
                    reading: { keys in
                        rule = try keys.optional("rule")?.text()
                    }
                ) { keys in
                    if let none = keys.optional("none") { return .none(try none.text()) }
                    return .atMost(months: try keys.required("at_most_months").integer())
                },
                periodRule: rule, note: try keys.optional("note")?.text())
        }
    }

    private static func names(_ node: DataNode) throws -> (zh: String, en: String) {
        try node.mapping { (try $0.required("zh").text(), try $0.required("en").text()) }
    }

    private static func evidence(_ keys: DataMapping) throws -> Evidence {
        Evidence(
            confidence: try keys.required("confidence").oneOf(Confidence.self),
            source: try keys.required("source").text())
    }

    /// `{unknown: why}`, or the value with its evidence. A doubtful value is refused: it has to be
    /// written as unknown, so that nobody computes with it.
    private static func stated<T: Hashable & Sendable>(
        _ node: DataNode, reading also: (DataMapping) throws -> Void = { _ in },
        _ value: (DataMapping) throws -> T
    ) throws -> Stated<T> {
        try node.mapping { keys in
            try also(keys)
            if let why = keys.optional("unknown") { return .unknown(why: try why.text()) }
            let read = try value(keys)
            let evidence = try evidence(keys)
            guard evidence.confidence != .low else {
                throw node.error(
                    "'\(node.path)' is known with low confidence: write 'unknown: why' instead of the value")
            }
            return .known(read, evidence)
        }
    }

    private static func unique<T>(
        _ node: DataNode, _ name: String, _ read: (DataNode) throws -> T
    ) throws -> [T] {
        var seen: Set<String> = []
        return try node.list().map { item in
            let value = try read(item)
            // Read already, so the key is there.
            let key = try item.entries().first { try $0.key.text() == name }?.value
            if let key, !seen.insert(try key.text()).inserted {
                throw key.error("\(name) '\(try key.text())' stands twice")
            }
            return value
        }
    }
}
