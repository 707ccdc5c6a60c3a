import Chronometry
import Metrology
import Procedures
import Registry
import Verification

extension CertificateDocument {
    /// Everything a certificate says, from the closed record and those who signed it.
    init(
        number: String, stored: Records.Stored, procedure: Procedure, approval: ProcedureApproval,
        signatures: [RecordSignature], parties: DocumentParties, issuedOn: CivilDate,
        zone: ZoneOffset, software: Software
    ) throws {
        let record = stored.record
        let isConforming = record.verdict == .conforming
        let institution = parties.institution
        kind = isConforming ? .certificate : .notice
        demonstration = institution.isDemonstration
        self.number = number
        title =
            isConforming
            ? Words(zh: "检定证书", en: "Verification Certificate")
            : Words(zh: "检定结果通知书", en: "Notice of Verification Result")
        self.institution = Institution(
            code: institution.key, name: Words(institution.name),
            authorization: institution.authorization.number, address: institution.contact.address,
            postcode: institution.contact.postcode, telephone: institution.contact.telephone,
            email: institution.contact.email, city: institution.name.zh)
        client = Client(
            name: parties.owner?.name ?? record.client, address: parties.owner?.address ?? "")
        instrument = InstrumentDescription(record, procedure)
        conclusion = Words(
            zh: (isConforming ? procedure.conformingWording : procedure.notConformingWording).zh
                .filled(record.subject.nameplate),
            en: (isConforming ? procedure.conformingWording : procedure.notConformingWording).en
                .filled(record.subject.nameplate))
        received_on = record.receivedOn
        begun_on = Instant(record.startedAt)?.date(in: zone).description ?? record.verifiedOn
        verified_on = record.verifiedOn
        issued_on = issuedOn.description
        valid_until = isConforming ? try Validity(record, procedure) : nil
        self.signatures = signatures.map { signature in
            let person = parties.people.first { $0.key == signature.person }
            return Signature(
                role: Words(signature.role.registered.name),
                name: person?.name ?? signature.person,
                signed_at: signature.signedAt.text(in: zone),
                signature: String(signature.signature.prefix(16)),
                isMain: signature.role == .signatory)
        }
        self.record = record.number
        record_digest = stored.digest
        regulation = Regulation(number: procedure.number, title: Words(procedure.title))
        let approvedOn = approval.approvedAt.date(in: zone)
        self.procedure = ProcedureReference(
            digest: procedure.digest,
            review: Words(
                zh: "规程文件由技术负责人 \(parties.approver) 于 \(approvedOn) 批准使用",
                en: "procedure file approved by the technical manager \(parties.approver) on \(approvedOn)"))
        // One instrument may serve two conditions; it is named once.
        standards = record.standards.enumerated().filter { index, standard in
            record.standards.firstIndex { $0.key == standard.key } == index
        }.map { StandardUsed($0.element) }
        chain = standards.first?.chain ?? []
        environment = Environment(record, procedure)
        checks = record.result.checks.map { outcome in
            Check(
                label: Words(procedure.checks.first { $0.id == outcome.id }?.words, or: outcome.id),
                result: outcome.passed ? Words(zh: "合格", en: "passed") : Words(zh: "不合格", en: "failed"))
        }
        decision_rule = procedure.decision.words(regulation: procedure.number)
        if let readings = record.readings {
            let found = ReadingsResults(readings, procedure)
            tables = found.tables
            results = found.lists
            failing_items = record.failingChecks(procedure) + found.failing
            uncertainty =
                found.uncertainty
                ?? Words(zh: "本规程未给出不确定度评定模型。", en: "The procedure states no model of uncertainty.")
        } else {
            let flowTest = try FlowTest(procedure)
            tables = [Table(record, flowTest)]
            results = [Results(record, flowTest)]
            failing_items = record.failingChecks(procedure) + record.failingItems(flowTest)
            uncertainty = Words(
                zh: "扩展不确定度 U 由不确定度传播律评定（JJF 1059.1-2012），包含因子 k = \(Int(flowTest.k))，包含概率约 95 %。",
                en: "Expanded uncertainty U by the law of propagation (JJF 1059.1-2012), coverage factor "
                    + "k = \(Int(flowTest.k)), coverage probability about 95 %.")
        }
        notes = procedure.notes.map { Words($0) }
        let code = "steelyard:certificate:\(number):\(stored.digest.prefix(16))"
        verify = Verify(
            code: code,
            hint: Words(
                zh: "向签发机构核验：编号与记录摘要须一致", en: "verify with the issuer: number and record digest must agree"))
        self.software = software
    }
}

extension CertificateDocument.Words {
    init(_ words: Bilingual) {
        self.init(zh: words.zh, en: words.en)
    }

    init(_ words: Procedure.Words) {
        self.init(zh: words.zh, en: words.en)
    }

    init(_ words: Procedure.Words?, or id: String) {
        self.init(zh: words?.zh ?? id, en: words?.en ?? id)
    }
}

extension String {
    /// `准予作{class}级使用` with nameplate values filled in.
    fileprivate func filled(_ values: [String: String]) -> String {
        var text = self
        for (name, value) in values {
            let parts = text.components(separatedBy: "{\(name)}")
            text = parts.joined(separator: value)
        }
        return text
    }

    private func components(separatedBy mark: String) -> [String] {
        var parts: [String] = []
        var rest = Substring(self)
        while let range = rest.firstRange(of: mark) {
            parts.append(String(rest[..<range.lowerBound]))
            rest = rest[range.upperBound...]
        }
        return parts + [String(rest)]
    }
}

extension CertificateDocument.InstrumentDescription {
    fileprivate init(_ record: VerificationRecord, _ procedure: Procedure) {
        category = record.subject.category
        name = CertificateDocument.Words(procedure.title)
        model = record.subject.model
        serial = record.subject.serial
        maker = record.subject.maker
        particulars = procedure.nameplate.compactMap { item in
            record.subject.nameplate[item.name].map { value in
                // A symbol of the regulation stands with its name; a word of the file does not.
                let symbol = item.name.count <= 3 ? " \(item.name)" : ""
                if case .words = item.values {
                    let words = ["yes": "是 yes", "no": "否 no"]
                    return CertificateDocument.Labelled(
                        label: .init(zh: item.words.zh + symbol, en: item.words.en), value: words[value] ?? value)
                }
                return CertificateDocument.Labelled(
                    label: .init(zh: item.words.zh + symbol, en: item.words.en),
                    value: item.unit == .one || ExactDecimal(value) == nil ? value : "\(value) \(item.unit.printed)")
            }
        }
    }
}

extension CertificateDocument.Validity {
    fileprivate init?(_ record: VerificationRecord, _ procedure: Procedure) throws {
        guard
            let rule = try procedure.validity(
                for: procedure.plate(record.subject.nameplate), stage: record.readings?.stage ?? .subsequent),
            let day = CivilDate(record.verifiedOn)
        else { throw CertificationError.noValidity(record: record.number) }
        label =
            switch rule.kind {
            case .periodic: .init(zh: "有效期至", en: "Valid until")
            case .useUntil, .untilInaccurate: .init(zh: "使用期限至", en: "In use until at the latest")
            }
        // Verified once and used until it is no longer accurate: there is no last day.
        guard let months = rule.months else { return nil }
        // The last day still counts: a period of 12 months from 15 March ends on 14 March.
        value = day.advanced(byMonths: months).advanced(byDays: -1).description
        self.months = months
    }
}

extension CertificateDocument.StandardUsed {
    fileprivate init(_ used: Verification.StandardUsed) {
        key = used.key
        name = .init(zh: used.nameZh, en: used.nameEn)
        maker = used.maker
        model = used.model
        serial = used.serial
        range = used.range
        accuracy = used.accuracy
        certificate = used.certificate
        issuer = used.issuer
        valid_until = used.validUntil
        assessment = used.assessment
        chain = used.chain.enumerated().map { level, link in
            CertificateDocument.ChainLink(
                level: level, what: "\(link.nameZh) \(link.nameEn)", certificate: link.certificate,
                issuer: link.issuer, uncertainty: link.uncertainty, valid_until: link.validUntil,
                digest: link.documentDigest, inDate: link.inDate)
        }
    }
}

extension CertificateDocument.Environment {
    fileprivate init(_ record: VerificationRecord, _ procedure: Procedure) {
        place = record.place
        items = procedure.conditions.compactMap { condition in
            let values =
                record.readings?.conditions[condition.id].flatMap { Quantity($0) }.map { [$0.number] }
                ?? record.observations.filter { $0.condition == condition.id }.compactMap { ExactDecimal($0.value) }
            guard let least = values.min(), let most = values.max() else { return nil }
            let requirement = condition.within.map {
                "\($0.lowerBound) … \($0.upperBound) \(condition.unit.printed)"
            }
            return Item(
                id: condition.id, label: .init(condition.words),
                value: least == most ? "\(least)" : "\(least) … \(most)",
                unit: condition.unit.symbol, requirement: requirement ?? "")
        }
    }
}

extension MeasurementUnit {
    /// As a person writes it: `m³/h` for `m3/h`.
    var printed: String {
        switch symbol {
        case "m3/h": "m³/h"
        case "m3": "m³"
        default: symbol
        }
    }
}

extension DecisionRule {
    func words(regulation: String) -> CertificateDocument.Words {
        switch self {
        case .byRegulation:
            .init(
                zh: "按 \(regulation) 直接判定：误差不超过最大允许误差即合格，等于限值判合格；U 仅给出，不参与判定。",
                en: "Decided by \(regulation): an error within the maximum permissible error conforms, "
                    + "equality conforms; U is stated and does not enter the decision.")
        case .threeZones:
            .init(
                zh: "按 JJF 1094-2002 判定：U 大于最大允许误差绝对值三分之一时设待定区。",
                en:
                    "Decided by JJF 1094-2002: where U exceeds a third of the limit, a zone stays undetermined."
            )
        }
    }
}
