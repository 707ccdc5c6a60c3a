import Chronometry
import Registry
public import Traceability

/// A standard as it stood when the session began: what its certificate said then, kept in the
/// record, so that nothing learned later changes what was computed.
public struct StandardUsed: Hashable, Sendable, Codable {
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
    public let curve: CalibrationCurve
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
        curve = CalibrationCurve(points: certificate.points)
        self.chain = chain.links.compactMap { link in
            link.certificate.map { certificate in
                Link(
                    standard: link.standard.key, nameZh: link.standard.name.zh,
                    nameEn: link.standard.name.en, certificate: certificate.number,
                    issuer: certificate.issuer, validUntil: "\(certificate.validUntil)",
                    uncertainty: certificate.widest.text(in: certificate.unit),
                    documentDigest: certificate.documentDigest, inDate: link.isInDate)
            }
        }
        self.assessment = assessment
    }

    /// Correction, U and k at `influence`; nil outside the range the certificate covers.
    func values(at influence: Double) -> (correction: Double, expandedUncertainty: Double, k: Double)? {
        curve.values(at: influence)
    }
}

extension CalibrationCertificate.Point {
    /// `U = 0.1 %, k = 2`
    fileprivate func text(in unit: String) -> String {
        func short(_ value: Double) -> String {
            value == value.rounded() && abs(value) < 1e9 ? "\(Int(value))" : "\(value)"
        }
        return "U = \(short(expandedUncertainty)) \(unit), k = \(short(coverageFactor))"
    }
}
