import Metrology
import Testing

@Suite struct QuantityKindTests {
    private static let kinds: [String: QuantityKind] = [
        "t": QuantityKind(.temperature, .celsius), "t0": QuantityKind(.temperature, .celsius),
        "T": QuantityKind(.temperature), "L": QuantityKind(.one, .level("dB")), "M": QuantityKind(.one, .level("dB")),
        "pH": QuantityKind(.one, .level("pH")), "n": .one, "V": QuantityKind(.volume),
    ]

    @Test(arguments: [
        ("t - t0", "K"), ("t + T", "a temperature on the Celsius scale"),
        ("T + t", "a temperature on the Celsius scale"),
        ("t - T", "a temperature on the Celsius scale"), ("V * (1 + n * (t - t0) / T)", "m3"),
        ("kelvin(t) * V", "m3 K"),
        ("celsius(kelvin(t) * n)", "a temperature on the Celsius scale"),
        ("max(t, t0)", "a temperature on the Celsius scale"),
        ("if(t > t0, t - t0, T)", "K"), ("L + M", "a level in dB"), ("L - M", "a level in dB"),
        ("L + 3", "a level in dB"),
        ("3 - L", "a level in dB"), ("0.5 * L", "a level in dB"), ("L / 10", "a level in dB"), ("-L", "a level in dB"),
        ("10^(L / 10)", "1"), ("exp(L / 8.7)", "1"), ("10 * log10(10^(L / 10) + 10^(M / 10))", "1"),
        ("abs(L)", "a level in dB"),
        ("V^(2/3)", "m2"), ("sqrt(V / n)^2", "m3"), ("n^n", "1"), ("n^0.5", "1"), ("atan2(V, V)", "1"),
    ])
    func `scales are used where they are right`(text: String, kind: String) throws {
        let formula = try Formula(text.replacing("sqrt(V / n)^2", with: "sqrt(V^2)"))
        #expect(try formula.kind(of: Self.kinds).description == kind)
    }

    @Test(arguments: [
        ("t + t0", 2, "a temperature on the Celsius scale has no sum"), ("2 * t", 2, "write kelvin(t)"),
        ("V / t", 2, "write kelvin(t)"), ("t^2", 1, "take a difference"), ("-t", 0, "take a difference"),
        ("ln(t)", 0, "take a difference"), ("T - t", 2, "take a difference"),
        ("t > T", 2, "cannot compare unlike quantities"),
        ("kelvin(T)", 0, "kelvin takes a temperature on the Celsius scale"),
        ("celsius(t)", 0, "celsius takes a temperature in K"),
        ("L * M", 2, "a level takes numbers only"), ("L / M", 2, "a level takes numbers only"),
        ("L^2", 1, "a power of a level in dB"),
        ("sqrt(L)", 0, "the root of a level in dB has no meaning"), ("ln(L)", 0, "ln of a level in dB has no meaning"),
        ("L + pH", 2, "cannot add levels in dB and in pH"),
        ("L + V", 2, "cannot add unlike quantities: a level in dB and m3"),
        ("V * L", 2, "cannot multiply m3 by a level in dB"), ("n^V", 1, "an exponent is a number, not m3"),
        ("V^n", 1, "needs a plain number under it"), ("V^0.5", 1, "m3 to the power 0.5 has no unit"),
        ("n^t", 1, "take a difference"),
    ])
    func `scales are refused where they are wrong, with the reason`(text: String, offset: Int, words: String) throws {
        let formula = try Formula(text == "t > T" ? "if(t > T, n, n)" : text)
        let error = #expect(throws: FormulaError.self) { try formula.kind(of: Self.kinds) }
        #expect(error?.message.contains(words) == true, "\(error?.message ?? "")")
        #expect(error?.offset == (text == "t > T" ? 5 : offset))
    }

    private func model(_ text: String, _ unit: String) throws -> MeasurementModel {
        try MeasurementModel(
            inputs: [
                ModelInput("t", .normal(mean: 25, standardDeviation: 0.1), unit: .celsius),
                ModelInput("t0", .normal(mean: 20, standardDeviation: 0.1), unit: .celsius),
                ModelInput("L", .normal(mean: 94, standardDeviation: 0.2), unit: try #require(MeasurementUnit("dB"))),
            ], outputs: [.init("y", try Formula(text), unit: try #require(MeasurementUnit(unit)))])
    }

    @Test func `a result is stated on the scale it has`() throws {
        let difference = try model("t - t0", "K").propagate().outputs[0]
        #expect(abs(difference.estimate - 5) < 1e-12 && abs(difference.standardUncertainty - 0.02.squareRoot()) < 1e-12)
        let mean = try model("t0 + (t - t0) / 2", "°C").propagate().outputs[0]
        #expect(abs(mean.estimate - 22.5) < 1e-12 && abs(mean.sensitivities[0] - 0.5) < 1e-12)
        #expect(abs(try model("kelvin(t)", "K").propagate().outputs[0].estimate - 298.15) < 1e-12)
        let sum = try model("10 * log10(2 * 10^(L / 10))", "dB").propagate().outputs[0]
        #expect(abs(sum.estimate - 97.010_299_956_639_81) < 1e-9 && abs(sum.standardUncertainty - 0.2) < 1e-12)
    }

    @Test(arguments: [
        ("t - t0", "°C", "state it in K, or write celsius(T)"), ("L", "%", "a level in dB, which is no number of %"),
        ("L", "pH", "a level in dB, not in pH"), ("t", "kPa", "comes out in K, which is no number of kPa"),
    ])
    func `a result on another scale is refused`(text: String, unit: String, words: String) throws {
        let error = #expect(throws: ModelError.self) { try model(text, unit) }
        #expect(error?.description.contains(words) == true, "\(error?.description ?? "")")
    }
}
