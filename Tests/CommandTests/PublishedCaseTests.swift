import Foundation
import Testing

/// The published cases one by one, each named by its citation.
@Suite struct PublishedCaseTests {
    private static let conformity = PublishedCase.load("conformity")
    private static let uncertainty = PublishedCase.load("uncertainty")

    /// What the program answers to each case, as JSON.
    private static let answers: [String: Data] = {
        var found: [String: Data] = [:]
        for command in ["conformity", "uncertainty"] where !PublishedCase.load(command).isEmpty {
            guard let run = try? Folder().steelyard([command, PublishedCase.path(command), "--format", "json"]),
                let root = try? JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any],
                let answers = root["answers"] as? [[String: Any]]
            else { continue }
            for answer in answers {
                if let id = answer["id"] as? String {
                    found["\(command) \(id)"] = try? JSONSerialization.data(withJSONObject: answer)
                }
            }
        }
        return found
    }()

    @Test func `the sets are at hand, or it is said that they are not`() {
        guard FileManager.default.fileExists(atPath: PublishedCase.path("uncertainty")) else {
            print("published cases not found at \(PublishedCase.path("uncertainty")): they are not run one by one")
            return
        }
        #expect(Self.conformity.count >= 59 && Self.uncertainty.count >= 82)
        #expect((Self.conformity + Self.uncertainty).allSatisfy { !$0.expectations.isEmpty })
    }

    @Test(arguments: conformity + uncertainty)
    func `a published case comes out within its tolerance`(published: PublishedCase) throws {
        let data = try #require(Self.answers["\(published.command) \(published.id)"])
        let answer = try #require(JSONSerialization.jsonObject(with: data) as? [String: Any])
        if published.kind == "refusal" {
            let reason = try #require(answer["refused"] as? String)
            #expect(!reason.isEmpty && !reason.contains("\n"))
            return
        }
        let values = try #require(answer["answer"], "refused: \(answer["refused"] ?? "")")
        for expectation in published.expectations {
            let found = expectation.found(in: values)
            #expect(
                expectation.isMet(by: found),
                "\(expectation.quantity) at \(expectation.path): \(String(describing: found)), not \(expectation.want)")
        }
    }
}
