public import Metrology
public import Procedures
import Traceability

/// What a person typed about one instrument, and what followed from it, as the record keeps both.
public struct TypedReadings: Hashable, Sendable, Codable {
    public struct Row: Hashable, Sendable, Codable {
        public let test: String
        public let point: String?
        /// Value and unit as typed.
        public let at: String?
        public let stroke: String?
        public let repetition: Int?
        public let values: [String: String]
    }

    public struct Scatter: Hashable, Sendable, Codable {
        public let deviation: String
        public let degreesOfFreedom: Double?
    }

    /// One computed value; numbers in the result's unit.
    public struct Value: Hashable, Sendable, Codable {
        public let test: String
        public let result: String
        public let point: String?
        public let stroke: String?
        public let repetition: Int?
        public let value: Double
        public let compared: Double
        public let lower: Double?
        public let upper: Double?
        public let expandedUncertainty: Double?
        public let budget: PropagatedUncertainty?
        public let verdict: Verdict?
        public let missingLimit: String?
    }

    public let stage: Procedure.Stage
    public let conditions: [String: String]
    public let rows: [Row]
    public let repeatability: [String: Scatter]
    /// Why readings far from what was set were taken all the same.
    public let unusual: String?
    public let values: [Value]

    private init(
        stage: Procedure.Stage, conditions: [String: String], rows: [Row], repeatability: [String: Scatter],
        unusual: String?, values: [Value]
    ) {
        self.stage = stage
        self.conditions = conditions
        self.rows = rows
        self.repeatability = repeatability
        self.unusual = unusual
        self.values = values
    }
}

extension TypedReadings {
    init(_ subject: ReadingsJob.Subject, _ outcome: ProcedureOutcome) {
        let data = subject.data
        self.init(
            stage: data.stage, conditions: data.conditions.mapValues(\.description),
            rows: data.tests.sorted { $0.key < $1.key }.flatMap { test, rows in
                rows.map { row in
                    Row(
                        test: test, point: row.point, at: row.at?.description, stroke: row.stroke,
                        repetition: row.repetition, values: row.values.mapValues(\.description))
                }
            },
            repeatability: data.repeatability.mapValues {
                Scatter(deviation: $0.deviation.description, degreesOfFreedom: $0.degreesOfFreedom)
            },
            unusual: subject.unusual, values: outcome.values.map(Value.init))
    }

    /// The same readings with what follows from them now.
    init(_ other: TypedReadings, _ outcome: ProcedureOutcome) {
        self.init(
            stage: other.stage, conditions: other.conditions, rows: other.rows, repeatability: other.repeatability,
            unusual: other.unusual, values: outcome.values.map(Value.init))
    }

    /// What the procedure evaluates; nil where something kept is no quantity.
    func data(
        plate: [String: VerificationData.PlateValue], checks: [String: Bool],
        standards: [String: VerificationData.StandardStatement]
    ) -> VerificationData? {
        var data = VerificationData(stage: stage, nameplate: plate, checks: checks, standards: standards)
        for (id, text) in conditions {
            guard let quantity = Quantity(text) else { return nil }
            data.conditions[id] = quantity
        }
        for (name, scatter) in repeatability {
            guard let quantity = Quantity(scatter.deviation) else { return nil }
            data.repeatability[name] = .init(deviation: quantity, degreesOfFreedom: scatter.degreesOfFreedom)
        }
        for row in rows {
            let values = row.values.compactMapValues { Quantity($0) }
            guard values.count == row.values.count else { return nil }
            var at: Quantity?
            if let text = row.at {
                guard let quantity = Quantity(text) else { return nil }
                at = quantity
            }
            data.tests[row.test, default: []].append(
                .init(point: row.point, at: at, stroke: row.stroke, repetition: row.repetition, values: values))
        }
        return data
    }
}

extension TypedReadings.Value {
    fileprivate init(_ value: ProcedureOutcome.Value) {
        test = value.test
        result = value.result
        point = value.point
        stroke = value.stroke
        repetition = value.repetition
        self.value = value.value
        compared = value.compared
        lower = value.lower
        upper = value.upper
        expandedUncertainty = value.expandedUncertainty
        budget = value.budget
        verdict = value.verdict
        missingLimit = value.missingLimit
    }

    /// Where it stands: `0.8 MPa rising 2`.
    public var place: String {
        let parts = [point == "-" ? nil : point, stroke, repetition.map(String.init)].compactMap { $0 }
        return parts.joined(separator: " ")
    }
}

extension StandardUsed {
    /// The largest U of its certificate, which speaks for the whole range; nil where its unit is not known.
    var statement: VerificationData.StandardStatement? {
        guard let widest = curve.points.max(by: { $0.expandedUncertainty < $1.expandedUncertainty }),
            let number = ExactDecimal(nearest: widest.expandedUncertainty), let unit = MeasurementUnit(unit)
        else { return nil }
        return .expanded(Quantity(number, unit), k: widest.coverageFactor)
    }
}

/// Readings that look like a slip of the hand.
struct PlausibilityOfReadings {
    /// The first reading that is far from what was set: by more than a fifth of the largest setting of its test. An indication
    /// and a standard's value may be so neither above nor below; what else is read in the same unit (an added weight, an
    /// error at zero) may be small.
    ///
    /// A gauge may be badly wrong; a decimal point that slipped is wrong by a factor of ten.
    func slip(in data: VerificationData, under procedure: Procedure) -> String? {
        for test in procedure.tests {
            guard let setting = test.setting, let rows = data.tests[test.id] else { continue }
            let kind = QuantityKind(of: setting.unit)
            guard kind.scale == .ratio else { continue }
            func si(_ quantity: Quantity, _ unit: MeasurementUnit) -> Double {
                quantity.unit == .one ? unit.si(quantity.number.double) : quantity.si
            }
            let allowed = (rows.compactMap(\.at).map { abs(si($0, setting.unit)) }.max() ?? 0) / 5
            for row in rows {
                guard let at = row.at else { continue }
                let set = si(at, setting.unit)
                for reading in test.readings where QuantityKind(of: reading.unit) == kind {
                    guard let value = row.values[reading.name],
                        value.unit == .one || QuantityKind(of: value.unit) == kind
                    else { continue }
                    let shown = si(value, reading.unit)
                    let isOfSetting = reading.resolution != nil || reading.standard != nil
                    guard shown > set + allowed || (isOfSetting && shown < set - allowed) else { continue }
                    return "test '\(test.id)': \(reading.words.zh) \(reading.words.en) = \(value) where \(at) was set"
                }
            }
        }
        return nil
    }
}
