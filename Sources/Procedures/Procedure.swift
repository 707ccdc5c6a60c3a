public import Chronometry
public import Metrology

/// One edition of one verification regulation as data, from `Calibration/procedures/*.yaml`: what is asked of the
/// instrument, checked, measured and computed, and which limits decide.
///
/// The order of everything is the order of work. What is not transcribed stands as ``unknown``: such a procedure can be
/// read and tried, and not approved.
public struct Procedure: Sendable {
    public struct Words: Hashable, Sendable, Codable {
        public let zh: String
        public let en: String
    }

    /// How sure a transcribed fact is. What is *low* may not stand in a procedure at all.
    public enum Confidence: String, Hashable, Sendable, CaseIterable {
        /// A public page says so.
        case found
        /// Recalled from general knowledge, nothing was read.
        case high, medium
    }

    public struct Provenance: Hashable, Sendable {
        public let source: String
        public let confidence: Confidence
    }

    /// Where an instrument stands in its life 首次检定、后续检定、使用中检查.
    public enum Stage: String, Hashable, Sendable, Codable, CaseIterable {
        case first, subsequent
        case inService = "in-service"

        public var words: Words {
            switch self {
            case .first: Words(zh: "首次检定", en: "first verification")
            case .subsequent: Words(zh: "后续检定", en: "subsequent verification")
            case .inService: Words(zh: "使用中检查", en: "in-service inspection")
            }
        }
    }

    /// A number or a word that the instrument's plate says.
    public struct NameplateItem: Sendable {
        public enum Values: Sendable {
            /// In the unit; empty where any positive value may stand on a plate.
            case numbers(MeasurementUnit, oneOf: [ExactDecimal], mayBeAnySign: Bool)
            case words([String])
        }

        public let name: String
        public let words: Words
        public let values: Values
        /// What a plate may say in place of a number, and which: 1.5 counts as 1.6.
        public let sameAs: [ExactDecimal: ExactDecimal]
        public let isOptional: Bool
        public let provenance: Provenance

        public var unit: MeasurementUnit {
            if case .numbers(let unit, _, _) = values { unit } else { .one }
        }
    }

    /// A number that follows from the plate: the first case that applies.
    public struct DerivedValue: Sendable {
        public struct Case: Sendable {
            public let applies: Applicability
            public let formula: ProcedureFormula
        }

        public let name: String
        public let words: Words
        public let cases: [Case]
        public let unit: MeasurementUnit
    }

    /// A condition that is measured while the session runs.
    public struct Condition: Sendable {
        public let id: String
        public let words: Words
        public let unit: MeasurementUnit
        /// In ``unit``; nil where the value is recorded and not limited.
        public let within: ClosedRange<ExactDecimal>?
        public let provenance: Provenance
    }

    /// A visual or functional check, passed or not.
    public struct Check: Sendable {
        public let id: String
        public let words: Words
        public let applies: Applicability
        public let provenance: Provenance
    }

    /// What a measurement standard must be good for.
    public struct StandardRule: Sendable {
        /// What its U, or the largest magnitude of its error, may be at most, as a part of a result's limit.
        public struct Fitness: Sendable {
            public let fraction: Double
            public let test: String
            public let result: String
            public let provenance: Provenance
        }

        public let role: String
        public let words: Words
        public let unit: MeasurementUnit
        /// Nil where no requirement is transcribed.
        public let fitness: Fitness?
    }

    /// How long a verification holds.
    public struct Validity: Sendable {
        public enum Kind: String, Sendable, Codable, CaseIterable {
            /// Verified once; the date is until when the instrument may stay in use.
            case useUntil = "use-until"
            /// Verified once, used until it is no longer accurate.
            case untilInaccurate = "until-inaccurate"
            case periodic
        }

        public let applies: Applicability
        public let kind: Kind
        /// An upper bound: the institute may shorten it; nil for ``Kind/untilInaccurate``.
        public let months: Int?
        public let provenance: Provenance
    }

    public let number: String
    public let title: Words
    /// Nil where the day is not known.
    public let inForceFrom: CivilDate?
    public let inForceUntil: CivilDate?
    public let categories: [String]
    public let source: String
    public let review: String
    /// SHA-256 of the file's bytes, lower-case hexadecimal.
    public let digest: String
    /// The file itself, kept with what is computed under it.
    public let text: String
    public let stages: [Stage]
    public let nameplate: [NameplateItem]
    public let derived: [DerivedValue]
    public let conditions: [Condition]
    public let checks: [Check]
    public let standards: [StandardRule]
    public let tests: [Test]
    public let decision: DecisionRule
    public let validity: [Validity]
    public let conformingWording: Words
    public let notConformingWording: Words
    /// What is not transcribed and without which nobody may be given a certificate: what and why.
    public let unknown: [String]
    /// What is left to the institute or not transcribed, in words for the certificate's reader.
    public let notes: [Words]

    public func isInForce(on day: CivilDate) -> Bool {
        guard let inForceFrom else { return false }
        return day >= inForceFrom && inForceUntil.map { day <= $0 } ?? true
    }

    public func test(_ id: String) -> Test? { tests.first { $0.id == id } }
}
