import DataFiles
import Foundation
import Procedures

enum Files {
    static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().path
    static let folder = "\(root)/Calibration/procedures"
    static let procedures = Procedure.files(in: folder)

    static func catalogue() throws -> Catalogue { try Catalogue.load("\(root)/Calibration/catalogue.yaml") }
}

/// The smallest procedure that is one, with `tests` in it.
func procedure(
    nameplate: String = "{}", derived: String = "{}", conditions: String = "{}", decision: String = "by-regulation",
    tests: String
) throws -> Procedure {
    try Procedure.parse(
        """
        regulation: {number: JJG 1-2026, title: {zh: 试, en: trial}}
        in_force: {from: 2026-01-01}
        categories: [nawi]
        source: trial
        review: trial
        stages: [first, subsequent, in-service]
        nameplate: \(nameplate)
        derived: \(derived)
        conditions: \(conditions)
        checks: []
        standards: {reference: {zh: 标准, en: standard, unit: kPa}}
        decision: \(decision)
        validity: [{kind: periodic, months: 12, source: trial, confidence: high}]
        wording: {conforming: {zh: 合格, en: pass}, not_conforming: {zh: 不合格, en: fail}}
        tests:
        \(tests.split(separator: "\n", omittingEmptySubsequences: false).map { "  \($0)" }.joined(separator: "\n"))
        """, file: "trial.yaml")
}

/// Data of one instrument, as a job writes them.
func data(_ text: String, _ procedure: Procedure) throws -> VerificationData {
    try DataNode.parse(text, file: "data.yaml").mapping { try VerificationData($0, under: procedure) }
}
