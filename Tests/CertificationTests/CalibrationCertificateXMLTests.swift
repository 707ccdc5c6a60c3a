import Certification
import Foundation
import Testing

@Suite struct CalibrationCertificateXMLTests {
    @Test(
        .enabled(if: PublishedSchema.shared != nil, "the DCC schema is not here"),
        arguments: [Sample.certificate, Sample.notice, Sample.correction, Self.awkward])
    func isValidBySchema(sample: @Sendable () throws -> CertificateDocument) throws {
        let xml = try CalibrationCertificateXML.write(sample())
        #expect(try PublishedSchema.complaints(about: xml) == "")
    }

    @Test(.enabled(if: PublishedSchema.shared != nil, "the DCC schema is not here"))
    func schemaCheckCanFail() throws {
        let xml = try Sample.xml(Sample.certificate())
            .replacing("<dcc:conformity>pass<", with: "<dcc:conformity>Pass<")
        #expect(try PublishedSchema.complaints(about: Data(xml.utf8)).contains("conformity"))
    }

    /// Everything that may be left out is; what may not holds awkward characters.
    static func awkward() throws -> CertificateDocument {
        var document = try Sample.certificate()
        document.demonstration = false
        document.client.name = "A<B>&\"'C\" ]]> 有限公司\r\n\t二部 😀 " + String(repeating: "极长", count: 10_000)
        document.client.address = ""
        document.environment.place = ""
        document.verify.code = ""
        document.signatures[0].signature = ""
        document.instrument.serial = "  <1&2>\"'  "
        document.instrument.maker = ""
        document.instrument.model = ""
        document.instrument.category = ""
        document.instrument.particulars = []
        document.institution.authorization = ""
        document.institution.email = " "
        document.received_on = nil
        document.standards[0].chain = []
        document.standards[0].maker = ""
        document.standards[0].serial = ""
        document.results[0].points = ["Q3 常用", "Q2", "Q1"]
        document.checks = []
        document.notes = []
        document.procedure.review = .init(zh: "", en: "")
        document.title.en = ""
        return document
    }

    @Test func namesSurviveAsTheyAre() throws {
        let document = try Self.awkward()
        let xml = try CalibrationCertificateXML.write(document)
        let texts = try Texts.of(xml)
        #expect(texts["dcc:content"]?.contains(document.client.name) == true)
        #expect(texts["dcc:value"]?.contains("<1&2>\"'") == true)
        #expect(texts["dcc:charsXMLList"] == ["Q3_常用 Q2 Q1"])
    }

    @Test(arguments: ["\u{0}", "\u{1}", "\u{B}", "\u{1B}", "\u{7F}", "\u{85}", "\u{FFFE}", "\u{FFFF}"])
    func controlCharactersAreRefused(character: String) throws {
        var document = try Sample.certificate()
        document.client.name = "名\(character)称"
        let codePoint = try #require(character.unicodeScalars.first?.value)
        #expect(
            throws: CalibrationCertificateError.forbiddenCharacter(
                codePoint: codePoint, place: "the text of dcc:content")
        ) { try CalibrationCertificateXML.write(document) }
    }

    @Test func bytesAreDeterministic() throws {
        let first = try CalibrationCertificateXML.write(Sample.certificate())
        let second = try CalibrationCertificateXML.write(Sample.certificate())
        #expect(first == second)
        var changed = try Sample.certificate()
        changed.results[0].quantities[3].values[0] = "0.5"
        #expect(try CalibrationCertificateXML.write(changed) != first)
    }

    @Test func carriesTheRecord() throws {
        let texts = try Texts.of(CalibrationCertificateXML.write(Sample.certificate()))
        #expect(texts["dcc:uniqueIdentifier"] == ["HZ-2026-000123"])
        let values = try #require(texts["dcc:value"])
        #expect(values.contains("R-2026-000123"))
        #expect(values.contains("0f1e2d3c4b5a69788796a5b4c3d2e1f00f1e2d3c4b5a69788796a5b4c3d2e1f0"))
        #expect(texts["dcc:calibrationLaboratoryCode"] == ["EX-01"])
        #expect(texts["dcc:classID"] == ["water-meter"])
        #expect(texts["dcc:norm"] == ["JJG 162-2019", "JJG 162-2019"])
        #expect(
            texts["dcc:reference"]?.contains("procedure file, sha256:" + String(repeating: "1", count: 64))
                == true)
        #expect(texts["dcc:role"] == ["检定员 / Verifier", "核验员 / Checker", "批准人 / Signatory"])
        #expect(texts["dcc:mainSigner"] == ["true"])
        #expect(texts["dcc:performanceLocation"] == ["laboratory"])
        #expect(texts["dcc:content"]?.contains("流量实验室") == true)
        #expect(texts["dcc:release"] == ["0.1.0"])
    }

    @Test func chainIsNestedNearestFirst() throws {
        let xml = try Sample.xml(Sample.certificate())
        let own = try #require(xml.range(of: "<dcc:referralID>PROV-2025-0042<"))
        let nested = try #require(xml.range(of: "<dcc:linkedReport>"))
        let above = try #require(xml.range(of: "<dcc:referralID>NAT-2024-0007<"))
        let end = try #require(xml.range(of: "</dcc:certificate>"))
        #expect(own.lowerBound < nested.lowerBound)
        #expect(nested.lowerBound < above.lowerBound)
        #expect(above.lowerBound < end.lowerBound)
        let texts = try Texts.of(Data(xml.utf8))
        #expect(texts["dcc:procedure"] == ["SHA-256 of the file, hexadecimal", "analogue"])
        #expect(texts["dcc:inValidityRange"] == ["true", "false"])
    }

    @Test func resultsAreLists() throws {
        let texts = try Texts.of(CalibrationCertificateXML.write(Sample.notice()))
        #expect(
            texts["si:valueXMLList"] == [
                "2.5 0.025 0.0156", "100.4 20.1 10.1", "100.0 20.0 10.0", "0.4 0.5 6.3", "-2 -2 -5", "2 2 5",
            ])
        #expect(
            texts["si:unitXMLList"] == [
                "\\metre\\tothe{3}\\hour\\tothe{-1}", "\\litre", "\\litre", "\\percent", "\\percent",
                "\\percent",
            ])
        #expect(texts["si:valueExpandedMUXMLList"] == ["0.20 0.04 0.02", "0.3 0.3 0.6"])
        #expect(texts["si:coverageFactorXMLList"] == ["2", "2"])
        #expect(texts["dcc:conformityXMLList"] == ["pass pass fail"])
        #expect(texts["si:value"] == ["21.4", "48", "19.8"])
        #expect(texts["si:unit"] == ["\\degreecelsius", "\\percent", "\\degreecelsius"])
    }

    @Test func conditionsThatVariedHaveTwoEnds() throws {
        let document = try Sample.correction()
        let texts = try Texts.of(CalibrationCertificateXML.write(document))
        #expect(texts["si:value"] == ["21.1", "21.8", "48", "19.8", "758"])
        let xml = try Sample.xml(document)
        #expect(xml.contains("refType=\"basic_temperatureMin\""))
        #expect(xml.contains("refType=\"basic_temperatureMax\""))
    }

    @Test func undeterminedIsNeitherPassNorFail() throws {
        var document = try Sample.notice()
        document.results[0].quantities[3].verdicts = [.pass, .undetermined, .fail]
        let texts = try Texts.of(CalibrationCertificateXML.write(document))
        #expect(texts["dcc:conformityXMLList"] == ["pass noPass fail"])
        #expect(texts["dcc:content"]?.contains { $0.hasPrefix("noPass") } == true)
    }

    @Test func limitsStayColumnsWhereTwoQuantitiesAreJudged() throws {
        var document = try Sample.certificate()
        document.results[0].quantities[1].verdicts = [.pass, .pass, .pass]
        let xml = try Sample.xml(document)
        let last = try #require(xml.range(of: "</dcc:conformityXMLList>", options: .backwards))
        let limit = try #require(xml.range(of: "basic_toleranceLimitLower"))
        #expect(last.lowerBound < limit.lowerBound)
        let between = xml[last.lowerBound..<limit.lowerBound]
        #expect(between.contains("</dcc:measurementMetaData>"))
    }

    @Test func conclusionAndValidity() throws {
        let certificate = try Texts.of(CalibrationCertificateXML.write(Sample.certificate()))
        #expect(certificate["dcc:conformity"] == ["pass"])
        #expect(certificate["dcc:date"] == ["2028-03-01"])
        #expect(certificate["dcc:period"] == ["P2Y"])
        // The notice still has the certificate's validity in the document.
        #expect(try Sample.notice().valid_until != nil)
        let notice = try Texts.of(CalibrationCertificateXML.write(Sample.notice()))
        #expect(notice["dcc:conformity"] == ["fail"])
        #expect(notice["dcc:date"] == nil)
        #expect(notice["dcc:period"] == nil)
        #expect(notice["dcc:content"]?.contains("Q1 示值误差 6.3 %，超过 ±5 %") == true)
    }

    @Test(arguments: [(6, "P6M"), (12, "P1Y"), (18, "P1Y6M"), (72, "P6Y")])
    func periodIsAnISODuration(months: Int, period: String) throws {
        var document = try Sample.certificate()
        document.valid_until?.months = months
        #expect(try Texts.of(CalibrationCertificateXML.write(document))["dcc:period"] == [period])
    }

    @Test func demonstrationSaysSo() throws {
        var document = try Sample.certificate()
        let statement = "<dcc:statement refType=\"verification_demonstration\">"
        #expect(try Sample.xml(document).contains(statement))
        document.demonstration = false
        #expect(try !Sample.xml(document).contains(statement))
    }

    @Test func correctionNamesWhatItReplaces() throws {
        let texts = try Texts.of(CalibrationCertificateXML.write(Sample.correction()))
        #expect(texts["dcc:replacedUniqueIdentifier"] == ["HZ-2026-000123"])
        #expect(texts["dcc:value"]?.contains(String(repeating: "e5", count: 32)) == true)
        #expect(texts["dcc:nonSIUnit"] == ["|mmHg"])
    }

    @Test func placeOfTheCustomerIsTold() throws {
        var document = try Sample.certificate()
        document.environment.place = document.client.address
        #expect(
            try Texts.of(CalibrationCertificateXML.write(document))["dcc:performanceLocation"] == ["customer"]
        )
    }

    @Test func refusesWhatItCannotSay() throws {
        func refuses(_ error: CalibrationCertificateError, _ change: (inout CertificateDocument) -> Void)
            throws
        {
            var document = try Sample.certificate()
            change(&document)
            #expect(throws: error) { try CalibrationCertificateXML.write(document) }
        }
        try refuses(.missing("the customer's name")) { $0.client.name = " " }
        try refuses(.missing("the instrument's serial number")) { $0.instrument.serial = "" }
        try refuses(.missing("k for U of 相对误差")) { $0.results[0].quantities[3].k = nil }
        try refuses(.malformedNumber("0.8", place: "k for U of 相对误差")) {
            $0.results[0].quantities[3].k = "0.8"
        }
        try refuses(.malformedNumber("0,4", place: "相对误差")) { $0.results[0].quantities[3].values[0] = "0,4" }
        try refuses(.malformedNumber("NaN", place: "相对误差")) { $0.results[0].quantities[3].values[0] = "NaN" }
        // Digits of another script are digits to many a parser.
        try refuses(.malformedNumber("٣.5", place: "相对误差")) { $0.results[0].quantities[3].values[0] = "٣.5" }
        try refuses(.malformedNumber("3٣", place: "相对误差")) { $0.results[0].quantities[3].values[0] = "3٣" }
        try refuses(.malformedDate("2026-02-30", place: "the day of issue")) { $0.issued_on = "2026-02-30" }
        try refuses(.unknownUnit("furlong")) { $0.results[0].quantities[0].unit = "furlong" }
        try refuses(.missing("the period of validity")) { $0.valid_until?.months = 0 }
        try refuses(.missing("the list of results")) {
            $0.results = []
            $0.checks = []
        }
    }

    @Test func runsItsRulesOnItself() throws {
        func violates(
            _ rule: CalibrationCertificateRules.Rule, _ change: (inout CertificateDocument) -> Void
        ) throws {
            var document = try Sample.certificate()
            change(&document)
            let error = #expect(throws: CalibrationCertificateError.self) {
                try CalibrationCertificateXML.write(document)
            }
            guard case .violations(let violations) = error else {
                Issue.record("\(String(describing: error)) is not about violations")
                return
            }
            #expect(Set(violations.map(\.rule)) == [rule])
        }
        try violates(.mainSigner) { $0.signatures[0].isMain = true }
        try violates(.mainSigner) { $0.signatures[2].isMain = false }
        try violates(.dateOrder) { $0.verified_on = "2026-03-01" }
        try violates(.listCount) { $0.results[0].quantities[3].expandedUncertainties = ["0.3", "0.3"] }
        try violates(.listCount) { $0.results[0].points = ["Q3", "Q2"] }
        try violates(.zeroUncertainty) {
            $0.results[0].quantities[3].expandedUncertainties = ["0.3", "0.0", "0.3"]
        }
        try violates(.influenceConditionsStated) { $0.environment.items = [] }
        try violates(.hashComplete) { $0.standards[0].chain[0].digest = "abc" }
        try violates(.softwareRelease) { $0.software.version = "latest" }
        try violates(.finiteNumbers) { $0.results[0].quantities[0].values[0] = "1e999" }
    }
}

/// The texts of a document's leaves by element name, in its order.
enum Texts {
    static func of(_ xml: Data) throws -> [String: [String]] {
        let collector = LeafCollector(xml)
        try #require(collector.parsed)
        return collector.texts
    }
}
