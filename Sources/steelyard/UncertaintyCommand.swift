import ArgumentParser
import DataFiles
import Foundation
import Metrology

struct UncertaintyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "uncertainty",
        abstract: "An evaluation of uncertainty on its own: a measurement model, readings, type B, lines, factors.",
        discussion: """
            FILE is YAML or JSON: one case with its `kind`, or a list of such cases under `vectors`. Kinds: \
            measurement-model (when none is stated), type-a, type-b, line-fit, polynomial-fit, total-least-squares, \
            anova, coverage-factor, coverage-region, rounding, numerical-tolerance.

            A model is propagated by the law of propagation, to second order beside it, and by Monte Carlo where the \
            file or an option asks for it. A seed and a number of trials give the same result on every machine.
            """)

    @Argument(help: "The case, or a file of cases.")
    var file: String

    @Option(help: "text for people, json for programs, html for a page.")
    var format: UncertaintyFormat = .text

    @Option(help: "as-stated, lpu, second-order, mcm, adaptive or all.")
    var method: PropagationMethod = .asStated

    @Option(help: "Monte Carlo trials, in place of what the case states.")
    var trials: Int?

    @Option(help: "Seed of the Monte Carlo run, in place of what the case states.")
    var seed: UInt64?

    @Option(help: "Write histogram and cumulative curve of each output as SVG, to this file.")
    var plot: String?

    func run() async throws {
        if let trials, trials < 2 { throw ValidationError("--trials takes two or more, not \(trials)") }
        guard plot == nil || (trials ?? 0) <= 10_000_000 else {
            throw ValidationError("--plot keeps every trial: at most 10000000, not \(trials ?? 0)")
        }
        let file = try CaseFile.open(file)
        if file.isList, plot != nil || format == .html {
            throw ValidationError(
                "--plot and --format html are for a single case, and this file has \(file.cases.count)")
        }
        if !file.isList, try file.cases[0].isModel {
            let evaluation: ModelEvaluation
            do {
                evaluation = try await evaluate(file.cases[0])
            } catch {
                throw ValidationError(CaseFile.line(for: error))
            }
            if let plot { try write(DistributionPlot(evaluation).svg, to: plot) }
            switch format {
            case .json: print(evaluation.answer.json())
            case .text: print(BudgetTable(evaluation).text)
            case .html: print(BudgetTable(evaluation).html)
            }
            return
        }
        guard plot == nil, format != .html else {
            throw ValidationError("--plot and --format html are for a measurement model")
        }
        let answer = try await file.answer { node in
            if try node.isModel { return try await evaluate(node).answer }
            let kind = try node.value("kind")
            let name = try node.caseKind()
            if let answer = try smallUncertaintyAnswer(kind: name, node) { return answer }
            throw (kind ?? node).error("there is no kind '\(name)': see --help")
        }
        print(format == .json ? answer.json() : answer.lines())
    }

    private func evaluate(_ node: DataNode) async throws -> ModelEvaluation {
        do {
            return try await ModelEvaluation(
                ModelCase(node), method: method, trials: trials, seed: seed, keepsTrials: plot != nil)
        } catch let error as ModelError {
            throw node.error(error.description)
        }
    }

    private func write(_ text: String, to path: String) throws {
        do {
            try Data(text.utf8).write(to: URL(fileURLWithPath: path))
        } catch {
            throw ValidationError("cannot write '\(path)': \((error as NSError).localizedDescription)")
        }
    }
}

enum UncertaintyFormat: String, ExpressibleByArgument, CaseIterable {
    case text, json, html
}

extension PropagationMethod: ExpressibleByArgument {}

extension DataNode {
    /// Whether this case is a model; a `refusal` is a model that must not be computed.
    fileprivate var isModel: Bool {
        get throws { ["measurement-model", "refusal"].contains(try caseKind()) }
    }
}
