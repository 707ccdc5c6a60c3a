import Chronometry
import DataFiles
import Foundation
public import Metrology

/// An exchange with an instrument as a public source prints it, and what it must give:
/// `Devices/MAKER/MODEL.exchanges.yaml`.
public struct RecordedExchange: Sendable {
    /// How a file of them is named beside its profile.
    public static let suffix = ".exchanges.yaml"

    public enum Origin: String, Hashable, Sendable, CaseIterable {
        /// Stands in a public test or document, its checks recomputed.
        case published
        /// Built from the published rule.
        case computed
        /// Composed to fit a documented format.
        case illustrative
    }

    public enum Content: Hashable, Sendable {
        case bytes(request: [UInt8], answer: [UInt8])
        /// Without end marks.
        case text(ask: String, reply: String)
    }

    public let `protocol`: DeviceProtocol
    public let origin: Origin
    public let source: String
    public let content: Content
    /// Whether the request was added here to an answer printed alone.
    public let isRequestComposed: Bool
    /// The alternative of each probe under which the values hold.
    public let settled: [String: String]
    /// The number each channel must give, in the channel's unit; nil for "not available".
    public let gives: [String: ExactDecimal?]
    /// The text each channel must give.
    public let givesText: [String: String]
    /// Why the answer must be refused; nil where it must be accepted.
    public let refused: String?
    public let note: String?
    /// `file:line` of the entry.
    public let place: String
}

extension RecordedExchange {
    /// The exchanges recorded for the profile `name` under `folder`; none where there is no file.
    ///
    /// - Throws: `DataFileError` at the place of the first fault.
    public static func of(_ name: String, in folder: String) throws -> [RecordedExchange] {
        let path = "\(folder)/\(name)\(suffix)"
        guard FileManager.default.fileExists(atPath: path) else { return [] }
        return try DataNode.load(path).mapping { file in
            try file.required("exchanges").list().map { node in
                try node.mapping { try RecordedExchange($0, place: "\(path):\(node.line)") }
            }
        }
    }

    /// As a reading that came over a line, for the decoding a reading goes through.
    public var exchange: Exchange? {
        guard case .bytes(let request, let answer) = content else { return nil }
        let moment = Instant(milliseconds: 0)
        return Exchange(
            framing: self.protocol == .modbusTCP ? .tcp : .rtu, request: request, answer: answer, sentAt: moment,
            answeredAt: moment, line: "record")
    }

    private init(_ entry: DataMapping, place: String) throws {
        self.place = place
        `protocol` = try entry.required("protocol").oneOf(DeviceProtocol.self)
        origin = try entry.required("origin").oneOf(Origin.self)
        source = try entry.required("source").text()
        note = try entry.optional("note")?.text()
        refused = try entry.optional("refused")?.text()
        isRequestComposed = try entry.optional("request_composed")?.boolean() ?? false
        if let reply = entry.optional("reply") {
            content = .text(ask: try entry.optional("ask")?.text() ?? "", reply: try reply.text())
        } else {
            content = .bytes(
                request: try entry.optional("request")?.bytes() ?? [],
                answer: try entry.optional("answer")?.bytes() ?? [])
        }
        var settled: [String: String] = [:]
        for (key, value) in try entry.optional("settled")?.entries() ?? [] {
            settled[try key.text()] = try value.text()
        }
        self.settled = settled
        var gives: [String: ExactDecimal?] = [:]
        for (key, value) in try entry.optional("gives")?.entries() ?? [] {
            gives[try key.text()] = .some(try value.text() == "not available" ? nil : try value.decimal())
        }
        self.gives = gives
        var givesText: [String: String] = [:]
        for (key, value) in try entry.optional("gives_text")?.entries() ?? [] {
            givesText[try key.text()] = try value.text()
        }
        self.givesText = givesText
    }
}

extension DataNode {
    fileprivate func bytes() throws -> [UInt8] {
        let text = try text()
        guard let bytes = [UInt8](spacedHexadecimal: text) else {
            throw error("'\(text)' must be bytes like 01 04 00 00, in quotes")
        }
        return bytes
    }
}
