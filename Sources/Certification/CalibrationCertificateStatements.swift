/// `dcc:statements`: the conclusion and what it rests on, valid for the whole document.
extension CalibrationCertificateXML {
    static func statements(_ document: CertificateDocument) throws -> [CertificateElement] {
        var statements = [try conclusion(document)]
        // A notice lets nobody use the instrument, so nothing about it is valid for a time.
        if document.kind == .certificate, let validity = document.valid_until {
            statements.append(try self.validity(validity))
        }
        if document.demonstration {
            statements.append(try statement(.demonstration, CertificateWord.demonstration.meaning))
        }
        if let reference = CertificateElement.token(
            "dcc:reference", ifAny: document.institution.authorization)
        {
            statements.append(
                .init(
                    "dcc:statement", with: ["refType": CertificateWord.authorization.rawValue],
                    [
                        try .words(
                            "dcc:name", CertificateWord.authorization.meaning, of: "the authorization"),
                        reference,
                    ]))
        }
        let place = document.environment.place.xmlTrimmed
        if !place.isEmpty {
            statements.append(
                .init(
                    "dcc:statement", with: ["refType": CertificateWord.place.rawValue],
                    [
                        try .words("dcc:name", CertificateWord.place.meaning, of: "the place"),
                        .init("dcc:location", [try .proper("dcc:further", place, of: "the place")]),
                    ]))
        }
        statements += try document.failing_items.map { try statement(.failing, $0) }
        statements += try document.notes.map { try statement(.note, $0) }
        return statements
    }

    /// The conclusion with the rule it was drawn by: a conformity says nothing without its rule
    /// (ISO/IEC 17025:2017, 7.8.6.2).
    private static func conclusion(_ document: CertificateDocument) throws -> CertificateElement {
        let word: CertificateWord = document.kind == .certificate ? .certificate : .notice
        return .init(
            "dcc:statement", with: ["id": "conclusion", "refType": "basic_conformity \(word.rawValue)"],
            [
                try .words("dcc:name", document.title, of: "the title"),
                try .words("dcc:description", document.conclusion, of: "the conclusion"),
                try .token("dcc:norm", document.regulation.number, of: "the regulation's number"),
                try .words("dcc:declaration", document.decision_rule, of: "the decision rule"),
                .init("dcc:conformity", text: document.kind == .certificate ? "pass" : "fail"),
            ])
    }

    private static func validity(_ validity: CertificateDocument.Validity) throws -> CertificateElement {
        guard validity.months > 0 else {
            throw CalibrationCertificateError.missing("the period of validity")
        }
        // xs:duration; whole years are said as years.
        let (years, months) = validity.months.quotientAndRemainder(dividingBy: 12)
        let period = "P" + (years > 0 ? "\(years)Y" : "") + (months > 0 ? "\(months)M" : "")
        return .init(
            "dcc:statement", with: ["id": "validity", "refType": CertificateWord.validity.rawValue],
            [
                try .words("dcc:name", validity.label, of: "the label of the validity"),
                try day("dcc:date", validity.value, of: "the last day of validity"),
                .init("dcc:period", text: period),
            ])
    }

    private static func statement(
        _ word: CertificateWord, _ words: CertificateDocument.Words
    ) throws -> CertificateElement {
        .init(
            "dcc:statement", with: ["refType": word.rawValue],
            [try .words("dcc:declaration", words, of: "the statement '\(word.meaning.en)'")])
    }
}
