import ArgumentParser
import DataFiles

struct ConformityCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "conformity",
        abstract: "A decision, or its risk, on its own.",
        discussion: """
            FILE is YAML or JSON: `kind` and what is `given`, or a list of such cases under `vectors`. Decisions \
            are taken in exact decimals on unrounded numbers. Exit status 1: a single decision against the item; a conditional pass and what is pending exit 0 and say what next.
            """)

    @Argument(help: "The case, or a file of cases.")
    var file: String

    @Option(help: "text for people, json for programs.")
    var format: OutputFormat = .text

    func run() async throws {
        let answer = try await CaseFile.open(file).answer(by: conformityAnswer)
        print(format == .json ? answer.json() : answer.lines())
        if let decision = answer["decision"]?.string, Self.refusals.contains(decision) {
            throw ExitCode(1)
        }
    }

    private static let refusals = ["fail", "conditional-fail", "nonconform"]
}
