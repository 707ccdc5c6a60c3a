import Metrology

/// What holds for the instrument as a whole: plate, derived values, conditions, stage.
struct InstrumentScope: ValueScope {
    private(set) var numbers: [String: Computed] = [:]
    private(set) var words: [String: String]

    /// - Throws: ``ProcedureError`` for a plate the procedure does not allow.
    init(_ data: VerificationData, under procedure: Procedure) throws {
        words = ["stage": data.stage.rawValue]
        guard procedure.stages.contains(data.stage) else {
            throw ReadingsFault(
                "\(procedure.number) has no \(data.stage.words.en) (\(data.stage.rawValue)): it has "
                    + procedure.stages.map(\.rawValue).joined(separator: ", "))
        }
        try read(data.nameplate, procedure)
        for condition in procedure.conditions {
            guard let value = data.conditions[condition.id] else { continue }
            numbers[condition.name] = try value.computed(in: condition.unit, condition.id)
        }
        for value in procedure.derived {
            for line in value.cases where try line.applies.holds(in: self) {
                numbers[value.name] = try line.formula.evaluate(self.value)
                break
            }
        }
    }

    private mutating func read(_ plate: [String: VerificationData.PlateValue], _ procedure: Procedure) throws {
        let known = procedure.nameplate.map(\.name)
        for name in plate.keys.sorted() where !known.contains(name) {
            throw ProcedureError.unknownNameplateValue(name, procedure: procedure.number, known: known)
        }
        for item in procedure.nameplate {
            guard let value = plate[item.name] else {
                if item.isOptional { continue }
                throw ProcedureError.missingNameplateValue(item.name, procedure: procedure.number)
            }
            switch (item.values, value) {
            case (.words(let allowed), .word(let word)):
                guard allowed.contains(word) else { throw refusal(item, word, allowed, procedure) }
                words[item.name] = word
            case (.words(let allowed), .number(let number)):
                // A class called 2 is a word too.
                guard allowed.contains("\(number)") else { throw refusal(item, "\(number)", allowed, procedure) }
                words[item.name] = "\(number)"
            case (.numbers(let unit, let allowed, let mayBeAnySign), .number(let quantity)):
                var number = try quantity.computed(in: unit, item.name)
                if quantity.unit == unit || (quantity.unit == .one && unit != .one) {
                    let written = item.sameAs[quantity.number] ?? quantity.number
                    number = Computed(unit.si(written.double))
                }
                let isAllowed =
                    allowed.isEmpty
                    ? mayBeAnySign || number.value > 0
                    : allowed.contains { Computed(unit.si($0.double)).isEqual(to: number) }
                guard isAllowed else { throw refusal(item, "\(quantity)", allowed.map { "\($0)" }, procedure) }
                numbers[item.name] = number
            case (.numbers, .word(let word)): throw refusal(item, word, ["a number in \(item.unit)"], procedure)
            }
        }
    }

    private func refusal(
        _ item: Procedure.NameplateItem, _ value: String, _ allowed: [String], _ procedure: Procedure
    ) -> ProcedureError {
        .nameplateValueNotAllowed(item.name, value: value, procedure: procedure.number, allowed: allowed)
    }

    func word(_ name: String) -> String? { words[name] }

    func value(_ operand: ProcedureFormula.Operand) throws -> Computed? {
        switch operand {
        case .name(let name): numbers[name]
        case .quantity(let quantity): Computed(quantity.si)
        case .selected, .aggregate: nil
        }
    }
}

extension Quantity {
    /// In SI; a plain number is one of `unit`.
    ///
    /// - Throws: ``ReadingsFault`` where the unit does not fit.
    func computed(in unit: MeasurementUnit, _ what: String) throws -> Computed {
        if self.unit == .one { return Computed(unit.si(number.double)) }
        guard QuantityKind(of: self.unit) == QuantityKind(of: unit) else {
            throw ReadingsFault("\(what) = \(self) is no number of \(unit): give it in \(unit) or a unit of its kind")
        }
        return Computed(si)
    }
}
