import Foundation
import Metrology

/// Which ways of propagation a command asks for.
enum PropagationMethod: String, CaseIterable {
    /// What the case asks for.
    case asStated = "as-stated"
    case firstOrder = "lpu"
    case secondOrder = "second-order"
    case monteCarlo = "mcm"
    case adaptive
    case all
}

/// Everything computed of one model: law of propagation, second order, Monte Carlo, and how they compare.
struct ModelEvaluation {
    let stated: ModelCase
    let first: LinearPropagation
    let second: [SecondOrder?]
    let expanded: [ExpandedUncertainty?]
    /// Of each output, for each probability: ends of first and, where there is one, of second order.
    let intervals: [[(p: Double, first: CoverageInterval?, second: CoverageInterval?)]]
    let joint: [JointRegion]
    let drawn: MonteCarloResult?
    let adaptive: AdaptiveResult?
    let validation: [(first: PropagationValidation, second: PropagationValidation?)?]

    var model: MeasurementModel { stated.model }

    /// - Parameters:
    ///   - trials: in place of what the case states.
    ///   - seed: likewise.
    ///   - keepsTrials: for a curve.
    init(
        _ stated: ModelCase, method: PropagationMethod = .asStated, trials: Int? = nil, seed: UInt64? = nil,
        keepsTrials: Bool = false
    ) async throws {
        self.stated = stated
        let model = stated.model
        let first = try model.propagate()
        try model.checkDivisors()
        self.first = first
        let second = model.secondOrder()
        self.second = second
        expanded = try zip(first.outputs, second).map { output, second in
            guard let coverage = stated.coverage else { return nil }
            guard coverage.isSecondOrder else { return try model.expand(output, by: coverage.rule) }
            guard let u = second?.standardUncertainty else {
                throw ModelError(
                    "'\(output.name)' has no second-order uncertainty to expand: "
                        + (second?.note ?? "the model has no finite second derivative at the estimates"))
            }
            return try model.expand(output, by: coverage.rule, u: u)
        }
        let probabilities =
            stated.probabilities.isEmpty && (trials != nil || [.monteCarlo, .adaptive, .all].contains(method))
            ? [0.95] : stated.probabilities
        intervals = zip(first.outputs, second).map { output, second in
            probabilities.map { p in
                let k = Self.factor(p, output, stated)
                let normal = CoverageFactor.studentT(p: p, degreesOfFreedom: .infinity)
                return (
                    p, k.map { CoverageInterval(output.estimate, $0 * output.standardUncertainty) },
                    // About the first-order estimate: the second-order one is reported beside it.
                    second?.standardUncertainty.map { CoverageInterval(output.estimate, normal * $0) }
                )
            }
        }
        joint = probabilities.compactMap { first.jointRegion(p: $0) }

        (drawn, adaptive) = try await Self.draw(
            stated, method, probabilities, trials: trials, seed: seed, keepsTrials: keepsTrials)
        validation = Self.validate(stated, intervals, first, drawn ?? adaptive?.result)
    }

    private static func draw(
        _ stated: ModelCase, _ method: PropagationMethod, _ probabilities: [Double], trials: Int?, seed: UInt64?,
        keepsTrials: Bool
    ) async throws -> (MonteCarloResult?, AdaptiveResult?) {
        let tasks = ProcessInfo.processInfo.activeProcessorCount
        let seed = seed ?? stated.monteCarlo?.seed ?? MonteCarloPlan.usualSeed
        var drawn: MonteCarloResult?
        let isAsked = method == .asStated && (stated.monteCarlo != nil || trials != nil || keepsTrials)
        if isAsked || method == .monteCarlo || method == .all {
            drawn = try await stated.model.sample(
                MonteCarloPlan(
                    trials: trials ?? stated.monteCarlo?.trials ?? 1_000_000, probabilities: probabilities, seed: seed,
                    tasks: tasks, keepsEveryTrial: keepsTrials))
        }
        var adaptive: AdaptiveResult?
        if method == .adaptive || method == .all || (method == .asStated && stated.adaptive != nil) {
            adaptive = try await stated.model.sample(
                AdaptivePlan(
                    digits: stated.adaptive?.digits ?? 2, tolerance: stated.adaptive?.tolerance,
                    probabilities: probabilities.isEmpty ? [0.95] : probabilities, seed: seed, tasks: tasks))
        }
        return (drawn, adaptive)
    }

    /// t where the case has a t rule, else the normal quantile.
    private static func factor(_ p: Double, _ output: LinearPropagation.Output, _ stated: ModelCase) -> Double? {
        guard case .studentT = stated.coverage?.rule else {
            return CoverageFactor.studentT(p: p, degreesOfFreedom: .infinity)
        }
        return try? stated.model.expand(output, by: .studentT(p: p, truncated: true)).k
    }

    private static func validate(
        _ stated: ModelCase, _ intervals: [[(p: Double, first: CoverageInterval?, second: CoverageInterval?)]],
        _ first: LinearPropagation, _ drawn: MonteCarloResult?
    ) -> [(first: PropagationValidation, second: PropagationValidation?)?] {
        first.outputs.indices.map { index in
            guard let drawn, let interval = intervals[index].first, let propagated = interval.first,
                let shortest = drawn.outputs[index].intervals.first?.shortest
            else { return nil }
            // Two digits of u where the case states no δ.
            let tolerance =
                stated.validation ?? stated.adaptive?.tolerance
                ?? NumericalTolerance.of(first.outputs[index].standardUncertainty, digits: 2)
            return (
                PropagationValidation(propagated, against: shortest, tolerance: tolerance),
                interval.second.map { PropagationValidation($0, against: shortest, tolerance: tolerance) }
            )
        }
    }
}

extension CoverageInterval {
    fileprivate init(_ centre: Double, _ halfWidth: Double) {
        self.init(low: centre - halfWidth, high: centre + halfWidth)
    }
}
