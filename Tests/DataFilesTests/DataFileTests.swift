import Chronometry
import DataFiles
import Foundation
import Testing

/// The complaint that `body` ends in.
private func complaint(
    in text: String, _ body: (DataNode) throws -> Void = { _ in },
    sourceLocation: SourceLocation = #_sourceLocation
) throws -> DataFileError {
    let error = #expect(throws: DataFileError.self, sourceLocation: sourceLocation) {
        try body(DataNode.parse(text, file: "meter.yaml"))
    }
    return try #require(error, sourceLocation: sourceLocation)
}

private func read(_ node: DataNode) throws {
    try node.mapping { keys in
        _ = try keys.required("maker").text()
        _ = try keys.optional("limits")?.mapping { limits in
            _ = try limits.required("lower").number()
            _ = try limits.optional("upper")?.number()
        }
    }
}

@Suite struct KeyTests {
    @Test func `an unknown key is named with its place and the likely word`() throws {
        let error = try complaint(in: "maker: Acme\nlimits:\n  lower: -2\n  uper: 2\n", read)
        #expect((error.file, error.line, error.column) == ("meter.yaml", 4, 3))
        #expect(error.excerpt == "  uper: 2")
        #expect(
            error.description == """
                meter.yaml:4:3: unknown key 'uper': did you mean 'upper'? known here: lower, upper
                    uper: 2
                    ^
                """)
    }

    @Test func `a key far from every known one gets no guess`() throws {
        let error = try complaint(in: "maker: Acme\ncolour: red\n", read)
        #expect(error.message == "unknown key 'colour': known here: limits, maker")
        #expect((error.line, error.column) == (2, 1))
    }

    @Test func `a key asked for twice is listed once`() throws {
        let error = try complaint(in: "a: 1\nzzzz: 2\n") { node in
            try node.mapping { keys in
                _ = keys.optional("a")
                _ = try keys.required("a").integer()
            }
        }
        #expect(error.message == "unknown key 'zzzz': known here: a")
    }

    @Test func `a missing key is named at the mapping that lacks it`() throws {
        let error = try complaint(in: "maker: Acme\nlimits:\n  upper: 2\n", read)
        #expect(error.message == "'limits' lacks the required key 'lower'")
        #expect((error.line, error.column) == (3, 3))
        #expect(try complaint(in: "limits: {lower: 1}", read).message == "the file lacks the required key 'maker'")
    }

    @Test func `a key that stands twice is refused`() throws {
        let error = try complaint(in: "maker: Acme\nlimits:\n  lower: 1\n  lower: 2\n", read)
        #expect(error.message == "the key 'lower' stands twice")
        #expect((error.line, error.column) == (3, 3))
        #expect(error.excerpt == "  lower: 1")
    }

    @Test func `keys keep the order of the file`() throws {
        let node = try DataNode.parse("z: 1\na: 2\nm: 3\n", file: "f")
        #expect(try node.entries().map { try $0.key.text() } == ["z", "a", "m"])
        #expect(try node.entries().map { try $0.value.integer() } == [1, 2, 3])
    }
}

@Suite struct ValueTests {
    enum Zone: String, CaseIterable {
        case lower, upper
    }

    private func value(_ text: String) throws -> DataNode {
        try DataNode.parse("zone:\n  value: \(text)\n", file: "f").mapping {
            try $0.required("zone").mapping { try $0.required("value") }
        }
    }

    @Test func `values of each kind`() throws {
        #expect(try value("'20.0'").text() == "20.0")
        #expect(try value("-12").integer() == -12)
        #expect(try value("0x1F").integer() == 31)
        #expect(try value("2.5e-3").number() == 0.0025)
        #expect(try value("yes").boolean())
        #expect(try !value("false").boolean())
        #expect(try value("2026-11-25").date() == CivilDate("2026-11-25"))
        #expect(try value("upper").oneOf(Zone.self) == .upper)
        #expect(try value("[1, 2]").list().map { try $0.integer() } == [1, 2])
        #expect(try value("[1]").isList)
        #expect(try value("{a: 1}").isMapping)
        #expect(try value("1").isScalar)
    }

    private struct Refusal: CustomTestStringConvertible {
        let text: String
        let message: String
        let read: @Sendable (DataNode) throws -> Void
        var testDescription: String { message }
    }

    @Test(arguments: [
        Refusal(text: "[1]", message: "'zone.value' must be a single value") { _ = try $0.text() },
        Refusal(text: "{a: 1}", message: "'zone.value' must be a single value") { _ = try $0.number() },
        Refusal(text: "''", message: "'zone.value' is empty") { _ = try $0.text() },
        Refusal(text: "", message: "'zone.value' is empty") { _ = try $0.text() },
        Refusal(text: "2.5", message: "'zone.value' must be a whole number, not '2.5'") { _ = try $0.integer() },
        Refusal(text: "1 m", message: "'zone.value' must be a number, not '1 m'") { _ = try $0.number() },
        Refusal(text: "nan", message: "'zone.value' must be a number, not 'nan'") { _ = try $0.number() },
        Refusal(text: "1e999", message: "'zone.value' must be a number, not '1e999'") { _ = try $0.number() },
        Refusal(text: "maybe", message: "'zone.value' must be true or false, not 'maybe'") {
            _ = try $0.boolean()
        },
        Refusal(text: "2026-02-30", message: "'zone.value' must be a date like 2026-11-25, not '2026-02-30'") {
            _ = try $0.date()
        },
        Refusal(text: "middle", message: "'zone.value' must be one of lower, upper, not 'middle'") {
            _ = try $0.oneOf(Zone.self)
        },
        Refusal(text: "1", message: "'zone.value' must be a list") { _ = try $0.list() },
        Refusal(text: "1", message: "'zone.value' must have keys and values") { _ = try $0.entries() },
        Refusal(text: "[1]", message: "'zone.value' must have keys and values") { try $0.mapping { _ in } },
    ])
    private func `the wrong kind is refused by name`(refusal: Refusal) throws {
        let node = try value(refusal.text)
        let error = #expect(throws: DataFileError.self) { try refusal.read(node) }
        #expect(error?.message == refusal.message)
        #expect(error?.line == 2)
        // A value that is left out stands where it would begin: right after the colon.
        #expect(error?.column == (refusal.text.isEmpty ? 9 : 10))
    }

    @Test func `elements of a list are named by their place`() throws {
        let error = try complaint(in: "points:\n  - 1\n  - two\n") { node in
            try node.mapping { keys in
                for point in try keys.required("points").list() { _ = try point.number() }
            }
        }
        #expect(error.message == "'points[1]' must be a number, not 'two'")
        #expect((error.line, error.column) == (3, 5))
    }
}

@Suite struct PlaceTests {
    @Test func `the caret stands under the place behind Chinese text`() throws {
        // Each Chinese character takes two cells: {水表: 是, 5 characters before, 8 cells.
        let error = try complaint(in: "{水表: 坏}") { node in
            for (_, value) in try node.entries() { _ = try value.number() }
        }
        #expect(error.column == 6)
        #expect(
            error.description == """
                meter.yaml:1:6: '水表' must be a number, not '坏'
                  {水表: 坏}
                         ^
                """)
    }

    @Test(arguments: [("℃", 1), ("≤", 1), ("Ω", 1), ("·", 1), ("—", 1), ("表", 2), ("\u{FF1A}", 2), ("㎡", 2), ("𠮷", 2)])
    func `the caret counts the cells of a character`(character: String, cells: Int) {
        let error = DataFileError(
            file: "f", line: 1, column: 2, message: "m", excerpt: "\(character)x")
        #expect(error.description.hasSuffix("\n  " + String(repeating: " ", count: cells) + "^"))
    }

    @Test func `an offset inside a value moves the caret, past an opening quote`() throws {
        let node = try DataNode.parse("plain: a + $\nquoted: 'a + $'\n", file: "f")
        let values = try node.entries().map(\.value)
        #expect(values[0].error("m", at: 4).column == 12)
        #expect(values[1].error("m", at: 4).column == 14)
        #expect(values[1].error("m").column == 9)
    }

    @Test(arguments: ["\n", "\r\n", "\r"])
    func `the line is shown whatever ends it`(end: String) throws {
        let error = try complaint(in: ["# 头", "maker: Acme", "colour: red", ""].joined(separator: end), read)
        #expect(error.line == 3)
        #expect(error.excerpt == "colour: red")
    }
}

@Suite struct FileTests {
    private func inFolder<T>(_ body: (URL) throws -> T) throws -> T {
        let folder = FileManager.default.temporaryDirectory.appending(path: "data-files-\(UUID())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        return try body(folder)
    }

    @Test func `what is not YAML is shown with its place`() throws {
        let error = try complaint(in: "maker: Acme\nlimits: [1, 2\nzone: x\n")
        #expect(error.message.hasPrefix("is not valid YAML: "))
        #expect(error.line == 3)
        #expect(error.excerpt == "zone: x")

        let tab = try complaint(in: "maker: Acme\nlimits:\n\tlower: 1\n")
        #expect((tab.line, tab.column) == (3, 1))
    }

    @Test(arguments: ["", "# nothing but a comment\n"])
    func `an empty file is said to be empty`(text: String) throws {
        let error = try complaint(in: text)
        #expect(error.description == "meter.yaml: the file is empty")
    }

    @Test func `a character YAML does not allow is refused`() throws {
        let error = try complaint(in: "maker: Acme\nnote: a\u{1}b\n")
        #expect(error.message.hasPrefix("is not valid YAML: "))
        #expect(error.line == 2)
        #expect(error.column == 8)
    }

    @Test func `a missing file is named`() throws {
        try inFolder { folder in
            let path = folder.appending(path: "absent.yaml").path
            let error = #expect(throws: DataFileError.self) { try DataNode.load(path) }
            #expect(error?.file == path)
            #expect(error?.line == 0)
            #expect(error?.description == "\(path): cannot be read: check that it exists and may be read")
            #expect(throws: DataFileError.self) { try DataNode.load(folder.path) }
        }
    }

    @Test func `a file in another encoding is refused`() throws {
        try inFolder { folder in
            let file = folder.appending(path: "gbk.yaml")
            // 水表 in GBK.
            try Data([0x61, 0x3A, 0x20, 0xCB, 0xAE, 0xB1, 0xED, 0x0A]).write(to: file)
            let error = #expect(throws: DataFileError.self) { try DataNode.load(file.path) }
            #expect(error?.message == "is not UTF-8 text")
        }
    }

    @Test func `a file is read from disk with its name`() throws {
        try inFolder { folder in
            let file = folder.appending(path: "meter.yaml")
            try Data("maker: 某厂\n".utf8).write(to: file)
            let node = try DataNode.load(file.path)
            #expect(node.file == file.path)
            #expect(try node.mapping { try $0.required("maker").text() } == "某厂")
            #expect(try DataNode.text(ofFile: file.path) == "maker: 某厂\n")
        }
    }
}
