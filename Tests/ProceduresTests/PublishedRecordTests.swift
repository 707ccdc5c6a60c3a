import Foundation
import Procedures
import Testing

/// Records that others published, entered as readings under our procedures: what they print where they are right, and what
/// is right where they are not.
@Suite struct PublishedRecordTests {
    private static let folder = "\(Files.root)/Tests/ProceduresTests/PublishedRecords"
    static let files = ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? [])
        .filter { $0.hasSuffix(".yaml") }.sorted().map { "\(folder)/\($0)" }

    @Test func thereAreSome() throws {
        #expect(Self.files.count >= 15)
    }

    @Test(arguments: files)
    func itComesOutRight(_ path: String) throws {
        let name = URL(fileURLWithPath: path).deletingPathExtension().lastPathComponent
        let procedure = try Procedure.load("\(Files.folder)/\(name).yaml")
        let records = try WorkedExample.load(path, of: procedure)
        try #require(!records.isEmpty)
        for record in records {
            #expect(record.published != nil, "\(record.title): where does it stand?")
            let found = record.disagreements(under: procedure)
            #expect(found.isEmpty, "\(record.title): \(found.joined(separator: "\n"))")
        }
    }
}
