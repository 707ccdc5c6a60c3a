public import Chronometry

/// The way from one standard up to the national standard, as it is on one day.
public struct Chain: Hashable, Sendable {
    public struct Link: Hashable, Sendable {
        public let standard: Standard
        /// The newest certificate issued by that day; nil where there is none.
        public let certificate: CalibrationCertificate?
        public let isInDate: Bool
    }

    /// Why the chain does not hold; none of these is thrown.
    public enum Break: Hashable, Sendable {
        /// A standard that nothing is known about: the first one asked for, or the one a
        /// certificate names as its reference.
        case unknownStandard(key: String, namedBy: String?)
        case uncalibrated(standard: String)
        /// `lastDay` was the last day on which the certificate held.
        case expired(standard: String, certificate: String, lastDay: CivilDate)
        /// The keys in the order they were met; the last one stands in the list twice.
        case cycle([String])
        /// A certificate that names nothing above, of a standard that is not the national one.
        case endsBelowNational(standard: String, certificate: String)
    }

    /// Key of the standard the chain starts from.
    public let standard: String
    public let day: CivilDate
    /// From the standard upwards.
    public let links: [Link]
    /// In the order they were met going up; empty where the chain holds.
    public let breaks: [Break]

    public var isUnbroken: Bool { breaks.isEmpty }

    /// The certificate of the chain that ends first; nil where a break leaves nothing to end.
    public var firstToEnd: CalibrationCertificate? {
        guard isUnbroken else { return nil }
        return links.compactMap(\.certificate).min { $0.validUntil < $1.validUntil }
    }
}

extension Chain.Break {
    /// One sentence in each language: what is wrong, with which thing.
    public var zh: String {
        switch self {
        case .unknownStandard(let key, let namedBy?): "证书 \(namedBy) 所用的上级标准 \(key) 未建档"
        case .unknownStandard(let key, nil): "标准 \(key) 未建档"
        case .uncalibrated(let standard): "标准 \(standard) 没有检定或校准证书"
        case .expired(let standard, let certificate, let lastDay):
            "标准 \(standard) 的证书 \(certificate) 已过期,有效期至 \(lastDay)"
        case .cycle(let keys): "溯源成环:\(keys.joined(separator: " → "))"
        case .endsBelowNational(let standard, let certificate):
            "标准 \(standard) 的证书 \(certificate) 未写上级标准,溯源未到国家基准"
        }
    }

    public var en: String {
        switch self {
        case .unknownStandard(let key, let namedBy?):
            "certificate \(namedBy) names the standard \(key), which is not on file"
        case .unknownStandard(let key, nil): "standard \(key) is not on file"
        case .uncalibrated(let standard): "standard \(standard) has no certificate"
        case .expired(let standard, let certificate, let lastDay):
            "certificate \(certificate) of \(standard) held until \(lastDay)"
        case .cycle(let keys): "the chain runs in a circle: \(keys.joined(separator: " → "))"
        case .endsBelowNational(let standard, let certificate):
            "certificate \(certificate) of \(standard) names no standard above it: the chain ends below the national standard"
        }
    }
}
