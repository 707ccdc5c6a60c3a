import Chronometry
import Foundation
import Registry

extension Chain {
    /// The chain for a person: one paragraph a link, from the standard upwards, then what breaks it.
    public var text: String {
        var lines: [String] = []
        for (level, link) in links.enumerated() {
            let indent = String(repeating: "  ", count: level)
            lines += described(link, arrow: level == 0 ? "" : "↑ ").map { indent + $0 }
        }
        lines += breaks.map { "断链 / broken: \($0.zh) / \($0.en)" }
        let standing = Standing(of: self)
        lines.append("\(day): \(standing.zh) / \(standing.en)")
        return lines.joined(separator: "\n")
    }

    /// The chain for a program: what the HTTP API returns.
    public func json() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(ChainDocument(self)), as: UTF8.self)
    }

    private func described(_ link: Link, arrow: String) -> [String] {
        let standard = link.standard
        let head = [
            "\(arrow)\(standard.key)  \(standard.name.zh) / \(standard.name.en)",
            "    \(standard.maker) \(standard.model) No. \(standard.serial)  "
                + "\(standard.range)  \(standard.accuracy)  [\(standard.kind.rawValue)]",
        ]
        guard let certificate = link.certificate else {
            return head + ["    无证书 / no certificate"]
        }
        let widest = certificate.widest
        return head + [
            "    \(certificate.number)  \(certificate.issuer)  \(certificate.issuedOn) … "
                + "\(certificate.validUntil)  \(link.isInDate ? "有效 / in date" : "已过期 / out of date")",
            "    U = \(number(widest.expandedUncertainty)) \(certificate.unit) "
                + "(k = \(number(widest.coverageFactor)))",
        ]
    }

    /// Whole numbers without a fraction, as certificates write them.
    private func number(_ value: Double) -> String {
        value == value.rounded() && abs(value) < 1e15 ? String(Int(value)) : String(value)
    }
}

/// The shape of a chain in JSON.
private struct ChainDocument: Encodable {
    struct Link: Encodable {
        let standard: String
        let name: [String: String]
        let kind: String
        let accuracy: String
        let inDate: Bool
        let certificate: String?
        let issuer: String?
        let issuedOn: String?
        let validUntil: String?
        let expandedUncertainty: Double?
        let coverageFactor: Double?
        let unit: String?
        let review: String?
    }

    let standard: String
    let day: String
    let unbroken: Bool
    let links: [Link]
    let breaks: [[String: String]]
    let standing: [String: String]

    init(_ chain: Chain) {
        standard = chain.standard
        day = chain.day.description
        unbroken = chain.isUnbroken
        links = chain.links.map { link in
            let certificate = link.certificate
            return Link(
                standard: link.standard.key,
                name: ["zh": link.standard.name.zh, "en": link.standard.name.en],
                kind: link.standard.kind.rawValue, accuracy: link.standard.accuracy,
                inDate: link.isInDate, certificate: certificate?.number,
                issuer: certificate?.issuer, issuedOn: certificate?.issuedOn.description,
                validUntil: certificate?.validUntil.description,
                expandedUncertainty: certificate?.widest.expandedUncertainty,
                coverageFactor: certificate?.widest.coverageFactor, unit: certificate?.unit,
                review: certificate?.review.rawValue)
        }
        breaks = chain.breaks.map { ["zh": $0.zh, "en": $0.en] }
        let standing = Standing(of: chain)
        self.standing = ["zh": standing.zh, "en": standing.en]
    }
}
