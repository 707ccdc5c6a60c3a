public import Chronometry
public import Metrology

/// One edition of one verification regulation as data, from `Calibration/procedures/*.yaml`.
///
/// The kind read here compares an indicated with a reference quantity at points of one influence
/// (the flow); limits depend on class, point and water temperature.
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

    public struct NameplateItem: Sendable {
        public let name: String
        public let words: Words
        public let unit: MeasurementUnit
        /// Empty where any positive value may stand on a nameplate.
        public let allowed: [ExactDecimal]
        public let provenance: Provenance
    }

    public struct DerivedValue: Sendable {
        public let name: String
        public let words: Words
        public let formula: Formula
        public let unit: MeasurementUnit
    }

    /// A condition that is measured while the session runs.
    public struct Condition: Sendable {
        public let id: String
        public let words: Words
        public let unit: MeasurementUnit
        /// nil where the value is recorded and not limited.
        public let within: ClosedRange<ExactDecimal>?
        public let provenance: Provenance
    }

    public struct Check: Sendable {
        public let id: String
        public let words: Words
    }

    public struct Point: Sendable {
        public let id: String
        public let lowestFlow: Formula
        public let highestFlow: Formula
    }

    public struct Limit: Sendable {
        public let accuracyClass: ExactDecimal
        public let points: [String]
        /// Water temperature from which (exclusive) and up to which (inclusive) the line holds, °C.
        public let waterAbove: ExactDecimal?
        public let waterAtMost: ExactDecimal?
        /// Symmetric, in ``Procedure/errorUnit``.
        public let limit: ExactDecimal
        public let provenance: Provenance
    }

    /// A rule over the errors of all points of one instrument.
    public struct JointRule: Sendable {
        public enum Kind: String, Sendable, CaseIterable {
            case oneWithinWhenSameSign = "one-within-when-same-sign"
        }

        public let id: String
        public let words: Words
        public let kind: Kind
        public let fraction: ExactDecimal
    }

    public struct InfluenceRule: Sendable {
        public enum Kind: String, Sendable, CaseIterable {
            case resolution, repeatability, certificate, rectangular
        }

        public let input: String
        public let kind: Kind
        public let words: Words
        /// Relative to the input's value; only for ``Kind/rectangular``.
        public let relativeHalfWidth: Double?
    }

    public struct Validity: Sendable {
        public enum Kind: String, Sendable, Codable, CaseIterable {
            /// Verified once; the date is until when the instrument may stay in use.
            case useUntil = "use-until"
            case periodic
        }

        public let atMost: [String: ExactDecimal]
        public let kind: Kind
        /// An upper bound: the institute may shorten it.
        public let months: Int
        public let provenance: Provenance
    }

    public let number: String
    public let title: Words
    public let inForceFrom: CivilDate
    public let inForceUntil: CivilDate?
    public let categories: [String]
    public let source: String
    public let review: String
    /// SHA-256 of the file's bytes, lower-case hexadecimal.
    public let digest: String
    /// The file itself, kept with what is computed under it.
    public let text: String
    public let nameplate: [NameplateItem]
    public let derived: [DerivedValue]
    public let conditions: [Condition]
    public let checks: [Check]
    public let testName: Words
    public let points: [Point]
    public let volumeUnit: MeasurementUnit
    /// What is not transcribed, in words for the certificate's reader.
    public let unknown: [String]
    public let error: Formula
    public let errorUnit: MeasurementUnit
    /// How many readings may be taken at a point whose first error is outside; their mean decides.
    public let readingsAtMost: Int
    public let limits: [Limit]
    public let jointRules: [JointRule]
    public let standardName: Words
    /// U of the standard may be at most this part of the limit.
    public let standardUncertaintyFraction: ExactDecimal
    public let uncertaintyModel: Formula
    public let k: Double
    public let influences: [InfluenceRule]
    public let decision: DecisionRule
    public let validity: [Validity]
    public let conformingWording: Words
    public let notConformingWording: Words

    public func isInForce(on day: CivilDate) -> Bool {
        day >= inForceFrom && inForceUntil.map { day <= $0 } ?? true
    }
}

extension Procedure {
    /// Nameplate and derived values in SI, checked against what the regulation allows.
    ///
    /// - Parameter nameplate: numbers in the units the procedure gives.
    /// - Throws: ``ProcedureError`` for a value that is missing, unknown or not allowed.
    public func values(of nameplate: [String: ExactDecimal]) throws -> [String: Double] {
        for name in nameplate.keys.sorted() where !self.nameplate.contains(where: { $0.name == name }) {
            throw ProcedureError.unknownNameplateValue(
                name, procedure: number, known: self.nameplate.map(\.name))
        }
        var values: [String: Double] = [:]
        for item in self.nameplate {
            guard let value = nameplate[item.name] else {
                throw ProcedureError.missingNameplateValue(item.name, procedure: number)
            }
            guard item.allowed.isEmpty ? value > ExactDecimal(0) : item.allowed.contains(value) else {
                throw ProcedureError.nameplateValueNotAllowed(
                    item.name, value: "\(value)", procedure: number,
                    allowed: item.allowed.map { "\($0)" })
            }
            values[item.name] = item.unit.si(value.double)
        }
        for value in derived { values[value.name] = try value.formula.evaluate(values).value }
        return values
    }

    /// The limit of error at `point`, in ``errorUnit``; nil where the procedure gives none.
    ///
    /// - Parameter waterTemperature: in °C.
    public func limit(
        at point: String, accuracyClass: ExactDecimal, waterTemperature: ExactDecimal
    ) -> ExactDecimal? {
        limits.first { line in
            line.accuracyClass == accuracyClass && line.points.contains(point)
                && line.waterAbove.map { waterTemperature > $0 } ?? true
                && line.waterAtMost.map { waterTemperature <= $0 } ?? true
        }?.limit
    }

    /// The first validity whose conditions the nameplate meets.
    public func validity(for nameplate: [String: ExactDecimal]) -> Validity? {
        validity.first { line in
            line.atMost.allSatisfy { name, limit in nameplate[name].map { $0 <= limit } ?? false }
        }
    }
}
