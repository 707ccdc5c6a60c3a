import Metrology

/// The values of one test while it is evaluated: of each reading, each point and the whole.
struct TestValues {
    struct Row {
        let point: Int
        let stroke: String?
        let repetition: Int
        var values: [String: Computed]
    }

    struct Point {
        let id: String
        let attributes: [String: String]
        var values: [String: Computed]
    }

    let instrument: InstrumentScope
    /// For complaints.
    let testID: String
    var points: [Point] = []
    var rows: [Row] = []
    var values: [String: Computed] = [:]
    /// Names whose values belong to single readings; those of points; all others to the test.
    private let ofReadings: Set<String>
    private let ofPoints: Set<String>

    init(_ instrument: InstrumentScope, _ test: Procedure.Test) {
        self.instrument = instrument
        testID = test.id
        func names(_ reach: Procedure.Reach) -> [String] {
            test.results.filter { $0.reach == reach }.flatMap { [$0.id, $0.limitName] }
        }
        ofReadings = Set(test.readings.map(\.name) + names(.reading))
        ofPoints = Set(names(.point) + [test.setting?.name].compactMap { $0 })
    }

    func rows(of point: Int) -> [Row] { rows.filter { $0.point == point } }

    func isOfReadings(_ name: String) -> Bool { ofReadings.contains(name) }
    func isOfPoints(_ name: String) -> Bool { ofPoints.contains(name) }
}

/// Where in a test something is asked: at a reading, at a point, or over all.
enum Place: Hashable {
    case reading(Int)
    case point(Int)
    case test
}

struct TestScope: ValueScope {
    let values: TestValues
    let place: Place

    private var row: TestValues.Row? {
        if case .reading(let index) = place { values.rows[index] } else { nil }
    }

    /// Index of the point; nil for the whole test.
    private var point: Int? {
        switch place {
        case .reading(let index): values.rows[index].point
        case .point(let index): index
        case .test: nil
        }
    }

    func word(_ name: String) -> String? {
        switch name {
        case "stroke": if let stroke = row?.stroke { return stroke }
        case "point": if let point { return values.points[point].id }
        default: if let point, let word = values.points[point].attributes[name] { return word }
        }
        return values.instrument.word(name)
    }

    func value(_ operand: ProcedureFormula.Operand) throws -> Computed? {
        switch operand {
        case .quantity(let quantity): return Computed(quantity.si)
        case .name(let name): return value(name)
        case .aggregate(let aggregate, let name, let label):
            return aggregate.value(candidates(name, label).map(\.value))
        case .selected(let name, let label):
            let all = candidates(name, label)
            // Of another point or stroke, that which belongs to the same reading.
            let own = all.filter { candidate in
                guard let row, let other = candidate.row else { return true }
                return other.repetition == row.repetition && (other.stroke == row.stroke || label == other.stroke)
            }
            let chosen = own.isEmpty ? all : own
            guard chosen.count <= 1 else {
                throw ReadingsFault(
                    "test '\(values.testID)': \(name)[\(label)] has \(chosen.count) values: the procedure must say which, "
                        + "as mean(\(name)[\(label)])")
            }
            return chosen.first?.value
        }
    }

    private func value(_ name: String) -> Computed? {
        if let found = row?.values[name] { return found }
        if let point {
            if let found = values.points[point].values[name] { return found }
            if row == nil, values.isOfReadings(name) {
                let rows = values.rows(of: point)
                return rows.count == 1 ? rows[0].values[name] : nil
            }
        }
        return values.values[name] ?? values.instrument.numbers[name]
    }

    /// The values of `name` in reach, of those of point or stroke `label` only.
    private func candidates(_ name: String, _ label: String?) -> [(value: Computed, row: TestValues.Row?)] {
        let named = label.flatMap { label in values.points.firstIndex { $0.id == label } }
        let inReach = named ?? point
        if values.isOfReadings(name) {
            return values.rows.filter { row in
                (inReach == nil || row.point == inReach) && (label == nil || named != nil || row.stroke == label)
            }.compactMap { row in row.values[name].map { ($0, row) } }
        }
        if values.isOfPoints(name) {
            // At a point its own value; over the test those of all.
            return values.points.indices.filter { inReach == nil || $0 == inReach }
                .compactMap { values.points[$0].values[name].map { ($0, nil) } }
        }
        return values.values[name].map { [($0, nil)] } ?? []
    }
}
