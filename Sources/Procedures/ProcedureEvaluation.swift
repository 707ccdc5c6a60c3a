import Metrology

extension Procedure {
    /// From readings to results and verdict: pure, and so the same now and in ten years.
    ///
    /// - Parameter isComplete: false for what is there in the middle of a session; results of whole tests are then left out.
    /// - Throws: ``ReadingsFault`` and ``ProcedureError`` for data the procedure cannot take.
    public func evaluate(_ data: VerificationData, isComplete: Bool = true) throws -> ProcedureOutcome {
        let instrument = try InstrumentScope(data, under: self)
        let checks = try outcomes(data.checks, instrument, isComplete: isComplete)
        let known = tests.map(\.id)
        for test in data.tests.keys.sorted() where !known.contains(test) {
            throw ReadingsFault("\(number) has no test '\(test)': it has \(known.joined(separator: ", "))")
        }
        var values: [ProcedureOutcome.Value] = []
        for test in tests {
            let applies = try test.applies.holds(in: instrument)
            guard applies else {
                if data.tests[test.id] != nil {
                    throw ReadingsFault("\(number): the test '\(test.id)' is not made on this instrument at this stage")
                }
                continue
            }
            guard let rows = data.tests[test.id] else {
                guard isComplete else { continue }
                throw ReadingsFault(
                    "\(number): the test '\(test.id)' (\(test.words.zh) \(test.words.en)) has no readings")
            }
            values += try TestEvaluation(self, test, data, instrument, isComplete: isComplete).values(rows)
        }
        // Readings at points that somebody chose because the regulation's are not known decide nothing for good.
        let isOpen = try tests.contains { test in
            guard case .unknown = test.points else { return false }
            return try test.applies.holds(in: instrument)
        }
        let verdicts = values.compactMap(\.verdict) + (isOpen ? [.undetermined] : [])
        let fails = checks.contains { !$0.passed } || verdicts.contains(.notConforming)
        return ProcedureOutcome(
            checks: checks, values: values, objections: try objections(data, instrument, values),
            verdict: fails ? .notConforming : verdicts.contains(.undetermined) ? .undetermined : .conforming)
    }

    /// The limits of one result for data that are not a verification yet; no uncertainty is computed.
    ///
    /// - Throws: as ``evaluate(_:isComplete:)``.
    public func limits(of result: Result, in test: Test, _ data: VerificationData) throws -> [ProcedureOutcome.Value] {
        try TestEvaluation(
            self, test, data, InstrumentScope(data, under: self), isComplete: false, withUncertainty: false
        ).values(data.tests[test.id] ?? []).filter { $0.result == result.id }
    }

    private func outcomes(
        _ given: [String: Bool], _ instrument: InstrumentScope, isComplete: Bool
    ) throws -> [ProcedureOutcome.CheckOutcome] {
        let known = checks.map(\.id)
        for check in given.keys.sorted() where !known.contains(check) {
            throw ReadingsFault("\(number) has no check '\(check)': it has \(known.joined(separator: ", "))")
        }
        return try checks.compactMap { check in
            guard try check.applies.holds(in: instrument) else { return nil }
            guard let passed = given[check.id] else {
                guard isComplete else { return nil }
                throw ReadingsFault(
                    "\(number): the check '\(check.id)' (\(check.words.zh) \(check.words.en)) has no outcome")
            }
            return .init(id: check.id, passed: passed)
        }
    }

    /// Conditions outside, standards not good enough.
    private func objections(
        _ data: VerificationData, _ instrument: InstrumentScope, _ values: [ProcedureOutcome.Value]
    ) throws -> [String] {
        var found: [String] = []
        for condition in conditions {
            guard let within = condition.within, let value = instrument.numbers[condition.name] else { continue }
            let (low, high) = (
                Computed(condition.unit.si(within.lowerBound.double)),
                Computed(condition.unit.si(within.upperBound.double))
            )
            guard !value.isEqual(to: low), !value.isEqual(to: high), !(low.value...high.value).contains(value.value)
            else { continue }
            let shown = data.conditions[condition.id].map { "\($0)" } ?? ""
            found.append(
                "\(condition.words.zh) \(condition.words.en) \(shown) is outside \(within.lowerBound) to "
                    + "\(within.upperBound) \(condition.unit): wait until the room or the water is as the procedure asks"
            )
        }
        for rule in standards {
            guard let fitness = rule.fitness, let statement = data.standards[rule.role],
                let unit = test(fitness.test)?.result(fitness.result)?.unit
            else { continue }
            let limits = values.filter { $0.test == fitness.test && $0.result == fitness.result }
                .compactMap { value in [value.lower, value.upper].compactMap { $0.map(abs) }.max() }
            guard let smallest = limits.min() else { continue }
            let quantity = statement.quantity
            // What is stated as a part of the value is compared only with what is limited as a part of it.
            guard QuantityKind(of: quantity.unit).dimension == unit.dimension else { continue }
            let stated = Computed(abs(quantity.unit.factor * quantity.number.double))
            let allowed = Computed(unit.factor * smallest * fitness.fraction)
            guard stated.value > allowed.value, !stated.isEqual(to: allowed) else { continue }
            found.append(
                "\(rule.words.zh) \(rule.words.en): \(quantity) is more than \(Reporting.rounded(fitness.fraction, places: 3) ?? ExactDecimal(1)) of the smallest limit, "
                    + "\(Reporting.rounded(smallest, places: 6) ?? ExactDecimal(0)) \(unit): take a better standard")
        }
        return found
    }
}

extension VerificationData.StandardStatement {
    var quantity: Quantity {
        switch self {
        case .expanded(let quantity, _), .expandedPart(let quantity, _), .limit(let quantity): quantity
        }
    }
}

/// One test of one instrument.
struct TestEvaluation {
    private let procedure: Procedure
    private let test: Procedure.Test
    private let data: VerificationData
    private let instrument: InstrumentScope
    private let isComplete: Bool
    private let withUncertainty: Bool

    init(
        _ procedure: Procedure, _ test: Procedure.Test, _ data: VerificationData, _ instrument: InstrumentScope,
        isComplete: Bool, withUncertainty: Bool = true
    ) {
        self.procedure = procedure
        self.test = test
        self.data = data
        self.instrument = instrument
        self.isComplete = isComplete
        self.withUncertainty = withUncertainty
    }

    func values(_ rows: [VerificationData.Row]) throws -> [ProcedureOutcome.Value] {
        var values = try TestRows(test, instrument, isComplete: isComplete).values(rows)
        if let retest = test.retest, let result = test.results.firstIndex(where: { $0.id == retest.result }) {
            var trial = values
            var found: [ProcedureOutcome.Value] = []
            // Only whether it is inside: no budget is needed for that.
            let trials = TestEvaluation(
                procedure, test, data, instrument, isComplete: isComplete,
                withUncertainty: procedure.decision == .threeZones)
            for result in test.results[...result] { try trials.compute(result, &trial, &found) }
            // Where the first reading is inside it stands, whatever a neighbour on the same bench needed.
            let inside = Set(
                found.filter { $0.result == retest.result && $0.repetition == 1 && $0.verdict == .conforming }
                    .map { "\($0.point ?? "") \($0.stroke ?? "")" })
            values.rows.removeAll { row in
                row.repetition > 1 && inside.contains("\(values.points[row.point].id) \(row.stroke ?? "")")
            }
        }
        var found: [ProcedureOutcome.Value] = []
        for result in test.results { try compute(result, &values, &found) }
        guard let retest = test.retest else { return found }
        // Whether to read again is not whether the instrument conforms.
        return found.map { value in
            var value = value
            if value.result == retest.result { value.verdict = nil }
            return value
        }
    }

    private func compute(
        _ result: Procedure.Result, _ values: inout TestValues, _ found: inout [ProcedureOutcome.Value]
    ) throws {
        let places: [Place] =
            switch result.reach {
            case .reading: values.rows.indices.map(Place.reading)
            case .point: values.points.indices.filter { !values.rows(of: $0).isEmpty }.map(Place.point)
            case .test: isComplete ? [.test] : []
            }
        // No value of a result is an input of another of its own: all are computed before one is written down, and what
        // is written does not have to be copied for those who read.
        var stated: [(name: String, value: Computed, place: Place)] = []
        for place in places {
            let scope = TestScope(values: values, place: place)
            guard try result.applies.holds(in: scope) else { continue }
            guard let computed = try result.formula.evaluate(scope.value) else {
                // In the middle of a session something may still be to come.
                if isComplete { try requireOptional(result) }
                continue
            }
            let limit = try limits(of: result, in: scope)
            // What is rounded goes on rounded: it is what the record states.
            var compared = computed
            if let step = try result.roundedTo?.evaluate(scope.value) { compared = computed.rounded(to: step) }
            stated.append((result.id, compared, place))
            if let magnitude = [limit.lower, limit.upper].compactMap({ $0 }).max(by: { abs($0.value) < abs($1.value) })
            {
                let size = Computed(abs(magnitude.value), noise: magnitude.noise)
                stated.append((result.limitName, size, place))
            }
            found.append(try judged(result, computed, compared, limit, scope))
        }
        for (name, value, place) in stated { values.set(name, value, at: place) }
    }

    /// A judged result without a value must not be a result that passed.
    private func requireOptional(_ result: Procedure.Result) throws {
        let mayBeMissing = Set(test.readings.filter(\.isOptional).map(\.name))
        // What is computed from a reading that need not be there need not be there either.
        var open = mayBeMissing
        for other in test.results where other.formula.names.contains(where: open.contains) { open.insert(other.id) }
        for other in test.results where !other.applies.requirements.isEmpty { open.insert(other.id) }
        guard !result.limits.isEmpty, !result.formula.names.contains(where: open.contains) else { return }
        throw ReadingsFault("test '\(test.id)': \(result.id) = \(result.formula.text) has no value from these readings")
    }

    private struct Limits {
        var lower: Computed?
        var upper: Computed?
        var isDue = false
        var missing: String?
    }

    private func limits(of result: Procedure.Result, in scope: TestScope) throws -> Limits {
        guard !result.limits.isEmpty else { return Limits() }
        for line in result.limits where try line.applies.holds(in: scope) {
            func end(_ formula: ProcedureFormula?) throws -> Computed? {
                guard let formula else { return nil }
                guard let value = try formula.evaluate(scope.value) else {
                    throw ReadingsFault(
                        "test '\(test.id)': the limit \(formula.text) of \(result.id) has no value here")
                }
                return value
            }
            switch line.bounds {
            case .symmetric(let formula):
                let limit = try end(formula)
                return Limits(lower: limit.map { Computed(-$0.value, noise: $0.noise) }, upper: limit, isDue: true)
            case .between(let lower, let upper):
                return Limits(lower: try end(lower), upper: try end(upper), isDue: true)
            case .none: return Limits()
            case .unknown(let why): return Limits(isDue: true, missing: why)
            }
        }
        return Limits(isDue: true, missing: "no line of its limits applies here")
    }

    private func judged(
        _ result: Procedure.Result, _ computed: Computed, _ compared: Computed, _ limit: Limits, _ scope: TestScope
    ) throws -> ProcedureOutcome.Value {
        let budget = try test.budgets.first { withUncertainty && $0.result == result.id }
            .flatMap { try BudgetEvaluation(test, $0, data).uncertainty(in: scope) }
        // What is the same on paper is the same here.
        var value = compared.value
        for end in [limit.lower, limit.upper] { if let end, compared.isEqual(to: end) { value = end.value } }
        var verdict: Verdict?
        if limit.missing != nil {
            verdict = .undetermined
        } else if limit.isDue {
            verdict =
                procedure.decision == .threeZones && budget == nil
                ? .undetermined
                : Conformity.decide(
                    error: value, limits: ErrorLimits(lower: limit.lower?.value, upper: limit.upper?.value),
                    expandedUncertainty: budget?.expanded ?? 0, rule: procedure.decision)
        }
        let unit = result.unit
        return ProcedureOutcome.Value(
            test: test.id, result: result.id, point: scope.pointID, stroke: scope.stroke, repetition: scope.repetition,
            value: unit.number(fromSI: computed.value), compared: unit.number(fromSI: compared.value),
            lower: limit.lower.map { unit.number(fromSI: $0.value) },
            upper: limit.upper.map { unit.number(fromSI: $0.value) },
            expandedUncertainty: budget.map { $0.expanded / unit.factor }, budget: budget, verdict: verdict,
            missingLimit: limit.missing)
    }
}

extension TestValues {
    fileprivate mutating func set(_ name: String, _ value: Computed, at place: Place) {
        switch place {
        case .reading(let index): rows[index].values[name] = value
        case .point(let index): points[index].values[name] = value
        case .test: values[name] = value
        }
    }
}

extension TestScope {
    fileprivate var pointID: String? {
        switch place {
        case .reading(let index): values.points[values.rows[index].point].id
        case .point(let index): values.points[index].id
        case .test: nil
        }
    }

    fileprivate var stroke: String? {
        if case .reading(let index) = place { values.rows[index].stroke } else { nil }
    }

    fileprivate var repetition: Int? {
        if case .reading(let index) = place { values.rows[index].repetition } else { nil }
    }
}
