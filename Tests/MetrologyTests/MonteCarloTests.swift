import Metrology
import Testing

@Suite struct MonteCarloTests {
    private static func model(_ text: String, _ inputs: [ModelInput]) throws -> MeasurementModel {
        try MeasurementModel(inputs: inputs, outputs: [.init("y", try Formula(text))])
    }

    private static func isSame(_ a: MonteCarloResult, _ b: MonteCarloResult) -> Bool {
        zip(a.outputs, b.outputs).allSatisfy { x, y in
            x.mean == y.mean && x.standardDeviation == y.standardDeviation && x.median == y.median
                && zip(x.intervals, y.intervals).allSatisfy {
                    $0.symmetric == $1.symmetric && $0.shortest == $1.shortest
                }
        } && a.covariances == b.covariances
    }

    /// Every way of drawing, correlation by both ways, several outputs.
    private static func everything() throws -> MeasurementModel {
        let shared = ModelInput.Component(
            name: "reference", distribution: .rectangular(mean: 0, halfWidth: 0.2), source: "K-1", factor: 0.5)
        return try MeasurementModel(
            inputs: [
                ModelInput("a", .normal(mean: 1, standardDeviation: 0.1)),
                ModelInput("b", .studentT(mean: 2, scale: 0.1, degreesOfFreedom: 3)),
                ModelInput("c", .arcsine(mean: 0, halfWidth: 1)), ModelInput("d", .exponential(mean: 1)),
                ModelInput("e", .gamma(shape: 2.5, scale: 0.4)),
                ModelInput("f", .curvilinearTrapezoid(mean: 0, halfWidth: 1, inexactness: 0.3)),
                ModelInput("g", .normal(mean: 3, standardDeviation: 0.2)),
                ModelInput(
                    name: "h", components: [shared, .init(name: "h", distribution: .triangular(mean: 5, halfWidth: 1))]),
                ModelInput(
                    name: "i",
                    components: [
                        shared, .init(name: "i", distribution: .trapezoidal(mean: 5, halfWidth: 1, beta: 0.4)),
                    ]),
            ],
            outputs: [
                .init("y", try Formula("a * b + c + d * e - f")), .init("z", try Formula("g * a + h - i")),
            ], correlations: [.init("a", "g", r: -0.7)])
    }

    @Test(arguments: [10_000, 300_000, 1_000_003])
    func `the number of tasks changes nothing`(trials: Int) async throws {
        let model = try Self.everything()
        func run(_ tasks: Int, seed: UInt64 = 7) async throws -> MonteCarloResult {
            try await model.sample(
                MonteCarloPlan(trials: trials, probabilities: [0.95, 0.99], seed: seed, tasks: tasks))
        }
        let one = try await run(1)
        for tasks in [2, 3, 8] { #expect(Self.isSame(one, try await run(tasks))) }
        #expect(!Self.isSame(one, try await run(2, seed: 8)))
        // What is kept is what is needed: with everything kept the answers are the same.
        var all = MonteCarloPlan(trials: trials, probabilities: [0.95, 0.99], seed: 7)
        all.keepsEveryTrial = true
        let complete = try await model.sample(all)
        #expect(Self.isSame(one, complete))
        #expect(complete.outputs[0].trials.count == trials)
    }

    @Test func `an adaptive run stops at the same trial whatever the number of tasks`() async throws {
        let model = try Self.everything()
        let one = try await model.sample(AdaptivePlan(digits: 1, tasks: 1))
        let four = try await model.sample(AdaptivePlan(digits: 1, tasks: 4))
        #expect(one.isStable && one.result.trials == four.result.trials)
        #expect(Self.isSame(one.result, four.result))
        #expect(one.quality.allSatisfy { $0.reached <= $0.tolerance })
        let impatient = try await model.sample(AdaptivePlan(digits: 4, mostTrials: 100_000))
        #expect(!impatient.isStable && impatient.result.trials <= 100_000)
    }

    /// Against the exact mean and standard deviation, within five standard errors of a fixed seed.
    @Test(arguments: [
        (InputDistribution.normal(mean: 3, standardDeviation: 2), 3.0, 2.0),
        (.rectangular(mean: -1, halfWidth: 3), -1, 3.0.squareRoot()),
        (.triangular(mean: 1, halfWidth: 6), 1, 6.0.squareRoot()),
        (.trapezoidal(mean: 0, halfWidth: 6, beta: 0.5), 0, 7.5.squareRoot()),
        (.arcsine(mean: 2, halfWidth: 1), 2, 0.5.squareRoot()),
        (.curvilinearTrapezoid(mean: 0, halfWidth: 3, inexactness: 1.5), 0, 3.25.squareRoot()),
        (.studentT(mean: 1, scale: 2, degreesOfFreedom: 10), 1, 5.0.squareRoot()),
        (.studentTOfDeviation(mean: 1, standardDeviation: 2, degreesOfFreedom: 5), 1, 2), (.exponential(mean: 2), 2, 2),
        (.gamma(shape: 4, scale: 0.5), 2, 1), (.gamma(shape: 0.5, scale: 2), 1, 2.0.squareRoot()), (.constant(4), 4, 0),
    ])
    func `draws have the mean and the scatter of their distribution`(
        distribution: InputDistribution, mean: Double, deviation: Double
    ) async throws {
        let result = try await Self.model("x", [ModelInput("x", distribution)])
            .sample(MonteCarloPlan(trials: 1_000_000, seed: 3)).outputs[0]
        #expect(abs(result.mean - mean) <= 5 * deviation / 1000)
        // The scatter of a scatter is at most a few times 1/√(2n) for these, t with five degrees included.
        #expect(abs(result.standardDeviation - deviation) <= 5 * deviation * 0.003)
        #expect(distribution.mean == mean || abs(distribution.mean - mean) < 1e-12)
    }

    /// The share of draws below each quantile is what it should be: a test of shape that a heavy tail cannot blur.
    @Test(arguments: [Double.infinity, 0.5, 1, 2.5, 4, 30, 1e6])
    func `Student's draws have Student's quantiles`(nu: Double) async throws {
        let shape: Ziggurat.Shape = nu.isFinite ? .studentT(degreesOfFreedom: nu) : .normal
        let count = 2_000_000
        var values = [Double](repeating: 0, count: count)
        var generator = SeededGenerator(seed: 11)
        Ziggurat(shape).fill(&values, count, mean: 0, scale: 1, with: &generator)
        sortNumbers(&values)
        for p in [1e-4, 0.001, 0.01, 0.1, 0.3, 0.5, 0.7, 0.9, 0.99, 0.999, 0.9999] {
            let quantile = StudentT.quantile(p, degreesOfFreedom: nu)
            let below = Double(values.firstIndex { $0 > quantile } ?? count)
            let spread = (Double(count) * p * (1 - p)).squareRoot()
            #expect(abs(below - Double(count) * p) < 5 * spread, "p = \(p)")
        }
    }

    @Test func `sorting by bits is sorting`() {
        var generator = SeededGenerator(seed: 5)
        for count in [0, 1, 2, 63, 64, 65, 1000, 4097] {
            var values = (0..<count).map { _ in
                Double(
                    bitPattern: generator.next() & 0x800F_FFFF_FFFF_FFFF | UInt64(1000 + generator.next() % 100) << 52)
            }
            if count > 4 { values[1] = 0; values[2] = -0.0; values[3] = .infinity; values[4] = -.infinity }
            let expected = values.sorted()
            sortNumbers(&values)
            #expect(values == expected)
        }
    }

    /// JCGM 101, 7.7: against a search through all of them.
    @Test(arguments: [20, 101, 1000])
    func `intervals are the ones of the definition`(count: Int) throws {
        var generator = SeededGenerator(seed: UInt64(count))
        let values = (0..<count).map { _ in generator.normal() * generator.normal() }
        let sorted = values.sorted()
        let ordered = OrderedTrials(all: values)
        for p in [0.5, 0.9, 0.95] {
            let q = Int((p * Double(count)).rounded())
            let r = (count - q + 1) / 2
            #expect(ordered.symmetric(p) == CoverageInterval(low: sorted[r - 1], high: sorted[r + q - 1]))
            let lengths = (0..<count - q).map { sorted[$0 + q] - sorted[$0] }
            let shortest = try #require(ordered.shortest(p))
            #expect(shortest.high - shortest.low == lengths.min())
        }
    }

    /// Trials that repeat mislead the guess where the tails begin; the answer must not suffer.
    @Test func `an output of few values has its intervals`() async throws {
        let result = try await Self.model(
            "if(x < 0.97, 1, if(x < 0.985, 2, 3))", [ModelInput("x", .rectangular(mean: 0.5, halfWidth: 0.5))]
        ).sample(MonteCarloPlan(trials: 1_000_000, probabilities: [0.95, 0.99])).outputs[0]
        #expect(result.median == 1)
        #expect(result.intervals[0].symmetric == CoverageInterval(low: 1, high: 2))
        #expect(result.intervals[0].shortest == CoverageInterval(low: 1, high: 1))
        #expect(result.intervals[1].symmetric == CoverageInterval(low: 1, high: 3))
    }

    @Test func `a scatter that is small beside the value survives`() async throws {
        let result = try await Self.model("x", [ModelInput("x", .normal(mean: 1e9, standardDeviation: 1e-3))])
            .sample(MonteCarloPlan(trials: 500_000)).outputs[0]
        #expect(abs(result.standardDeviation - 1e-3) < 1e-5)
    }

    @Test func `jointly normal inputs have their correlation`() async throws {
        let model = try MeasurementModel(
            inputs: ["a", "b", "c"].map { ModelInput($0, .normal(mean: 0, standardDeviation: 2)) },
            outputs: ["a", "b", "c"].map { .init("y" + $0, try Formula($0)) },
            correlations: [.init("a", "b", r: 1), .init("a", "c", r: -0.5), .init("b", "c", r: -0.5)])
        let result = try await model.sample(MonteCarloPlan(trials: 400_000))
        #expect(abs(result.correlation(0, 1) - 1) < 1e-9)
        #expect(abs(result.correlation(0, 2) + 0.5) < 0.006)
    }

    /// Readings and a type B part on one input: the type B part counts once.
    @Test func `type B counts once beside readings`() async throws {
        let readings = try #require(InputDistribution.observations([9.8, 10.1, 10.0, 10.3, 9.9, 10.2, 10.1, 9.6]))
        let input = ModelInput(
            name: "x",
            components: [
                .init(name: "readings", distribution: readings),
                .init(name: "resolution", distribution: .rectangular(mean: 0, halfWidth: 1)),
            ])
        let result = try await Self.model("x", [input]).sample(MonteCarloPlan(trials: 1_000_000)).outputs[0]
        // s²/n·ν/(ν − 2) for the readings, drawn as t, and a²/3.
        let scale = readings.standardUncertainty
        let exact = (scale * scale * 7 / 5 + 1.0 / 3).squareRoot()
        #expect(abs(result.standardDeviation / exact - 1) < 0.004)
    }

    @Test(arguments: [
        (MonteCarloPlan(trials: 1_000_000_000_000), "are more than the 1000000000 that can be run"),
        (MonteCarloPlan(trials: 1), "two trials or more, not 1"),
        (MonteCarloPlan(trials: 1000, probabilities: [95]), "95 % is 0.95"),
        (MonteCarloPlan(trials: 900_000_000, probabilities: [0.5]), "would hold more than a gigabyte"),
    ])
    func `a run that cannot be is refused`(plan: MonteCarloPlan, words: String) async throws {
        let model = try Self.model("x", [ModelInput("x", .normal(mean: 0, standardDeviation: 1))])
        let error = await #expect(throws: ModelError.self) { try await model.sample(plan) }
        #expect(error?.description.contains(words) == true)
    }

    @Test func `a trial without a result names itself`() async throws {
        let model = try Self.model("ln(x)", [ModelInput("x", .normal(mean: 1, standardDeviation: 0.5))])
        let error = await #expect(throws: ModelError.self) { try await model.sample(MonteCarloPlan(trials: 10_000)) }
        #expect(error?.description.contains("has no logarithm (at character 1) of 'ln(x)', at x = -") == true)
    }

    /// δ of JCGM 101, 7.9.2, examples 1 and 2.
    @Test func `the tolerance of an uncertainty is half its last digit`() {
        #expect(NumericalTolerance.of(0.00035, digits: 2) == 0.5e-5)
        #expect(NumericalTolerance.of(2, digits: 1) == 0.5)
        #expect(NumericalTolerance.of(0.0996, digits: 2) == 0.005)
        #expect(NumericalTolerance.of(0, digits: 2) == .infinity)
    }

    @Test func `the law is validated where it holds and not where it fails`() {
        let law = CoverageInterval(low: -1, high: 1)
        #expect(PropagationValidation(law, against: .init(low: -1.04, high: 0.96), tolerance: 0.05).isValid)
        #expect(!PropagationValidation(law, against: .init(low: -1.04, high: 0.9), tolerance: 0.05).isValid)
    }
}
