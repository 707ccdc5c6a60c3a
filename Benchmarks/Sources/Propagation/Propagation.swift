import Metrology

/// Prints the budgets per second of the law of propagation: `Propagation COUNT`.
@main struct Benchmark {
    static func main() throws {
        let count = CommandLine.arguments.dropFirst().first.flatMap { Int($0) } ?? 10_000
        let formula = try Formula(
            "(indicated - reference * (1 + expansion * dt)) / (reference * (1 + expansion * dt))")
        let influences = [("indicated", 1.2e-5), ("indicated", 1e-4), ("reference", 1e-4), ("dt", 0.3)].map {
            Influence(name: $0.0, input: $0.0, evaluation: .typeB, standardUncertainty: $0.1)
        }
        var sum = 0.0
        let start = ContinuousClock.now
        for n in 0..<count {
            let values = ["indicated": 0.1 + Double(n) * 1e-9, "reference": 0.1, "expansion": 2e-4, "dt": 1.5]
            sum += try formula.propagate(values, influences: influences).combined
        }
        let elapsed = ContinuousClock.now - start
        print(Double(count) / (elapsed / .seconds(1)), sum / Double(count))
    }
}
