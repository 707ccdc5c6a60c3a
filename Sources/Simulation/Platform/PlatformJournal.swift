import Chronometry
import Foundation

/// Everything the platform received, one JSON object a line; read again when it starts, so that a
/// platform that was stopped remembers what it had acknowledged.
struct PlatformJournal {
    struct Entry: Codable {
        let at: String
        let operation: String
        let request: String
        let answer: String
        /// The answer never left.
        let isCut: Bool

        var isAcceptance: Bool { answer.contains(#""responseCode":"0""#) }
    }

    private let path: String
    private let file: FileHandle

    /// - Throws: ``PlatformError/journal(path:why:)``.
    init(path: String) throws {
        if !FileManager.default.fileExists(atPath: path) {
            guard FileManager.default.createFile(atPath: path, contents: nil) else {
                throw PlatformError.journal(path: path, why: "it cannot be created")
            }
        }
        guard let file = FileHandle(forUpdatingAtPath: path) else {
            throw PlatformError.journal(path: path, why: "it cannot be opened for writing")
        }
        self.path = path
        self.file = file
    }

    /// The entries written so far; afterwards the file stands at its end.
    func entries() throws -> [Entry] {
        let data = try file.readToEnd() ?? Data()
        // A line without its end was being written when the platform was killed: nobody was answered.
        let whole = data.lastIndex(of: 0x0A).map { data[...$0] } ?? Data()
        try file.truncate(atOffset: UInt64(whole.count))
        return try whole.split(separator: 0x0A).enumerated().map { index, line in
            do { return try JSONDecoder().decode(Entry.self, from: line) } catch {
                throw PlatformError.journal(
                    path: path, why: "its line \(index + 1) is not an entry")
            }
        }
    }

    func append(_ entry: Entry) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        try file.write(contentsOf: try encoder.encode(entry) + [0x0A])
    }
}
