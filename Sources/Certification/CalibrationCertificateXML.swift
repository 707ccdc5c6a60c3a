public import Foundation

/// Writes the certificate or notice as a Digital Calibration Certificate (DCC) 3.3.0 of the
/// Physikalisch-Technische Bundesanstalt, for machines to read what the paper tells people.
///
/// It goes into the PDF as an attachment, and so cannot itself hold the PDF. It is not signed: the
/// signatures of the persons are on the record, whose SHA-256 it carries.
public enum CalibrationCertificateXML {
    /// The schema the certificate is written for; part of its address and of the document.
    public static let schemaVersion = "3.3.0"

    /// The same document always gives the same bytes, in UTF-8.
    ///
    /// - Throws: ``CalibrationCertificateError``; among its cases that what was written breaks a rule of
    ///   ``CalibrationCertificateRules``, so that nothing that breaks one leaves the house.
    public static func write(_ document: CertificateDocument) throws -> Data {
        let root = CertificateElement(
            "dcc:digitalCalibrationCertificate",
            with: [
                "xmlns:dcc": CertificateNamespace.dcc.rawValue,
                "xmlns:si": CertificateNamespace.si.rawValue, "schemaVersion": schemaVersion,
            ],
            [try administrativeData(document), try measurementResults(document)])
        let xml = Data(try XMLWriter.text(of: root).utf8)
        let violations = CalibrationCertificateRules.check(xml: xml)
        guard violations.isEmpty else { throw CalibrationCertificateError.violations(violations) }
        return xml
    }
}

/// Namespaces of a DCC; they carry no version, `schemaVersion` does.
enum CertificateNamespace: String {
    case dcc = "https://ptb.de/dcc"
    case si = "https://ptb.de/si"
    case signature = "http://www.w3.org/2000/09/xmldsig#"
}

/// The shapes that every part of a certificate is made of.
extension CertificateElement {
    /// The DCC's `textType` or `richContentType`: the same words in Chinese and English.
    static func words(
        _ name: String, with attributes: KeyValuePairs<String, String?> = [:],
        _ words: CertificateDocument.Words, of what: String
    ) throws -> CertificateElement {
        guard !words.zh.xmlTrimmed.isEmpty else { throw CalibrationCertificateError.missing(what) }
        // Where the English is wanting the Chinese, which is the one that binds, stands alone.
        let english = words.en.xmlTrimmed.isEmpty ? nil : words.en
        return .init(
            name, with: attributes,
            [
                .init("dcc:content", with: ["lang": "zh"], text: words.zh),
                english.map { .init("dcc:content", with: ["lang": "en"], text: $0) },
            ])
    }

    /// The same, of a proper name that is the same in every language.
    static func proper(_ name: String, _ text: String, of what: String) throws -> CertificateElement {
        guard !text.xmlTrimmed.isEmpty else { throw CalibrationCertificateError.missing(what) }
        return .init(name, [.init("dcc:content", text: text)])
    }

    /// The DCC's `notEmptyStringType`: no blank at either end.
    static func token(
        _ name: String, with attributes: KeyValuePairs<String, String?> = [:], _ text: String,
        of what: String
    ) throws -> CertificateElement {
        guard let element = token(name, with: attributes, ifAny: text) else {
            throw CalibrationCertificateError.missing(what)
        }
        return element
    }

    /// The same where the schema lets the element be left out; nil for a blank text.
    static func token(
        _ name: String, with attributes: KeyValuePairs<String, String?> = [:], ifAny text: String?
    ) -> CertificateElement? {
        guard let trimmed = text?.xmlTrimmed, !trimmed.isEmpty else { return nil }
        return .init(name, with: attributes, text: trimmed)
    }

    static func identification(
        _ issuer: String, _ value: String, name: CertificateElement? = nil, word: CertificateWord? = nil,
        of what: String
    ) throws -> CertificateElement {
        .init(
            "dcc:identification", with: ["refType": word?.rawValue],
            [
                .init("dcc:issuer", text: issuer), try token("dcc:value", value, of: what), name,
            ])
    }
}
