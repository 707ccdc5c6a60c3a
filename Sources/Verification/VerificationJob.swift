public import Chronometry
public import Devices
public import Metrology
import Procedures

/// What is to be verified, with what, by whom: one file, one session.
public struct VerificationJob: Sendable {
    /// One channel source on the bench.
    public struct Instrumentation: Sendable, Hashable {
        public let profile: String
        public let connection: Connection
        public let channel: String
    }

    public struct Position: Sendable {
        public let position: Int
        public let maker: String
        public let model: String
        public let serial: String
        public let nameplate: [String: ExactDecimal]
        public let meter: Instrumentation
        /// Check id → passed.
        public let checks: [String: Bool]

        /// As the procedure takes it.
        var plate: [String: VerificationData.PlateValue] { nameplate.mapValues { .number(Quantity($0, .one)) } }
    }

    /// The institute's own figure for the scatter of repeated errors at this bench.
    public struct Repeatability: Sendable, Codable, Hashable {
        /// Standard deviation of a single error, relative (0.0005 for 0.05 %).
        public let relative: Double
        public let degreesOfFreedom: Double
        public let source: String
    }

    public let name: String
    /// SHA-256 of the file's bytes.
    public let digest: String
    public let text: String
    public let procedure: String
    public let institution: String
    public let verifier: String
    public let client: String
    public let place: String
    public let receivedOn: CivilDate?
    public let repeatability: Repeatability
    /// Key of the standard that gives the reference volume.
    public let referenceStandard: String
    /// Condition id → key of the standard it is measured with.
    public let conditionStandards: [String: String]
    public let reference: Instrumentation
    public let controller: Instrumentation
    /// Condition id → where it is read.
    public let conditions: [String: Instrumentation]
    /// Point id → test volume, in the procedure's unit.
    public let volumes: [String: ExactDecimal]
    public let positions: [Position]
}
