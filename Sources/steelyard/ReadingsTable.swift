import Metrology
import Procedures
import Verification

/// Records of typed readings at a terminal: each instrument with what decides, the rest in the record.
struct ReadingsTable {
    private let procedure: Procedure
    private let records: [Records.Stored]

    init(_ procedure: Procedure, _ records: [Records.Stored]) {
        self.procedure = procedure
        self.records = records
    }

    var text: String {
        records.map { stored -> String in
            let record = stored.record
            var lines = [
                "\(record.result.position)  \(record.subject.maker) \(record.subject.model) \(record.subject.serial)  "
                    + "\(words(record.verdict))  记录 record \(record.number)"
            ]
            for check in record.result.checks where !check.passed {
                let name = procedure.checks.first { $0.id == check.id }?.words
                lines.append("   ✗ \(name?.zh ?? check.id) \(name?.en ?? "")")
            }
            let judged = (record.readings?.values ?? []).filter { $0.verdict != nil }
            lines.append(
                TextTable(
                    head: ["项目 item", "点 point", "结果 result", "U", "允许 limits", "单位 unit", ""],
                    rows: judged.map(row)
                ).text)
            return lines.joined(separator: "\n")
        }.joined(separator: "\n")
    }

    private func row(_ value: TypedReadings.Value) -> [String] {
        let result = procedure.test(value.test)?.result(value.result)
        func text(_ number: Double?) -> String? {
            number.flatMap { Reporting.rounded($0, places: 6) }.flatMap { Reporting.written($0.double) }?.description
        }
        let limits: String =
            switch (text(value.lower), text(value.upper)) {
            case (let low?, let high?) where low == "-\(high)": "±\(high)"
            case (let low?, let high?): "\(low) … \(high)"
            case (let low?, nil): "≥ \(low)"
            case (nil, let high?): "≤ \(high)"
            case (nil, nil): value.missingLimit.map { "? \($0)" } ?? ""
            }
        let expanded = value.expandedUncertainty.flatMap {
            Reporting.rounded($0, places: Reporting.places(forUncertainty: $0))?.description
        }
        return [
            result?.words.zh ?? value.result, value.place, text(value.compared) ?? "?", expanded ?? "", limits,
            result?.unit.symbol ?? "", value.verdict == .conforming ? "✓" : value.verdict == .notConforming ? "✗" : "?",
        ]
    }

    private func words(_ verdict: Verdict) -> String {
        switch verdict {
        case .conforming: "合格 conforming"
        case .notConforming: "不合格 not conforming"
        case .undetermined: "待定 undetermined"
        }
    }
}
