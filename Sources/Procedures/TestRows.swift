import Metrology

/// Lines of readings put in their places.
struct TestRows {
    private let test: Procedure.Test
    private let instrument: InstrumentScope
    private let isComplete: Bool

    /// - Parameter isComplete: whether everything the test asks for has to be there.
    init(_ test: Procedure.Test, _ instrument: InstrumentScope, isComplete: Bool) {
        self.test = test
        self.instrument = instrument
        self.isComplete = isComplete
    }

    /// - Throws: ``ReadingsFault`` for readings that belong nowhere, or are missing.
    func values(_ rows: [VerificationData.Row]) throws -> TestValues {
        var values = TestValues(instrument, test)
        values.points = try points(rows)
        var counts: [String: Int] = [:]
        for row in rows {
            let point = try place(row, values.points)
            let id = values.points[point].id
            if let stroke = row.stroke, !test.strokes.contains(stroke) {
                throw fault(
                    id,
                    test.strokes.isEmpty
                        ? "has no strokes, and a line says '\(stroke)'"
                        : "has no stroke '\(stroke)': it has \(test.strokes.joined(separator: ", "))")
            }
            if row.stroke == nil, !test.strokes.isEmpty {
                throw fault(id, "is read \(test.strokes.joined(separator: " and ")): a line does not say which")
            }
            let key = "\(point) \(row.stroke ?? "")"
            let repetition = row.repetition ?? (counts[key] ?? 0) + 1
            counts[key] = max(counts[key] ?? 0, repetition)
            var own = try readings(row, id)
            if let setting = test.setting, let at = row.at {
                own[setting.name] = try at.computed(in: setting.unit, setting.name)
            }
            values.rows.append(.init(point: point, stroke: row.stroke, repetition: repetition, values: own))
        }
        if let setting = test.setting {
            for point in values.points.indices where values.points[point].values[setting.name] == nil {
                let own = values.rows(of: point).compactMap { $0.values[setting.name] }
                values.points[point].values[setting.name] = ProcedureFormula.Aggregate.mean.value(own)
            }
        }
        if isComplete { try requireAll(values) }
        return values
    }

    private func readings(_ row: VerificationData.Row, _ point: String) throws -> [String: Computed] {
        for name in row.values.keys.sorted() where test.reading(name) == nil {
            throw fault(point, "has no reading '\(name)': it has \(test.readings.map(\.name).joined(separator: ", "))")
        }
        var own: [String: Computed] = [:]
        for reading in test.readings {
            guard let value = row.values[reading.name] else {
                if reading.isOptional { continue }
                throw fault(point, "lacks the reading '\(reading.name)' (\(reading.words.zh) \(reading.words.en))")
            }
            own[reading.name] = try value.computed(in: reading.unit, reading.name)
        }
        return own
    }

    // MARK: Points

    private func points(_ rows: [VerificationData.Row]) throws -> [TestValues.Point] {
        switch test.points {
        case .none: return [.init(id: "-", attributes: [:], values: [:])]
        case .listed(let listed):
            return try listed.filter { try $0.applies.holds(in: instrument) }.map { point in
                var values: [String: Computed] = [:]
                if let setting = test.setting, let from = point.from, let to = point.to,
                    let low = try from.evaluate(instrument.value), let high = try to.evaluate(instrument.value),
                    low.isEqual(to: high)
                {
                    values[setting.name] = low
                }
                return .init(id: point.id, attributes: point.attributes, values: values)
            }
        case .evenly(let count, let from, let to):
            guard let setting = test.setting, let low = try from.evaluate(instrument.value),
                let high = try to.evaluate(instrument.value)
            else { throw ReadingsFault("test '\(test.id)': the ends of its points have no value") }
            return (0..<count).map { index in
                let part = Double(index) / Double(count - 1)
                let at = Computed(low.value + (high.value - low.value) * part, noise: low.noise + high.noise)
                return .init(id: "p\(index + 1)", attributes: [:], values: [setting.name: at])
            }
        case .chosen, .unknown: return try chosen(rows)
        }
    }

    /// Points as the readings say, in their order.
    private func chosen(_ rows: [VerificationData.Row]) throws -> [TestValues.Point] {
        var points: [TestValues.Point] = []
        for row in rows {
            if let setting = test.setting {
                guard let at = row.at else {
                    throw ReadingsFault(
                        "test '\(test.id)': a line does not say at which \(setting.name) it was read: 'at'")
                }
                let value = try at.computed(in: setting.unit, setting.name)
                if points.contains(where: { $0.values[setting.name]?.isEqual(to: value) == true }) { continue }
                points.append(.init(id: row.point ?? "\(at)", attributes: [:], values: [setting.name: value]))
            } else {
                let id = row.point ?? "-"
                if !points.contains(where: { $0.id == id }) {
                    points.append(.init(id: id, attributes: [:], values: [:]))
                }
            }
        }
        return points
    }

    /// Index of the point a line belongs to.
    private func place(_ row: VerificationData.Row, _ points: [TestValues.Point]) throws -> Int {
        if let id = row.point, let index = points.firstIndex(where: { $0.id == id }) {
            try checkRange(row, id)
            return index
        }
        if let id = row.point {
            let known = points.map(\.id).joined(separator: ", ")
            throw fault(id, "is no point of it: it has \(known)")
        }
        if let setting = test.setting, let at = row.at {
            let value = try at.computed(in: setting.unit, setting.name)
            if let index = points.firstIndex(where: { $0.values[setting.name]?.isEqual(to: value) == true }) {
                return index
            }
            throw fault("\(at)", "is no point of it: name the point")
        }
        guard points.count == 1 else {
            throw ReadingsFault("test '\(test.id)': a line does not say at which point it was read")
        }
        return 0
    }

    private func checkRange(_ row: VerificationData.Row, _ id: String) throws {
        guard case .listed(let listed) = test.points, let setting = test.setting, let at = row.at,
            let point = listed.first(where: { $0.id == id }),
            let low = try point.from?.evaluate(instrument.value), let high = try point.to?.evaluate(instrument.value)
        else { return }
        let value = try at.computed(in: setting.unit, setting.name)
        // A setting that is asked for as one value is nominal: what was reached is judged by the readings.
        guard !low.isEqual(to: high) else { return }
        guard value.isEqual(to: low) || value.isEqual(to: high) || (low.value...high.value).contains(value.value) else {
            func text(_ value: Computed) -> String {
                "\(Reporting.rounded(setting.unit.number(fromSI: value.value), places: 6) ?? ExactDecimal(0))"
            }
            throw fault(id, "is from \(text(low)) to \(text(high)) \(setting.unit), and \(at) was set")
        }
    }

    // MARK: Completeness

    private func requireAll(_ values: TestValues) throws {
        if case .chosen(let least, let from, let to, let including) = test.points, let setting = test.setting {
            guard values.points.count >= least else {
                throw ReadingsFault(
                    "test '\(test.id)' takes \(least) points at least: there are \(values.points.count)")
            }
            let settings = values.points.compactMap { $0.values[setting.name] }
            for formula in including {
                guard let value = try formula.evaluate(instrument.value), !settings.contains(where: value.isEqual)
                else { continue }
                throw ReadingsFault("test '\(test.id)': the point \(formula.text) is missing")
            }
            for (formula, isLow) in [(from, true), (to, false)] {
                guard let end = try formula?.evaluate(instrument.value) else { continue }
                let outside = settings.first {
                    !$0.isEqual(to: end) && (isLow ? $0.value < end.value : $0.value > end.value)
                }
                guard outside == nil else {
                    throw ReadingsFault(
                        "test '\(test.id)': a point lies \(isLow ? "below" : "above") \(formula?.text ?? "")")
                }
            }
        }
        let least = test.retest == nil ? test.repeats.lowerBound : 1
        for (index, point) in values.points.enumerated() {
            for stroke in test.strokes.isEmpty ? [nil] : test.strokes.map(Optional.some) {
                let count = values.rows(of: index).count { $0.stroke == stroke }
                let where_ = stroke.map { " \($0)" } ?? ""
                guard count >= least else {
                    throw fault(point.id, "is read \(least) times\(where_), and \(count) readings are there")
                }
                guard count <= test.repeats.upperBound else {
                    throw fault(
                        point.id,
                        "is read \(test.repeats.upperBound) times\(where_) at most, and \(count) readings are there")
                }
            }
        }
    }

    private func fault(_ point: String, _ what: String) -> ReadingsFault {
        ReadingsFault(point == "-" ? "test '\(test.id)' \(what)" : "test '\(test.id)', point \(point): \(what)")
    }
}
