import Metrology
import Procedures
import Verification

/// Tables and lists of a record whose readings were typed.
struct ReadingsResults {
    private let readings: TypedReadings
    private let procedure: Procedure

    init(_ readings: TypedReadings, _ procedure: Procedure) {
        self.readings = readings
        self.procedure = procedure
    }

    /// One table for each test that was made.
    var tables: [CertificateDocument.Table] {
        procedure.tests.compactMap { test in
            let values = readings.values.filter { $0.test == test.id && isShown($0, test) }
            guard !values.isEmpty else { return nil }
            return CertificateDocument.Table(
                title: .init(test.words),
                columns: [
                    column("项目", "Item"), column("检定点", "Point"), column("结果", "Result"), column("单位", "Unit"),
                    column("U", "U"), column("允许范围", "Limits"), column("结论", "Verdict"),
                ],
                rows: values.map { row($0, test) },
                failed_rows: values.indices.filter { values[$0].verdict == .notConforming }, notes: [])
        }
    }

    /// Judged values, and those with an uncertainty; what is only on the way to them stays in the record.
    private func isShown(_ value: TypedReadings.Value, _ test: Procedure.Test) -> Bool {
        value.verdict != nil || value.expandedUncertainty != nil || test.result(value.result)?.limits.isEmpty == false
    }

    private func column(_ zh: String, _ en: String) -> CertificateDocument.Table.Column {
        .init(label: .init(zh: zh, en: en), unit: nil)
    }

    private func row(_ value: TypedReadings.Value, _ test: Procedure.Test) -> [String] {
        let result = test.result(value.result)
        let printed = PrintedValue(value)
        return [
            result?.words.zh ?? value.result, place(value, test), printed.value, result?.unit.printed ?? "",
            printed.expanded ?? "—", printed.limits, value.verdict?.words.zh ?? "—",
        ]
    }

    private func place(_ value: TypedReadings.Value, _ test: Procedure.Test) -> String {
        let strokes = ["rising": "升", "falling": "降"]
        let point = value.point.flatMap { $0 == "-" ? nil : $0 }
        // A point that is its setting is printed with its unit.
        let unit = test.setting.map { point.flatMap { ExactDecimal($0) } == nil ? "" : " \($0.unit.printed)" } ?? ""
        let repetition = test.repeats.upperBound > 1 ? value.repetition.map { "第\($0)次" } : nil
        let parts = [point.map { $0 + unit }, value.stroke.map { strokes[$0] ?? $0 }, repetition].compactMap { $0 }
        return parts.isEmpty ? "—" : parts.joined(separator: " ")
    }

    /// For the DCC: a list for each result, its limits beside it where all its values have them.
    var lists: [CertificateDocument.Results] {
        procedure.tests.flatMap { test in
            test.results.compactMap { result in
                let values = readings.values.filter {
                    $0.test == test.id && $0.result == result.id && isShown($0, test)
                }
                guard !values.isEmpty else { return nil }
                return list(values, result, test)
            }
        }
    }

    private func list(
        _ values: [TypedReadings.Value], _ result: Procedure.Result, _ test: Procedure.Test
    ) -> CertificateDocument.Results {
        let printed = values.map { PrintedValue($0) }
        func quantities(
            _ role: CertificateDocument.QuantityList.Role, _ zh: String, _ en: String, _ values: [String]
        ) -> CertificateDocument.QuantityList {
            .init(
                role: role, name: .init(zh: zh, en: en), unit: result.unit.symbol, values: values,
                expandedUncertainties: nil, k: nil, coverageProbability: nil, verdicts: nil)
        }
        var main = quantities(.error, result.words.zh, result.words.en, printed.map(\.value))
        let uncertainties = printed.compactMap(\.expanded)
        if uncertainties.count == values.count, let k = values[0].budget?.k {
            main.expandedUncertainties = uncertainties
            main.k = Reporting.rounded(k, places: 2).flatMap { Reporting.written($0.double) }?.description
            main.coverageProbability = "0.95"
        }
        let verdicts = values.compactMap(\.verdict?.pointVerdict)
        if verdicts.count == values.count { main.verdicts = verdicts }
        var lists = [main]
        let (lower, upper) = (printed.compactMap(\.lower), printed.compactMap(\.upper))
        if lower.count == values.count { lists.append(quantities(.limitLower, "下限", "lower limit", lower)) }
        if upper.count == values.count { lists.append(quantities(.limitUpper, "上限", "upper limit", upper)) }
        return .init(
            id: "\(test.id)-\(result.id)",
            name: .init(zh: "\(test.words.zh) \(result.words.zh)", en: "\(test.words.en): \(result.words.en)"),
            points: values.map { place($0, test) }, quantities: lists)
    }

    /// What a notice names as the reason.
    var failing: [CertificateDocument.Words] {
        readings.values.filter { $0.verdict == .notConforming }.compactMap { value in
            guard let test = procedure.test(value.test), let result = test.result(value.result) else { return nil }
            let printed = PrintedValue(value)
            let unit = result.unit.printed
            let at = value.place.isEmpty ? "" : " \(place(value, test))"
            return CertificateDocument.Words(
                zh: "\(test.words.zh)：\(result.words.zh)\(at) \(printed.value) \(unit)，允许 \(printed.limits) \(unit)",
                en:
                    "\(test.words.en): \(result.words.en)\(at) \(printed.value) \(unit), limits \(printed.limits) \(unit)"
            )
        }
    }

    /// How U was found; nil where the procedure states none.
    var uncertainty: CertificateDocument.Words? {
        let factors = Set(readings.values.compactMap(\.budget?.k)).sorted().compactMap {
            Reporting.rounded($0, places: 2).flatMap { Reporting.written($0.double) }?.description
        }
        guard let first = factors.first else { return nil }
        let k = factors.count == 1 ? "k = \(first)" : "k = \(first) … \(factors.last ?? first)"
        return .init(
            zh: "扩展不确定度 U 由不确定度传播律评定（JJF 1059.1-2012），包含因子 \(k)，包含概率约 95 %。",
            en: "Expanded uncertainty U by the law of propagation (JJF 1059.1-2012), coverage factor \(k), "
                + "coverage probability about 95 %.")
    }
}

/// The digits a value is printed with: those of U, else of its limits.
private struct PrintedValue {
    let value: String
    let expanded: String?
    let lower: String?
    let upper: String?

    init(_ result: TypedReadings.Value) {
        lower = result.lower.flatMap(Reporting.written)?.description
        upper = result.upper.flatMap(Reporting.written)?.description
        if let expanded = result.expandedUncertainty, expanded > 0 {
            let places = Reporting.places(forUncertainty: expanded)
            self.expanded = Reporting.rounded(expanded, places: places)?.description
            value = Reporting.rounded(result.compared, places: places)?.description ?? "\(result.compared)"
        } else {
            expanded = nil
            // A hundredth of the limit is beyond what anybody compares.
            let scale = [result.lower, result.upper].compactMap { $0.map(abs) }.filter { $0 > 0 }.min()
            let places = scale.map { Reporting.places(forUncertainty: $0) + 1 } ?? 6
            value =
                Reporting.rounded(result.compared, places: places).flatMap { Reporting.written($0.double) }?.description
                ?? "\(result.compared)"
        }
    }

    var limits: String {
        switch (lower, upper) {
        case (let low?, let high?) where low == "-\(high)": "±\(high)"
        case (let low?, let high?): "\(low) … \(high)"
        case (let low?, nil): "≥ \(low)"
        case (nil, let high?): "≤ \(high)"
        case (nil, nil): "—"
        }
    }
}
