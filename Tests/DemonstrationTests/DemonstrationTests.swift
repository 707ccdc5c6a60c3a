import Foundation
import FoundationNetworking
import Testing

/// The whole demonstration, run as a user runs it, and everything it leaves behind.
@Suite(.serialized) struct DemonstrationTests {
    private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().path
    private static let program =
        ProcessInfo.processInfo.environment["STEELYARD_PROGRAM"] ?? "\(root)/.build/release/steelyard"
    private static let shared = ProcessInfo.processInfo.environment["STEELYARD_SHARED"] ?? "\(root)/../shared"

    private func run(_ program: String, _ arguments: [String]) throws -> (status: Int32, output: String) {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [program] + arguments
        let path = NSTemporaryDirectory() + "output-\(UUID().uuidString)"
        _ = FileManager.default.createFile(atPath: path, contents: nil)
        defer { try? FileManager.default.removeItem(atPath: path) }
        let handle = try #require(FileHandle(forWritingAtPath: path))
        process.standardOutput = handle
        process.standardError = handle
        try process.run()
        process.waitUntilExit()
        return (process.terminationStatus, try String(contentsOfFile: path, encoding: .utf8))
    }

    @Test func leavesCertificatesNoticesChainCoverageAndACompleteUpload() async throws {
        let folder = NSTemporaryDirectory() + "demonstration-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let (status, output) = try run(Self.program, ["demo", "--output", folder, "--data", Self.root])
        try #require(status == 0, "\(output)")

        // Papers: at least eight certificates of meters and one notice, two of gauges and a notice, each as PDF and XML.
        let certificates = "\(folder)/certificates"
        let files = try FileManager.default.contentsOfDirectory(atPath: certificates).sorted()
        let papers = files.filter { $0.hasSuffix(".pdf") }.map { String($0.dropLast(4)) }
        #expect(papers.count == 13)
        #expect(Set(papers).count == papers.count)
        var kinds: [String: Int] = [:]
        for paper in papers {
            let (pdf, xml) = ("\(certificates)/\(paper).pdf", "\(certificates)/\(paper).xml")
            try check(pdf: pdf, xml: xml)
            let text = try run("pdftotext", ["-layout", pdf, "-"]).output
            #expect(text.contains(paper) && text.contains("咸宁演示市计量所"))
            let isGauge = paper.contains("JJG52")
            #expect(text.contains(isGauge ? "JJG 52-2013" : "JJG 162-2019"))
            #expect(text.contains(isGauge ? "孙演示" : "张演示") && text.contains("赵演示"))
            #expect(text.contains("DEMONSTRATION"))
            let isNotice = text.contains("检定结果通知书")
            kinds[isNotice ? "notice" : "certificate", default: 0] += 1
            #expect(isNotice == text.contains("不合格项目"))
            // A gauge is verified anew, a meter is exchanged; what does not conform has no last day.
            let lastDay = text.split(separator: "\n").contains { line in
                line.contains("检定日期") && line.contains(isGauge ? "有效期至" : "使用期限至")
            }
            #expect(isNotice != lastDay)
        }
        #expect(kinds["certificate"] ?? 0 >= 10)
        #expect(kinds["notice"] ?? 0 >= 2)

        // Verdicts agree with the truth: the meters made to fail are those with a notice.
        let truth = try String(contentsOfFile: "\(folder)/truth.txt", encoding: .utf8)
        for line in truth.split(separator: "\n") {
            let fields = line.split(separator: " ")
            let errors = fields[2...].compactMap { Double($0) }
            let isBad = abs(errors[0]) > 5 || abs(errors[1]) > 2 || abs(errors[2]) > 2
            let row = output.split(separator: "\n").first { $0.contains(" \(fields[1]) ") && $0.contains("R-421200-") }
            let verdict = try #require(row, "no row for \(fields[1])")
            #expect(verdict.contains("不合格") == isBad, "\(verdict)")
        }

        // The chain, the coverage and the upload, as they are printed.
        #expect(output.contains("national standard of water flow"))
        for institution in ["421200", "421202", "421221", "421222", "421223", "421224", "421281"] {
            #expect(output.contains(institution))
        }
        #expect(output.contains("no gaps"))
        #expect(output.contains("recomputed from the wire: 3 points, 一致 identical"))
        let report = try #require(output.split(separator: "\n").first { $0.contains("as the platform saw it") })
        #expect(report.contains("16 of 16 values (100 %), 0 conflicting; it refused 1 upload"), "\(report)")

        // Typeset again, the paper has the same bytes.
        let first = try #require(papers.first)
        let again = try run(
            Self.program,
            [
                "certificate", "pdf", first, "--output", "\(folder)/again", "--database", "\(folder)/steelyard.sqlite",
                "--data", Self.root,
            ])
        #expect(again.status == 0, "\(again.output)")
        let bytes = FileManager.default.contents(atPath: "\(certificates)/\(first).pdf")
        #expect(bytes != nil && bytes == FileManager.default.contents(atPath: "\(folder)/again/\(first).pdf"))

        try await checkConsole("\(folder)/steelyard.sqlite", certificate: first)
    }

    /// The console shows what the ledger holds, and tells a changed record from a genuine one.
    private func checkConsole(_ database: String, certificate: String) async throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: Self.program)
        process.arguments = ["serve", "--port", "0", "--database", database, "--data", Self.root]
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        defer {
            process.terminate()
            process.waitUntilExit()
            #expect(process.terminationStatus == 0)
        }
        var said = ""
        while !said.hasSuffix("\n") {
            let more = output.fileHandleForReading.availableData
            try #require(!more.isEmpty, "the console did not start")
            said += String(decoding: more, as: UTF8.self)
        }
        let address = try #require(said.split(separator: " ").last).trimmingCharacters(in: .whitespacesAndNewlines)
        func get(_ path: String) async throws -> (status: Int, text: String) {
            let url = try #require(URL(string: address + path))
            let (data, response) = try await URLSession.shared.data(from: url)
            let status = (response as? HTTPURLResponse)?.statusCode ?? 0
            return (status, String(decoding: data, as: UTF8.self))
        }
        let home = try await get("/")
        #expect(home.status == 200 && home.text.contains("37/35") && home.text.contains("13/15"))
        #expect(try await get("/coverage/421222").text.contains("未建立社会公用计量标准"))
        #expect(try await get("/certificates").text.contains(certificate))
        #expect(try await get("/energy").text.contains("100 %"))
        let genuine = try await get("/certificates/\(certificate)")
        #expect(genuine.status == 200 && genuine.text.contains("✓ 真实"))
        let missing = try await get("/certificates/421200-2026-JJG162-999999")
        #expect(missing.status == 404 && missing.text.contains("查无此号"))
        let data = try await get("/api/certificates/\(certificate)")
        #expect(data.status == 200 && data.text.contains("\"number\":\"\(certificate)\""))
        #expect(try await get("/api/coverage").text.contains("421281"))

        // Someone changes a record around the ledger, triggers and all.
        let tampering = try run(
            "python3",
            [
                "-c",
                """
                import sqlite3, sys
                db = sqlite3.connect(sys.argv[1])
                db.execute("DROP TRIGGER verification_record_refuses_update")
                db.execute("UPDATE verification_record SET body = replace(body, 'LXS-20E', 'LXS-20F') WHERE number LIKE '%000001'")
                db.commit()
                """, database,
            ])
        #expect(tampering.status == 0, "\(tampering.output)")
        #expect(try await get("/certificates/\(certificate)").text.contains("✗ 不实"))
        let audit = try run(Self.program, ["audit", "verify", "--database", database])
        #expect(audit.status == 1 && audit.output.contains("verification_record"), "\(audit.output)")
    }

    /// A file people and machines accept: sound, embedded fonts, the XML inside byte for byte.
    private func check(pdf: String, xml: String) throws {
        let sound = try run("qpdf", ["--check", pdf])
        #expect(sound.status == 0, "\(sound.output)")
        let inside = NSTemporaryDirectory() + "inside-\(UUID().uuidString).xml"
        defer { try? FileManager.default.removeItem(atPath: inside) }
        let detached = try run("pdfdetach", ["-save", "1", "-o", inside, pdf])
        #expect(detached.status == 0, "\(detached.output)")
        let bytes = FileManager.default.contents(atPath: inside)
        #expect(bytes != nil && bytes == FileManager.default.contents(atPath: xml))
        let fonts = try run("pdffonts", [pdf]).output.split(separator: "\n").dropFirst(2)
        #expect(!fonts.isEmpty)
        for font in fonts {
            // Columns from the right: object (two), uni, sub, emb.
            let fields = font.split(separator: " ")
            #expect(fields.count >= 6 && fields[fields.count - 5] == "yes", "not embedded: \(font)")
        }
        let schema = "\(Self.shared)/schemas/dcc/v3.3.0/dcc.xsd"
        guard FileManager.default.fileExists(atPath: schema) else {
            print("DCC schema not found at \(schema): the certificate's XML is not validated against it")
            return
        }
        let valid = try run("xmllint", ["--nonet", "--noout", "--schema", schema, xml])
        #expect(valid.status == 0, "\(valid.output)")
    }

    @Test func aFolderThatIsNotTheDemonstrationsIsLeftAlone() throws {
        let folder = NSTemporaryDirectory() + "mine-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try "precious".write(toFile: "\(folder)/file", atomically: true, encoding: .utf8)
        let (status, output) = try run(Self.program, ["demo", "--output", folder, "--data", Self.root])
        #expect(status == 2, "\(output)")
        #expect(try String(contentsOfFile: "\(folder)/file", encoding: .utf8) == "precious")
    }
}
