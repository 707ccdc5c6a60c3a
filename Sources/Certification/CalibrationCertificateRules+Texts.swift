/// Rules on words, languages and links.
extension CalibrationCertificateRules {
    static func danglingReference(_ tree: CertificateTree) -> [Finding] {
        let ids = Set(tree.all.compactMap { $0.element[attribute: "id"]?.xmlTrimmed })
        return tree.all.flatMap { place in
            (place.element[attribute: "refId"] ?? "").xmlTokens
                .filter { !ids.contains($0) }
                .map { Finding(place, "refId names '\($0)', and no element has that id") }
        }
    }

    /// A definition that lists words declares those; one that lists none, its whole namespace.
    static func refTypeVocabulary(_ tree: CertificateTree) -> [Finding] {
        let definitions = tree.all("dcc:refTypeDefinition")
        let words = definitions.reduce(into: CertificateWord.common) { words, definition in
            words.formUnion((definition.element[attribute: "refType"] ?? "").xmlTokens)
        }
        let namespaces = Set(
            definitions.filter { $0.element[attribute: "refType"] == nil }
                .compactMap { $0.child("dcc:namespace")?.text.xmlTrimmed })
        return tree.all.flatMap { place in
            (place.element[attribute: "refType"] ?? "").xmlTokens
                .filter { word in
                    let namespace = word.split(separator: "_", maxSplits: 1).first.map(String.init) ?? ""
                    return !words.contains(word) && !namespaces.contains(namespace)
                }
                .map { Finding(place, "refType '\($0)' is no word of PTB's vocabulary and is not declared") }
        }
    }

    static func languageCode(_ tree: CertificateTree) -> [Finding] {
        let declared = tree.all(["dcc:usedLangCodeISO639_1", "dcc:mandatoryLangCodeISO639_1"])
            .map { ($0, $0.text.xmlTrimmed) }
        let used = tree.all("dcc:content").compactMap { place in
            place.element[attribute: "lang"].map { (place, $0) }
        }
        return (declared + used).filter { !ISOCodes.languages.contains($0.1) }
            .map { .init($0.0, "'\($0.1)' is not a language of ISO 639-1") }
    }

    static func languageListed(_ tree: CertificateTree) -> [Finding] {
        let listed = Set(tree.all("dcc:usedLangCodeISO639_1").map(\.text.xmlTrimmed))
        let mandatory = tree.all("dcc:mandatoryLangCodeISO639_1").map { ($0, $0.text.xmlTrimmed) }
        let used = tree.all("dcc:content").compactMap { place in
            place.element[attribute: "lang"].map { (place, $0) }
        }
        // A code that is no language has a rule of its own.
        return (mandatory + used)
            .filter { ISOCodes.languages.contains($0.1) && !listed.contains($0.1) }
            .map { .init($0.0, "the language '\($0.1)' is not among the used languages") }
    }

    /// A text without a language, such as a person's name, holds in all of them.
    static func mandatoryLanguage(_ tree: CertificateTree) -> [Finding] {
        let mandatory = tree.all("dcc:mandatoryLangCodeISO639_1").map(\.text.xmlTrimmed)
        return tree.all.flatMap { place -> [Finding] in
            let contents = place.children("dcc:content")
            let languages = contents.filter { !$0.text.xmlTrimmed.isEmpty }
                .map { $0.element[attribute: "lang"] }
            guard !languages.isEmpty, !languages.contains(nil) else { return [] }
            return mandatory.filter { !languages.contains($0) }
                .map { Finding(place, "the text is not given in the mandatory language '\($0)'") }
        }
    }

    /// Between formulas and files a text comes in paragraphs, so there it may.
    static func oneTextPerLanguage(_ tree: CertificateTree) -> [Finding] {
        tree.all.flatMap { place -> [Finding] in
            guard place.child("dcc:formula") == nil, place.child("dcc:file") == nil else { return [] }
            let languages = place.children("dcc:content").map { $0.element[attribute: "lang"] ?? "" }
            return Dictionary(grouping: languages, by: \.self).filter { $0.value.count > 1 }.keys.sorted()
                .map { language in
                    Finding(
                        place,
                        language.isEmpty
                            ? "several texts have no language"
                            : "several texts are in the language '\(language)'")
                }
        }
    }

    static func emptyName(_ tree: CertificateTree) -> [Finding] {
        tree.all("dcc:name")
            .filter { name in
                let contents = name.children("dcc:content")
                return contents.isEmpty || contents.contains { $0.text.xmlTrimmed.isEmpty }
            }
            .map { .init($0, "the name is empty") }
    }
}
