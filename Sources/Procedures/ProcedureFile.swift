import Crypto
import DataFiles
import Foundation
import Ledger
import Metrology

extension Procedure {
    /// The procedure with this number, as `JJG 162-2019`, from the files under `folder`.
    public static func numbered(_ number: String, in folder: String) throws -> Procedure {
        let all = try all(in: folder)
        guard let found = all.first(where: { $0.number == number }) else {
            throw ProcedureError.unknownProcedure(number, known: all.map(\.number))
        }
        return found
    }

    /// Every procedure under `folder`, by number.
    public static func all(in folder: String) throws -> [Procedure] {
        let files = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return try files.filter { $0.hasSuffix(".yaml") }.sorted().map {
            try load("\(folder)/\($0)")
        }.sorted { $0.number < $1.number }
    }

    /// - Throws: `DataFileError` naming file, line and column.
    public static func load(_ path: String) throws -> Procedure {
        try parse(DataNode.text(ofFile: path), file: path)
    }

    /// Reads a procedure from the text of its file; the digest is that of the text's UTF-8 bytes.
    public static func parse(_ text: String, file: String) throws -> Procedure {
        let digest = SHA256.hash(data: Data(text.utf8)).hexadecimal
        return try DataNode.parse(text, file: file).mapping { try Procedure($0, digest: digest, text: text) }
    }

    private init(_ file: DataMapping, digest: String, text: String) throws {
        self.digest = digest
        self.text = text
        (number, title) = try file.required("regulation").mapping {
            (try $0.required("number").text(), try $0.required("title").words())
        }
        (inForceFrom, inForceUntil) = try file.required("in_force").mapping {
            (try $0.required("from").date(), try $0.optional("until")?.date())
        }
        categories = try file.required("categories").list().map { try $0.text() }
        source = try file.required("source").text()
        review = try file.required("review").text()

        let nameplate = try file.required("nameplate").entries().map { key, value in
            try value.mapping { try NameplateItem($0, name: try key.text()) }
        }
        self.nameplate = nameplate
        var names = Dictionary(uniqueKeysWithValues: nameplate.map { ($0.name, $0.unit.dimension) })
        derived = try file.required("derived").entries().map { key, value in
            let name = try key.text()
            let item = try value.mapping { entry in
                _ = try entry.provenance()
                let unit = try entry.required("unit").unit()
                return DerivedValue(
                    name: name, words: try entry.words(),
                    formula: try entry.required("formula").formula(names, gives: unit.dimension),
                    unit: unit)
            }
            names[name] = item.unit.dimension
            return item
        }
        conditions = try file.required("conditions").entries().map { key, value in
            try value.mapping { try Condition($0, id: try key.text()) }
        }
        checks = try file.required("checks").list().map { node in
            try node.mapping { entry in
                _ = try entry.provenance()
                return Check(id: try entry.required("id").text(), words: try entry.words())
            }
        }

        let test = try file.required("test").mapping { try Test($0, names: names) }
        testName = test.name
        points = test.points
        volumeUnit = test.volumeUnit
        unknown = test.unknown
        error = test.error
        errorUnit = test.errorUnit
        readingsAtMost = test.readingsAtMost

        limits = try file.required("limits").list().map { node in
            try node.mapping { try Limit($0, points: test.points.map(\.id), unit: test.errorUnit) }
        }
        jointRules =
            try file.optional("rules")?.list().map { node in
                try node.mapping { entry in
                    _ = try entry.provenance()
                    return JointRule(
                        id: try entry.required("id").text(), words: try entry.words(),
                        kind: try entry.required("kind").oneOf(JointRule.Kind.self),
                        fraction: try entry.required("fraction").decimal())
                }
            } ?? []
        (standardName, standardUncertaintyFraction) = try file.required("standard").mapping { entry in
            _ = try entry.required("unit").unit()
            return (
                try entry.words(),
                try entry.required("uncertainty_at_most").mapping {
                    _ = try $0.provenance()
                    return try $0.required("fraction_of_limit").decimal()
                }
            )
        }
        (uncertaintyModel, k, influences) = try file.required("uncertainty").mapping { entry in
            (
                try entry.required("model").formula(test.readings, gives: test.errorUnit.dimension),
                try entry.required("k").number(),
                try entry.required("influences").list().map { node in
                    try node.mapping { try InfluenceRule($0, inputs: test.readings.keys.sorted()) }
                }
            )
        }
        decision = try file.required("decision").oneOf(DecisionRule.self)
        validity = try file.required("validity").list().map { node in
            try node.mapping { try Validity($0, names: nameplate.map(\.name)) }
        }
        (conformingWording, notConformingWording) = try file.required("wording").mapping {
            (try $0.required("conforming").words(), try $0.required("not_conforming").words())
        }
    }

    private struct Test {
        let name: Words
        let points: [Point]
        let volumeUnit: MeasurementUnit
        let unknown: [String]
        let error: Formula
        let errorUnit: MeasurementUnit
        let readingsAtMost: Int
        let readings: [String: QuantityDimension]

        init(_ entry: DataMapping, names: [String: QuantityDimension]) throws {
            _ = try entry.required("id").text()
            name = try entry.words()
            let flow = QuantityDimension.volume / QuantityDimension(time: 1)
            points = try entry.required("points").list().map { node in
                try node.mapping { point in
                    _ = try point.provenance()
                    let (low, high) = try point.required("flow").mapping {
                        (
                            try $0.required("at_least").formula(names, gives: flow),
                            try $0.required("at_most").formula(names, gives: flow)
                        )
                    }
                    return Point(
                        id: try point.required("id").text(), lowestFlow: low, highestFlow: high)
                }
            }
            (volumeUnit, unknown) = try entry.required("volume").mapping {
                _ = try $0.required("chosen_by").text()
                let unit = try $0.required("unit").unit()
                return (unit, [try $0.optional("unknown")?.text()].compactMap { $0 })
            }
            readings = ["indicated": volumeUnit.dimension, "reference": volumeUnit.dimension]
            let readings = self.readings
            (error, errorUnit) = try entry.required("error").mapping {
                _ = try $0.provenance()
                let unit = try $0.required("unit").unit()
                return (try $0.required("formula").formula(readings, gives: unit.dimension), unit)
            }
            readingsAtMost = try entry.required("repeat").mapping { rule in
                _ = try rule.provenance()
                try rule.required("when").mustBe("outside")
                try rule.required("decides").mustBe("mean")
                return try rule.required("readings_at_most").integer()
            }
        }
    }
}

extension Procedure.NameplateItem {
    fileprivate init(_ entry: DataMapping, name: String) throws {
        self.name = name
        words = try entry.words()
        unit = try entry.required("unit").unit()
        allowed = try entry.optional("one_of")?.list().map { try $0.decimal() } ?? []
        provenance = try entry.provenance()
    }
}

extension Procedure.Condition {
    fileprivate init(_ entry: DataMapping, id: String) throws {
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

extension Procedure.Limit {
    fileprivate init(_ entry: DataMapping, points known: [String], unit: MeasurementUnit) throws {
        accuracyClass = try entry.required("class").decimal()
        points = try entry.required("points").list().map { node in
            let point = try node.text()
            guard known.contains(point) else { throw node.error("the test has no point '\(point)'") }
            return point
        }
        (waterAbove, waterAtMost) =
            try entry.optional("water")?.mapping {
                (
                    try $0.optional("above")?.decimal(in: .celsius),
                    try $0.optional("at_most")?.decimal(in: .celsius)
                )
            } ?? (nil, nil)
        limit = try entry.required("limit").decimal(in: unit)
        provenance = try entry.provenance()
    }
}

extension Procedure.InfluenceRule {
    fileprivate init(_ entry: DataMapping, inputs: [String]) throws {
        let input = try entry.required("input")
        self.input = try input.text()
        guard inputs.contains(self.input) else {
            throw input.error(
                "the model has no input '\(self.input)': it has \(inputs.joined(separator: ", "))")
        }
        kind = try entry.required("kind").oneOf(Kind.self)
        words = try entry.words()
        if kind == .rectangular {
            relativeHalfWidth = try entry.required("half_width").decimal(in: .percent).double / 100
            _ = try entry.provenance()
        } else {
            relativeHalfWidth = nil
        }
    }
}

extension Procedure.Validity {
    fileprivate init(_ entry: DataMapping, names: [String]) throws {
        atMost =
            try entry.optional("when").map { node in
                try Dictionary(
                    uniqueKeysWithValues: node.entries().map { key, value in
                        let name = try key.text()
                        guard names.contains(name) else {
                            throw key.error("the nameplate has no '\(name)'")
                        }
                        return (name, try value.mapping { try $0.required("at_most").decimal() })
                    })
            } ?? [:]
        kind = try entry.required("kind").oneOf(Kind.self)
        months = try entry.required("months").integer()
        provenance = try entry.provenance()
    }
}
