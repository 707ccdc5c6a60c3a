public import Chronometry

/// One certificate held for a standard: an edge of the traceability graph.
public struct CalibrationCertificate: Hashable, Sendable {
    /// What the certificate's values are a function of.
    public struct Influence: Hashable, Sendable {
        /// Such as `flow rate`.
        public let name: String
        /// The unit of every ``Point/at``, such as `m3/h`.
        public let unit: String

        public init(name: String, unit: String) {
            self.name = name
            self.unit = unit
        }
    }

    public struct Point: Hashable, Sendable, Codable {
        /// In the unit of the influence.
        public let at: Double
        /// What is added to the standard's indication; in the certificate's unit.
        public let correction: Double
        /// U, in the certificate's unit.
        public let expandedUncertainty: Double
        /// The coverage factor k of U.
        public let coverageFactor: Double

        public init(
            at: Double, correction: Double, expandedUncertainty: Double, coverageFactor: Double
        ) {
            self.at = at
            self.correction = correction
            self.expandedUncertainty = expandedUncertainty
            self.coverageFactor = coverageFactor
        }
    }

    /// How far its content was looked at.
    public enum Review: String, CaseIterable, Sendable {
        case reviewed
        case awaitingReview = "awaiting-review"
        /// Invented.
        case demonstration
    }

    public let number: String
    /// Key of the standard that was calibrated.
    public let standard: String
    public let issuer: String
    public let issuedOn: CivilDate
    /// The last day on which it holds.
    public let validUntil: CivilDate
    /// Key of the standard one level up; nil for a national standard, which has none above it.
    public let reference: String?
    public let influence: Influence
    /// The unit of corrections and uncertainties, such as `%`.
    public let unit: String
    /// In rising order of ``Point/at``; at least one.
    public let points: [Point]
    /// SHA-256 of the document, lower-case hexadecimal.
    public let documentDigest: String?
    public let review: Review

    /// - Throws: ``TraceabilityError`` where there are no points, two stand at one place or out of
    ///   order, U is negative, k is not positive, or validity ends before the day of issue.
    public init(
        number: String, standard: String, issuer: String, issuedOn: CivilDate,
        validUntil: CivilDate, reference: String?, influence: Influence, unit: String,
        points: [Point], documentDigest: String?, review: Review
    ) throws {
        func refusal(_ why: String) -> TraceabilityError {
            .impossibleCertificate(number: number, why: why)
        }
        guard issuedOn <= validUntil else {
            throw refusal("its validity ends on \(validUntil), before it was issued on \(issuedOn)")
        }
        guard !points.isEmpty else { throw refusal("it states no values") }
        guard zip(points, points.dropFirst()).allSatisfy({ $0.at < $1.at }) else {
            throw refusal("its points do not stand in rising order of \(influence.name)")
        }
        guard points.allSatisfy({ $0.expandedUncertainty >= 0 && $0.coverageFactor > 0 }) else {
            throw refusal("an uncertainty is negative, or a coverage factor is not positive")
        }
        self.number = number
        self.standard = standard
        self.issuer = issuer
        self.issuedOn = issuedOn
        self.validUntil = validUntil
        self.reference = reference
        self.influence = influence
        self.unit = unit
        self.points = points
        self.documentDigest = documentDigest
        self.review = review
    }

    public func isInDate(on day: CivilDate) -> Bool { issuedOn <= day && day <= validUntil }

    /// Correction, U and k at `at` of the influence; see ``CalibrationCurve``.
    public func values(
        at: Double
    ) -> (correction: Double, expandedUncertainty: Double, k: Double)? {
        CalibrationCurve(points: points).values(at: at)
    }

    /// The point of the largest U, which speaks for the certificate in one line of a chain.
    public var widest: Point {
        points.max { $0.expandedUncertainty < $1.expandedUncertainty } ?? points[0]
    }
}
