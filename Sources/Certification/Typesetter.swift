public import Foundation
@preconcurrency import Glibc
import Verification

/// The long-lived process that turns documents into PDF/A-3b with their XML inside.
///
/// One at a time, from one task; a certificate takes a tenth of a second.
public final class Typesetter {
    private let process = Process()
    private let requests = Pipe()
    private let answers = Pipe()
    private var unread = Data()
    private var lastID = 0

    private struct Answer: Decodable {
        let id: Int?
        let ok: Bool
        let error: String?
        let pages: Int?
        let sha256: String?
    }

    private struct Request: Encodable {
        struct Attachment: Encodable {
            let name: String
            let mime: String
            let base64: String
        }

        let id: Int
        let template: String
        let data: CertificateDocument
        let attachment: Attachment
        let output: String
        let date: String
    }

    public struct Result: Hashable, Sendable {
        public let pages: Int
        /// SHA-256 of the file, lower-case hexadecimal.
        public let digest: String
    }

    /// - Parameters:
    ///   - templates: folder with `typesetter.py` and the templates.
    ///   - python: the interpreter that has the typesetting packages.
    /// - Throws: ``CertificationError/typesetter(_:)`` where it does not start.
    public init(templates: String, python: String) throws {
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [python, "\(templates)/typesetter.py"]
        process.standardInput = requests
        process.standardOutput = answers
        do { try process.run() } catch {
            throw CertificationError.typesetter("\(python) does not start: \(error.localizedDescription)")
        }
        let first = try readAnswer()
        guard first.ok else { throw CertificationError.typesetter(first.error ?? "it does not start") }
    }

    deinit {
        try? requests.fileHandleForWriting.close()
        process.waitUntilExit()
    }

    /// Typesets `document` with `xml` inside, to `path`. The same document gives the same bytes.
    public func typeset(
        _ document: CertificateDocument, xml: Data, xmlName: String, to path: String
    ) throws -> Result {
        lastID += 1
        let request = Request(
            id: lastID, template: "certificate", data: document,
            attachment: .init(
                name: xmlName, mime: "application/xml", base64: xml.base64EncodedString()),
            output: path, date: "\(document.issued_on)T00:00:00+08:00")
        var line = try CanonicalJSON.encode(request)
        line.append(0x0A)
        do { try requests.fileHandleForWriting.write(contentsOf: line) } catch {
            throw CertificationError.typesetter("its process ended")
        }
        let answer = try readAnswer()
        guard answer.ok, answer.id == lastID, let pages = answer.pages, let digest = answer.sha256
        else { throw CertificationError.typesetter(answer.error ?? "it answered another request") }
        return Result(pages: pages, digest: digest)
    }

    private func readAnswer() throws -> Answer {
        while true {
            if let end = unread.firstIndex(of: 0x0A) {
                let line = unread[unread.startIndex..<end]
                unread = Data(unread[unread.index(after: end)...])
                guard let answer = try? JSONDecoder().decode(Answer.self, from: Data(line)) else {
                    throw CertificationError.typesetter("it answered what is not an answer")
                }
                return answer
            }
            let more = answers.fileHandleForReading.availableData
            guard !more.isEmpty else {
                throw CertificationError.typesetter("its process ended; run `make tools` for what it needs")
            }
            unread.append(more)
        }
    }
}
