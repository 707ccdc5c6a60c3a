public import Metrology

/// Everything read, typed and known about one instrument, as a procedure evaluates it.
public struct VerificationData: Sendable {
    /// What a plate says.
    public enum PlateValue: Hashable, Sendable {
        case number(Quantity)
        case word(String)
    }

    /// One line of readings.
    public struct Row: Hashable, Sendable {
        /// The point's id; nil where `at` says which, or the test is one point.
        public var point: String?
        /// What was set, in a unit of the test's setting.
        public var at: Quantity?
        public var stroke: String?
        /// From 1; in the order of the lines where nil.
        public var repetition: Int?
        public var values: [String: Quantity]

        public init(
            point: String? = nil, at: Quantity? = nil, stroke: String? = nil, repetition: Int? = nil,
            values: [String: Quantity]
        ) {
            self.point = point
            self.at = at
            self.stroke = stroke
            self.repetition = repetition
            self.values = values
        }
    }

    /// What is known of the error of a standard's value.
    public enum StandardStatement: Hashable, Sendable {
        /// U of a certificate, absolute or a part of the value, with its factor. A percentage of what is no percentage
        /// itself is a part of it.
        case expanded(Quantity, k: Double)
        /// U as a part of the value, also where the value is a percentage itself.
        case expandedPart(Quantity, k: Double)
        /// Limits ± of its error, absolute or a part of the value: equally likely within.
        case limit(Quantity)
    }

    /// The institute's own figure for the scatter of repeated values of a result.
    public struct Repeatability: Hashable, Sendable {
        /// Standard deviation of a single value, absolute or as a part of it.
        public let deviation: Quantity
        /// Nil for a deviation known so well that it does not matter.
        public let degreesOfFreedom: Double?

        public init(deviation: Quantity, degreesOfFreedom: Double?) {
            self.deviation = deviation
            self.degreesOfFreedom = degreesOfFreedom
        }
    }

    public var stage: Procedure.Stage
    public var nameplate: [String: PlateValue]
    /// By the id of the condition.
    public var conditions: [String: Quantity]
    /// Id → passed.
    public var checks: [String: Bool]
    /// By role; where it differs from point to point, by `role@point`.
    public var standards: [String: StandardStatement]
    /// By `test.result`, or `test.result@point`.
    public var repeatability: [String: Repeatability]
    /// By the id of the test.
    public var tests: [String: [Row]]
    /// Steps of the indications that the bench knows, by `test.reading`.
    public var resolutions: [String: Quantity] = [:]

    public init(
        stage: Procedure.Stage, nameplate: [String: PlateValue], conditions: [String: Quantity] = [:],
        checks: [String: Bool] = [:], standards: [String: StandardStatement] = [:],
        repeatability: [String: Repeatability] = [:], tests: [String: [Row]] = [:]
    ) {
        self.stage = stage
        self.nameplate = nameplate
        self.conditions = conditions
        self.checks = checks
        self.standards = standards
        self.repeatability = repeatability
        self.tests = tests
    }
}

/// Readings that a procedure cannot take: what, which, and what to do.
public struct ReadingsFault: Error, Hashable, Sendable, CustomStringConvertible {
    public let description: String

    init(_ description: String) { self.description = description }
}
