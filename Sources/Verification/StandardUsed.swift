import Chronometry
import Traceability
import Registry

/// A standard as it stood when the session began: what its certificate said then, kept in the
/// record, so that nothing learned later changes what was computed.
public struct StandardUsed: Hashable, Sendable, Codable {
    public struct Point: Hashable, Sendable, Codable {
        public let at: Double
        public let correction: Double
        public let expandedUncertainty: Double
        public let k: Double
    }

    public struct Link: Hashable, Sendable, Codable {
        public let standard: String
        public let nameZh: String
        public let nameEn: String
        public let certificate: String
        public let issuer: String
        public let validUntil: String
        public let uncertainty: String
        public let documentDigest: String?
        public let inDate: Bool
    }

    /// `reference`, or the id of the condition it measures.
    public let role: String
    public let key: String
    public let nameZh: String
    public let nameEn: String
    public let maker: String
    public let model: String
    public let serial: String
    public let range: String
    public let accuracy: String
    public let certificate: String
    public let issuer: String
    public let validUntil: String
    /// Unit of corrections and U.
    public let unit: String
    /// Unit of the influence the values depend on.
    public let influenceUnit: String
    public let points: [Point]
    /// From this standard's own certificate upwards.
    public let chain: [Link]
    /// Number of the public standard's assessment certificate it belongs to.
    public let assessment: String

    /// - Returns: nil where the chain begins with no certificate.
    init?(role: String, chain: Chain, assessment: String) {
        guard let first = chain.links.first, let certificate = first.certificate else { return nil }
        let standard = first.standard
        self.role = role
        key = standard.key
        nameZh = standard.name.zh
        nameEn = standard.name.en
        maker = standard.maker
        model = standard.model
        serial = standard.serial
        range = standard.range
        accuracy = standard.accuracy
        self.certificate = certificate.number
        issuer = certificate.issuer
        validUntil = "\(certificate.validUntil)"
        unit = certificate.unit
        influenceUnit = certificate.influence.unit
        points = certificate.points.map {
            Point(
                at: $0.at, correction: $0.correction, expandedUncertainty: $0.expandedUncertainty,
                k: $0.coverageFactor)
        }
        self.chain = chain.links.compactMap { link in
            link.certificate.map { certificate in
                Link(
                    standard: link.standard.key, nameZh: link.standard.name.zh,
                    nameEn: link.standard.name.en, certificate: certificate.number,
                    issuer: certificate.issuer, validUntil: "\(certificate.validUntil)",
                    uncertainty: "U = \(certificate.widest.expandedUncertainty) \(certificate.unit), "
                        + "k = \(certificate.widest.coverageFactor)",
                    documentDigest: certificate.documentDigest, inDate: link.isInDate)
            }
        }
        self.assessment = assessment
    }

    /// Correction, U and k at `influence`, straight between neighbouring points and with the larger
    /// U of the two; nil outside the range the certificate covers.
    func values(at influence: Double) -> (correction: Double, expandedUncertainty: Double, k: Double)? {
        guard let upper = points.firstIndex(where: { $0.at >= influence }) else { return nil }
        let above = points[upper]
        if above.at == influence { return (above.correction, above.expandedUncertainty, above.k) }
        guard upper > 0 else { return nil }
        let below = points[upper - 1]
        let part = (influence - below.at) / (above.at - below.at)
        let worse = below.expandedUncertainty > above.expandedUncertainty ? below : above
        return (
            below.correction + part * (above.correction - below.correction),
            worse.expandedUncertainty, worse.k
        )
    }
}
