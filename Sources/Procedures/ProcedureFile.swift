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
        try files(in: folder).map { try load($0) }.sorted { $0.number < $1.number }
    }

    /// Paths of the procedure files under `folder`, without those of worked examples.
    public static func files(in folder: String) -> [String] {
        let files = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return files.filter { $0.hasSuffix(".yaml") && !$0.hasSuffix(".example.yaml") }.sorted().map {
            "\(folder)/\($0)"
        }
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
        var unknown: [String] = []
        (inForceFrom, inForceUntil) = try file.required("in_force").mapping {
            if let why = $0.optional("unknown") {
                unknown.append("in force since: \(try why.text())")
                return (nil, try $0.optional("until")?.date())
            }
            return (try $0.required("from").date(), try $0.optional("until")?.date())
        }
        categories = try file.required("categories").list().map { try $0.text() }
        source = try file.required("source").text()
        review = try file.required("review").text()
        stages = try file.optional("stages")?.list().map { try $0.oneOf(Stage.self) } ?? [.first, .subsequent]

        var vocabulary = Vocabulary()
        vocabulary.words["stage"] = stages.map(\.rawValue)
        vocabulary.tables = try file.optional("tables").map(Self.tables) ?? [:]
        nameplate = try file.required("nameplate").entries().map { key, value in
            try value.mapping { try NameplateItem($0, name: try key.identifier()) }
        }
        for item in nameplate {
            switch item.values {
            case .numbers(let unit, _, _): vocabulary.define(item.name, unit)
            case .words(let words): vocabulary.words[item.name] = words
            }
        }
        derived =
            try file.optional("derived")?.entries().map { key, value in
                let name = try key.identifier()
                let item = try value.mapping { try DerivedValue($0, name: name, vocabulary) }
                vocabulary.define(name, item.unit)
                return item
            } ?? []
        conditions = try file.required("conditions").entries().map { key, value in
            try value.mapping { try Condition($0, id: try key.text()) }
        }
        for condition in conditions { vocabulary.define(condition.name, condition.unit) }
        checks = try file.required("checks").list().map { node in
            try node.mapping { entry in
                Check(
                    id: try entry.required("id").text(), words: try entry.words(),
                    applies: try entry.applicability(vocabulary), provenance: try entry.provenance())
            }
        }
        standards = try file.required("standards").entries().map { key, value in
            try value.mapping { try StandardRule($0, role: try key.text()) }
        }
        let roles = standards.map(\.role)
        tests = try file.required("tests").list().map { node in
            try node.mapping { try Test($0, vocabulary, standards: roles) }
        }
        for (node, rule) in zip(try file.required("standards").entries().map(\.value), standards) {
            guard let fitness = rule.fitness else { continue }
            guard let test = tests.first(where: { $0.id == fitness.test }), test.result(fitness.result) != nil else {
                throw node.error("no test gives a result '\(fitness.test).\(fitness.result)'")
            }
        }
        decision = try file.required("decision").oneOf(DecisionRule.self)
        validity = try file.required("validity").list().compactMap { node in
            try node.mapping { line in
                if let why = line.optional("unknown") {
                    unknown.append("period of validity: \(try why.text())")
                    return nil
                }
                return try Validity(line, vocabulary)
            }
        }
        (conformingWording, notConformingWording) = try file.required("wording").mapping {
            (try $0.required("conforming").words(), try $0.required("not_conforming").words())
        }
        unknown += try file.optional("unknown")?.list().map { try $0.text() } ?? []
        self.unknown = unknown + tests.flatMap(\.unknown)
        notes =
            try file.optional("notes")?.list().map { node in
                if node.isMapping { return try node.words() }
                let text = try node.text()
                return Words(zh: text, en: text)
            } ?? []
    }

    private static func tables(_ node: DataNode) throws -> [String: InterpolationTable] {
        try Dictionary(
            uniqueKeysWithValues: node.entries().map { key, value in
                let name = try key.identifier()
                let table = try value.mapping { entry in
                    _ = try entry.provenance()
                    let (of, gives) = (try entry.required("of").unit(), try entry.required("gives").unit())
                    let points = try entry.required("points").list().map { pair in
                        let ends = try pair.list()
                        guard ends.count == 2 else { throw pair.error("a point of a table is [argument, value]") }
                        return (of.si(try ends[0].number()), gives.si(try ends[1].number()))
                    }
                    do {
                        return try InterpolationTable(
                            name: name, x: points.map(\.0), y: points.map(\.1), argument: QuantityKind(of: of),
                            result: QuantityKind(of: gives))
                    } catch { throw value.error("\(error)") }
                }
                return (name, table)
            })
    }
}

extension Procedure.Test {
    /// What of it is not transcribed.
    fileprivate var unknown: [String] {
        var found: [String] = []
        if case .unknown(let why) = points { found.append("\(id): points: \(why)") }
        for result in results {
            for limit in result.limits {
                if case .unknown(let why) = limit.bounds { found.append("\(id): limit of \(result.id): \(why)") }
            }
        }
        return found
    }
}

extension Procedure.Condition {
    /// Its name in formulas: of `water-temperature`, `water_temperature`.
    var name: String { id.replacing("-", with: "_") }
}
