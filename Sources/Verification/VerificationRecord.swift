import Crypto
public import Foundation
import Ledger
public import Metrology

/// The record of one instrument's verification (原始记录): everything the verdict came from.
///
/// Its digest is taken over its canonical JSON; paper and data carry it.
public struct VerificationRecord: Hashable, Sendable, Codable {
    public struct Subject: Hashable, Sendable, Codable {
        public let maker: String
        public let model: String
        public let serial: String
        public let category: String
        public let owner: String
        /// Nameplate values as they were entered, in the procedure's units.
        public let nameplate: [String: String]
    }

    public struct KeptFile: Hashable, Sendable, Codable {
        public let name: String
        public let digest: String
    }

    /// Version of this layout: 1 of a flow bench, 2 with typed readings.
    public let layout: Int
    public let number: String
    public let job: String
    public let institution: String
    public let place: String
    public let client: String
    public let receivedOn: String?
    /// UTC, ISO 8601.
    public let startedAt: String
    public let closedAt: String
    /// In the institute's zone.
    public let verifiedOn: String
    public let procedure: String
    public let procedureFile: KeptFile
    public let profiles: [KeptFile]
    public let verifier: String
    public let subject: Subject
    public let standards: [StandardUsed]
    /// Of a flow bench; nil where readings were typed.
    public let repeatability: VerificationJob.Repeatability?
    /// Those of completed runs and of the session's start, this position's and the shared ones.
    public let observations: [Observation]
    public let result: PositionResult
    /// Of a session whose readings were typed; nil where a bench read them.
    public let readings: TypedReadings?

    public var verdict: Verdict { result.verdict }
}

/// JSON with one spelling for one content: keys sorted, shortest numbers that read back the same.
public enum CanonicalJSON {
    public static func encode(_ value: some Encodable) throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return try encoder.encode(value)
    }

    public static func text(_ value: some Encodable) throws -> String {
        String(decoding: try encode(value), as: UTF8.self)
    }

    public static func digest(_ text: String) -> String {
        SHA256.hash(data: Data(text.utf8)).hexadecimal
    }

    static func decode<T: Decodable>(_ type: T.Type, _ text: String) throws -> T {
        try JSONDecoder().decode(type, from: Data(text.utf8))
    }
}
