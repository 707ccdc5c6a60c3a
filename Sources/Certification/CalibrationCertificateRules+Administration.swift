import Chronometry

/// Rules on what the certificate says about itself.
extension CalibrationCertificateRules {
    static func schemaVersion(_ tree: CertificateTree) -> [Finding] {
        guard tree.root.name == "dcc:digitalCalibrationCertificate" else {
            return [
                .init(
                    tree.root,
                    "the root is not a digitalCalibrationCertificate of \(CertificateNamespace.dcc.rawValue)")
            ]
        }
        let version = tree.root.element[attribute: "schemaVersion"] ?? ""
        guard version.wholeMatch(of: /3\.[0-9]+\.[0-9]+/) == nil else { return [] }
        return [.init(tree.root, "the schema version '\(version)' is not one of DCC 3")]
    }

    /// dccSoftware has a rule of its own.
    static func administrativeData(_ tree: CertificateTree) -> [Finding] {
        var findings = ["coreData", "items", "calibrationLaboratory", "respPersons", "customer"]
            .filter { tree.administration("dcc:\($0)") == nil }
            .map { Finding(tree.root, "the administrative data have no \($0)") }
        if let core = tree.administration("dcc:coreData"),
            (core.child("dcc:uniqueIdentifier")?.text ?? "").xmlTrimmed.isEmpty
        {
            findings.append(.init(core, "the certificate has no unique identifier"))
        }
        return findings
    }

    static func dateOrder(_ tree: CertificateTree) -> [Finding] {
        guard let core = tree.administration("dcc:coreData") else { return [] }
        var findings: [Finding] = []
        var latest: (name: String, date: CivilDate)?
        for name in ["receiptDate", "beginPerformanceDate", "endPerformanceDate", "issueDate"] {
            guard let place = core.child("dcc:\(name)") else { continue }
            // xs:date may carry a zone behind the day; the day is what counts here.
            guard let date = CivilDate(String(place.text.xmlTrimmed.prefix(10))) else {
                findings.append(.init(place, "'\(place.text)' is not a day of the calendar"))
                continue
            }
            if let latest, date < latest.date {
                findings.append(.init(place, "the day \(date) lies before \(latest.name) \(latest.date)"))
            }
            latest = (name, date)
        }
        return findings
    }

    static func countryCode(_ tree: CertificateTree) -> [Finding] {
        tree.all(["dcc:countryCodeISO3166_1", "dcc:countryCode"])
            .filter { !ISOCodes.countries.contains($0.text.xmlTrimmed) }
            .map { .init($0, "'\($0.text)' is not a country of ISO 3166-1 alpha-2") }
    }

    static func mainSigner(_ tree: CertificateTree) -> [Finding] {
        guard let persons = tree.administration("dcc:respPersons") else { return [] }
        let signers = persons.children("dcc:respPerson").compactMap { $0.child("dcc:mainSigner") }
            .filter { ["true", "1"].contains($0.text.xmlTrimmed) }
        return signers.count == 1
            ? [] : [.init(persons, "exactly one person is the main signer, not \(signers.count)")]
    }

    static func softwareStated(_ tree: CertificateTree) -> [Finding] {
        guard let list = tree.administration("dcc:dccSoftware"), !list.children("dcc:software").isEmpty else {
            return [.init(tree.root, "the software that wrote the certificate is not stated")]
        }
        return list.children("dcc:software")
            .filter { ($0.child("dcc:release")?.text ?? "").xmlTrimmed.isEmpty }
            .map { .init($0, "a software is stated without its release") }
    }

    static func softwareRelease(_ tree: CertificateTree) -> [Finding] {
        tree.all("dcc:software").compactMap { $0.child("dcc:release") }
            .filter { release in
                let text = release.text.xmlTrimmed
                return !text.isEmpty
                    && text.wholeMatch(of: /([vV] ?)?[0-9]+(\.[0-9]+)*([-+.][0-9A-Za-z.+-]+)?/) == nil
            }
            .map { .init($0, "the release '\($0.text)' is not a version number") }
    }

    /// PTB states methods for all results, for one, or for one list or quantity.
    static func methodStated(_ tree: CertificateTree) -> [Finding] {
        unstated(
            "dcc:usedMethods", holding: "dcc:usedMethod", "no method is stated for this result", in: tree)
    }

    static func influenceConditionsStated(_ tree: CertificateTree) -> [Finding] {
        unstated(
            "dcc:influenceConditions", holding: "dcc:influenceCondition",
            "no influence conditions are stated for this result", in: tree)
    }

    private static func unstated(
        _ list: String, holding entry: String, _ message: String, in tree: CertificateTree
    ) -> [Finding] {
        guard let results = tree.root.child("dcc:measurementResults") else { return [] }
        let common = results.child(list).map { !$0.children(entry).isEmpty } ?? false
        return results.children("dcc:measurementResult")
            .filter { result in
                !common && !result.tree.contains { $0.name == list && !$0.children(entry).isEmpty }
            }
            .map { .init($0, message) }
    }

    static func conformityDeclared(_ tree: CertificateTree) -> [Finding] {
        tree.all(["dcc:statement", "dcc:metaData"])
            .filter { place in
                guard place.child("dcc:conformity") ?? place.child("dcc:conformityXMLList") != nil else {
                    return false
                }
                let declaration = place.child("dcc:declaration")?.element.wholeText ?? ""
                return declaration.xmlTrimmed.isEmpty
            }
            .map { .init($0, "a conformity is stated without the declaration of its decision rule") }
    }

    /// `dcc:hashType`: a digest that can be compared, or the word "analogue" for paper.
    static func hashComplete(_ tree: CertificateTree) -> [Finding] {
        var findings: [Finding] = []
        for place in tree.all(["dcc:previousReport", "dcc:certificate", "dcc:linkedReport"]) {
            for part in ["referral", "referralID", "procedure", "value"]
            where (place.child("dcc:\(part)")?.element.wholeText ?? "").xmlTrimmed.isEmpty {
                findings.append(.init(place, "the report has no \(part)"))
            }
            let procedure = (place.child("dcc:procedure")?.text ?? "").lowercased()
            guard procedure.contains("sha"), procedure.contains("256"), let value = place.child("dcc:value")
            else { continue }
            if value.text.xmlTrimmed.wholeMatch(of: /[0-9A-Fa-f]{64}/) == nil {
                findings.append(.init(value, "'\(value.text)' is not a SHA-256 of 64 hexadecimal digits"))
            }
        }
        if let core = tree.administration("dcc:coreData"),
            let replaced = core.child("dcc:reportAmendedSubstituted"), core.child("dcc:previousReport") == nil
        {
            findings.append(
                .init(replaced, "a report is replaced whose digest is not given in previousReport"))
        }
        return findings
    }
}
