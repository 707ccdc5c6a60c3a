import DataFiles
import Foundation
public import Metrology

/// Readings with the results somebody computed by hand, beside a procedure: `JJG-52-2013.example.yaml`.
public struct WorkedExample: Sendable {
    /// One number of the table worked out by hand.
    public struct Expected: Sendable {
        public let test: String
        public let result: String
        public let point: String?
        public let stroke: String?
        public let repetition: Int?
        /// In the result's unit, to the digits that are written.
        public let value: ExactDecimal?
        public let expandedUncertainty: ExactDecimal?
        /// Magnitude of the limit.
        public let limit: ExactDecimal?
        public let verdict: Verdict?
        /// File, line and column.
        let place: DataFileError
    }

    public let title: String
    public let data: VerificationData
    public let expected: [Expected]
    /// Nil where the data are to be refused.
    public let verdict: Verdict?
    /// Whether readings are missing that a whole verification needs, as in records that somebody published in part.
    public let isPartial: Bool
    /// Where a published record stands; nil for one that was made up.
    public let published: String?
    /// Part of the line with which they are refused.
    public let refusal: String?
    let place: DataFileError

    /// Path of the examples of the procedure at `path`.
    public static func path(beside path: String) -> String {
        path.hasSuffix(".yaml") ? path.dropLast(5) + ".example.yaml" : path + ".example.yaml"
    }

    /// The examples in a file; empty where there is none.
    ///
    /// - Throws: `DataFileError` naming file, line and column.
    public static func load(_ path: String, of procedure: Procedure) throws -> [WorkedExample] {
        guard FileManager.default.fileExists(atPath: path) else { return [] }
        return try DataNode.load(path).mapping { file in
            let number = try file.required("procedure")
            guard try number.text() == procedure.number else {
                throw number.error("these examples are of '\(try number.text())', and stand beside \(procedure.number)")
            }
            _ = try file.optional("worked_out")?.text()
            return try file.required("examples").list().map { node in
                try node.mapping { try WorkedExample($0, of: procedure) }
            }
        }
    }

    private init(_ keys: DataMapping, of procedure: Procedure) throws {
        let title = try keys.required("title")
        self.title = try title.text()
        place = title.error("")
        data = try VerificationData(keys, under: procedure)
        isPartial = try keys.optional("partial")?.boolean() ?? false
        published = try keys.optional("published")?.text()
        (verdict, refusal, expected) = try keys.required("expect").mapping { expect in
            (
                try expect.optional("verdict")?.oneOf(Verdict.self), try expect.optional("refused")?.text(),
                try expect.optional("values")?.list().map { node in
                    try node.mapping { try Expected($0, at: node.error(""), of: procedure) }
                } ?? []
            )
        }
        guard (verdict == nil) != (refusal == nil) else {
            throw title.error("an example expects either a verdict or to be refused")
        }
    }

    /// What differs from the table; empty where all agrees. Each line names its place in the file.
    public func disagreements(under procedure: Procedure) -> [String] {
        do {
            let outcome = try procedure.evaluate(data, isComplete: !isPartial)
            guard let verdict else { return ["\(place.where): not refused, but \(outcome.verdict.rawValue)"] }
            var found = expected.compactMap { $0.disagreement(with: outcome) }
            if let objection = outcome.objections.first { found.append("\(place.where): \(objection)") }
            if outcome.verdict != verdict {
                let why = outcome.values.filter { $0.verdict != nil && $0.verdict != .conforming }.map(\.words)
                found.append(
                    "\(place.where): the verdict is \(outcome.verdict.rawValue), not \(verdict.rawValue)"
                        + (why.isEmpty ? "" : ": \(why.joined(separator: "; "))"))
            }
            return found
        } catch {
            if let refusal, "\(error)".contains(refusal) { return [] }
            return ["\(place.where): \(error)"]
        }
    }
}

extension WorkedExample.Expected {
    fileprivate init(_ keys: DataMapping, at place: DataFileError, of procedure: Procedure) throws {
        self.place = place
        let test = try keys.optional("test")?.text() ?? procedure.tests[0].id
        self.test = test
        let name = try keys.required("result")
        result = try name.text()
        guard procedure.test(test)?.result(result) != nil else {
            throw name.error("the test '\(test)' gives no result '\(result)'")
        }
        point = try keys.optional("point")?.text()
        stroke = try keys.optional("stroke")?.text()
        repetition = try keys.optional("repeat")?.integer()
        value = try keys.optional("value")?.decimal()
        expandedUncertainty = try keys.optional("U")?.decimal()
        limit = try keys.optional("limit")?.decimal()
        verdict = try keys.optional("verdict")?.oneOf(Verdict.self)
    }

    func disagreement(with outcome: ProcedureOutcome) -> String? {
        let found = outcome.values(result, of: test).filter {
            (point == nil || $0.point == point) && (stroke == nil || $0.stroke == stroke)
                && (repetition == nil || $0.repetition == repetition)
        }
        guard found.count == 1 else {
            let places = found.map(\.words).joined(separator: "; ")
            return
                "\(place.where): \(found.count) values of \(test).\(result) stand at this place\(places.isEmpty ? "" : ": \(places)")"
        }
        let it = found[0]
        func differs(_ expected: ExactDecimal?, _ number: Double?, _ what: String) -> String? {
            guard let expected else { return nil }
            guard let number else { return "\(place.where): \(test).\(result) has no \(what)" }
            // Half a unit of the last digit that is written, and what binary numbers add.
            let half = 0.5 * pow(10, -Double(expected.places))
            guard abs(number - expected.double) > half * (1 + 1e-9) + 1e-12 * abs(number) else { return nil }
            return "\(place.where): \(what) of \(test).\(result) is \(number), not \(expected)"
        }
        if let line = differs(value, it.compared, "the value") ?? differs(
            expandedUncertainty, it.expandedUncertainty, "U")
            ?? differs(limit, [it.lower, it.upper].compactMap { $0 }.map(abs).max(), "the limit")
        {
            return line
        }
        guard verdict == nil || verdict == it.verdict else {
            return "\(place.where): \(it.words), not \(verdict?.rawValue ?? "")"
        }
        return nil
    }
}

extension ProcedureOutcome.Value {
    /// `indication.error at Q3 rising 1 = 0.5 (-0.3 … 0.3): not-conforming`
    public var words: String {
        func text(_ value: Double?) -> String {
            value.map { "\(Reporting.rounded($0, places: 6)?.description ?? "\($0)")" } ?? "…"
        }
        let place = [point.map { " at \($0)" }, stroke.map { " \($0)" }, repetition.map { " reading \($0)" }].compactMap
        { $0 }.joined()
        let limits = lower == nil && upper == nil ? "" : " (\(text(lower)) to \(text(upper)))"
        return "\(test).\(result)\(place) = \(text(compared))\(limits)"
            + (missingLimit.map { ": no limit: \($0)" } ?? verdict.map { ": \($0.rawValue)" } ?? "")
    }
}

extension DataFileError {
    fileprivate var `where`: String { "\(file):\(line):\(column)" }
}
