public import Foundation

/// What a Digital Calibration Certificate must keep to and its XML Schema does not see.
///
/// Source: PTB's good practice for the DCC (3.x) and the meaning that DCC 3.3.0 and D-SI 2.2.1 give to
/// their elements in words. The XML Schema itself is not checked here.
public enum CalibrationCertificateRules {
    public enum Rule: String, CaseIterable, Hashable, Sendable, Codable {
        case wellFormed = "well-formed"
        case schemaVersion = "schema-version"
        case administrativeData = "administrative-data"
        case danglingReference = "dangling-reference"
        case refTypeVocabulary = "ref-type-vocabulary"
        case dateOrder = "date-order"
        case countryCode = "country-code"
        case languageCode = "language-code"
        case languageListed = "language-listed"
        case mandatoryLanguage = "mandatory-language"
        case oneTextPerLanguage = "one-text-per-language"
        case emptyName = "empty-name"
        case mainSigner = "main-signer"
        case softwareStated = "software-stated"
        case softwareRelease = "software-release"
        case methodStated = "method-stated"
        case influenceConditionsStated = "influence-conditions-stated"
        case conformityDeclared = "conformity-declared"
        case hashComplete = "hash-complete"
        case listCount = "list-count"
        case listSpacing = "list-spacing"
        case unitForm = "unit-form"
        case nonSIUnitDeclared = "non-si-unit-declared"
        case finiteNumbers = "finite-numbers"
        case zeroUncertainty = "zero-uncertainty"
        case relativeUncertainty = "relative-uncertainty"
    }

    public struct Violation: Hashable, Sendable, Codable, CustomStringConvertible {
        public let rule: Rule
        /// Way to the element, by names without prefixes.
        public let path: String
        /// Line of its start tag, from 1.
        public let line: Int
        /// One sentence: what is wrong there.
        public let message: String

        public var description: String { "\(rule.rawValue): \(path) (line \(line)): \(message)" }
    }

    /// - Returns: every violation, rule by rule and in the order of the document; none for a
    ///   certificate that keeps to all of them.
    public static func check(xml: Data) -> [Violation] {
        let tree: CertificateTree
        do throws(CertificateTree.Malformed) {
            tree = try CertificateTree(xml: xml)
        } catch {
            return [.init(rule: .wellFormed, path: "/", line: error.line, message: error.message)]
        }
        return Rule.allCases.flatMap { rule in
            findings(of: rule, in: tree).map {
                Violation(rule: rule, path: $0.place.path, line: $0.place.line, message: $0.message)
            }
        }
    }

    /// Something wrong at one place.
    struct Finding {
        let place: CertificateTree.Place
        let message: String

        init(_ place: CertificateTree.Place, _ message: String) {
            self.place = place
            self.message = message
        }
    }

    private static func findings(of rule: Rule, in tree: CertificateTree) -> [Finding] {
        switch rule {
        // What was read at all is well-formed.
        case .wellFormed: []
        case .schemaVersion: schemaVersion(tree)
        case .administrativeData: administrativeData(tree)
        case .danglingReference: danglingReference(tree)
        case .refTypeVocabulary: refTypeVocabulary(tree)
        case .dateOrder: dateOrder(tree)
        case .countryCode: countryCode(tree)
        case .languageCode: languageCode(tree)
        case .languageListed: languageListed(tree)
        case .mandatoryLanguage: mandatoryLanguage(tree)
        case .oneTextPerLanguage: oneTextPerLanguage(tree)
        case .emptyName: emptyName(tree)
        case .mainSigner: mainSigner(tree)
        case .softwareStated: softwareStated(tree)
        case .softwareRelease: softwareRelease(tree)
        case .methodStated: methodStated(tree)
        case .influenceConditionsStated: influenceConditionsStated(tree)
        case .conformityDeclared: conformityDeclared(tree)
        case .hashComplete: hashComplete(tree)
        case .listCount: listCount(tree)
        case .listSpacing: listSpacing(tree)
        case .unitForm: unitForm(tree)
        case .nonSIUnitDeclared: nonSIUnitDeclared(tree)
        case .finiteNumbers: finiteNumbers(tree)
        case .zeroUncertainty: zeroUncertainty(tree)
        case .relativeUncertainty: relativeUncertainty(tree)
        }
    }
}
