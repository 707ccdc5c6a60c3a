import DataFiles
import Metrology

extension Procedure.Test {
    init(_ entry: DataMapping, _ outer: Vocabulary, standards: [String]) throws {
        id = try entry.required("id").text()
        words = try entry.words()
        let provenance = try entry.provenance()
        self.provenance = provenance
        var vocabulary = outer
        applies = try entry.applicability(outer)
        let setting = try entry.optional("setting").map { node in
            try node.mapping {
                Procedure.Setting(
                    name: try $0.required("name").identifier(), words: try $0.words(),
                    unit: try $0.required("unit").unit())
            }
        }
        self.setting = setting
        strokes = try entry.optional("strokes")?.list().map { try $0.text() } ?? []
        vocabulary.words["stroke"] = strokes
        vocabulary.labels.formUnion(strokes)
        retest = try entry.optional("retest").map { node in
            try node.mapping {
                Procedure.Retest(
                    result: try $0.required("when_outside").text(),
                    readingsAtMost: try $0.required("readings_at_most").integer(),
                    provenance: try $0.provenance(provenance))
            }
        }
        repeats = try entry.optional("repeats").map(Self.repeats) ?? 1...(retest?.readingsAtMost ?? 1)
        vocabulary.isSingle = repeats == 1...1 && strokes.count <= 1
        if let setting { vocabulary.define(setting.name, setting.unit, reach: .point) }
        points = try Self.points(entry.optional("points"), setting, &vocabulary)

        readings = try entry.required("readings").entries().map { key, value in
            let name = try key.identifier()
            return try value.mapping { try Procedure.Reading($0, name: name, outer, standards: standards) }
        }
        for reading in readings { vocabulary.define(reading.name, reading.unit, reach: .reading) }
        results = try entry.required("results").list().map { node in
            let result = try node.mapping { try Procedure.Result($0, vocabulary, provenance) }
            guard vocabulary.kinds[result.id] == nil else { throw node.error("'\(result.id)' is taken already") }
            vocabulary.define(result.id, result.unit, reach: result.reach)
            if !result.limits.isEmpty { vocabulary.define(result.limitName, result.unit, reach: result.reach) }
            return result
        }
        let results = results
        if let retest,
            !results.contains(where: { $0.id == retest.result && $0.reach == .reading && !$0.limits.isEmpty })
        {
            throw entry.node.error("'retest' names no result of each reading that has limits: '\(retest.result)'")
        }
        let final = vocabulary
        budgets =
            try entry.optional("uncertainty")?.list().map { node in
                try node.mapping { try Procedure.Budget($0, of: results, final, standards: standards) }
            } ?? []
    }

    private static func repeats(_ node: DataNode) throws -> ClosedRange<Int> {
        if node.isMapping {
            return try node.mapping { keys in
                let least = try keys.required("at_least").integer()
                let most = try keys.optional("at_most")?.integer() ?? 1000
                guard least >= 1, most >= least else { throw node.error("at_least is 1 or more, at_most not below it") }
                return least...most
            }
        }
        let count = try node.integer()
        guard count >= 1 else { throw node.error("a point is read once at least") }
        return count...count
    }

    private static func points(
        _ node: DataNode?, _ setting: Procedure.Setting?, _ vocabulary: inout Vocabulary
    ) throws -> Procedure.Points {
        guard let node else { return .none }
        // The ends of a range of points hold for the whole test.
        let outer = vocabulary
        func end(_ node: DataNode) throws -> ProcedureFormula {
            guard let setting else { throw node.error("a test whose points have values says what is set: 'setting'") }
            return try node.formula(outer, in: setting.unit)
        }
        if node.isList {
            let points = try node.list().map { point in
                try point.mapping { keys in
                    let range = try keys.optional("within")?.list().map(end)
                    if let range, range.count != 2 { throw point.error("'within' has two ends") }
                    let at = try keys.optional("at").map(end)
                    let words = try keys.optional("zh") == nil ? nil : keys.words()
                    let attributes = try keys.optional("with")?.entries().map { (try $0.text(), try $1.text()) } ?? []
                    return Procedure.Point(
                        id: try keys.required("id").text(), words: words, applies: try keys.applicability(outer),
                        from: at ?? range?[0], to: at ?? range?[1],
                        attributes: Dictionary(attributes) { first, _ in first })
                }
            }
            guard !points.isEmpty else { throw node.error("a test has a point at least") }
            vocabulary.labels.formUnion(points.map(\.id))
            vocabulary.words["point"] = points.map(\.id)
            for name in Set(points.flatMap(\.attributes.keys)) {
                vocabulary.words[name] = Array(Set(points.compactMap { $0.attributes[name] })).sorted()
            }
            return .listed(points)
        }
        return try node.mapping { keys in
            if let why = keys.optional("unknown") { return .unknown(why: try why.text()) }
            if let count = keys.optional("evenly") {
                let number = try count.integer()
                guard number >= 2 else { throw count.error("evenly spaced points are two at least") }
                vocabulary.labels.formUnion((1...number).map { "p\($0)" })
                return .evenly(number, from: try end(try keys.required("from")), to: try end(try keys.required("to")))
            }
            let least = try keys.required("chosen_at_least").integer()
            guard least >= 1 else { throw node.error("at least one point is chosen") }
            return .chosen(
                atLeast: least, from: try keys.optional("from").map(end), to: try keys.optional("to").map(end),
                including: try keys.optional("including")?.list().map(end) ?? [])
        }
    }
}

extension Procedure.Reading {
    init(_ entry: DataMapping, name: String, _ vocabulary: Vocabulary, standards: [String]) throws {
        self.name = name
        words = try entry.words()
        let unit = try entry.required("unit").unit()
        self.unit = unit
        // A step is a difference: that of a temperature is in K.
        let step = unit.scale == .celsius ? MeasurementUnit("K") ?? unit : unit
        resolution = try entry.optional("resolution")?.formula(vocabulary, in: step)
        isOptional = try entry.optional("optional")?.boolean() ?? false
        standard = try entry.optional("standard").map { node in
            let role = try node.text()
            guard standards.contains(role) else {
                throw node.error("there is no standard '\(role)': there are \(standards.joined(separator: ", "))")
            }
            return role
        }
    }
}

extension Procedure.Result {
    init(_ entry: DataMapping, _ vocabulary: Vocabulary, _ inherited: Procedure.Provenance) throws {
        let id = try entry.required("id").identifier()
        self.id = id
        limitName = "\(id)_limit"
        words = try entry.words()
        let reach = try entry.optional("per")?.oneOf(Procedure.Reach.self) ?? .reading
        self.reach = reach
        let unit = try entry.required("unit").unit()
        self.unit = unit
        formula = try entry.required("formula").formula(vocabulary, in: unit, at: reach)
        applies = try entry.applicability(vocabulary, at: reach)
        roundedTo = try entry.optional("rounded_to")?.formula(vocabulary, in: unit, at: reach)
        let provenance = try entry.provenance(inherited)
        self.provenance = provenance
        let short = try Procedure.Limit.Bounds(entry, vocabulary, in: unit, at: reach)
        if let short {
            limits = [.init(applies: .always, bounds: short, provenance: provenance)]
        } else {
            limits =
                try entry.optional("limits")?.list().map { node in
                    try node.mapping { line in
                        guard let bounds = try Procedure.Limit.Bounds(line, vocabulary, in: unit, at: reach) else {
                            throw node.error("a limit is 'within', 'at_most', 'at_least', 'none' or 'unknown'")
                        }
                        return Procedure.Limit(
                            applies: try line.applicability(vocabulary, at: reach), bounds: bounds,
                            provenance: try line.provenance(provenance))
                    }
                } ?? []
        }
    }
}

extension Procedure.Limit.Bounds {
    /// `within: 3 %` (both signs), `at_most`, `at_least`, `none: why`, `unknown: why`; nil where none of them stands.
    init?(_ entry: DataMapping, _ vocabulary: Vocabulary, in unit: MeasurementUnit, at reach: Procedure.Reach) throws {
        func end(_ key: String) throws -> ProcedureFormula? {
            try entry.optional(key)?.formula(vocabulary, in: unit, at: reach)
        }
        let within = try end("within")
        let (lower, upper) = (try end("at_least"), try end("at_most"))
        let unknown = try entry.optional("unknown")?.text()
        let none = try entry.optional("none")?.text()
        let stated = [within != nil, lower != nil || upper != nil, unknown != nil, none != nil].count { $0 }
        guard stated <= 1 else { throw entry.node.error("a limit is stated in one way only") }
        if let within {
            self = .symmetric(within)
        } else if lower != nil || upper != nil {
            self = .between(lower: lower, upper: upper)
        } else if let unknown {
            self = .unknown(why: unknown)
        } else if none != nil {
            self = .none
        } else {
            return nil
        }
    }
}

extension Procedure.Budget {
    init(
        _ entry: DataMapping, of results: [Procedure.Result], _ vocabulary: Vocabulary, standards: [String]
    ) throws {
        let of = try entry.required("of")
        let name = try of.text()
        guard let result = results.first(where: { $0.id == name }) else {
            throw of.error("the test gives no result '\(name)': it gives \(results.map(\.id).joined(separator: ", "))")
        }
        self.result = name
        // Whatever the reach of the result: the model takes the readings' estimates.
        let stated = try entry.optional("model")?.formula(vocabulary, in: result.unit)
        guard stated != nil || result.formula.isPlain else {
            throw of.error("'\(name)' is computed over several readings: its budget needs a 'model' of one")
        }
        let plain = stated ?? result.formula
        k = try entry.optional("k")?.number()
        coverage = try entry.optional("coverage").map { try $0.decimal(in: .percent).double / 100 }
        guard (k == nil) != (coverage == nil) else { throw entry.node.error("a budget has either 'k' or 'coverage'") }
        let inputs = plain.names + [name]
        let influences = try entry.required("influences").list().map { node in
            try node.mapping { try Procedure.InfluenceRule($0, inputs: inputs, vocabulary, standards: standards) }
        }
        self.influences = influences
        // What acts on the result itself is added to it.
        model =
            influences.contains { $0.input == name }
            ? try ProcedureFormula("(\(plain.text)) + \(name)", tables: vocabulary.tables) : plain
    }
}

extension Procedure.InfluenceRule {
    init(_ entry: DataMapping, inputs: [String], _ vocabulary: Vocabulary, standards: [String]) throws {
        let input = try entry.required("input")
        let name = try input.text()
        self.input = name
        guard inputs.contains(name), let kind = vocabulary.kinds[name] else {
            throw input.error("the model has no input '\(name)': it has \(inputs.joined(separator: ", "))")
        }
        words = try entry.words()
        let what = try entry.required("kind")
        // A width is a difference, also on a scale of temperature.
        let width = kind.scale == .celsius ? QuantityKind(.temperature) : kind
        func formula(_ key: String) throws -> ProcedureFormula {
            let node = try entry.required(key)
            let formula = try node.formula(vocabulary)
            let found = try formula.kind { vocabulary.kinds[$0] }
            guard found == width || (found == .one && width.dimension == .one) else {
                throw node.error("this is \(found), and '\(name)' varies by \(width)")
            }
            return formula
        }
        switch try what.text() {
        case "certificate":
            let role = try entry.required("standard")
            let text = try role.text()
            guard standards.contains(text) else {
                throw role.error("there is no standard '\(text)': there are \(standards.joined(separator: ", "))")
            }
            self.kind = .certificate(role: text)
        case "resolution":
            self.kind = .resolution(
                step: entry.optional("step") == nil ? nil : try formula("step"),
                readings: try entry.optional("readings")?.integer() ?? 1)
        case "repeatability":
            let of = entry.optional("of") ?? input
            let repeated = try of.text()
            guard vocabulary.reaches[repeated] == .reading else {
                throw of.error(
                    "'\(repeated)' is no reading or result of single readings of this test: it has no scatter")
            }
            self.kind = .repeatability(of: repeated)
        case "rectangular": self.kind = .rectangular(try formula("half_width"))
        case "triangular": self.kind = .triangular(try formula("half_width"))
        case "arcsine": self.kind = .arcsine(try formula("half_width"))
        case "expanded": self.kind = .expanded(try formula("expanded"), k: try entry.required("k").number())
        case let other:
            throw what.error(
                "'\(other)' is no kind of influence: certificate, resolution, repeatability, rectangular, triangular, "
                    + "arcsine, expanded")
        }
        switch self.kind {
        case .rectangular, .triangular, .arcsine, .expanded: provenance = try entry.provenance()
        default: provenance = entry.optional("source") == nil ? nil : try entry.provenance()
        }
    }
}

extension DataNode {
    /// A formula or a quantity of any kind.
    fileprivate func formula(_ vocabulary: Vocabulary) throws -> ProcedureFormula {
        try formula(vocabulary, at: .reading) { _ in nil }
    }
}
