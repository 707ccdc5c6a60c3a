import Certification
import Foundation
import Testing

@Suite struct CalibrationCertificateRulesTests {
    typealias Rule = CalibrationCertificateRules.Rule

    struct Mutation: Sendable, CustomTestStringConvertible {
        let rule: Rule
        let what: String
        let change: @Sendable (String) -> String

        init(_ rule: Rule, _ what: String, _ change: @escaping @Sendable (String) -> String) {
            self.rule = rule
            self.what = what
            self.change = change
        }

        /// The first `old` becomes `new`.
        init(_ rule: Rule, _ old: String, to new: String) {
            self.init(rule, "\(old) → \(new)") { $0.replacing(old, with: new, maxReplacements: 1) }
        }

        var testDescription: String { "\(rule.rawValue): \(what)" }
    }

    /// Takes out everything from `start` to the first `end` after it.
    private static func without(_ start: String, _ end: String, in xml: String) -> String {
        guard let from = xml.range(of: start),
            let to = xml.range(of: end, range: from.upperBound..<xml.endIndex)
        else { return xml }
        return xml.replacingCharacters(in: from.lowerBound..<to.upperBound, with: "")
    }

    private static let relative = """
        </si:realListXMLList><dcc:relativeUncertainty><dcc:relativeUncertaintySingle><si:value>0.01</si:value>\
        <si:unit>\\one</si:unit></dcc:relativeUncertaintySingle></dcc:relativeUncertainty>
        """

    /// Each is one change to the corrected certificate that breaks one rule.
    static let mutations: [Mutation] = [
        .init(.wellFormed, "</dcc:items>", to: ""),
        .init(.wellFormed, "empty") { _ in "" },
        .init(.schemaVersion, "schemaVersion=\"3.3.0\"", to: "schemaVersion=\"2.4.0\""),
        .init(.administrativeData, "no customer") { without("<dcc:customer>", "</dcc:customer>", in: $0) },
        .init(.administrativeData, "<dcc:uniqueIdentifier>HZ-2026-000125", to: "<dcc:uniqueIdentifier>"),
        .init(.danglingReference, "refId=\"item-1 ", to: "refId=\"item-9 "),
        .init(.refTypeVocabulary, "refType=\"basic_nominalValue\"", to: "refType=\"basic_nominalvalue\""),
        .init(
            .refTypeVocabulary, "refType=\"basic_nominalValue\"",
            to: "refType=\"basic_nominalValue own_word\""),
        .init(.dateOrder, "<dcc:endPerformanceDate>2026-03-02", to: "<dcc:endPerformanceDate>2026-03-01"),
        .init(.dateOrder, "<dcc:receiptDate>2026-03-01", to: "<dcc:receiptDate>2026-03-05"),
        .init(.dateOrder, "<dcc:issueDate>2026-03-03", to: "<dcc:issueDate>2026-02-30"),
        .init(.countryCode, "<dcc:countryCodeISO3166_1>CN", to: "<dcc:countryCodeISO3166_1>XX"),
        .init(.countryCode, "<dcc:countryCode>CN", to: "<dcc:countryCode>UK"),
        .init(
            .languageCode, "<dcc:mandatory",
            to: "<dcc:usedLangCodeISO639_1>xx</dcc:usedLangCodeISO639_1><dcc:mandatory"),
        .init(.languageCode, "lang=\"en\"", to: "lang=\"xx\""),
        .init(.languageListed, "lang=\"en\"", to: "lang=\"fr\""),
        .init(.mandatoryLanguage, "<dcc:content lang=\"zh\">冷水水表</dcc:content>", to: ""),
        .init(.mandatoryLanguage, "a second mandatory language in which one text is wanting") {
            $0.replacing(
                "<dcc:mandatory",
                with: "<dcc:mandatoryLangCodeISO639_1>en</dcc:mandatoryLangCodeISO639_1><dcc:mandatory",
                maxReplacements: 1
            )
            .replacing("<dcc:content lang=\"en\">Cold water meter</dcc:content>", with: "")
        },
        .init(
            .oneTextPerLanguage, "<dcc:content lang=\"en\">Cold water meter<",
            to:
                "<dcc:content lang=\"zh\">水表</dcc:content><dcc:content lang=\"en\">Cold water meter<"),
        .init(
            .oneTextPerLanguage, "<dcc:content>示例甲</dcc:content>",
            to:
                "<dcc:content>示例甲</dcc:content><dcc:content>示例丁</dcc:content>"),
        .init(.emptyName, "<dcc:content>示例甲</dcc:content>", to: "<dcc:content> </dcc:content>"),
        .init(.mainSigner, "<dcc:mainSigner>true", to: "<dcc:mainSigner>false"),
        .init(.mainSigner, "</dcc:role>", to: "</dcc:role><dcc:mainSigner>true</dcc:mainSigner>"),
        .init(.softwareStated, "no software") { without("<dcc:dccSoftware>", "</dcc:dccSoftware>", in: $0) },
        .init(.softwareRelease, "<dcc:release>0.1.0", to: "<dcc:release>newest"),
        .init(.methodStated, "no method") {
            without("<dcc:usedMethods>", "</dcc:usedMethods>", in: $0).replacing(" method-1", with: "")
        },
        .init(.influenceConditionsStated, "no conditions") {
            without("<dcc:influenceConditions>", "</dcc:influenceConditions>", in: $0)
        },
        .init(.conformityDeclared, "no declaration of the conclusion") {
            without("<dcc:declaration>", "</dcc:declaration>", in: $0)
        },
        .init(.hashComplete, String(repeating: "e5", count: 32), to: String(repeating: "e5", count: 31)),
        .init(.hashComplete, String(repeating: "2", count: 64), to: String(repeating: "g", count: 64)),
        .init(.hashComplete, "no previous report") {
            without("<dcc:previousReport>", "</dcc:previousReport>", in: $0)
        },
        .init(.hashComplete, "<dcc:referralID>NAT-2024-0007", to: "<dcc:referralID>"),
        .init(.listCount, ">0.3 0.3 0.6<", to: ">0.3 0.3<"),
        .init(.listCount, ">pass pass pass<", to: ">pass pass<"),
        .init(.listCount, ">\\litre<", to: ">\\litre \\litre<"),
        .init(.listCount, ">100.4 20.1 10.1<", to: ">100.4 20.1<"),
        .init(.listCount, ">Q3 Q2 Q1<", to: ">Q3 Q2<"),
        .init(.listSpacing, ">0.4 0.5 1.0<", to: ">0.4  0.5 1.0<"),
        .init(.listSpacing, ">0.4 0.5 1.0<", to: "> 0.4 0.5 1.0<"),
        .init(.listSpacing, ">0.4 0.5 1.0<", to: ">0.4\n0.5 1.0<"),
        .init(.unitForm, ">\\degreecelsius<", to: ">degreecelsius<"),
        .init(.unitForm, ">\\percent<", to: ">%<"),
        .init(.unitForm, ">\\litre<", to: ">\\furlong<"),
        .init(.unitForm, ">\\litre<", to: ">\\milli<"),
        .init(.unitForm, ">\\litre<", to: ">\\metre\\per\\second\\per\\second<"),
        .init(.unitForm, ">\\litre<", to: ">\\tothe{3}\\metre<"),
        .init(.nonSIUnitDeclared, ">\\litre<", to: ">|bucket<"),
        .init(.nonSIUnitDeclared, "<dcc:nonSIUnit>|mmHg", to: "<dcc:nonSIUnit>|mmH2O"),
        .init(.finiteNumbers, ">19.8<", to: ">NaN<"),
        .init(.finiteNumbers, ">0.4 0.5 1.0<", to: ">0.4 INF 1.0<"),
        .init(.finiteNumbers, ">0.4 0.5 1.0<", to: ">0.4 1e999 1.0<"),
        .init(.zeroUncertainty, ">0.3 0.3 0.6<", to: ">0.3 0.00 0.6<"),
        .init(.relativeUncertainty, "</si:realListXMLList>", to: relative),
    ]

    @Test func everyRuleHasAMutation() {
        #expect(!Self.mutations.isEmpty)
        #expect(Set(Self.mutations.map(\.rule)) == Set(Rule.allCases))
    }

    @Test(arguments: mutations)
    func mutationBreaksExactlyItsRule(mutation: Mutation) throws {
        let xml = try Sample.xml(Sample.correction())
        let mutated = mutation.change(xml)
        try #require(mutated != xml)
        let violations = CalibrationCertificateRules.check(xml: Data(mutated.utf8))
        #expect(Set(violations.map(\.rule)) == [mutation.rule], "\(violations)")
        #expect(violations.allSatisfy { !$0.message.isEmpty && $0.path.hasPrefix("/") })
    }

    @Test(arguments: [Sample.certificate, Sample.notice, Sample.correction])
    func ownCertificatesBreakNone(sample: @Sendable () throws -> CertificateDocument) throws {
        let xml = try Sample.xml(sample())
        #expect(CalibrationCertificateRules.check(xml: Data(xml.utf8)) == [])
    }

    /// What is not a mistake must not be called one.
    @Test(arguments: [
        (">0.4 0.5 1.0<", ">0.4 3.5e-1 1.0<"), (">0.3 0.3 0.6<", ">0.3<"), (">pass pass pass<", ">pass<"),
        ("\\metre\\tothe{3}\\hour\\tothe{-1}", "\\metre\\tothe{3}\\per\\hour"), (">19.8<", ">-.4<"),
        ("schemaVersion=\"3.3.0\"", "schemaVersion=\"3.1.2\""),
        ("|mmHg</dcc:nonSIUnit>", "mmHg</dcc:nonSIUnit>"),
    ])
    func harmlessChangesBreakNone(old: String, new: String) throws {
        let xml = try Sample.xml(Sample.correction())
        let changed = xml.replacing(old, with: new, maxReplacements: 1)
        try #require(changed != xml)
        #expect(CalibrationCertificateRules.check(xml: Data(changed.utf8)) == [])
    }

    /// Certificates come from outside too: none may read a file, fill the memory or the stack.
    @Test func hostileDocumentsDoNoHarm() throws {
        let xml = try Sample.xml(Sample.certificate())
        func check(_ entities: String, _ use: String) -> [Rule] {
            let hostile = xml.replacing("?>\n", with: "?>\n<!DOCTYPE d [\(entities)]>\n", maxReplacements: 1)
                .replacing("<dcc:content>示例甲<", with: "<dcc:content>\(use)<")
            return CalibrationCertificateRules.check(xml: Data(hostile.utf8)).map(\.rule)
        }
        // The file is not read, so the name stays empty.
        #expect(check("<!ENTITY x SYSTEM \"file:///etc/hostname\">", "&x;") == [.emptyName])
        let bomb = (1...9).reduce("<!ENTITY a0 \"ha\">") { entities, level in
            entities + "<!ENTITY a\(level) \"\(String(repeating: "&a\(level - 1);", count: 10))\">"
        }
        #expect(check(bomb, "&a9;") == [.wellFormed])
        let deep = String(repeating: "<a>", count: 100_000) + String(repeating: "</a>", count: 100_000)
        #expect(CalibrationCertificateRules.check(xml: Data(deep.utf8)).map(\.rule) == [.wellFormed])
        let foreign = CalibrationCertificateRules.check(xml: Data("<html/>".utf8))
        #expect(foreign.first?.rule == .schemaVersion)
    }

    @Test func violationTellsWhere() throws {
        let xml = try Sample.xml(Sample.certificate())
            .replacing("<dcc:content>示例乙</dcc:content>", with: "<dcc:content></dcc:content>")
        let violation = try #require(CalibrationCertificateRules.check(xml: Data(xml.utf8)).first)
        #expect(
            violation.path
                == "/digitalCalibrationCertificate/administrativeData/respPersons/respPerson[2]/person/name")
        let line = try #require(
            xml.split(separator: "\n", omittingEmptySubsequences: false)
                .firstIndex { $0.contains("<dcc:content></dcc:content>") })
        // The name stands on the line before its content; lines count from 1.
        #expect(violation.line == line)
    }

    @Test func prefixesAreFree() throws {
        let xml = try Sample.xml(Sample.correction())
            .replacing("dcc:", with: "d:").replacing("xmlns:dcc", with: "xmlns:d")
        #expect(CalibrationCertificateRules.check(xml: Data(xml.utf8)) == [])
        let broken = xml.replacing("<d:mainSigner>true", with: "<d:mainSigner>false")
        #expect(CalibrationCertificateRules.check(xml: Data(broken.utf8)).map(\.rule) == [.mainSigner])
    }

    /// A certificate in another hand: its one text in a language it does not list is found by both
    /// rules that text breaks, and nothing else is.
    @Test(.enabled(if: PublishedSchema.shared != nil, "the examples are not here"))
    func certificateOfAnotherHand() throws {
        let shared = try #require(PublishedSchema.shared)
        let xml = try Data(contentsOf: shared.appending(path: "schemas/examples/own_verification_v3.3.0.xml"))
        let name = "/digitalCalibrationCertificate/administrativeData/dccSoftware/software/name"
        let found = CalibrationCertificateRules.check(xml: xml).map { [$0.rule.rawValue, $0.path] }
        #expect(found == [["language-listed", "\(name)/content"], ["mandatory-language", name]])
    }

    /// PTB's good practice certificates speak PTB's words and units, so none of them is unknown here.
    @Test(.enabled(if: PublishedSchema.shared != nil, "the examples are not here"))
    func wordsAndUnitsOfGoodPracticeAreKnown() throws {
        let folder = try #require(PublishedSchema.shared).appending(path: "schemas/examples")
        let examples = try FileManager.default.contentsOfDirectory(atPath: folder.path())
            .filter { $0.hasPrefix("dcc_gp_") }
        #expect(!examples.isEmpty)
        for example in examples {
            let violations = CalibrationCertificateRules.check(
                xml: try Data(contentsOf: folder.appending(path: example)))
            let rules = Set(violations.map(\.rule))
            #expect(
                rules.isDisjoint(with: [
                    .wellFormed, .schemaVersion, .refTypeVocabulary, .unitForm, .listCount,
                ]),
                "\(example): \(violations)")
        }
    }
}
