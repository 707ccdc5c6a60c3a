import Chronometry

/// `dcc:administrativeData`: who certifies what for whom, and when.
extension CalibrationCertificateXML {
    static func administrativeData(_ document: CertificateDocument) throws -> CertificateElement {
        .init(
            "dcc:administrativeData",
            [
                try software(document.software), CertificateWord.definitions, try coreData(document),
                try items(document.instrument), try laboratory(document.institution),
                try persons(document.signatures), try customer(document.client),
                .init("dcc:statements", try statements(document)),
            ])
    }

    private static func software(_ software: CertificateDocument.Software) throws -> CertificateElement {
        .init(
            "dcc:dccSoftware",
            [
                .init(
                    "dcc:software",
                    [
                        try .proper("dcc:name", software.name, of: "the program's name"),
                        try .token("dcc:release", software.version, of: "the program's version"),
                        .init("dcc:type", text: "application"),
                    ])
            ])
    }

    private static func coreData(_ document: CertificateDocument) throws -> CertificateElement {
        // Statutory verification under JJG regulations exists in one country only, and its
        // certificate binds in Chinese.
        .init(
            "dcc:coreData",
            [
                .init("dcc:countryCodeISO3166_1", text: "CN"),
                .init("dcc:usedLangCodeISO639_1", text: "zh"),
                .init("dcc:usedLangCodeISO639_1", text: "en"),
                .init("dcc:mandatoryLangCodeISO639_1", text: "zh"),
                try .token("dcc:uniqueIdentifier", document.number, of: "the certificate's number"),
                .init("dcc:identifications", try identifications(document)),
                try document.received_on.map { try day("dcc:receiptDate", $0, of: "the day of receipt") },
                try day(
                    "dcc:beginPerformanceDate", document.begun_on, of: "the first day of the verification"),
                try day(
                    "dcc:endPerformanceDate", document.verified_on, of: "the last day of the verification"),
                .init("dcc:performanceLocation", text: location(document)),
                try day("dcc:issueDate", document.issued_on, of: "the day of issue"),
            ] + (try document.replaces.map(replacement) ?? []))
    }

    private static func identifications(_ document: CertificateDocument) throws -> [CertificateElement] {
        try [
            (document.record, CertificateWord.record, "the record's number"),
            (document.record_digest, .recordDigest, "the record's SHA-256"),
            (document.verify.code, .code, "the certificate's code"),
        ]
        // The two of the record are never left out; a paper may go without a code.
        .filter { value, word, _ in word != .code || !value.xmlTrimmed.isEmpty }
        .map { value, word, what in
            try .identification(
                "calibrationLaboratory", value,
                name: try .words("dcc:name", word.meaning, of: what), word: word, of: what)
        }
    }

    /// What is done in the customer's own rooms is known by its place being the customer's address.
    private static func location(_ document: CertificateDocument) -> String {
        document.environment.place.xmlTrimmed == document.client.address.xmlTrimmed
            ? "customer" : "laboratory"
    }

    /// `dcc:reportAmendedSubstituted` and the digest of what it replaces, `dcc:previousReport`.
    private static func replacement(_ replaced: CertificateDocument.Replaced) throws -> [CertificateElement?] {
        [
            .init(
                "dcc:reportAmendedSubstituted",
                [
                    .init("dcc:typeOfChange", text: "substituted"),
                    try .token(
                        "dcc:replacedUniqueIdentifier", replaced.number,
                        of: "the number of the replaced certificate"),
                ]),
            .init(
                "dcc:previousReport",
                [
                    try .words("dcc:referral", replaced.title, of: "the title of the replaced certificate"),
                    try .token(
                        "dcc:referralID", replaced.number, of: "the number of the replaced certificate"),
                    .init("dcc:procedure", text: digestProcedure),
                    try .token("dcc:value", replaced.digest, of: "the SHA-256 of the replaced certificate"),
                    try .words("dcc:description", replaced.reason, of: "the reason for the replacement"),
                ]),
        ]
    }

    static let digestProcedure = "SHA-256 of the file, hexadecimal"

    static func day(_ name: String, _ text: String, of what: String) throws -> CertificateElement {
        guard CivilDate(text) != nil else {
            throw CalibrationCertificateError.malformedDate(text, place: what)
        }
        return .init(name, text: text)
    }

    private static func items(_ instrument: CertificateDocument.InstrumentDescription) throws
        -> CertificateElement
    {
        let quantities = try instrument.particulars.map { particular in
            CertificateElement(
                "dcc:itemQuantity",
                [
                    try .words(
                        "dcc:name", particular.label, of: "the label of a particular of the instrument"),
                    try .proper(
                        "dcc:noQuantity", particular.value, of: "\(particular.label.zh) of the instrument"),
                ])
        }
        return .init(
            "dcc:items",
            [
                .init(
                    "dcc:item", with: ["id": itemID],
                    [
                        try .words("dcc:name", instrument.name, of: "the instrument's name"),
                        .token("dcc:classID", ifAny: instrument.category).map { classID in
                            .init(
                                "dcc:equipmentClass",
                                [.init("dcc:reference", text: "实施强制管理的计量器具目录"), classID])
                        },
                        .token("dcc:content", ifAny: instrument.maker).map { maker in
                            .init("dcc:manufacturer", [.init("dcc:name", [maker])])
                        },
                        .token("dcc:model", ifAny: instrument.model),
                        .init(
                            "dcc:identifications",
                            [
                                try .identification(
                                    "manufacturer", instrument.serial, of: "the instrument's serial number")
                            ]),
                        quantities.isEmpty ? nil : .init("dcc:itemQuantities", quantities),
                    ])
            ])
    }

    static let itemID = "item-1"

    private static func laboratory(_ institution: CertificateDocument.Institution) throws
        -> CertificateElement
    {
        .init(
            "dcc:calibrationLaboratory",
            [
                .token("dcc:calibrationLaboratoryCode", ifAny: institution.code),
                .init(
                    "dcc:contact",
                    [
                        try .words("dcc:name", institution.name, of: "the institution's name"),
                        .token("dcc:eMail", ifAny: institution.email),
                        .token("dcc:phone", ifAny: institution.telephone),
                        .init(
                            "dcc:location",
                            [
                                .token("dcc:city", ifAny: institution.city),
                                .init("dcc:countryCode", text: "CN"),
                                .token("dcc:postCode", ifAny: institution.postcode),
                                .token("dcc:street", ifAny: institution.address),
                            ]),
                    ]),
            ])
    }

    private static func persons(_ signatures: [CertificateDocument.Signature]) throws -> CertificateElement {
        .init(
            "dcc:respPersons",
            try signatures.map { signature in
                .init(
                    "dcc:respPerson",
                    [
                        .init(
                            "dcc:person",
                            [
                                try .proper(
                                    "dcc:name", signature.name, of: "the name of the \(signature.role.en)")
                            ]),
                        signature.signature.isEmpty
                            ? nil
                            : try .words(
                                "dcc:description",
                                .init(
                                    zh: "签名时间 \(signature.signed_at)，Ed25519 签名 \(signature.signature)…",
                                    en:
                                        "signed at \(signature.signed_at), Ed25519 signature \(signature.signature)…"
                                ),
                                of: "the signature"),
                        try .token(
                            "dcc:role",
                            [signature.role.zh, signature.role.en].filter { !$0.isEmpty }
                                .joined(separator: " / "),
                            of: "the role of \(signature.name)"),
                        signature.isMain ? .init("dcc:mainSigner", text: "true") : nil,
                    ])
            })
    }

    private static func customer(_ client: CertificateDocument.Client) throws -> CertificateElement {
        let unknown = CertificateDocument.Words(zh: "未提供", en: "not stated")
        return .init(
            "dcc:customer",
            [
                try .proper("dcc:name", client.name, of: "the customer's name"),
                .init(
                    "dcc:location",
                    [
                        try .token("dcc:street", ifAny: client.address)
                            ?? .words("dcc:further", unknown, of: "the customer's address")
                    ]),
            ])
    }
}
