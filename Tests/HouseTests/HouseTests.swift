import Foundation
import Testing

/// The arrows of the house, read from the imports themselves.
@Suite struct HouseTests {
    private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().path

    /// Floors from the ground up. A module may import those on lower floors, never one beside it.
    private static let floors: [[String]] = [
        ["CModbus", "CUdev", "Chronometry"],
        ["Metrology", "DataFiles", "Ledger"],
        ["Procedures", "Devices", "Registry", "Simulation"],
        ["Traceability"],
        ["Verification", "Energy", "Capabilities"],
        ["Certification"],
        ["Console"],
        ["steelyard"],
    ]

    /// What a module must not know although it lies below, and why.
    private static let forbidden: [(module: String, imports: Set<String>, why: String)] = [
        ("Metrology", ["Foundation", "Glibc", "Dispatch"], "Metrology is pure: no I/O, no clock"),
        ("Chronometry", ["Foundation"], "the ground floor carries everything and stays light"),
        (
            "Simulation", ["DataFiles", "Ledger"],
            "a simulator that shares code with what it tests proves nothing"
        ),
        ("Capabilities", ["Verification"], "a capability is computed from facts, not from sessions"),
    ]

    /// Metrology's one door to the C library's logarithm and exponential.
    private static let exceptions: Set<String> = ["Metrology/Functions.swift Glibc"]

    private static let floor: [String: Int] = Dictionary(
        uniqueKeysWithValues: floors.enumerated().flatMap { number, modules in
            modules.map { ($0, number) }
        })

    private struct Import {
        let file: String
        let line: Int
        let module: String
        let imported: String
    }

    private static func imports() throws -> [Import] {
        let sources = "\(root)/Sources"
        let files = FileManager.default.enumerator(atPath: sources)?.compactMap { $0 as? String } ?? []
        return try files.filter { $0.hasSuffix(".swift") }.flatMap { file -> [Import] in
            let text = try String(contentsOfFile: "\(sources)/\(file)", encoding: .utf8)
            return text.split(separator: "\n", omittingEmptySubsequences: false).enumerated().compactMap {
                number, line in
                var words = line.split(separator: " ").map(String.init)
                while let first = words.first,
                    first.hasPrefix("@") || ["public", "package", "internal"].contains(first)
                {
                    words.removeFirst()
                }
                guard words.first == "import", words.count >= 2 else { return nil }
                let module = String(file.split(separator: "/")[0])
                return Import(
                    file: file, line: number + 1, module: module,
                    imported: String((words.last ?? "").split(separator: ".")[0]))
            }
        }
    }

    @Test func arrowsPointDownOnly() throws {
        let imports = try Self.imports()
        try #require(imports.count > 100)
        for found in imports {
            guard let from = Self.floor[found.module] else {
                Issue.record("Sources/\(found.file): the module \(found.module) stands on no floor")
                continue
            }
            guard let to = Self.floor[found.imported] else { continue }
            #expect(
                to < from,
                "Sources/\(found.file):\(found.line): \(found.module) (floor \(from)) may not import \(found.imported) (floor \(to)): arrows point down, and modules on one floor do not know each other"
            )
        }
    }

    @Test func forbiddenImportsAreAbsent() throws {
        let imports = try Self.imports()
        for rule in Self.forbidden {
            for found in imports where found.module == rule.module && rule.imports.contains(found.imported) {
                guard !Self.exceptions.contains("\(found.file) \(found.imported)") else { continue }
                Issue.record(
                    "Sources/\(found.file):\(found.line): \(rule.module) may not import \(found.imported): \(rule.why)"
                )
            }
        }
    }

    @Test func everyModuleSaysWhatItIsFor() throws {
        let modules = try FileManager.default.contentsOfDirectory(atPath: "\(Self.root)/Sources")
            .filter { !$0.hasPrefix("C") || $0.dropFirst().first?.isLowercase == true }
        try #require(modules.count >= 12)
        for module in modules {
            let readme = try? String(
                contentsOfFile: "\(Self.root)/Sources/\(module)/README.md", encoding: .utf8)
            let lines = readme?.split(separator: "\n").count ?? 0
            #expect((2...12).contains(lines), "Sources/\(module)/README.md has \(lines) lines")
        }
    }

    /// Nothing that ends the program instead of saying what is wrong.
    @Test func sourcesDoNotTrapOnPurpose() throws {
        let sources = "\(Self.root)/Sources"
        let files = FileManager.default.enumerator(atPath: sources)?.compactMap { $0 as? String } ?? []
        let swift = files.filter { $0.hasSuffix(".swift") }
        try #require(swift.count > 50)
        for file in swift {
            let text = try String(contentsOfFile: "\(sources)/\(file)", encoding: .utf8)
            for word in ["try!", "fatalError(", "@unchecked Sendable", "as!"] where text.contains(word) {
                Issue.record("Sources/\(file) contains \(word)")
            }
        }
    }

    /// `systemd-analyze verify` only warns of an unknown key, so any word from it is a failure.
    @Test func unitsAreSound() throws {
        let folder = "\(Self.root)/systemd"
        let units = try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.hasSuffix(".service") }
        try #require(!units.isEmpty)
        let work = NSTemporaryDirectory() + "units-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: work, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: work) }
        for unit in units {
            // The program need not be installed where the unit is checked.
            let text = try String(contentsOfFile: "\(folder)/\(unit)", encoding: .utf8)
                .replacingOccurrences(of: "/usr/bin/steelyard", with: "/bin/true")
            let path = "\(work)/\(unit)"
            try text.write(toFile: path, atomically: true, encoding: .utf8)
            let process = Process()
            process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
            process.arguments = ["systemd-analyze", "verify", path]
            let output = Pipe()
            process.standardError = output
            process.standardOutput = output
            try process.run()
            process.waitUntilExit()
            let said = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
            #expect(process.terminationStatus == 0 && said.isEmpty, "\(unit): \(said)")
        }
    }

    /// Each kind of data file has a schema beside it, so that an editor completes and checks; an
    /// independent validator says whether what ships is what the schema says.
    @Test func dataFilesAgreeWithTheirSchemas() throws {
        func files(_ folder: String, _ isWanted: (String) -> Bool) -> [String] {
            let all = FileManager.default.enumerator(atPath: "\(Self.root)/\(folder)")?.compactMap { $0 as? String }
            return (all ?? []).filter { $0.hasSuffix(".yaml") && isWanted($0) }.map { "\(Self.root)/\(folder)/\($0)" }
        }
        let kinds: [(schema: String, files: [String])] = [
            ("Devices/profile.schema.json", files("Devices") { !$0.hasSuffix(".exchanges.yaml") }),
            ("Devices/exchanges.schema.json", files("Devices") { $0.hasSuffix(".exchanges.yaml") }),
            (
                "Calibration/procedures/procedure.schema.json",
                files("Calibration/procedures") { !$0.hasSuffix(".example.yaml") }
            ),
            (
                "Calibration/procedures/example.schema.json",
                files("Calibration/procedures") { $0.hasSuffix(".example.yaml") }
            ),
            ("Calibration/catalogue.schema.json", files("Calibration") { $0 == "catalogue.yaml" }),
            ("Calibration/regions.schema.json", files("Calibration") { $0 == "regions.yaml" }),
            ("Calibration/energy-plan.schema.json", files("Calibration/demonstration") { $0 == "energy.yaml" }),
            (
                "Calibration/demonstration/institutions.schema.json",
                files("Calibration/demonstration") { $0 == "institutions.yaml" }
            ),
            (
                "Calibration/demonstration/standards.schema.json",
                files("Calibration/demonstration") { $0 == "standards.yaml" }
            ),
        ]
        let python =
            ProcessInfo.processInfo.environment["STEELYARD_PYTHON"] ?? "\(Self.root)/.venv/bin/python3"
        for kind in kinds {
            try #require(!kind.files.isEmpty, "no file for \(kind.schema)")
            let process = Process()
            process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
            process.arguments =
                [python, "\(Self.root)/Tests/peers/check_schemas.py", "\(Self.root)/\(kind.schema)"] + kind.files
            let output = Pipe()
            process.standardOutput = output
            process.standardError = output
            try process.run()
            process.waitUntilExit()
            let said = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
            #expect(process.terminationStatus == 0, "\(said) (the validator comes with `make tools`)")
        }
    }
}
