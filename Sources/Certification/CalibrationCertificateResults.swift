/// `dcc:measurementResults`: the numbers, as lists of quantities with one value a point.
extension CalibrationCertificateXML {
    static func measurementResults(_ document: CertificateDocument) throws -> CertificateElement {
        let results = try document.results.map { try measurementResult($0, in: document) }
        let checks = document.checks.isEmpty ? nil : try checks(document.checks)
        guard !results.isEmpty || checks != nil else {
            throw CalibrationCertificateError.missing("the list of results")
        }
        return .init(
            "dcc:measurementResults",
            [
                try usedMethods(document),
                document.standards.isEmpty ? nil : try measuringEquipments(document.standards),
                try influenceConditions(document.environment),
            ] + results + [checks])
    }

    private static func measurementResult(
        _ results: CertificateDocument.Results, in document: CertificateDocument
    ) throws -> CertificateElement {
        let links = [itemID, methodID] + document.standards.indices.map(standardID)
        return .init(
            "dcc:measurementResult", with: ["refId": links.joined(separator: " ")],
            [
                try .words("dcc:name", results.name, of: "the name of the results \(results.id)"),
                .init(
                    "dcc:results",
                    [
                        .init(
                            "dcc:result",
                            [
                                try .words(
                                    "dcc:name", results.name, of: "the name of the results \(results.id)"),
                                .init("dcc:data", [try table(results, rule: document.decision_rule)]),
                            ])
                    ]),
            ])
    }

    private static func table(
        _ results: CertificateDocument.Results, rule: CertificateDocument.Words
    ) throws -> CertificateElement {
        let judged = results.quantities.filter { $0.verdicts != nil }
        // PTB's good practice puts limits inside the conformity they belong to. With several
        // verdicts it is not said which one a limit belongs to, so there it stays a column.
        let limits = results.quantities.filter { $0.role == .limitLower || $0.role == .limitUpper }
        let nests = judged.count == 1
        let columns = nests ? results.quantities.filter { !limits.contains($0) } : results.quantities
        return .init(
            "dcc:list", with: ["refType": "gp_table1"],
            [try points(results)]
                + (try columns.map { try quantity($0, limits: nests ? limits : [], rule: rule) }))
    }

    /// Names of the points; an XML list splits at blanks, so a blank in a name becomes `_`.
    private static func points(_ results: CertificateDocument.Results) throws -> CertificateElement {
        let names = results.points.map { $0.xmlTokens.joined(separator: "_") }
        guard !names.isEmpty, !names.contains("") else {
            throw CalibrationCertificateError.missing("the name of a point of \(results.name.zh)")
        }
        return .init(
            "dcc:quantity", with: ["refType": CertificateWord.point.rawValue],
            [
                try .words("dcc:name", .init(zh: "检定点", en: "Verification point"), of: "the points"),
                .init("dcc:charsXMLList", text: names.joined(separator: " ")),
            ])
    }

    private static func quantity(
        _ quantity: CertificateDocument.QuantityList, limits: [CertificateDocument.QuantityList],
        rule: CertificateDocument.Words
    ) throws -> CertificateElement {
        let unit = try DCCUnit(quantity.unit)
        var metaData = unit.metaData.map { [$0] } ?? []
        if let verdicts = quantity.verdicts {
            metaData.append(try conformity(verdicts, limits: limits, rule: rule))
        }
        return .init(
            "dcc:quantity", with: ["refType": quantity.role.word],
            [
                try .words("dcc:name", quantity.name, of: "the name of a quantity"),
                .init(
                    "si:realListXMLList",
                    [
                        .init("si:valueXMLList", text: try decimals(quantity.values, of: quantity.name.zh)),
                        .init("si:unitXMLList", text: unit.spelling),
                        try uncertainty(quantity),
                    ]),
                metaData.isEmpty ? nil : .init("dcc:measurementMetaData", metaData),
            ])
    }

    private static func decimals(_ values: [String], of what: String) throws -> String {
        for value in values where !DCCNumber.isDecimal(value) {
            throw CalibrationCertificateError.malformedNumber(value, place: what)
        }
        guard !values.isEmpty else {
            throw CalibrationCertificateError.missing("the list of values of \(what)")
        }
        return values.joined(separator: " ")
    }

    private static func uncertainty(_ quantity: CertificateDocument.QuantityList) throws
        -> CertificateElement?
    {
        guard let expanded = quantity.expandedUncertainties else { return nil }
        let what = "U of \(quantity.name.zh)"
        guard let k = quantity.k else { throw CalibrationCertificateError.missing("k for \(what)") }
        guard DCCNumber.isCoverageFactor(k) else {
            throw CalibrationCertificateError.malformedNumber(k, place: "k for \(what)")
        }
        guard let probability = quantity.coverageProbability else {
            throw CalibrationCertificateError.missing("the coverage probability for \(what)")
        }
        guard DCCNumber.isProbability(probability) else {
            throw CalibrationCertificateError.malformedNumber(
                probability, place: "the coverage probability for \(what)")
        }
        return .init(
            "si:measurementUncertaintyUnivariateXMLList",
            [
                .init(
                    "si:expandedMUXMLList",
                    [
                        .init("si:valueExpandedMUXMLList", text: try decimals(expanded, of: what)),
                        .init("si:coverageFactorXMLList", text: k),
                        .init("si:coverageProbabilityXMLList", text: probability),
                    ])
            ])
    }

    private static func conformity(
        _ verdicts: [CertificateDocument.PointVerdict], limits: [CertificateDocument.QuantityList],
        rule: CertificateDocument.Words
    ) throws -> CertificateElement {
        let undetermined = CertificateDocument.Words(
            zh: "noPass：待定，既未证实合格，也未证实不合格",
            en: "noPass: undetermined; neither conformity nor nonconformity is shown")
        return .init(
            "dcc:metaData", with: ["refType": "basic_conformity"],
            [
                verdicts.contains(.undetermined)
                    ? try .words("dcc:description", undetermined, of: "the verdicts") : nil,
                try .words("dcc:declaration", rule, of: "the decision rule"),
                .init("dcc:conformityXMLList", text: verdicts.map(\.word).joined(separator: " ")),
                limits.isEmpty
                    ? nil : .init("dcc:data", try limits.map { try quantity($0, limits: [], rule: rule) }),
            ])
    }

    /// What was looked at and not measured: one result a check, in words.
    private static func checks(_ checks: [CertificateDocument.Check]) throws -> CertificateElement {
        .init(
            "dcc:measurementResult",
            with: ["refId": "\(itemID) \(methodID)", "refType": CertificateWord.check.rawValue],
            [
                try .words("dcc:name", .init(zh: "检查项目", en: "Checks"), of: "the checks"),
                .init(
                    "dcc:results",
                    try checks.map { check in
                        .init(
                            "dcc:result",
                            [
                                try .words("dcc:name", check.label, of: "the label of a check"),
                                .init(
                                    "dcc:data",
                                    [
                                        try .words(
                                            "dcc:text", check.result, of: "the result of \(check.label.zh)")
                                    ]),
                            ])
                    }),
            ])
    }
}

extension CertificateDocument.QuantityList.Role {
    /// A limit of the regulation is a tolerance limit in the sense of JCGM 106, not an acceptance
    /// limit: no guard band has been taken off.
    fileprivate var word: String {
        switch self {
        case .nominal: "basic_nominalValue"
        case .measured: "basic_measuredValue"
        case .reference: "basic_referenceValue"
        case .error: "basic_measurementError"
        case .limitLower: "basic_toleranceLimitLower"
        case .limitUpper: "basic_toleranceLimitUpper"
        }
    }
}

extension CertificateDocument.PointVerdict {
    /// `dcc:stringConformityStatementStatusType`.
    fileprivate var word: String {
        switch self {
        case .pass: "pass"
        case .fail: "fail"
        case .undetermined: "noPass"
        }
    }
}
