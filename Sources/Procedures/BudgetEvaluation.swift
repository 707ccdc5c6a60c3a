import Metrology

/// The uncertainty of one result at one place (JCGM 100, 5.1; JJF 1059.1-2012).
struct BudgetEvaluation {
    private let test: Procedure.Test
    private let budget: Procedure.Budget
    private let data: VerificationData

    init(_ test: Procedure.Test, _ budget: Procedure.Budget, _ data: VerificationData) {
        self.test = test
        self.budget = budget
        self.data = data
    }

    /// Nil where an input of the model has no value here.
    ///
    /// - Throws: ``ReadingsFault`` where something the budget needs is not given: the certificate of a standard, a scatter.
    func uncertainty(in scope: TestScope) throws -> PropagatedUncertainty? {
        // The model takes the means over the readings it speaks for; what is random is averaged with them.
        let rows: [TestValues.Row] =
            switch scope.place {
            case .reading(let index): [scope.values.rows[index]]
            case .point(let index): scope.values.rows(of: index)
            case .test: scope.values.rows
            }
        func estimate(_ operand: ProcedureFormula.Operand) throws -> Computed? {
            // What acts on the result itself is a deviation from it, expected to be nothing.
            if operand == .name(budget.result) { return Computed(0) }
            if case .name(let name) = operand, scope.values.isOfReadings(name) {
                return ProcedureFormula.Aggregate.mean.value(rows.compactMap { $0.values[name] })
            }
            return try scope.value(operand)
        }
        var influences: [Influence] = []
        for rule in budget.influences {
            guard let input = try estimate(.name(rule.input)) else { return nil }
            influences.append(try influence(rule, input, rows, estimate, scope))
        }
        guard let result = try budget.model.propagate(estimate, influences, k: budget.k ?? 2) else { return nil }
        guard let coverage = budget.coverage else { return try widened(result, estimate, influences) }
        let tail = (1 - coverage) / 2
        let k =
            result.effectiveDegreesOfFreedom.map { StudentT.quantile(upperTail: tail, degreesOfFreedom: max(1, $0)) }
            ?? StandardNormal.quantile(upperTail: tail)
        return try budget.model.propagate(estimate, influences, k: k)
    }

    /// With fewer degrees of freedom than ten readings give, 2 is too small a factor for 95 %: the one that has the
    /// probability which 2 has for infinitely many takes its place (JCGM 100, G.6.4; JJF 1059.1-2012, 5.3.3).
    private func widened(
        _ result: PropagatedUncertainty, _ estimate: (ProcedureFormula.Operand) throws -> Computed?,
        _ influences: [Influence]
    ) throws -> PropagatedUncertainty {
        guard budget.k == 2, let freedom = result.effectiveDegreesOfFreedom, freedom < 9 else { return result }
        let tail = StandardNormal.upperTail(2)
        let k = StudentT.quantile(upperTail: tail, degreesOfFreedom: max(1, freedom))
        return try budget.model.propagate(estimate, influences, k: k) ?? result
    }

    private func influence(
        _ rule: Procedure.InfluenceRule, _ input: Computed, _ rows: [TestValues.Row],
        _ estimate: (ProcedureFormula.Operand) throws -> Computed?, _ scope: TestScope
    ) throws -> Influence {
        let root = Double(max(1, rows.count)).squareRoot()
        func width(_ formula: ProcedureFormula) throws -> Double {
            guard let found = try formula.evaluate(estimate) else {
                throw ReadingsFault("test '\(test.id)': '\(formula.text)', which the uncertainty needs, has no value")
            }
            return abs(found.value)
        }
        var u: Double
        var freedom: Double?
        var evaluation = Influence.Evaluation.typeB
        switch rule.kind {
        case .certificate(let role): u = try certificate(role, (rule.input, input), scope)
        case .resolution(let formula, let readings):
            let reading = test.reading(rule.input)
            let step =
                try (formula ?? reading?.resolution).map(width)
                ?? data.resolutions["\(test.id).\(rule.input)"].map { $0.unit.factor * $0.number.double } ?? 0
            // Equal readings round alike: the mean of many is not known better than one for it.
            u = TypeB.resolution(step) * Double(readings).squareRoot()
        case .repeatability(let of):
            evaluation = .typeA
            (u, freedom) = try scatter(of, rows, scope)
            // The scatter of a relative error is a part of the reading it comes from.
            if unit(rule.input)?.dimension != .one, unit(of)?.dimension == .one { u *= abs(input.value) }
            u /= root
        case .rectangular(let formula): u = TypeB.rectangular(halfWidth: try width(formula))
        case .triangular(let formula): u = try width(formula) / 6.0.squareRoot()
        case .arcsine(let formula): u = try width(formula) / 2.0.squareRoot()
        case .expanded(let formula, let k): u = TypeB.certificate(expanded: try width(formula), k: k)
        }
        return Influence(
            name: rule.words.zh, input: rule.input, evaluation: evaluation, standardUncertainty: u,
            degreesOfFreedom: freedom)
    }

    private func certificate(
        _ role: String, _ input: (name: String, value: Computed), _ scope: TestScope
    ) throws -> Double {
        let place = scope.word("point").map { "\(role)@\($0)" }
        guard let statement = place.flatMap({ data.standards[$0] }) ?? data.standards[role] else {
            throw ReadingsFault(
                "the standard '\(role)' has no stated uncertainty: give U with k, or the limit of its error, from its certificate"
            )
        }
        let unit = test.readings.first { $0.standard == role }?.unit ?? unit(input.name)
        func absolute(_ quantity: Quantity, isPart stated: Bool = false) throws -> Double {
            let width = abs(quantity.unit.factor * quantity.number.double)
            guard stated || quantity.isPart(of: unit) else { return width }
            guard input.name != budget.result else {
                throw ReadingsFault(
                    "test '\(test.id)': the standard '\(role)' is known in parts of a value, and acts in the procedure on "
                        + "\(budget.result) itself: bind it to the reading it gives")
            }
            return width * abs(input.value.value)
        }
        switch statement {
        case .expanded(let quantity, let k): return TypeB.certificate(expanded: try absolute(quantity), k: k)
        case .expandedPart(let quantity, let k):
            return TypeB.certificate(expanded: try absolute(quantity, isPart: true), k: k)
        case .limit(let quantity): return TypeB.rectangular(halfWidth: try absolute(quantity))
        }
    }

    private func unit(_ name: String) -> MeasurementUnit? { test.reading(name)?.unit ?? test.result(name)?.unit }

    /// Standard deviation of a single value and its degrees of freedom: the institute's own evaluation where it is given,
    /// else that of the repeated values at hand.
    private func scatter(_ name: String, _ rows: [TestValues.Row], _ scope: TestScope) throws -> (Double, Double?) {
        let place = scope.word("point").map { "\(test.id).\(name)@\($0)" }
        let own = place.flatMap { data.repeatability[$0] } ?? data.repeatability["\(test.id).\(name)"]
        let point = rows.first?.point
        let stroke = rows.first?.stroke
        let values = scope.values.rows.filter { $0.point == point && $0.stroke == stroke }.compactMap {
            $0.values[name]?.value
        }
        if let own {
            let isPart = own.deviation.isPart(of: unit(name))
            let mean = values.reduce(0, +) / Double(max(1, values.count))
            return (
                abs(own.deviation.unit.factor * own.deviation.number.double) * (isPart ? abs(mean) : 1),
                own.degreesOfFreedom
            )
        }
        guard let deviation = experimentalStandardDeviation(values) else {
            throw ReadingsFault(
                "test '\(test.id)': the scatter of \(name) is not known: read the point more than once, or give the institute's "
                    + "own figure under 'repeatability'")
        }
        return (deviation, Double(values.count - 1))
    }
}

extension ProcedureFormula {
    /// First-order propagation; nil where an operand has no value.
    func propagate(
        _ value: (Operand) throws -> Computed?, _ influences: [Influence], k: Double
    ) throws -> PropagatedUncertainty? {
        var values: [String: Double] = [:]
        for (name, operand) in zip(formula.names, operands) {
            if case .quantity(let quantity) = operand {
                values[name] = quantity.si
            } else {
                guard let found = try value(operand) else { return nil }
                values[name] = found.value
            }
        }
        return try formula.propagate(values, influences: influences, k: k)
    }
}

extension Quantity {
    /// Whether it is stated as a part of a value in `unit` and not in a unit of its own: 2 % of 50 kPa, and of 50 ppm.
    fileprivate func isPart(of unit: MeasurementUnit?) -> Bool {
        guard self.unit.dimension == .one, self.unit.scale == .ratio, let unit else { return false }
        if unit.dimension != .one { return true }
        return self.unit == .percent && unit.scale == .ratio && unit.factor != MeasurementUnit.percent.factor
    }
}
