/// The guard band that gives a wanted global risk (JCGM 106, 9.5).
public struct GuardBandSolution: Hashable, Sendable {
    public enum Target: String, Hashable, Sendable, CaseIterable {
        case consumer = "R_C"
        case producer = "R_P"
        case consumerConditional = "R_C_conditional"
        case producerConditional = "R_P_conditional"

        func value(_ risk: GlobalRisk) -> Double {
            switch self {
            case .consumer: risk.consumer
            case .producer: risk.producer
            case .consumerConditional: risk.consumerConditional
            case .producerConditional: risk.producerConditional
            }
        }
    }

    /// Both acceptance limits lie inside the tolerance limits by it; negative where they lie outside.
    public let width: Double
    public let risk: GlobalRisk

    /// - Returns: nil where no guard band gives the risk `wanted`.
    public init?(
        process: StateOfKnowledge, standardDeviation: Double, bias: Double = 0,
        tolerance: (lower: Double?, upper: Double?), target: Target, wanted: Double
    ) {
        func risk(_ width: Double) -> GlobalRisk {
            GlobalRisk(
                process: process, standardDeviation: standardDeviation, bias: bias, tolerance: tolerance,
                acceptance: (tolerance.lower.map { $0 + width }, tolerance.upper.map { $0 - width }))
        }
        func miss(_ width: Double) -> Double { target.value(risk(width)) - wanted }

        let reach = 20 * (standardDeviation + process.scale)
        var high = reach
        if let lower = tolerance.lower, let upper = tolerance.upper {
            // At half the tolerance the acceptance interval is empty; just short of it, it still is one.
            high = (upper - lower) / 2 * (1 - 1e-9)
        }
        var low = -reach
        var atLow = miss(low)
        let atHigh = miss(high)
        guard atLow.isFinite, atHigh.isFinite, atLow * atHigh <= 0 else { return nil }
        for _ in 0..<200 {
            let middle = (low + high) / 2
            if middle <= low || middle >= high || high - low < 1e-15 * reach { break }
            let atMiddle = miss(middle)
            if atMiddle == 0 {
                (low, high) = (middle, middle)
                break
            }
            if atMiddle * atLow > 0 {
                (low, atLow) = (middle, atMiddle)
            } else {
                high = middle
            }
        }
        width = (low + high) / 2
        self.risk = risk(width)
    }
}
