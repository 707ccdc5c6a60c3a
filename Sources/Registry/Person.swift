public import Chronometry

/// What a person may do in the institute.
public enum Role: String, CaseIterable, Sendable {
    /// 检定员
    case verifier
    /// 核验员
    case checker
    /// 批准人, the authorized signatory
    case signatory
    /// 技术负责人
    case technicalManager = "technical-manager"
    /// 标准负责人
    case custodian

    public var name: Bilingual {
        switch self {
        case .verifier: Bilingual(zh: "检定员", en: "verifier")
        case .checker: Bilingual(zh: "核验员", en: "checker")
        case .signatory: Bilingual(zh: "批准人", en: "signatory")
        case .technicalManager: Bilingual(zh: "技术负责人", en: "technical manager")
        case .custodian: Bilingual(zh: "标准负责人", en: "custodian of standards")
        }
    }
}

/// One paper that lets a person act in one role for some categories until some day.
public struct Qualification: Hashable, Sendable {
    public let role: Role
    /// Number of the verifier's certificate, registration or letter of appointment.
    public let certificate: String
    public let scope: Scope
    /// The last day on which it holds.
    public let validUntil: CivilDate

    public init(role: Role, certificate: String, scope: Scope, validUntil: CivilDate) {
        self.role = role
        self.certificate = certificate
        self.scope = scope
        self.validUntil = validUntil
    }

    /// - Parameter regulations: numbers of the category's regulations: a paper may name either.
    public func holds(
        _ role: Role, for category: String, regulations: [String] = [], on day: CivilDate
    ) -> Bool {
        self.role == role && day <= validUntil && scope.covers(category, regulations: regulations)
    }
}

public struct Person: Hashable, Sendable {
    public let key: String
    public let name: String
    /// Key of the institution the person works for.
    public let institution: String
    public let qualifications: [Qualification]

    public init(key: String, name: String, institution: String, qualifications: [Qualification]) {
        self.key = key
        self.name = name
        self.institution = institution
        self.qualifications = qualifications
    }

    /// The last day on which the person holds `role` for `category`, by the longest of the papers
    /// that hold on `day`; nil where none does.
    public func qualified(
        _ role: Role, for category: String, regulations: [String] = [], on day: CivilDate
    ) -> CivilDate? {
        qualifications
            .filter { $0.holds(role, for: category, regulations: regulations, on: day) }
            .map(\.validUntil).max()
    }
}
