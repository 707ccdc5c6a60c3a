public import Chronometry
public import Registry
public import Traceability

/// One reason why an institute cannot verify a category on a day.
public enum CapabilityGap: Hashable, Sendable {
    /// The catalogue does not ask for it that day, or whether it does is not known.
    case notCompulsory
    case noEditionInForce(regulations: [String])
    case notAuthorized(authorization: String)
    case authorizationLapsed(authorization: String, lastDay: CivilDate)
    case noPublicStandard
    case assessmentNotValid(publicStandard: String, number: String, from: CivilDate, until: CivilDate)
    case certificateNotValid(publicStandard: String, number: String, from: CivilDate, until: CivilDate)
    /// The public standard was assessed for editions of which none is in force for the category.
    case assessedForOtherEdition(publicStandard: String, assessed: [String], inForce: [String])
    case noMainStandard(publicStandard: String)
    case notTraceable(Standing)
    case tooFewVerifiers(qualified: [String])

    /// The least number of qualified verifiers for a category (JJF 1033, chapter on people).
    public static let leastVerifiers = 2

    /// How many facts have to be brought about before this gap is closed; the cheapest remedy is the
    /// one with the fewest.
    public var missingFacts: Int {
        switch self {
        // Standards, assessment certificate, public certificate.
        case .noPublicStandard: 3
        case .tooFewVerifiers(let qualified): max(1, Self.leastVerifiers - qualified.count)
        default: 1
        }
    }

    /// False where only a change of catalogue or regulation would close it.
    public var isInInstitutesHands: Bool {
        switch self {
        case .notCompulsory, .noEditionInForce: false
        default: true
        }
    }

    /// A word for programs.
    public var code: String {
        switch self {
        case .notCompulsory: "not-compulsory"
        case .noEditionInForce: "no-edition-in-force"
        case .notAuthorized: "not-authorized"
        case .authorizationLapsed: "authorization-lapsed"
        case .noPublicStandard: "no-public-standard"
        case .assessmentNotValid: "assessment-not-valid"
        case .certificateNotValid: "public-certificate-not-valid"
        case .assessedForOtherEdition: "assessed-for-other-edition"
        case .noMainStandard: "no-main-standard"
        case .notTraceable: "not-traceable"
        case .tooFewVerifiers: "too-few-verifiers"
        }
    }

    /// What is missing, in one sentence each.
    public var text: Bilingual {
        switch self {
        case .notCompulsory:
            Bilingual(
                zh: "目录当日未要求强制检定,或监管方式待核",
                en: "the catalogue does not ask for verification that day, or this is not confirmed")
        case .noEditionInForce(let regulations):
            Bilingual(
                zh: "没有已确认现行有效的规程(\(regulations.joined(separator: "、")))",
                en: "no edition confirmed to be in force (\(regulations.joined(separator: ", ")))")
        case .notAuthorized(let authorization):
            Bilingual(
                zh: "授权证书 \(authorization) 未包含该项目",
                en: "authorization \(authorization) does not cover it")
        case .authorizationLapsed(let authorization, let lastDay):
            Bilingual(
                zh: "授权证书 \(authorization) 已于 \(lastDay) 到期",
                en: "authorization \(authorization) held until \(lastDay)")
        case .noPublicStandard:
            Bilingual(zh: "未建立社会公用计量标准", en: "there is no public standard for it")
        case .assessmentNotValid(_, let number, let from, let until):
            Bilingual(
                zh: "考核证书 \(number) 不在有效期内(\(from) 至 \(until))",
                en: "assessment certificate \(number) holds only from \(from) to \(until)")
        case .certificateNotValid(_, let number, let from, let until):
            Bilingual(
                zh: "社会公用计量标准证书 \(number) 不在有效期内(\(from) 至 \(until))",
                en: "public standard certificate \(number) holds only from \(from) to \(until)")
        case .assessedForOtherEdition(let standard, let assessed, let inForce):
            Bilingual(
                zh:
                    "计量标准 \(standard) 按 \(assessed.joined(separator: "、")) 考核,现行为 \(inForce.joined(separator: "、"))",
                en:
                    "public standard \(standard) was assessed for \(assessed.joined(separator: ", ")); in force is \(inForce.joined(separator: ", "))"
            )
        case .noMainStandard(let standard):
            Bilingual(
                zh: "计量标准 \(standard) 没有主标准器", en: "public standard \(standard) names no main standard")
        case .notTraceable(let standing): Bilingual(zh: standing.zh, en: standing.en)
        case .tooFewVerifiers(let qualified):
            Bilingual(
                zh: "合格检定员只有 \(qualified.count) 人,至少 \(Self.leastVerifiers) 人",
                en: "only \(qualified.count) of \(Self.leastVerifiers) qualified verifiers")
        }
    }
}
