import Foundation
import Testing

/// One published case with its answers, named by where it was published.
struct PublishedCase: Sendable, CustomTestStringConvertible {
    let command: String
    let id: String
    let citation: String
    let kind: String
    let expectations: [Expectation]

    struct Expectation: Sendable {
        let quantity: String
        /// Where the number stands in the answer, one alternative after the other for an interval's length.
        let path: [String]
        let want: Value
        let tolerance: Double?
    }

    enum Value: Sendable, Equatable {
        case number(Double)
        case text(String)
        case boolean(Bool)
    }

    var testDescription: String { "\(citation) (\(id))" }

    /// The cases of a set; none where the sets are not at hand.
    static func load(_ command: String) -> [PublishedCase] {
        guard let data = FileManager.default.contents(atPath: path(command)),
            let root = try? JSONSerialization.jsonObject(with: data) as? [String: Any],
            let vectors = root["vectors"] as? [[String: Any]]
        else { return [] }
        return vectors.compactMap { PublishedCase(command, $0) }
    }

    static func path(_ command: String) -> String {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent().path
        let shared = ProcessInfo.processInfo.environment["STEELYARD_SHARED"] ?? "\(root)/../shared"
        return "\(shared)/vectors/\(command)-open.json"
    }

    private init?(_ command: String, _ entry: [String: Any]) {
        guard let id = entry["id"] as? String, let expect = entry["expect"] as? [[String: Any]] else { return nil }
        self.command = command
        self.id = id
        citation = [entry["source"], entry["title"]].compactMap { $0 as? String }.joined(separator: ": ")
        kind = entry["kind"] as? String ?? ""
        expectations = expect.compactMap { Expectation($0) }
    }
}

extension PublishedCase.Expectation {
    init?(_ entry: [String: Any]) {
        guard let quantity = entry["quantity"] as? String, let value = entry["value"] else { return nil }
        self.quantity = quantity
        switch value {
        case let value as NSNumber where value.isTruth: want = .boolean(value.boolValue)
        case let value as String: want = .text(value)
        case let value as NSNumber: want = .number(value.doubleValue)
        default: return nil
        }
        let limits = entry["tol"] as? [String: Any] ?? [:]
        if let absolute = limits["abs"] as? NSNumber {
            tolerance = absolute.doubleValue
        } else if let relative = limits["rel"] as? NSNumber, case .number(let number) = want {
            tolerance = relative.doubleValue * abs(number)
        } else {
            tolerance = nil
        }
        path = Self.path(entry, quantity)
    }

    /// A part `p=0.95` chooses the element of a list with that probability.
    private static func path(_ entry: [String: Any], _ quantity: String) -> [String] {
        func text(_ key: String) -> String {
            if let number = entry[key] as? NSNumber { return String(format: "%g", number.doubleValue) }
            return entry[key].map { "\($0)" } ?? ""
        }
        let p = "p=\(text("p"))"
        guard let output = entry["output"] as? String else {
            if entry["p"] != nil { return ["\(quantity)@\(text("p"))"] }
            return [entry["x"] != nil ? "\(quantity)@\(text("x"))" : quantity]
        }
        if output == "_joint" { return ["joint", p, quantity] }
        switch quantity {
        case "input_y", "input_u": return ["inputs", output, String(quantity.dropFirst(6))]
        case "input_correlation", "correlation", "covariance", "mcm_correlation":
            return [quantity, output, text("with")]
        case "k", "U", "nu_eff_used": return ["outputs", output, "coverage", quantity]
        case "sensitivity", "contribution": return ["outputs", output, quantity, text("input")]
        case "guf_low", "guf_high":
            return ["outputs", output, "intervals", p, "guf", quantity == "guf_low" ? "0" : "1"]
        case "second_order_y", "second_order_u": return ["outputs", output, "second_order", String(quantity.suffix(1))]
        case "second_order_low", "second_order_high":
            return ["outputs", output, "second_order", "intervals", p, "guf", quantity.hasSuffix("low") ? "0" : "1"]
        case "guf_validated": return ["outputs", output, "validation", text("order")]
        case "mcm_mean", "mcm_std", "mcm_median": return ["outputs", output, "mcm", String(quantity.dropFirst(4))]
        case "mcm_short_length": return ["outputs", output, "mcm", "intervals", p, "shortest", "length"]
        case "mcm_sym_low", "mcm_sym_high", "mcm_short_low", "mcm_short_high":
            return [
                "outputs", output, "mcm", "intervals", p, quantity.contains("sym") ? "symmetric" : "shortest",
                quantity.hasSuffix("low") ? "0" : "1",
            ]
        default: return ["outputs", output, quantity]
        }
    }

    /// What an answer has at the path; nil where it has nothing.
    func found(in answer: Any) -> PublishedCase.Value? {
        var value: Any = answer
        for part in path {
            if let mapping = value as? [String: Any] {
                guard let next = mapping[part] else { return nil }
                value = next
            } else if let list = value as? [Any] {
                if part.hasPrefix("p=") {
                    let p = Double(part.dropFirst(2)) ?? .nan
                    let match = list.first { abs((($0 as? [String: Any])?["p"] as? Double ?? .nan) - p) < 1e-9 }
                    guard let match else { return nil }
                    value = match
                } else if part == "length" {
                    guard let ends = list as? [Double], ends.count == 2 else { return nil }
                    return .number(ends[1] - ends[0])
                } else {
                    guard let index = Int(part), list.indices.contains(index) else { return nil }
                    value = list[index]
                }
            } else {
                return nil
            }
        }
        switch value {
        case let value as NSNumber where value.isTruth: return .boolean(value.boolValue)
        case let value as String: return .text(value)
        case let value as NSNumber: return .number(value.doubleValue)
        default: return nil
        }
    }

    func isMet(by found: PublishedCase.Value?) -> Bool {
        if case .number(let want) = want, case .number(let found) = found, let tolerance {
            return abs(found - want) <= tolerance * (1 + 1e-12)
        }
        return found == want
    }
}

extension NSNumber {
    /// Whether JSON said true or false: to Foundation both are numbers, one byte long.
    fileprivate var isTruth: Bool { ["c", "B"].contains(String(cString: objCType)) }
}
