public import Chronometry
public import Registry

/// 社会公用计量标准: a measurement standard assessed as a whole (JJF 1033), which lets an institute
/// verify for the public.
public struct PublicStandard: Hashable, Sendable {
    /// A certificate with the first and the last day on which it holds.
    public struct Paper: Hashable, Sendable {
        public let number: String
        public let validFrom: CivilDate
        public let validUntil: CivilDate

        public init(number: String, validFrom: CivilDate, validUntil: CivilDate) {
            self.number = number
            self.validFrom = validFrom
            self.validUntil = validUntil
        }

        public func holds(on day: CivilDate) -> Bool { validFrom <= day && day <= validUntil }
    }

    public let key: String
    /// Key of the institution that holds it.
    public let institution: String
    public let name: Bilingual
    /// 计量标准考核证书, the certificate of the assessment.
    public let assessment: Paper
    /// 社会公用计量标准证书, issued in addition.
    public let certificate: Paper
    /// Keys of the catalogue entries it covers.
    public let categories: [String]
    /// The editions it was assessed for, such as `JJG 443-2023`; empty where the assessment names
    /// none and so does not bind it to an edition.
    public let regulations: [String]
    public let range: String
    public let accuracy: String
    /// Keys of the main standards 主标准器 it is built from.
    public let mainStandards: [String]

    public init(
        key: String, institution: String, name: Bilingual, assessment: Paper, certificate: Paper,
        categories: [String], regulations: [String], range: String, accuracy: String,
        mainStandards: [String]
    ) {
        self.key = key
        self.institution = institution
        self.name = name
        self.assessment = assessment
        self.certificate = certificate
        self.categories = categories
        self.regulations = regulations
        self.range = range
        self.accuracy = accuracy
        self.mainStandards = mainStandards
    }
}
