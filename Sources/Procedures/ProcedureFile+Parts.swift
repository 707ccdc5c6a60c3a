import DataFiles
import Metrology

extension Procedure.NameplateItem {
    init(_ entry: DataMapping, name: String) throws {
        self.name = name
        words = try entry.words()
        isOptional = try entry.optional("optional")?.boolean() ?? false
        provenance = try entry.provenance()
        if let choices = entry.optional("choice") {
            values = .words(try choices.list().map { try $0.text() })
            sameAs = [:]
            return
        }
        let oneOf = try entry.optional("one_of")?.list().map { try $0.decimal() } ?? []
        values = .numbers(
            try entry.required("unit").unit(), oneOf: oneOf,
            mayBeAnySign: try entry.optional("any_sign")?.boolean() ?? false)
        sameAs =
            try entry.optional("same_as").map { node in
                try Dictionary(
                    uniqueKeysWithValues: node.entries().map { key, value in
                        let meant = try value.decimal()
                        guard oneOf.contains(meant) else { throw value.error("\(meant) is not among 'one_of'") }
                        return (try key.decimal(), meant)
                    })
            } ?? [:]
    }
}

extension Procedure.DerivedValue {
    init(_ entry: DataMapping, name: String, _ vocabulary: Vocabulary) throws {
        self.name = name
        words = try entry.words()
        _ = try entry.provenance()
        let unit = try entry.required("unit").unit()
        self.unit = unit
        if let formula = entry.optional("formula") {
            cases = [.init(applies: .always, formula: try formula.formula(vocabulary, in: unit))]
        } else {
            cases = try entry.required("cases").list().map { node in
                try node.mapping { line in
                    .init(
                        applies: try line.applicability(vocabulary),
                        formula: try line.required("formula").formula(vocabulary, in: unit))
                }
            }
        }
    }
}

extension Procedure.Condition {
    init(_ entry: DataMapping, id: String) throws {
        self.id = id
        words = try entry.words()
        let unit = try entry.required("unit").unit()
        self.unit = unit
        within = try entry.optional("within").map { node in
            let ends = try node.list()
            guard ends.count == 2 else { throw node.error("a range has two ends") }
            let (low, high) = (try ends[0].decimal(in: unit), try ends[1].decimal(in: unit))
            guard low <= high else { throw node.error("the range ends before it begins") }
            return low...high
        }
        provenance = try entry.provenance()
    }
}

extension Procedure.StandardRule {
    init(_ entry: DataMapping, role: String) throws {
        self.role = role
        words = try entry.words()
        unit = try entry.required("unit").unit()
        fitness = try entry.optional("at_most").map { node in
            try node.mapping { line in
                let result = try line.required("limit_of")
                let parts = try result.text().split(separator: ".").map(String.init)
                guard parts.count == 2 else { throw result.error("write TEST.RESULT, like indication.error") }
                return Fitness(
                    fraction: try line.required("fraction").fraction(), test: parts[0], result: parts[1],
                    provenance: try line.provenance())
            }
        }
    }
}

extension Procedure.Validity {
    init(_ entry: DataMapping, _ vocabulary: Vocabulary) throws {
        applies = try entry.applicability(vocabulary)
        kind = try entry.required("kind").oneOf(Kind.self)
        months = kind == .untilInaccurate ? nil : try entry.required("months").integer()
        provenance = try entry.provenance()
    }
}

extension DataNode {
    /// `0.25` or `1/3`.
    fileprivate func fraction() throws -> Double {
        let parts = try text().split(separator: "/").compactMap { ExactDecimal(String($0))?.double }
        let value = parts.count == 1 ? parts[0] : parts.count == 2 ? parts[0] / parts[1] : .nan
        guard value > 0, value <= 1 else { throw error("a part is a number up to 1, like 0.25 or 1/3") }
        return value
    }
}
