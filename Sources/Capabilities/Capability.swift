public import Chronometry
public import Registry

/// 检定能力: whether one institute can verify one category on one day. Always computed, never declared.
public struct Capability: Hashable, Sendable {
    public enum Verdict: Hashable, Sendable {
        /// `editions` are the regulations it covers; `lapse` what ends it first, nil where nothing
        /// on file does.
        case capable(editions: [String], lapse: Lapse?)
        case notCapable([CapabilityGap])
    }

    /// Key of the institution.
    public let institution: String
    /// Key of the catalogue entry.
    public let category: String
    public let verdict: Verdict

    public var isCapable: Bool {
        if case .capable = verdict { true } else { false }
    }

    public var gaps: [CapabilityGap] {
        if case .notCapable(let gaps) = verdict { gaps } else { [] }
    }

    public var lapse: Lapse? {
        if case .capable(_, let lapse) = verdict { lapse } else { nil }
    }

    public var editions: [String] {
        if case .capable(let editions, _) = verdict { editions } else { [] }
    }

    public var missingFacts: Int { gaps.reduce(0) { $0 + $1.missingFacts } }
}

/// What ends a capability, and the last day on which it still holds.
public struct Lapse: Hashable, Sendable {
    public enum What: Hashable, Sendable {
        case authorization(String)
        case assessment(String)
        case publicCertificate(String)
        case calibration(certificate: String, standard: String)
        case verifier(name: String)
        case edition(String)
    }

    public let lastDay: CivilDate
    public let what: What

    public init(lastDay: CivilDate, what: What) {
        self.lastDay = lastDay
        self.what = what
    }

    /// A word for programs.
    public var code: String {
        switch what {
        case .authorization: "authorization"
        case .assessment: "assessment"
        case .publicCertificate: "public-certificate"
        case .calibration: "calibration"
        case .verifier: "verifier"
        case .edition: "edition"
        }
    }

    public var text: Bilingual {
        switch what {
        case .authorization(let number):
            Bilingual(zh: "授权证书 \(number)", en: "authorization \(number)")
        case .assessment(let number):
            Bilingual(zh: "考核证书 \(number)", en: "assessment certificate \(number)")
        case .publicCertificate(let number):
            Bilingual(zh: "社会公用计量标准证书 \(number)", en: "public standard certificate \(number)")
        case .calibration(let certificate, let standard):
            Bilingual(
                zh: "标准 \(standard) 的证书 \(certificate)", en: "certificate \(certificate) of \(standard)")
        case .verifier(let name):
            Bilingual(zh: "检定员 \(name) 的资格", en: "the qualification of verifier \(name)")
        case .edition(let number):
            Bilingual(zh: "规程 \(number) 被代替", en: "\(number) is replaced")
        }
    }
}
