import Metrology

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
