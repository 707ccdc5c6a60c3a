import Metrology

/// Microseconds of one law of propagation of a compiled budget, y and u; then microseconds with the second order
/// beside it: `CompiledBudgets mass|gauge-block SECONDS`.
@main struct CompiledBudgets {
    static func main() throws {
        let arguments = CommandLine.arguments.dropFirst()
        let model = try arguments.first == "mass" ? mass() : gaugeBlock()
        let span = Duration.seconds(arguments.dropFirst().first.flatMap { Double($0) } ?? 1)
        let first = try measure(span) { try model.propagate().outputs[0] }
        let both = try measure(span) {
            let output = try model.propagate().outputs[0]
            return model.secondOrder()[0] == nil ? nil : output
        }
        print(first.microseconds, first.output?.estimate ?? .nan, first.output?.standardUncertainty ?? .nan)
        print(both.microseconds, both.output?.estimate ?? .nan, both.output?.standardUncertainty ?? .nan)
    }

    private static func measure(
        _ span: Duration, _ once: () throws -> LinearPropagation.Output?
    ) rethrows -> (microseconds: Double, output: LinearPropagation.Output?) {
        var output = try once()
        var count = 0
        let start = ContinuousClock.now
        while ContinuousClock.now - start < span {
            for _ in 0..<1000 { output = try once() }
            count += 1000
        }
        return ((ContinuousClock.now - start) / .microseconds(count), output)
    }

    /// JCGM 101, 9.3.
    private static func mass() throws -> MeasurementModel {
        try MeasurementModel(
            inputs: [
                ModelInput("m_Rc", .normal(mean: 100_000, standardDeviation: 0.05)),
                ModelInput("dm_Rc", .normal(mean: 1.234, standardDeviation: 0.02)),
                ModelInput("rho_a", .rectangular(mean: 1.2, halfWidth: 0.1)),
                ModelInput("rho_W", .rectangular(mean: 8000, halfWidth: 1000)),
                ModelInput("rho_R", .rectangular(mean: 8000, halfWidth: 50)),
            ],
            constants: [("rho_a0", 1.2, .one), ("m_nom", 100_000, .one)],
            outputs: [
                MeasurementModel.Output(
                    "y", try Formula("(m_Rc + dm_Rc)*(1 + (rho_a - rho_a0)*(1/rho_W - 1/rho_R)) - m_nom"))
            ])
    }

    /// JCGM 101, 9.5.
    private static func gaugeBlock() throws -> MeasurementModel {
        try MeasurementModel(
            inputs: [
                ModelInput("L_S", .studentT(mean: 50_000_623, scale: 25, degreesOfFreedom: 18)),
                ModelInput("D", .studentT(mean: 215, scale: 6, degreesOfFreedom: 24)),
                ModelInput("d1", .studentT(mean: 0, scale: 4, degreesOfFreedom: 5)),
                ModelInput("d2", .studentT(mean: 0, scale: 7, degreesOfFreedom: 8)),
                ModelInput("alpha_S", .rectangular(mean: 1.15e-5, halfWidth: 2e-6)),
                ModelInput("theta_0", .normal(mean: -0.1, standardDeviation: 0.2)),
                ModelInput("Delta", .arcsine(mean: 0, halfWidth: 0.5)),
                ModelInput("d_alpha", .curvilinearTrapezoid(mean: 0, halfWidth: 1e-6, inexactness: 1e-7)),
                ModelInput("d_theta", .curvilinearTrapezoid(mean: 0, halfWidth: 0.05, inexactness: 0.025)),
            ],
            constants: [("L_nom", 50_000_000, .one)],
            outputs: [
                MeasurementModel.Output(
                    "y",
                    try Formula("L_S + D + d1 + d2 - L_S*(d_alpha*(theta_0 + Delta) + alpha_S*d_theta) - L_nom"))
            ])
    }
}
