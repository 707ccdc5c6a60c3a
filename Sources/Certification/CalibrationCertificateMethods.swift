/// What holds for all results of a certificate: methods, standards and conditions.
extension CalibrationCertificateXML {
    static let methodID = "method-1"

    static func standardID(_ index: Int) -> String { "standard-\(index + 1)" }

    static func usedMethods(_ document: CertificateDocument) throws -> CertificateElement {
        let digest = document.procedure.digest.xmlTrimmed
        guard !digest.isEmpty else {
            throw CalibrationCertificateError.missing("the procedure's SHA-256")
        }
        return .init(
            "dcc:usedMethods",
            [
                .init(
                    "dcc:usedMethod", with: ["id": methodID, "refType": "basic_calibrationMethod"],
                    [
                        try .words("dcc:name", document.regulation.title, of: "the regulation's title"),
                        document.procedure.review.zh.isEmpty
                            ? nil
                            : try .words(
                                "dcc:description", document.procedure.review,
                                of: "the procedure's review state"),
                        try .token("dcc:norm", document.regulation.number, of: "the regulation's number"),
                        .init("dcc:reference", text: "procedure file, sha256:\(digest)"),
                    ]),
                .init(
                    "dcc:usedMethod", with: ["id": "method-2", "refType": "basic_uncertainty"],
                    [
                        try .words(
                            "dcc:name",
                            .init(zh: "测量不确定度的评定", en: "Evaluation of the measurement uncertainty"),
                            of: "the uncertainty"),
                        try .words(
                            "dcc:description", document.uncertainty, of: "the statement of uncertainty"),
                    ]),
            ])
    }

    static func measuringEquipments(_ standards: [CertificateDocument.StandardUsed]) throws
        -> CertificateElement
    {
        .init("dcc:measuringEquipments", try standards.enumerated().map(measuringEquipment))
    }

    private static func measuringEquipment(
        _ index: Int, _ standard: CertificateDocument.StandardUsed
    ) throws -> CertificateElement {
        let what = "the standard \(standard.key)"
        let facts = [
            ("测量范围", "measuring range", standard.range),
            ("准确度", "accuracy", standard.accuracy),
            ("有效期至", "valid until", standard.valid_until),
            ("计量标准考核证书", "assessment certificate", standard.assessment),
        ].filter { !$0.2.xmlTrimmed.isEmpty }
        return .init(
            "dcc:measuringEquipment",
            with: ["id": standardID(index), "refType": "basic_normalUsed"],
            [
                try .words("dcc:name", standard.name, of: "the name of \(what)"),
                facts.isEmpty ? nil : try .words("dcc:description", sentence(facts), of: what),
                try certificate(standard),
                .token("dcc:content", ifAny: standard.maker).map { maker in
                    .init("dcc:manufacturer", [.init("dcc:name", [maker])])
                },
                .token("dcc:model", ifAny: standard.model),
                .init(
                    "dcc:identifications",
                    [
                        .token("dcc:value", ifAny: standard.serial).map { serial in
                            .init(
                                "dcc:identification", with: ["refType": "basic_serialNumber"],
                                [.init("dcc:issuer", text: "manufacturer"), serial])
                        },
                        try .identification(
                            "calibrationLaboratory", standard.key, of: "the key of a standard"),
                    ]),
            ])
    }

    private static func sentence(_ facts: [(String, String, String)]) -> CertificateDocument.Words {
        .init(
            zh: facts.map { "\($0.0)：\($0.2)" }.joined(separator: "；"),
            en: facts.map { "\($0.1): \($0.2)" }.joined(separator: "; "))
    }

    /// The standard's certificate, in it the one above it, and so on to the last one held:
    /// `dcc:hashType` with `dcc:linkedReport`.
    private static func certificate(_ standard: CertificateDocument.StandardUsed) throws
        -> CertificateElement?
    {
        guard !standard.chain.isEmpty else {
            guard !standard.certificate.xmlTrimmed.isEmpty else { return nil }
            return .init(
                "dcc:certificate",
                [
                    try .proper(
                        "dcc:referral", standard.issuer,
                        of: "the issuer of the certificate of \(standard.key)"),
                    try .token(
                        "dcc:referralID", standard.certificate, of: "the certificate of \(standard.key)"),
                ] + hash(nil))
        }
        // From the far end, so that each link can hold the one above it.
        var above: CertificateElement?
        for (index, link) in standard.chain.enumerated().reversed() {
            above = try report(
                link, named: index == 0 ? "dcc:certificate" : "dcc:linkedReport", above: above,
                of: standard.key)
        }
        return above
    }

    private static func report(
        _ link: CertificateDocument.ChainLink, named name: String, above: CertificateElement?, of key: String
    ) throws -> CertificateElement {
        let what = "level \(link.level) of the chain above the standard \(key)"
        let facts = [
            ("签发机构", "issued by", link.issuer),
            ("不确定度", "uncertainty", link.uncertainty),
            ("有效期至", "valid until", link.valid_until),
        ].filter { !$0.2.xmlTrimmed.isEmpty }
        return .init(
            name,
            [
                try .proper("dcc:referral", link.what, of: "the name of \(what)"),
                try .token("dcc:referralID", link.certificate, of: "the certificate at \(what)"),
            ] + hash(link.digest) + [
                facts.isEmpty ? nil : try .words("dcc:description", sentence(facts), of: what),
                .init("dcc:inValidityRange", text: link.inDate ? "true" : "false"),
                above,
            ])
    }

    /// Paper has no digest; the DCC's word for it is "analogue".
    private static func hash(_ digest: String?) -> [CertificateElement?] {
        guard let digest = digest?.xmlTrimmed, !digest.isEmpty else {
            return [
                .init("dcc:procedure", text: "analogue"),
                .init("dcc:value", text: "certificate on paper, no digest"),
            ]
        }
        return [.init("dcc:procedure", text: digestProcedure), .init("dcc:value", text: digest)]
    }

    static func influenceConditions(_ environment: CertificateDocument.Environment) throws
        -> CertificateElement?
    {
        guard !environment.items.isEmpty else { return nil }
        return .init(
            "dcc:influenceConditions", try environment.items.map(condition))
    }

    private static func condition(_ item: CertificateDocument.Environment.Item) throws -> CertificateElement {
        let requirement = item.requirement.xmlTrimmed
        let word = word(item.id)
        return .init(
            "dcc:influenceCondition", with: ["refType": word],
            [
                try .words("dcc:name", item.label, of: "the label of the condition \(item.id)"),
                requirement.isEmpty
                    ? nil
                    : try .words(
                        "dcc:description", sentence([("要求", "requirement", requirement)]), of: item.id),
                .init("dcc:data", try conditionData(item, word: word)),
            ])
    }

    /// One value; or the least and the greatest of several, written `19.8 … 21.4`; or else the words
    /// as they were written, for what is no number.
    private static func conditionData(
        _ item: CertificateDocument.Environment.Item, word: String?
    ) throws -> [CertificateElement] {
        let values = item.value.split(separator: "…").map(\.xmlTrimmed)
        guard (1...2).contains(values.count), values.allSatisfy(DCCNumber.isDecimal),
            !item.unit.xmlTrimmed.isEmpty
        else {
            let text = "\(item.value) \(item.unit)".xmlTrimmed
            return [try .proper("dcc:text", text, of: "the condition \(item.label.zh)")]
        }
        let unit = try DCCUnit(item.unit)
        let ends = [
            ("Min", CertificateDocument.Words(zh: "最小值", en: "Least value")),
            ("Max", CertificateDocument.Words(zh: "最大值", en: "Greatest value")),
        ]
        return try zip(values, ends).map { value, end in
            .init(
                "dcc:quantity", with: ["refType": values.count == 1 ? nil : word.map { $0 + end.0 }],
                [
                    values.count == 1 ? nil : try .words("dcc:name", end.1, of: "the condition \(item.id)"),
                    .init(
                        "si:real",
                        [.init("si:value", text: value), .init("si:unit", text: unit.spelling)]),
                    unit.metaData.map { .init("dcc:measurementMetaData", [$0]) },
                ])
        }
    }

    /// PTB's words mean the air of the room; the temperature of the water is no such condition.
    private static func word(_ id: String) -> String? {
        switch id {
        case "room-temperature", "temperature", "ambient-temperature": "basic_temperature"
        case "room-humidity", "humidity", "relative-humidity": "basic_humidityRelative"
        default: nil
        }
    }
}

extension DCCUnit {
    /// The declaration D-SI asks for where a unit is from outside the SI.
    var metaData: CertificateElement? {
        definition.map { definition in
            .init(
                "dcc:metaData",
                [
                    .init("dcc:nonSIDefinition", text: definition),
                    .init("dcc:nonSIUnit", text: spelling),
                ])
        }
    }
}
