import Metrology
import Testing

/// A model from texts, without units.
private func model(
    _ inputs: [ModelInput], _ outputs: [(String, String)], correlations: [InputCorrelation] = [],
    lets: [(String, String)] = [], tables: [String: InterpolationTable] = [:]
) throws -> MeasurementModel {
    try MeasurementModel(
        inputs: inputs, intermediates: lets.map { ($0.0, try Formula($0.1, tables: tables)) },
        outputs: outputs.map { .init($0.0, try Formula($0.1, tables: tables)) }, correlations: correlations)
}

private func normal(_ name: String, _ mean: Double, _ u: Double, dof: Double? = nil) -> ModelInput {
    ModelInput(name, .normal(mean: mean, standardDeviation: u), degreesOfFreedom: dof)
}

private func isClose(_ a: Double, _ b: Double, _ relative: Double = 1e-12) -> Bool {
    abs(a - b) <= relative * max(abs(a), abs(b))
}

@Suite struct LinearPropagationTests {
    /// A seeded linear model has a closed form: y = Σ a_i x_i, u² = Σ a_i² u_i².
    @Test func `linear models come out exactly`() throws {
        var generator = SeededGenerator(seed: 1)
        for _ in 0..<200 {
            let count = 1 + Int(generator.next() % 9)
            let factors = (0..<count).map { _ in generator.uniform(in: -5...5) }
            let inputs = (0..<count).map {
                normal("x\($0)", generator.uniform(in: -10...10), generator.uniform(in: 0...2))
            }
            let text = factors.enumerated().map { "(\($1)) * x\($0)" }.joined(separator: " + ")
            let result = try model(inputs, [("y", text)]).propagate().outputs[0]
            let u = zip(factors, inputs).reduce(0) { sum, pair in
                let part = pair.0 * pair.1.components[0].standardUncertainty
                return sum + part * part
            }.squareRoot()
            #expect(isClose(result.standardUncertainty, u, 1e-14))
            for (sensitivity, factor) in zip(result.sensitivities, factors) { #expect(isClose(sensitivity, factor)) }
            #expect(abs(result.shares.reduce(0, +) - 1) < 1e-12)
        }
    }

    @Test func `the order of the inputs changes nothing`() throws {
        let inputs = [normal("a", 2, 0.1, dof: 5), normal("b", 3, 0.2, dof: 9), normal("c", 1, 0.05)]
        let correlations = [InputCorrelation("a", "c", r: 0)]
        let expression = [("y", "a * b / c + exp(a)")]
        let first = try model(inputs, expression, correlations: correlations).propagate().outputs[0]
        let second = try model(inputs.reversed(), expression).propagate().outputs[0]
        #expect(isClose(first.estimate, second.estimate))
        #expect(isClose(first.standardUncertainty, second.standardUncertainty))
        #expect(isClose(try #require(first.degreesOfFreedom.value), try #require(second.degreesOfFreedom.value)))
        #expect(zip(first.sensitivities, second.sensitivities.reversed()).allSatisfy { isClose($0, $1) })
    }

    @Test func `another unit changes the numbers and not the quantities`() throws {
        let (newton, millimetre) = (try #require(MeasurementUnit("N")), try #require(MeasurementUnit("mm2")))
        let (kilonewton, metre) = (try #require(MeasurementUnit("kN")), try #require(MeasurementUnit("m2")))
        let (kilopascal, pascal) = (try #require(MeasurementUnit("kPa")), try #require(MeasurementUnit("Pa")))
        func pressure(
            _ f: MeasurementUnit, _ scaleF: Double, _ a: MeasurementUnit, _ scaleA: Double, _ p: MeasurementUnit
        ) throws -> LinearPropagation.Output {
            try MeasurementModel(
                inputs: [
                    ModelInput("F", .normal(mean: 100 * scaleF, standardDeviation: 0.05 * scaleF), unit: f),
                    ModelInput("A", .rectangular(mean: 50 * scaleA, halfWidth: 0.04 * scaleA), unit: a),
                ], outputs: [.init("p", try Formula("F / A"), unit: p)]
            ).propagate().outputs[0]
        }
        let small = try pressure(newton, 1, millimetre, 1, kilopascal)
        let large = try pressure(kilonewton, 1e-3, metre, 1e-6, pascal)
        #expect(isClose(small.estimate, 2000) && isClose(large.estimate, 2e6))
        #expect(isClose(small.standardUncertainty * 1000, large.standardUncertainty))
        #expect(isClose(small.sensitivities[0], 20) && isClose(small.sensitivities[1], -40))
        #expect(zip(small.shares, large.shares).allSatisfy { isClose($0, $1) })
    }

    /// JCGM 100, 5.2.2, example: ten resistors calibrated by one standard add as 10·u, not √10·u.
    @Test func `one standard behind all of them correlates without a coefficient`() throws {
        let resistors = (0..<10).map { index in
            ModelInput(
                name: "R\(index)",
                components: [
                    .init(name: "value", distribution: .constant(1000)),
                    .init(
                        name: "standard", distribution: .normal(mean: 0, standardDeviation: 0.1), source: "R_S"),
                ])
        }
        let sum = (0..<10).map { "R\($0)" }.joined(separator: " + ")
        let series = try model(resistors, [("R", sum), ("d", "R0 - R1")])
        let result = try series.propagate()
        #expect(isClose(result.outputs[0].standardUncertainty, 1))
        #expect(result.outputs[1].standardUncertainty == 0)
        #expect(series.correlation("R0", "R7") == 1)
        #expect(series.secondOrder()[0]?.standardUncertainty == nil)
    }

    /// r = u_s²/u² from the common part; the same budget with that r stated gives the same u.
    @Test func `a common source and the coefficient that follows from it agree`() throws {
        func standard(_ name: String, _ mean: Double, _ factor: Double) -> ModelInput {
            ModelInput(
                name: name,
                components: [
                    .init(name: name, distribution: .normal(mean: mean, standardDeviation: 0.3), degreesOfFreedom: 8),
                    .init(
                        name: "reference", distribution: .normal(mean: 0, standardDeviation: 0.4), source: "K-12",
                        factor: factor),
                ])
        }
        let shared = try model([standard("a", 5, 1), standard("b", 7, -0.5)], [("y", "a * b")])
        let r = -0.5 * 0.16 / (0.5 * (0.09 + 0.04).squareRoot())
        #expect(isClose(try #require(shared.correlation("a", "b")), r))
        let stated = try model(
            [normal("a", 5, 0.5), normal("b", 7, (0.09 + 0.04).squareRoot())], [("y", "a * b")],
            correlations: [InputCorrelation("a", "b", r: r)])
        let (first, second) = (try shared.propagate().outputs[0], try stated.propagate().outputs[0])
        #expect(isClose(first.standardUncertainty, second.standardUncertainty))
        // Welch and Satterthwaite hold over the independent sources: 7·0.3 and 5·0.3 with 8 degrees each.
        let u = first.standardUncertainty
        let nu = u * u * u * u / ((2.1 * 2.1 * 2.1 * 2.1 + 1.5 * 1.5 * 1.5 * 1.5) / 8)
        #expect(isClose(try #require(first.degreesOfFreedom.value), nu))
        #expect(isClose(first.shares.reduce(0, +), 1))
    }

    @Test func `effective degrees of freedom are refused where a stated coefficient takes their meaning`() throws {
        let correlated = try model(
            [normal("a", 1, 0.1, dof: 4), normal("b", 1, 0.1)], [("y", "a + b")],
            correlations: [InputCorrelation("a", "b", r: 0.5)])
        let output = try correlated.propagate().outputs[0]
        #expect(output.degreesOfFreedom == .undefined(a: "a", b: "b"))
        let error = #expect(throws: ModelError.self) {
            try correlated.expand(output, by: .studentT(p: 0.95, truncated: true))
        }
        #expect(error?.description.contains("state k, or use Monte Carlo") == true)
        #expect(try correlated.expand(output, by: .fixed(k: 2)).expanded == 2 * output.standardUncertainty)
    }

    /// x·x is x², and (x + y) − x is y: an input is itself wherever it stands.
    @Test func `an input keeps its identity`() throws {
        let inputs = [normal("x", 3, 0.5), normal("y", 1, 0.1)]
        let result = try model(inputs, [("a", "x * x"), ("b", "x^2"), ("c", "(x + y) - x"), ("d", "a - b")])
            .propagate()
        #expect(isClose(result.outputs[0].standardUncertainty, 3))
        #expect(result.outputs[0].standardUncertainty == result.outputs[1].standardUncertainty)
        #expect(isClose(result.outputs[2].standardUncertainty, 0.1))
        #expect(result.outputs[3].standardUncertainty == 0)
    }

    /// 3 and 4 are 5: components of one input add as squares, also where the input is correlated with another.
    @Test func `components of one input are not one component`() throws {
        let a = ModelInput(
            name: "a",
            components: [
                .init(name: "first", distribution: .normal(mean: 10, standardDeviation: 3)),
                .init(name: "second", distribution: .normal(mean: 0, standardDeviation: 4)),
            ])
        let result = try model([a, normal("b", 0, 1)], [("y", "a + 0 * b")], correlations: [.init("a", "b", r: 0.5)])
        #expect(isClose(try result.propagate().outputs[0].standardUncertainty, 5))
    }

    @Test func `intermediates, earlier outputs, choices and tables take part`() throws {
        let table = try InterpolationTable(name: "correction", x: [0, 10, 20], y: [1, 3, 2])
        let inputs = [normal("t", 15, 0.2), normal("k", 2, 0.1)]
        let result = try model(
            inputs, [("y", "k * c"), ("z", "if(y > 4 and not t < 10, y^2, 0)")], lets: [("c", "correction(t)")],
            tables: ["correction": table]
        ).propagate()
        #expect(isClose(result.outputs[0].estimate, 5))
        #expect(isClose(result.outputs[0].sensitivities[0], -0.2))
        #expect(isClose(result.outputs[1].estimate, 25))
        #expect(isClose(result.outputs[1].sensitivities[1], 2 * 5 * 2.5))
    }
}

@Suite struct SecondOrderTests {
    /// y = x² at zero: first order says nothing, the second order √2·u² and the estimate u², exactly (χ² with one degree).
    @Test func `a square at zero has its exact second order`() throws {
        let second = try #require(try model([normal("x", 0, 3)], [("y", "x^2")]).secondOrder()[0])
        #expect(second.estimate == 9)
        #expect(isClose(try #require(second.standardUncertainty), 9 * 2.0.squareRoot()))
    }

    /// E(ab) = ab + cov(a, b) (JCGM 100:2008/Amd.1:2026, H.10).
    @Test func `the estimate takes the covariance up`() throws {
        let product = try model(
            [normal("a", 2, 0.2), normal("b", 5, 0.3)], [("y", "a * b")], correlations: [.init("a", "b", r: 0.6)])
        let second = try #require(product.secondOrder()[0])
        #expect(isClose(second.estimate, 10 + 0.6 * 0.2 * 0.3))
        #expect(second.standardUncertainty == nil)
        #expect(second.note == "the second-order variance is defined for uncorrelated inputs only")
    }

    /// JCGM 102, 9.3: the modulus of a vector smaller than its uncertainty. The formula of JCGM 100, 5.1.2 gives a negative variance.
    @Test func `a negative variance is said, not printed as a number`() throws {
        let modulus = try model([normal("re", 0.001, 0.01), normal("im", 0, 0.01)], [("r", "sqrt(re^2 + im^2)")])
        let second = try #require(modulus.secondOrder()[0])
        #expect(second.standardUncertainty == nil)
        #expect(second.note?.hasPrefix("the second-order variance is negative (-") == true)
    }

    /// Derivatives of second and third order against differences of those of one order less.
    @Test(arguments: [
        "a * b * c", "a / b", "a / (b * c)", "a^3 * b", "a^-2 * b", "a^0.7", "a^b", "sqrt(a * b)", "exp(a / b) * c",
        "ln(a + b) * log10(c)", "sin(a) * cos(b)", "tan(a / 3)", "asin(a / 4) * b", "acos(a / 4)", "atan(a * b)",
        "atan2(a, b)", "atan2(b, a) * c", "a * exp(a * b)", "a * b * sin(a * b)", "(a + b)^2 * ln(a * b)",
        "exp(a) / (a + b)", "abs(-a) * b", "min(a^2, 100)", "if(a < b, a^2, b^3)", "2^a",
    ])
    func `second and third derivatives follow the formula`(text: String) throws {
        let names = ["a", "b", "c"]
        let point = ["a": 1.3, "b": 2.1, "c": 0.7]
        func variance(_ u: [String: Double]) throws -> Double {
            let inputs = names.map { normal($0, point[$0] ?? 0, u[$0] ?? 0) }
            guard
                case .value(let value)? = try model(inputs, [("y", text + " + 0 * (a + b + c)")]).secondOrder()[0]?
                    .variance
            else { return .nan }
            return value
        }
        // With two inputs uncertain the terms of the formula are f_ij and f_ijj; both come from slopes of slopes.
        let formula = try Formula(text + " + 0 * (a + b + c)")
        func slope(_ name: String, _ shifts: [String: Double]) throws -> Double {
            let place = point.merging(shifts.map { ($0, (point[$0] ?? 0) + $1) }, uniquingKeysWith: { $1 })
            return try #require(formula.evaluate(place).derivatives[name])
        }
        let h = 1e-4
        for i in names {
            for j in names {
                let (ui, uj) = (0.02, 0.03)
                let found = try variance(i == j ? [i: ui] : [i: ui, j: uj])
                func second(_ p: String, _ q: String) throws -> Double {
                    try (slope(p, [q: h]) - slope(p, [q: -h])) / (2 * h)
                }
                func third(_ p: String, _ q: String) throws -> Double {
                    try (slope(p, [q: h]) - 2 * slope(p, [:]) + slope(p, [q: -h])) / (h * h)
                }
                var expected = 0.0
                let pairs = i == j ? [(i, ui)] : [(i, ui), (j, uj)]
                for (p, up) in pairs {
                    expected += try slope(p, [:]) * slope(p, [:]) * up * up
                    for (q, uq) in pairs {
                        expected +=
                            try (0.5 * second(p, q) * second(p, q) + slope(p, [:]) * third(p, q)) * up * up * uq * uq
                    }
                }
                #expect(abs(found - expected) <= 1e-5 * abs(expected) + 1e-12, "\(i) \(j)")
            }
        }
    }
}

@Suite struct CoverageRuleTests {
    private static func output(_ inputs: [ModelInput], _ text: String) throws -> (
        MeasurementModel, LinearPropagation.Output
    ) {
        let model = try MeasurementModel(inputs: inputs, outputs: [.init("y", try Formula(text))])
        return (model, try model.propagate().outputs[0])
    }

    /// Two rectangles of half widths 3 and 1 with p = 95 %: β = ½, k = (1 − √(0.05·0.75))/√(1.25/6).
    @Test func `two rectangles make a trapezoid`() throws {
        let inputs = [
            ModelInput("a", .rectangular(mean: 0, halfWidth: 3)), ModelInput("b", .rectangular(mean: 0, halfWidth: 1)),
        ]
        let (model, output) = try Self.output(inputs, "a + b")
        let expanded = try model.expand(output, by: .trapezoid(p: 0.95, terms: ["a", "b"]))
        #expect(isClose(expanded.k, (1 - (0.05 * 0.75).squareRoot()) / (1.25 / 6).squareRoot()))
        // A probability that ends under the flat top: P(|Y| ≤ s) = 2s/(1 + β) in half widths of the base.
        let half = try model.expand(output, by: .trapezoid(p: 0.5, terms: ["a", "b"]))
        #expect(isClose(half.k, 0.5 * 1.5 / 2 / (1.25 / 6).squareRoot()))
    }

    @Test func `a rule that cannot be is refused`() throws {
        let (model, output) = try Self.output(
            [ModelInput("a", .normal(mean: 1, standardDeviation: 1), degreesOfFreedom: 0.5)], "a")
        for (rule, words) in [
            (CoverageRule.fixed(k: 0), "must be positive, not 0"), (.fixed(k: -2), "must be positive"),
            (.studentT(p: 95, truncated: true), "95 % is 0.95"),
            (.studentT(p: 0.95, truncated: true), "fewer than one"),
            (.trapezoid(p: 0.95, terms: ["a"]), "takes two terms"),
            (.trapezoid(p: 0.95, terms: ["q", "a"]), "which is no"),
            (.trapezoid(p: 0.95, terms: ["a", "q"]), "takes rectangular inputs"),
        ] {
            let error = #expect(throws: ModelError.self) { try model.expand(output, by: rule) }
            #expect(error?.description.contains(words) == true, "\(rule): \(error?.description ?? "")")
        }
    }

    /// Independent outputs: P = Π P_i, so k is the factor of the mth root of p (JCGM 102, 6.5.3).
    @Test(arguments: [2, 3, 4])
    func `the rectangle of independent outputs is known`(count: Int) throws {
        let inputs = (0..<count).map { normal("x\($0)", 0, 1 + Double($0)) }
        let model = try model(inputs, inputs.map { ("y_" + $0.name, $0.name) })
        let region = try #require(try model.propagate().jointRegion(p: 0.95))
        let each = CoverageFactor.studentT(p: Double.root(0.95, count), degreesOfFreedom: .infinity)
        #expect(isClose(region.rectangleFactor, each, count < 4 ? 1e-10 : 1e-5))
        // And of wholly dependent ones that of one alone.
        let copies = try Metrology.MeasurementModel(
            inputs: [normal("x", 0, 1)], outputs: (0..<count).map { .init("y\($0)", try Formula("\($0 + 1) * x")) })
        let single = try #require(try copies.propagate().jointRegion(p: 0.95))
        #expect(isClose(single.rectangleFactor, 1.959963984540054, 1e-9))
    }
}

extension Double {
    /// The nth root, by Newton.
    fileprivate static func root(_ value: Double, _ n: Int) -> Double {
        var x = value
        for _ in 0..<100 {
            let power = (1..<n).reduce(1.0) { product, _ in product * x }
            x -= (power * x - value) / (Double(n) * power)
        }
        return x
    }
}

@Suite struct ModelRefusalTests {
    private static let a = normal("a", 1, 0.1)
    private static let b = normal("b", 2, 0.1)
    private static let c = normal("c", 3, 0.1)

    @Test(arguments: [
        ([a, b], "a + b", [InputCorrelation("a", "b", r: 1.2)], "is 1.2: it lies between -1 and 1"),
        ([a], "a", [InputCorrelation("a", "b", r: 0.2)], "names 'b', which is no input"),
        ([a], "a", [InputCorrelation("a", "a", r: 0.2)], "not correlated with itself"),
        ([a, b], "a", [InputCorrelation("a", "b", r: 0.2), InputCorrelation("b", "a", r: 0.2)], "is stated twice"),
        (
            [a, b, c], "a - b + c",
            [
                InputCorrelation("a", "b", r: 0.9), InputCorrelation("b", "c", r: 0.9),
                InputCorrelation("a", "c", r: -0.9),
            ],
            "the correlations of 'a', 'b', 'c' cannot be true together: their matrix has the eigenvalue -0.8"
        ),
        ([normal("a", 1, -0.1)], "a", [], "'a': a standard uncertainty must not be negative, as -0.1 is"),
        ([normal("a", .nan, 0.1)], "a", [], "the mean is not a number"),
        ([normal("a", 1, 0.1, dof: 0)], "a", [], "degrees of freedom must be positive, not 0"),
        ([ModelInput("a", .rectangular(mean: 0, halfWidth: -1))], "a", [], "a half width must not be negative"),
        (
            [ModelInput("a", .trapezoidal(mean: 0, halfWidth: 1, beta: 1.5))], "a", [],
            "beta is between 0 and 1, not 1.5"
        ),
        (
            [ModelInput("a", .studentTOfDeviation(mean: 0, standardDeviation: 1, degreesOfFreedom: 2))], "a", [],
            "not at 2.0"
        ),
        ([a, a], "a", [], "the name 'a' is used twice"), ([normal("pi", 1, 1)], "pi", [], "'pi' is the number π"),
        ([a], "a + q", [], "'q' is not known here: known are a (at character 5)"),
    ])
    func `nonsense is refused in one line that names it`(
        inputs: [ModelInput], text: String, correlations: [InputCorrelation], words: String
    ) throws {
        let error = #expect(throws: ModelError.self) { try model(inputs, [("y", text)], correlations: correlations) }
        #expect(error?.description.contains(words) == true, "\(error?.description ?? "")")
        #expect(error?.description.contains("\n") == false)
    }

    @Test(arguments: [
        ("1 / a", [normal("a", 0, 0.1)], "division by zero"), ("ln(a - 1)", [a], "0.0 has no logarithm"),
        ("sqrt(a - b)", [a, b], "-1.0 has no root"), ("asin(b)", [b], "2.0 is no sine or cosine"),
        ("exp(1e4 * a)", [a], "the result is too large"), ("(a - b)^0.5", [a, b], "-1.0 has no power 0.5"),
    ])
    func `a model without a value at the estimates says where`(text: String, inputs: [ModelInput], words: String) throws
    {
        let error = #expect(throws: ModelError.self) { try model(inputs, [("y", text)]).propagate() }
        #expect(error?.description.contains(words) == true, "\(error?.description ?? "")")
        #expect(error?.description.contains("'y' has no value at the estimates") == true)
    }

    @Test func `a table that does not cover the point says what it covers`() throws {
        let table = try InterpolationTable(name: "density", x: [0, 40], y: [999, 992])
        let error = #expect(throws: ModelError.self) {
            try model([normal("t", 41, 0.1)], [("y", "density(t)")], tables: ["density": table]).propagate()
        }
        #expect(error?.description.contains("the table 'density' covers 0.0 to 40.0, not 41.0") == true)
        #expect(throws: InterpolationTableError.repeated(name: "t", x: 2)) {
            try InterpolationTable(name: "t", x: [1, 2, 2], y: [1, 2, 3])
        }
        #expect(throws: InterpolationTableError.tooFewPoints(name: "t")) {
            try InterpolationTable(name: "t", x: [1], y: [1])
        }
        #expect(throws: InterpolationTableError.unequalCounts(name: "t", x: 2, y: 1)) {
            try InterpolationTable(name: "t", x: [1, 2], y: [1])
        }
    }

    @Test(arguments: [
        ("1 / a", ModelInput("a", .rectangular(mean: 0.5, halfWidth: 1)), true),
        ("1 / (a - 2)", ModelInput("a", .normal(mean: 2.5, standardDeviation: 0.2)), true),
        ("1 / (a - 2)", ModelInput("a", .normal(mean: 2.5, standardDeviation: 0.1)), false),
        ("a^-2", ModelInput("a", .arcsine(mean: 0.1, halfWidth: 0.2)), true),
        ("1 / (a^2 + 1)", ModelInput("a", .rectangular(mean: 0, halfWidth: 10)), false),
        ("1 / (a * a - a + 1)", ModelInput("a", .rectangular(mean: 0, halfWidth: 10)), false),
        ("if(a > 0, 1 / a, 0)", ModelInput("a", .rectangular(mean: 0.5, halfWidth: 1)), false),
    ])
    func `a divisor that is zero within the range is found`(text: String, input: ModelInput, isRefused: Bool) throws {
        let model = try model([input], [("y", text)])
        if isRefused {
            let error = #expect(throws: ModelError.self) { try model.checkDivisors() }
            #expect(error?.description.contains("the divisor is zero within the range of the inputs") == true)
        } else {
            #expect(throws: Never.self) { try model.checkDivisors() }
        }
    }

    @Test func `unlike quantities are refused`() throws {
        let (kilopascal, kelvin) = (try #require(MeasurementUnit("kPa")), try #require(MeasurementUnit("K")))
        let inputs = [
            ModelInput("p", .constant(1), unit: kilopascal), ModelInput("t", .constant(1), unit: kelvin),
        ]
        let sum = #expect(throws: ModelError.self) {
            try MeasurementModel(inputs: inputs, outputs: [.init("y", try Formula("p + t"), unit: kilopascal)])
        }
        #expect(sum?.description.contains("cannot add unlike quantities: m-1 kg s-2 and K") == true)
        let output = #expect(throws: ModelError.self) {
            try MeasurementModel(inputs: inputs, outputs: [.init("y", try Formula("p * t"), unit: kilopascal)])
        }
        #expect(output?.description == "'y' comes out in m-1 kg s-2 K, which is no number of kPa")
    }

    @Test func `one source cannot be stated in two ways`() throws {
        func input(_ name: String, _ u: Double) -> ModelInput {
            ModelInput(
                name: name,
                components: [.init(name: "s", distribution: .normal(mean: 0, standardDeviation: u), source: "K-1")])
        }
        let different = #expect(throws: ModelError.self) {
            try model([input("a", 1), input("b", 2)], [("y", "a + b")])
        }
        #expect(different?.description == "the source 'K-1' is stated twice and not alike")
        let both = #expect(throws: ModelError.self) {
            try model([input("a", 1), input("b", 1)], [("y", "a + b")], correlations: [.init("a", "b", r: 0.5)])
        }
        #expect(both?.description.contains("follows from their common source 'K-1': state one of the two") == true)
    }
}
