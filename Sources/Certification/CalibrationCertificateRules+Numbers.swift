/// Rules on values, lists and units.
extension CalibrationCertificateRules {
    /// Blank-separated lists are told by their names, in the DCC as in D-SI.
    private static func lists(_ places: [CertificateTree.Place]) -> [CertificateTree.Place] {
        places.filter { place in
            place.element.children.isEmpty
                && (place.name.hasSuffix("XMLList") || place.name.hasSuffix("XmlList"))
        }
    }

    /// A list has as many entries as there are values, or one that holds for all of them.
    static func listCount(_ tree: CertificateTree) -> [Finding] {
        var findings: [Finding] = []
        func expect(_ place: CertificateTree.Place, _ count: Int, _ message: (Int) -> String) {
            let own = place.text.xmlTokens.count
            if own != count && own != 1 { findings.append(.init(place, message(own))) }
        }
        for list in tree.all where list.child("si:valueXMLList") != nil {
            let count = list.child("si:valueXMLList")?.text.xmlTokens.count ?? 0
            for part in lists(list.tree.dropFirst().map(\.self)) {
                expect(part, count) { "\($0) entries stand beside \(count) values" }
            }
        }
        for quantity in tree.all("dcc:quantity") {
            guard let count = length(quantity) else { continue }
            let metaData = quantity.child("dcc:measurementMetaData")?.children("dcc:metaData") ?? []
            for part in lists(metaData.flatMap(\.children)) {
                expect(part, count) { "\($0) verdicts stand beside \(count) values" }
            }
        }
        for list in tree.all("dcc:list") {
            // The columns of a table; one that holds one value holds it for every line.
            let columns = list.children("dcc:quantity").compactMap { quantity in
                length(quantity).map { (quantity, $0) }
            }
            guard let longest = columns.map(\.1).max() else { continue }
            for (quantity, count) in columns where count != longest && count != 1 {
                findings.append(
                    .init(quantity, "the list has \(count) entries, another of the same table \(longest)"))
            }
        }
        return findings
    }

    /// Entries of a quantity that is a list; nil for one that is not.
    private static func length(_ quantity: CertificateTree.Place) -> Int? {
        if let words = quantity.child("dcc:charsXMLList") { return words.text.xmlTokens.count }
        let list =
            quantity.child("si:realListXMLList")
            ?? quantity.child("si:hybrid")?.child("si:realListXMLList")
        return list?.child("si:valueXMLList").map { $0.text.xmlTokens.count }
    }

    static func listSpacing(_ tree: CertificateTree) -> [Finding] {
        lists(tree.all)
            .filter { $0.text != $0.text.xmlTokens.joined(separator: " ") }
            .map { .init($0, "the entries are not separated by one blank each, or blanks stand around them") }
    }

    private static func units(_ tree: CertificateTree) -> [(CertificateTree.Place, String)] {
        tree.all(["si:unit", "si:listUnit", "si:unitPhase", "si:unitXMLList", "si:unitPhaseXMLList"])
            .flatMap { place -> [(CertificateTree.Place, String)] in
                let tokens = place.name.hasSuffix("XMLList") ? place.text.xmlTokens : [place.text]
                return (tokens.isEmpty ? [""] : tokens).map { (place, $0) }
            }
    }

    static func unitForm(_ tree: CertificateTree) -> [Finding] {
        units(tree).filter { !DCCUnit.isWellFormed($0.1) }
            .map { .init($0.0, "'\($0.1)' is not a unit in the spelling of D-SI") }
    }

    static func nonSIUnitDeclared(_ tree: CertificateTree) -> [Finding] {
        let declared = Set(
            tree.all.filter { place in
                !(place.child("dcc:nonSIDefinition")?.text ?? "").xmlTrimmed.isEmpty
            }
            .compactMap { $0.child("dcc:nonSIUnit")?.text.xmlTrimmed }
            .map { $0.hasPrefix("|") ? $0 : "|\($0)" })
        return units(tree).filter { $0.1.hasPrefix("|") && !declared.contains($0.1) }
            .map { .init($0.0, "the unit '\($0.1)' is from outside the SI and nowhere defined") }
    }

    private static let uncertainties: Set<String> = [
        "si:valueExpandedMU", "si:valueExpandedMUXMLList", "si:valueStandardMU", "si:valueStandardMUXMLList",
        "si:uncertainty", "si:uncertaintyXMLList", "si:standardUnc", "si:standardUncXMLList",
    ]

    private static let numbers: Set<String> = uncertainties.union([
        "si:value", "si:valueXMLList", "si:coverageFactor", "si:coverageFactorXMLList",
        "si:coverageProbability", "si:coverageProbabilityXMLList", "si:intervalMin", "si:intervalMinXMLList",
        "si:intervalMax", "si:intervalMaxXMLList", "si:valueReal", "si:valueImag", "si:valueMagnitude",
        "si:valuePhase",
    ])

    static func finiteNumbers(_ tree: CertificateTree) -> [Finding] {
        tree.all(numbers).flatMap { place -> [Finding] in
            let tokens = place.text.xmlTokens
            return (tokens.isEmpty ? [""] : tokens)
                .filter { !DCCNumber.isDecimal($0) || Double($0)?.isFinite != true }
                .map { Finding(place, "'\($0)' is not a finite decimal number") }
        }
    }

    /// A measurement without any uncertainty does not exist.
    static func zeroUncertainty(_ tree: CertificateTree) -> [Finding] {
        tree.all(uncertainties).filter { place in place.text.xmlTokens.contains { Double($0) == 0 } }
            .map { .init($0, "an uncertainty of zero is stated") }
    }

    static func relativeUncertainty(_ tree: CertificateTree) -> [Finding] {
        tree.all("dcc:quantity")
            .filter { quantity in
                guard quantity.child("dcc:relativeUncertainty") != nil else { return false }
                let value = quantity.children.filter { $0.name.hasPrefix("si:") }
                return !value.flatMap(\.tree).contains { uncertainties.contains($0.name) }
            }
            .map { .init($0, "a relative uncertainty stands without the absolute one") }
    }
}
