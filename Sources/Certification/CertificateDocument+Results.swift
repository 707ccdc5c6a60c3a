import Metrology
import Procedures
import Verification

/// The digits results are printed with: U decides (JJF 1059.1-2012, 5.3.8).
struct PrintedResult {
    let flow, indicated, reference, error, expanded, limit: String

    init(_ result: PointResult) {
        let places = Reporting.places(forUncertainty: result.expandedUncertainty)
        func text(_ value: Double, _ places: Int) -> String {
            Reporting.rounded(value, places: places)?.description ?? "\(value)"
        }
        flow = text(result.flow, 4)
        indicated = text(result.indicated, 3)
        reference = text(result.reference, 3)
        error = text(result.error, places)
        expanded = text(result.expandedUncertainty, places)
        limit = result.limit
    }
}

extension Verdict {
    var words: CertificateDocument.Words {
        switch self {
        case .conforming: .init(zh: "合格", en: "conforming")
        case .notConforming: .init(zh: "不合格", en: "not conforming")
        case .undetermined: .init(zh: "待定", en: "undetermined")
        }
    }

    var pointVerdict: CertificateDocument.PointVerdict {
        switch self {
        case .conforming: .pass
        case .notConforming: .fail
        case .undetermined: .undetermined
        }
    }
}

extension CertificateDocument.Table {
    init(_ record: VerificationRecord, _ flowTest: FlowTest) {
        func column(_ zh: String, _ en: String, _ unit: String? = nil) -> Column {
            Column(label: .init(zh: zh, en: en), unit: unit)
        }
        let error = flowTest.errorUnit.printed
        title = .init(flowTest.words)
        columns = [
            column("流量点", "Point"), column("流量", "Flow", "m³/h"),
            column("被检表", "Indicated", flowTest.volumeUnit.printed),
            column("标准", "Reference", flowTest.volumeUnit.printed),
            column("示值误差", "Error", error), column("U (k=\(Int(flowTest.k)))", "U", error),
            column("最大允许误差", "MPE ±", error), column("结论", "Result"),
        ]
        let points = record.result.points
        rows = points.map { result in
            let printed = PrintedResult(result)
            return [
                result.point, printed.flow, printed.indicated, printed.reference, printed.error,
                printed.expanded, printed.limit, result.verdict.words.zh,
            ]
        }
        failed_rows = points.indices.filter { points[$0].verdict == .notConforming }
        notes = points.filter { $0.errors.count > 1 }.map { result in
            let errors = result.errors.compactMap { Reporting.rounded($0, places: 3)?.description }
            return .init(
                zh: "\(result.point) 首次读数超差，重复测量，以平均值判定：\(errors.joined(separator: "，")) \(error)",
                en: "\(result.point) was outside at first and measured again; the mean decides: "
                    + "\(errors.joined(separator: ", ")) \(error)")
        }
    }
}

extension CertificateDocument.Results {
    init(_ record: VerificationRecord, _ flowTest: FlowTest) {
        let results = record.result.points
        let printed = results.map { PrintedResult($0) }
        func list(
            _ role: CertificateDocument.QuantityList.Role, _ zh: String, _ en: String,
            _ unit: String, _ values: [String]
        ) -> CertificateDocument.QuantityList {
            .init(
                role: role, name: .init(zh: zh, en: en), unit: unit, values: values,
                expandedUncertainties: nil, k: nil, coverageProbability: nil, verdicts: nil)
        }
        let unit = flowTest.errorUnit.symbol
        var errors = list(
            .error, flowTest.words.zh, flowTest.words.en, unit, printed.map(\.error))
        errors.expandedUncertainties = printed.map(\.expanded)
        errors.k = "\(Int(flowTest.k))"
        errors.coverageProbability = "0.95"
        errors.verdicts = results.map(\.verdict.pointVerdict)
        id = "indication"
        name = .init(flowTest.words)
        points = results.map(\.point)
        quantities = [
            list(.nominal, "流量", "flow rate", "m3/h", printed.map(\.flow)),
            list(
                .measured, "被检表体积", "indicated volume", flowTest.volumeUnit.symbol, printed.map(\.indicated)),
            list(
                .reference, "标准体积", "reference volume", flowTest.volumeUnit.symbol, printed.map(\.reference)),
            errors,
            list(.limitLower, "最大允许误差下限", "lower limit of error", unit, printed.map { "-\($0.limit)" }),
            list(.limitUpper, "最大允许误差上限", "upper limit of error", unit, printed.map(\.limit)),
        ]
    }
}

extension VerificationRecord {
    /// The checks a notice names as the reason.
    func failingChecks(_ procedure: Procedure) -> [CertificateDocument.Words] {
        result.checks.filter { !$0.passed }.map { outcome in
            CertificateDocument.Words(procedure.checks.first { $0.id == outcome.id }?.words, or: outcome.id)
        }
    }

    /// The points and rules of a flow test that a notice names as the reason.
    func failingItems(_ flowTest: FlowTest) -> [CertificateDocument.Words] {
        let points = result.points.filter { $0.verdict == .notConforming }.map { point in
            let printed = PrintedResult(point)
            let unit = flowTest.errorUnit.printed
            return CertificateDocument.Words(
                zh:
                    "\(flowTest.words.zh)：\(point.point) 点误差 \(printed.error) \(unit)，最大允许误差 ±\(printed.limit) \(unit)",
                en:
                    "\(flowTest.words.en) at \(point.point): \(printed.error) \(unit), limit ±\(printed.limit) \(unit)"
            )
        }
        let rules = result.jointRules.filter { !$0.passed }.map { outcome in
            CertificateDocument.Words(
                flowTest.jointRules.first { $0.id == outcome.id }?.words, or: outcome.id)
        }
        return points + rules
    }
}
