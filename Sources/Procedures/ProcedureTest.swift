public import Metrology

extension Procedure {
    /// One test: readings at points, and what is computed from them.
    public struct Test: Sendable {
        public let id: String
        public let words: Words
        public let applies: Applicability
        /// What is set at a point: the load, the flow; nil where points have only names.
        public let setting: Setting?
        public let points: Points
        /// In the order of work; empty where a point is read one way only.
        public let strokes: [String]
        /// How often each point is read on each stroke.
        public let repeats: ClosedRange<Int>
        public let readings: [Reading]
        /// Each may use those before it.
        public let results: [Result]
        public let budgets: [Budget]
        public let retest: Retest?
        public let provenance: Provenance

        public func result(_ id: String) -> Result? { results.first { $0.id == id } }
        public func reading(_ name: String) -> Reading? { readings.first { $0.name == name } }
    }

    public struct Setting: Sendable {
        public let name: String
        public let words: Words
        public let unit: MeasurementUnit
    }

    public enum Points: Sendable {
        case listed([Point])
        /// So many, evenly spaced, both ends among them.
        case evenly(Int, from: ProcedureFormula, to: ProcedureFormula)
        /// Chosen by the technician within the ends; `including` must be among them.
        case chosen(atLeast: Int, from: ProcedureFormula?, to: ProcedureFormula?, including: [ProcedureFormula])
        /// The whole test is one point.
        case none
        /// Not transcribed.
        case unknown(why: String)
    }

    public struct Point: Sendable {
        public let id: String
        public let words: Words?
        public let applies: Applicability
        /// Nil where the point is a place or a state and not a setting.
        public let from: ProcedureFormula?
        public let to: ProcedureFormula?
        /// What else is true of it: `power_factor: 0.5L`.
        public let attributes: [String: String]
    }

    /// A value that is read or typed.
    public struct Reading: Sendable {
        public let name: String
        public let words: Words
        public let unit: MeasurementUnit
        /// Step of the indication; nil where it does not matter or the bench knows it.
        public let resolution: ProcedureFormula?
        /// Role of the standard that gives it; nil for the instrument's own indication.
        public let standard: String?
        public let isOptional: Bool
    }

    /// How much one value of a result speaks for.
    public enum Reach: String, Sendable, Comparable, CaseIterable {
        /// Each reading; all readings of a point; all points of the test.
        case reading, point, test

        private var rank: Int { self == .reading ? 0 : self == .point ? 1 : 2 }
        public static func < (a: Reach, b: Reach) -> Bool { a.rank < b.rank }
    }

    public struct Result: Sendable {
        public let id: String
        public let words: Words
        public let reach: Reach
        public let applies: Applicability
        public let formula: ProcedureFormula
        public let unit: MeasurementUnit
        /// Rounded to a multiple of it, ties to even, before it is compared.
        public let roundedTo: ProcedureFormula?
        /// The first that applies decides; empty for a result that is not judged.
        public let limits: [Limit]
        public let provenance: Provenance
        /// By which formulas name the magnitude of its limit.
        let limitName: String
    }

    /// Limits of a result, each with where it is known from.
    public struct Limit: Sendable {
        public enum Bounds: Sendable {
            case between(lower: ProcedureFormula?, upper: ProcedureFormula?)
            case symmetric(ProcedureFormula)
            /// None is asked for here.
            case none
            /// Not transcribed.
            case unknown(why: String)
        }

        public let applies: Applicability
        public let bounds: Bounds
        public let provenance: Provenance
    }

    /// A further reading where the first is outside.
    public struct Retest: Sendable {
        public let result: String
        public let readingsAtMost: Int
        public let provenance: Provenance
    }

    /// The uncertainty of one result.
    public struct Budget: Sendable {
        public let result: String
        public let model: ProcedureFormula
        /// Nil where it follows from ``coverage`` and the effective degrees of freedom.
        public let k: Double?
        /// Probability, such as 0.95.
        public let coverage: Double?
        public let influences: [InfluenceRule]
    }

    public struct InfluenceRule: Sendable {
        public enum Kind: Sendable {
            /// Of the standard in this role.
            case certificate(role: String)
            /// Step of an indication, which enters so many times.
            case resolution(step: ProcedureFormula?, readings: Int)
            /// Scatter of a result's repeated values, or of the institute's own evaluation.
            case repeatability(of: String)
            /// Half width of what is equally likely, of a triangle, of an arcsine.
            case rectangular(ProcedureFormula), triangular(ProcedureFormula), arcsine(ProcedureFormula)
            /// U with its factor.
            case expanded(ProcedureFormula, k: Double)
        }

        public let input: String
        public let kind: Kind
        public let words: Words
        public let provenance: Provenance?
    }
}
