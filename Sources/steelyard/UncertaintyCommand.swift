import ArgumentParser
import DataFiles

struct UncertaintyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "uncertainty",
        abstract: "An evaluation of uncertainty on its own: observations, type B, a line, coverage factors, rounding.",
        discussion: """
            FILE is YAML or JSON: one case with its `kind`, or a list of such cases under `vectors`. Known kinds: \
            type-a, type-b, line-fit, anova, coverage-factor, coverage-region, rounding, numerical-tolerance. \
            Measurement models are refused: only verification procedures propagate through one so far.
            """)

    @Argument(help: "The case, or a file of cases.")
    var file: String

    @Option(help: "text for people, json for programs.")
    var format: OutputFormat = .text

    func run() throws {
        let answer = try CaseFile.answer(path: file) { node in
            let kind = try node.value("kind")
            let name = try kind?.text() ?? "measurement-model"
            if let answer = try smallUncertaintyAnswer(kind: name, node) { return answer }
            throw (kind ?? node).error("the kind '\(name)' is not computed by this version: see --help")
        }
        print(format == .json ? answer.json() : answer.lines())
    }
}
