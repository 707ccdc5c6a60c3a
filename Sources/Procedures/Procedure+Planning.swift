public import Metrology

extension Procedure {
    /// Numbers of the plate and what follows from them, SI, checked against what the regulation allows.
    ///
    /// - Throws: ``ProcedureError`` for a value that is missing, unknown or not allowed.
    public func values(
        of nameplate: [String: VerificationData.PlateValue], stage: Stage = .subsequent
    ) throws -> [String: Double] {
        try InstrumentScope(VerificationData(stage: stage, nameplate: nameplate), under: self).numbers.mapValues(
            \.value)
    }

    /// What may be set at a listed point of a test, in the unit of the test's setting; nil for a point that is no setting.
    ///
    /// - Throws: ``ProcedureError`` for a plate the procedure does not allow.
    public func range(
        ofPoint id: String, in test: Test, nameplate: [String: VerificationData.PlateValue], stage: Stage = .subsequent
    ) throws -> ClosedRange<Double>? {
        guard case .listed(let points) = test.points, let setting = test.setting,
            let point = points.first(where: { $0.id == id }), let from = point.from, let to = point.to
        else { return nil }
        let scope = try InstrumentScope(VerificationData(stage: stage, nameplate: nameplate), under: self)
        guard let low = try from.evaluate(scope.value), let high = try to.evaluate(scope.value) else { return nil }
        let (first, last) = (setting.unit.number(fromSI: low.value), setting.unit.number(fromSI: high.value))
        return first...max(first, last)
    }

    /// The first validity whose conditions the nameplate meets.
    public func validity(
        for nameplate: [String: VerificationData.PlateValue], stage: Stage = .subsequent
    ) throws -> Validity? {
        let scope = try InstrumentScope(VerificationData(stage: stage, nameplate: nameplate), under: self)
        return try validity.first { try $0.applies.holds(in: scope) }
    }

    /// Plate values as a job or a record writes them: a number, with or without its unit, or a word.
    public func plate(_ written: [String: String]) -> [String: VerificationData.PlateValue] {
        written.reduce(into: [:]) { plate, entry in
            let item = nameplate.first { $0.name == entry.key }
            if case .words? = item?.values {
                plate[entry.key] = .word(entry.value)
            } else {
                plate[entry.key] = Quantity(entry.value).map { .number($0) } ?? .word(entry.value)
            }
        }
    }
}

extension Procedure.Test {
    /// Ids of the points that are listed, in the order of work.
    public var pointIDs: [String] {
        if case .listed(let points) = points { points.map(\.id) } else { [] }
    }

    /// Names of the plate and derived values that the settings are computed from.
    public var settingNames: Set<String> {
        guard case .listed(let points) = points else { return [] }
        return Set(points.flatMap { ($0.from?.names ?? []) + ($0.to?.names ?? []) })
    }
}

/// What is to be done on one instrument, as far as its plate and stage say.
public struct WorkPlan: Sendable {
    public struct TestPlan: Sendable {
        public let test: Procedure.Test
        /// Ids of the points with what is set there; one nameless point where the test has none.
        public let points: [(id: String?, at: Quantity?)]
        /// Whether the technician names the points.
        public let isChosen: Bool
    }

    public let checks: [Procedure.Check]
    public let tests: [TestPlan]
}

extension Procedure {
    /// The checks and tests that apply to an instrument, in the order of work.
    ///
    /// - Throws: ``ProcedureError`` and ``ReadingsFault`` for a plate or stage the procedure does not allow.
    public func workPlan(nameplate: [String: VerificationData.PlateValue], stage: Stage) throws -> WorkPlan {
        let scope = try InstrumentScope(VerificationData(stage: stage, nameplate: nameplate), under: self)
        return WorkPlan(
            checks: try checks.filter { try $0.applies.holds(in: scope) },
            tests: try tests.filter { try $0.applies.holds(in: scope) }.map { try plan($0, scope) })
    }

    private func plan(_ test: Test, _ scope: InstrumentScope) throws -> WorkPlan.TestPlan {
        func quantity(_ value: Double) -> Quantity? {
            guard let setting = test.setting else { return nil }
            return Reporting.written(setting.unit.number(fromSI: value)).map { Quantity($0, setting.unit) }
        }
        switch test.points {
        case .none: return .init(test: test, points: [(nil, nil)], isChosen: false)
        case .chosen, .unknown: return .init(test: test, points: [], isChosen: true)
        case .listed(let listed):
            let points = try listed.filter { try $0.applies.holds(in: scope) }.map { point -> (String?, Quantity?) in
                guard let from = try point.from?.evaluate(scope.value), let to = try point.to?.evaluate(scope.value)
                else {
                    return (point.id, nil)
                }
                // Within a range the middle is aimed at.
                return (point.id, quantity((from.value + to.value) / 2))
            }
            return .init(test: test, points: points, isChosen: false)
        case .evenly(let count, let from, let to):
            guard let low = try from.evaluate(scope.value), let high = try to.evaluate(scope.value) else {
                throw ReadingsFault("test '\(test.id)': the ends of its points have no value")
            }
            let points = (0..<count).map { index in
                let part = Double(index) / Double(count - 1)
                return (Optional("p\(index + 1)"), quantity(low.value + (high.value - low.value) * part))
            }
            return .init(test: test, points: points, isChosen: false)
        }
    }
}
