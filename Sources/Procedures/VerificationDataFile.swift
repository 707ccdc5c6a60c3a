public import DataFiles
import Metrology

extension VerificationData {
    /// Reads the data of one instrument from a job or a worked example, in the words of `procedure`.
    ///
    /// A number without a unit is one of the unit the procedure gives; a list of values stands for repetitions.
    ///
    /// - Throws: `DataFileError` at the place that is wrong.
    public init(_ keys: DataMapping, under procedure: Procedure) throws {
        stage = try keys.optional("stage")?.oneOf(Procedure.Stage.self) ?? .subsequent
        nameplate = try Dictionary(
            uniqueKeysWithValues: keys.required("nameplate").entries().map { key, value in
                let name = try key.text()
                guard let item = procedure.nameplate.first(where: { $0.name == name }) else {
                    throw key.unknown(name, "nameplate value", procedure.nameplate.map(\.name))
                }
                if case .words = item.values { return (name, .word(try value.text())) }
                return (name, .number(try value.quantity()))
            })
        conditions =
            try keys.optional("conditions").map { node in
                try node.named(procedure.conditions.map(\.id), "condition") { try $0.quantity() }
            } ?? [:]
        checks =
            try keys.optional("checks").map { node in
                try node.named(procedure.checks.map(\.id), "check") { try $0.passed() }
            } ?? [:]
        standards = try keys.optional("standards").map { try Self.standards($0, procedure) } ?? [:]
        repeatability = try keys.optional("repeatability").map(Self.repeatability) ?? [:]
        let lines = try keys.optional("tests")?.named(procedure.tests.map(\.id), "test") { node in node } ?? [:]
        tests = try lines.reduce(into: [:]) { found, entry in
            guard let test = procedure.test(entry.key) else { return }
            found[entry.key] = try Self.rows(entry.value, test)
        }
    }

    private static func standards(_ node: DataNode, _ procedure: Procedure) throws -> [String: StandardStatement] {
        let roles = procedure.standards.map(\.role)
        return try Dictionary(
            uniqueKeysWithValues: node.entries().map { key, value in
                // `reference@Q1` where the certificate says something else for each point.
                let name = try key.text()
                let role = name.split(separator: "@").first.map(String.init) ?? name
                guard roles.contains(role) else { throw key.unknown(role, "standard", roles) }
                return try value.mapping { entry in
                    if let limit = entry.optional("limit") { return (name, .limit(try limit.quantity())) }
                    if let part = entry.optional("U_rel") {
                        return (name, .expandedPart(try part.quantity(), k: try entry.required("k").number()))
                    }
                    return (name, .expanded(try entry.required("U").quantity(), k: try entry.required("k").number()))
                }
            })
    }

    private static func repeatability(_ node: DataNode) throws -> [String: Repeatability] {
        try Dictionary(
            uniqueKeysWithValues: node.entries().map { key, value in
                try value.mapping { entry in
                    _ = try entry.optional("source")?.text()
                    let count = try entry.optional("n")?.integer()
                    if let count, count < 2 { throw value.error("a standard deviation needs two values at least") }
                    return (
                        try key.text(),
                        Repeatability(
                            deviation: try entry.required("s").quantity(),
                            degreesOfFreedom: count.map { Double($0 - 1) })
                    )
                }
            })
    }

    // MARK: Rows

    private static func rows(_ node: DataNode, _ test: Procedure.Test) throws -> [Row] {
        try node.list().flatMap { line in
            var base = Row(values: [:])
            var lists: [(name: String, values: [Quantity])] = []
            for (key, value) in try line.entries() {
                let name = try key.text()
                switch name {
                case "at": base.at = try value.quantity()
                case "point": base.point = try value.text()
                case "stroke": base.stroke = try value.text()
                case "repeat": base.repetition = try value.integer()
                default:
                    guard test.reading(name) != nil else {
                        throw key.unknown(
                            name, "reading", test.readings.map(\.name) + ["at", "point", "stroke", "repeat"])
                    }
                    if value.isList {
                        lists.append((name, try value.list().map { try $0.quantity() }))
                    } else {
                        base.values[name] = try value.quantity()
                    }
                }
            }
            guard let count = lists.first?.values.count else { return [base] }
            guard lists.allSatisfy({ $0.values.count == count }) else {
                throw line.error("the lists of repeated readings in one line have different lengths")
            }
            return (0..<count).map { index in
                var row = base
                for (name, values) in lists { row.values[name] = values[index] }
                return row
            }
        }
    }
}

extension DataNode {
    func quantity() throws -> Quantity {
        let text = try text()
        guard let quantity = Quantity(text) else {
            throw error("'\(text)' is not a number, nor a number with a unit known here")
        }
        return quantity
    }

    /// `pass` or `fail`, also `true` or `false`.
    fileprivate func passed() throws -> Bool {
        switch try text() {
        case "pass", "true": return true
        case "fail", "false": return false
        case let other: throw error("a check is 'pass' or 'fail', not '\(other)'")
        }
    }

    fileprivate func unknown(_ name: String, _ what: String, _ known: [String]) -> DataFileError {
        let hint = Spelling.nearest(to: name, in: known).first.map { "did you mean '\($0)'? " } ?? ""
        return error("there is no \(what) '\(name)': \(hint)known are \(known.joined(separator: ", "))")
    }

    /// A mapping whose keys are among `known`.
    fileprivate func named<T>(_ known: [String], _ what: String, _ read: (DataNode) throws -> T) throws -> [String: T] {
        try Dictionary(
            uniqueKeysWithValues: entries().map { key, value in
                let name = try key.text()
                guard known.contains(name) else { throw key.unknown(name, what, known) }
                return (name, try read(value))
            })
    }
}
