/// What one certificate or notice says, in the words and digits it says it in.
///
/// Paper (``Typesetter``) and data (``CalibrationCertificateXML``) are both made from this and from
/// nothing else, so that they cannot differ. Texts for people are formatted here, once; numbers for
/// machines stand beside them in ``Results``.
public struct CertificateDocument: Codable, Hashable, Sendable {
    public enum Kind: String, Codable, Hashable, Sendable, CaseIterable {
        /// 检定证书
        case certificate
        /// 检定结果通知书
        case notice
    }

    /// The same words in the two languages of a certificate.
    public struct Words: Codable, Hashable, Sendable {
        public var zh: String
        public var en: String

        public init(zh: String, en: String) {
            self.zh = zh
            self.en = en
        }
    }

    public struct Labelled: Codable, Hashable, Sendable {
        public var label: Words
        public var value: String
    }

    public struct Institution: Codable, Hashable, Sendable {
        public var code: String
        public var name: Words
        public var authorization: String
        public var address: String
        public var postcode: String
        public var telephone: String
        public var email: String
        /// For the DCC's location: the city's name.
        public var city: String
    }

    public struct Client: Codable, Hashable, Sendable {
        public var name: String
        public var address: String
    }

    public struct InstrumentDescription: Codable, Hashable, Sendable {
        /// Key of the catalogue's entry.
        public var category: String
        public var name: Words
        public var model: String
        public var serial: String
        public var maker: String
        public var particulars: [Labelled]
    }

    public struct Signature: Codable, Hashable, Sendable {
        public var role: Words
        public var name: String
        /// `yyyy-MM-dd HH:mm:ss` in the institute's zone.
        public var signed_at: String
        /// First digits of the Ed25519 signature, hexadecimal.
        public var signature: String
        /// The signatory who answers for the whole: exactly one.
        public var isMain: Bool
    }

    public struct Regulation: Codable, Hashable, Sendable {
        public var number: String
        public var title: Words
    }

    public struct ProcedureReference: Codable, Hashable, Sendable {
        /// SHA-256 of the procedure file.
        public var digest: String
        public var review: Words
    }

    public struct StandardUsed: Codable, Hashable, Sendable {
        public var key: String
        public var name: Words
        public var maker: String
        public var model: String
        public var serial: String
        public var range: String
        public var accuracy: String
        public var certificate: String
        public var issuer: String
        public var valid_until: String
        public var assessment: String
        /// The chain above, nearest first; the first is this standard's own certificate.
        public var chain: [ChainLink]
    }

    public struct ChainLink: Codable, Hashable, Sendable {
        public var level: Int
        public var what: String
        public var certificate: String
        public var issuer: String
        public var uncertainty: String
        public var valid_until: String
        /// SHA-256 of the certificate's file, or nil for a paper certificate.
        public var digest: String?
        public var inDate: Bool
    }

    public struct Environment: Codable, Hashable, Sendable {
        public struct Item: Codable, Hashable, Sendable {
            public var id: String
            public var label: Words
            public var value: String
            public var unit: String
            public var requirement: String
        }

        public var place: String
        public var items: [Item]
    }

    public struct Check: Codable, Hashable, Sendable {
        public var label: Words
        public var result: Words
    }

    public struct Table: Codable, Hashable, Sendable {
        public struct Column: Codable, Hashable, Sendable {
            public var label: Words
            public var unit: String?
        }

        public var title: Words
        public var columns: [Column]
        public var rows: [[String]]
        public var failed_rows: [Int]
        public var notes: [Words]
    }

    /// The results as numbers, for the DCC: one list an output, all lists as long as `points`.
    public struct Results: Codable, Hashable, Sendable {
        public var id: String
        public var name: Words
        /// For example Q3, Q2, Q1.
        public var points: [String]
        public var quantities: [QuantityList]
    }

    public struct QuantityList: Codable, Hashable, Sendable {
        public enum Role: String, Codable, Hashable, Sendable {
            case nominal, measured, reference, error, limitLower, limitUpper
        }

        public var role: Role
        public var name: Words
        /// Symbol as ``Metrology`` writes it: `m3/h`, `%`, `L`.
        public var unit: String
        /// Decimal numbers as text, one a point.
        public var values: [String]
        /// U at each point in `unit`, where there is one.
        public var expandedUncertainties: [String]?
        public var k: String?
        public var coverageProbability: String?
        /// One verdict a point, on the error.
        public var verdicts: [PointVerdict]?
    }

    public enum PointVerdict: String, Codable, Hashable, Sendable {
        case pass, fail, undetermined
    }

    public struct Validity: Codable, Hashable, Sendable {
        public var label: Words
        public var value: String
        /// Whole months, for the DCC's period.
        public var months: Int
    }

    public struct Verify: Codable, Hashable, Sendable {
        public var code: String
        public var hint: Words
    }

    public var kind: Kind
    public var demonstration: Bool
    public var number: String
    public var title: Words
    public var institution: Institution
    public var client: Client
    public var instrument: InstrumentDescription
    public var conclusion: Words
    /// `yyyy-MM-dd`, all four.
    public var received_on: String?
    public var begun_on: String
    public var verified_on: String
    public var issued_on: String
    public var valid_until: Validity?
    public var signatures: [Signature]
    public var record: String
    public var record_digest: String
    public var regulation: Regulation
    public var procedure: ProcedureReference
    public var standards: [StandardUsed]
    public var chain: [ChainLink]
    public var environment: Environment
    public var checks: [Check]
    public var tables: [Table]
    public var results: [Results]
    public var failing_items: [Words]
    public var decision_rule: Words
    public var uncertainty: Words
    public var notes: [Words]
    public var verify: Verify
    /// The issued certificate that this one corrects.
    public var replaces: Replaced?
    /// Name and version of the program, for the DCC.
    public var software: Software

    public struct Replaced: Codable, Hashable, Sendable {
        public var title: Words
        public var number: String
        /// SHA-256 of its file.
        public var digest: String
        public var reason: Words
    }

    public struct Software: Codable, Hashable, Sendable {
        public var name: String
        public var version: String
    }
}
