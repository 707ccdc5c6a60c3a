public import Metrology

/// What a procedure makes of the data of one instrument.
public struct ProcedureOutcome: Sendable {
    public struct CheckOutcome: Hashable, Sendable {
        public let id: String
        public let passed: Bool
    }

    /// One value of one result, at its place.
    public struct Value: Hashable, Sendable {
        public let test: String
        public let result: String
        /// Nil for a result of the whole test.
        public let point: String?
        public let stroke: String?
        /// Nil for what speaks for more than one reading.
        public let repetition: Int?
        /// In the result's unit, as computed.
        public let value: Double
        /// As compared: rounded where the procedure rounds.
        public let compared: Double
        /// In the result's unit; nil on a side that is not limited.
        public let lower: Double?
        public let upper: Double?
        /// In the result's unit, with what it is made of; nil where the procedure states none.
        public var expandedUncertainty: Double?
        public var budget: PropagatedUncertainty?
        /// Nil where nothing is judged.
        public var verdict: Verdict?
        /// Why there is no limit although one is due.
        public let missingLimit: String?
    }

    public let checks: [CheckOutcome]
    public let values: [Value]
    /// What makes the outcome worthless although it can be computed: a standard not good enough, a condition outside.
    public let objections: [String]
    public let verdict: Verdict

    public func values(_ result: String, of test: String) -> [Value] {
        values.filter { $0.test == test && $0.result == result }
    }
}
