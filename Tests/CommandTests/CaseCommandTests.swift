import Foundation
import Testing

/// `steelyard conformity` and `steelyard uncertainty`: single cases, and published sets where they are at hand.
@Suite struct CaseCommandTests {
    private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().path
    private static let program =
        ProcessInfo.processInfo.environment["STEELYARD_PROGRAM"] ?? "\(root)/.build/release/steelyard"
    private static let vectors =
        (ProcessInfo.processInfo.environment["STEELYARD_SHARED"] ?? "\(root)/../shared") + "/vectors"

    private func run(_ arguments: [String]) throws -> (status: Int32, output: String, error: String) {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = arguments
        let folder = NSTemporaryDirectory() + "cases-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let paths = ["\(folder)/out", "\(folder)/err"]
        for path in paths { _ = FileManager.default.createFile(atPath: path, contents: nil) }
        process.standardOutput = FileHandle(forWritingAtPath: paths[0])
        process.standardError = FileHandle(forWritingAtPath: paths[1])
        try process.run()
        process.waitUntilExit()
        return (
            process.terminationStatus, try String(contentsOfFile: paths[0], encoding: .utf8),
            try String(contentsOfFile: paths[1], encoding: .utf8)
        )
    }

    private func answer(_ command: String, _ text: String) throws -> (status: Int32, output: String, error: String) {
        let path = NSTemporaryDirectory() + "case-\(UUID().uuidString).yaml"
        try text.write(toFile: path, atomically: true, encoding: .utf8)
        defer { try? FileManager.default.removeItem(atPath: path) }
        return try run([Self.program, command, "--format", "json", path])
    }

    /// JJF 1094-2002, 5.3: U/MPEV of exactly one third still compares simply; equality conforms.
    @Test func threeZonesAreDecidedInDecimals() throws {
        func decision(_ error: String, _ limit: String, _ expanded: String) throws -> String {
            let text = """
                kind: jjf1094
                given: {error: "\(error)", mpev: "\(limit)", U: "\(expanded)", by_verification_regulation: false}
                """
            return try answer("conformity", text).output
        }
        #expect(try decision("0.3", "0.3", "0.1").contains("\"conform\""))
        #expect(try decision("0.28", "0.3", "0.2").contains("\"pending\""))
        #expect(try decision("0.5", "0.3", "0.2").contains("\"nonconform\""))
    }

    /// k for 95 % and 10 degrees of freedom: 2.228 (JCGM 100, table G.2 gives 2.23).
    @Test func coverageFactorsAreThoseOfTheTable() throws {
        let found = try answer("uncertainty", "kind: coverage-factor\ncoverage_factor: {p: 0.95, nu: 10}\n")
        #expect(found.status == 0 && found.output.contains("2.228138"), "\(found)")
    }

    @Test func whatIsNotComputedIsRefusedInOneLine() throws {
        for (command, text) in [
            ("uncertainty", "inputs: []\nmodel: []\n"), ("uncertainty", "kind: nonsense\n"),
            ("uncertainty", "inputs: []\n"), ("uncertainty", "[]\n"), ("uncertainty", "vectors: 3\n"),
            ("conformity", "kind: nonsense\ngiven: {}\n"), ("conformity", "given: {}\n"),
        ] {
            let found = try answer(command, text)
            #expect(found.status == 2 && found.output.isEmpty, "\(command) \(text): \(found)")
            #expect(found.error.split(separator: "\n").count == 1, "\(found.error)")
        }
    }

    @Test(arguments: [("conformity", "conformity-open.json"), ("uncertainty", "uncertainty-open.json")])
    func `published sets are met, judged by their own program`(command: String, file: String) throws {
        let script = "\(Self.vectors)/score.py"
        guard FileManager.default.fileExists(atPath: script) else {
            print("published cases not found at \(Self.vectors): \(file) is not run")
            return
        }
        let found = try run(
            ["python3", script, "\(Self.vectors)/\(file)", "--timeout", "60"]
                + ["--command", "\(Self.program) \(command) --format json"])
        let last = found.output.split(separator: "\n").last ?? ""
        #expect(last.hasSuffix(" 0 failed") && !last.hasPrefix("0 passed"), "\(found.output.suffix(2000))")
    }
}
