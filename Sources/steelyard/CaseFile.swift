import ArgumentParser
import DataFiles

/// A file of cases for `steelyard uncertainty` and `steelyard conformity`: one case, or `vectors:` with
/// many. YAML or JSON, which is YAML too.
///
/// Values stay ``DataNode``s, so that a decimal is read as it is written and a complaint has a place.
struct CaseFile {
    let cases: [DataNode]
    /// Whether the file is a list of cases: the answer is then a list too.
    let isList: Bool

    init(path: String) throws {
        let root = try DataNode.load(path)
        if let vectors = try root.value("vectors") {
            cases = try vectors.list()
            isList = true
        } else {
            cases = [root]
            isList = false
        }
    }

    /// Opens a file of cases.
    ///
    /// - Throws: what is wrong with it, as one line.
    static func open(_ path: String) throws -> CaseFile {
        do {
            return try CaseFile(path: path)
        } catch {
            throw ValidationError(line(for: error))
        }
    }

    /// Answers every case by `answer`.
    ///
    /// - Returns: the answer of a single case as it is; of many, `answers` with the `id` of each, where
    ///   a case that was refused has `refused` with the reason.
    /// - Throws: what `answer` threw for a single case, as one line.
    func answer(by answer: (DataNode) async throws -> CaseValue) async throws -> CaseValue {
        guard isList else {
            do {
                return try await answer(cases[0])
            } catch {
                throw ValidationError(Self.line(for: error))
            }
        }
        var answers: [CaseValue] = []
        for node in cases {
            let id = CaseValue.text(try node.value("id")?.text() ?? "")
            do {
                answers.append(.mapping([("id", id), ("answer", try await answer(node))]))
            } catch {
                answers.append(.mapping([("id", id), ("refused", .text(Self.line(for: error)))]))
            }
        }
        return .mapping([("answers", .list(answers))])
    }

    /// One line without the excerpt: a case in JSON is often a single line of many thousand characters.
    static func line(for error: any Error) -> String {
        switch error {
        case let error as DataFileError:
            error.line > 0
                ? "\(error.file):\(error.line):\(error.column): \(error.message)" : "\(error.file): \(error.message)"
        case let error as ValidationError: error.message
        default: "\(error)".split(separator: "\n").first.map(String.init) ?? ""
        }
    }
}

extension DataMapping {
    /// The keys that say where a case is from and what it should give; they do not enter the answer.
    func skipDescription() {
        for key in [
            "id", "kind", "title", "source", "tags", "provenance", "expect", "note", "units_in_the_source",
        ] {
            _ = optional(key)
        }
    }
}

extension DataNode {
    /// The value of `key` of this mapping; nil where it is not a mapping or has no such key.
    func value(_ key: String) throws -> DataNode? {
        guard isMapping else { return nil }
        return try entries().first { try $0.key.text() == key }?.value
    }

    /// The kind of a case: `measurement-model` where it says nothing.
    func caseKind() throws -> String {
        try value("kind")?.text() ?? "measurement-model"
    }

    func numbers() throws -> [Double] {
        try list().map { try $0.number() }
    }
}
