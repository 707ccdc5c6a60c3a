import Foundation
import Metrology
import Procedures
import Testing

/// Instruments with errors that are known, measured with standards and readings that are off as their budgets say: the
/// stated U has to hold the true error as often as it claims, and the verdict has to be right wherever it could be.
@Suite struct TruthTests {
    /// A budget of a procedure at one place of a worked example.
    struct Subject: Sendable, CustomTestStringConvertible {
        let procedure: Procedure
        let example: WorkedExample
        let test: Procedure.Test
        let value: ProcedureOutcome.Value
        let rules: [Procedure.InfluenceRule]

        var testDescription: String { "\(procedure.number) \(value.words)" }
    }

    private static let seeds = 2000

    /// The first place of each budget of each procedure, of its first example that is computed.
    static let subjects: [Subject] = Files.procedures.flatMap { path -> [Subject] in
        guard let procedure = try? Procedure.load(path),
            let examples = try? WorkedExample.load(WorkedExample.path(beside: path), of: procedure)
        else { return [] }
        return procedure.tests.flatMap { test in
            test.budgets.compactMap { budget -> Subject? in
                for example in examples where example.refusal == nil {
                    guard let outcome = try? procedure.evaluate(example.data, isComplete: false) else { continue }
                    let found = outcome.values(budget.result, of: test.id).first { ($0.expandedUncertainty ?? 0) > 0 }
                    if let found {
                        return Subject(
                            procedure: procedure, example: example, test: test, value: found, rules: budget.influences)
                    }
                }
                return nil
            }
        }
    }

    @Test func thereAreBudgetsToTry() {
        #expect(Self.subjects.count >= 60)
        #expect(Set(Self.subjects.map(\.procedure.number)).count >= 50)
    }

    @Test(arguments: subjects)
    func uHoldsTheTruth(_ subject: Subject) throws {
        guard let budget = subject.value.budget else { return }
        let contributions = budget.contributions
        var generator = SeededGenerator(seed: subject.procedure.number.utf8.reduce(7) { $0 &* 31 &+ UInt64($1) })
        var base = subject.example.data
        // Only the test in question: nothing else moves.
        base.tests = base.tests.filter { $0.key == subject.test.id }
        let truth = subject.value.value
        var (held, tried, wrong) = (0, 0, 0)
        for _ in 0..<Self.seeds {
            var data = base
            var own = 0.0
            for (part, rule) in zip(contributions, subject.rules) {
                let deviation = part.influence.standardUncertainty * draw(rule.kind, &generator)
                if subject.test.reading(rule.input) == nil {
                    // What was set, or the result itself: it moves the result as the model says.
                    own += part.sensitivity * deviation / (subject.test.result(subject.value.result)?.unit.factor ?? 1)
                } else {
                    shift(&data, subject, rule.input, by: deviation)
                }
            }
            let outcome = try subject.procedure.evaluate(data, isComplete: false)
            guard let seen = outcome.values.first(where: { subject.isSamePlace($0) }), let u = seen.expandedUncertainty
            else { continue }
            tried += 1
            let observed = seen.value + own
            if abs(observed - truth) <= u * (1 + 1e-9) { held += 1 }
            // Outside its limits by more than U, an instrument must not pass, nor fail as far inside.
            if own == 0, let verdict = seen.verdict, let lower = seen.lower ?? seen.upper.map({ _ in -.infinity }),
                let upper = seen.upper ?? seen.lower.map({ _ in .infinity }), abs(observed - truth) <= u
            {
                if truth > upper + u || truth < lower - u { wrong += verdict == .conforming ? 1 : 0 }
                if truth < upper - u, truth > lower + u { wrong += verdict == .notConforming ? 1 : 0 }
            }
        }
        try #require(tried == Self.seeds, "\(tried) of \(Self.seeds) sessions gave a value at the place")
        let share = Double(held) / Double(tried)
        #expect(wrong == 0)
        // Never less than stated. Where what is equally likely within hard limits prevails, 2u holds more than 95 %.
        #expect(share >= 0.935, "\(held) of \(tried)")
        let normal = zip(contributions, subject.rules).reduce(0.0) { sum, entry in
            switch entry.1.kind {
            case .certificate, .expanded, .repeatability: sum + entry.0.share
            default: sum
            }
        }
        if normal > 0.7, budget.effectiveDegreesOfFreedom == nil { #expect(share <= 0.975, "\(share)") }
    }

    /// A deviation with standard deviation 1, of the distribution the influence is stated with.
    private func draw(_ kind: Procedure.InfluenceRule.Kind, _ generator: inout SeededGenerator) -> Double {
        switch kind {
        case .certificate, .expanded, .repeatability: generator.normal()
        case .resolution, .rectangular: generator.uniform(in: -1...1) * 3.0.squareRoot()
        case .triangular: (generator.uniform(in: -1...1) + generator.uniform(in: -1...1)) / 2 * 6.0.squareRoot()
        case .arcsine: sin(generator.uniform(in: -1...1) * .pi / 2) * 2.0.squareRoot()
        }
    }

    /// Moves a reading at the place in question by so much, SI.
    private func shift(_ data: inout VerificationData, _ subject: Subject, _ name: String, by deviation: Double) {
        guard let reading = subject.test.reading(name), var rows = data.tests[subject.test.id] else { return }
        for index in rows.indices where subject.touches(rows[index], among: rows) {
            guard let quantity = rows[index].values[name] else { continue }
            let unit = quantity.unit == .one ? reading.unit : quantity.unit
            let moved = quantity.number.double + deviation / unit.factor
            guard let number = ExactDecimal(nearest: moved) else { continue }
            rows[index].values[name] = Quantity(number, quantity.unit)
        }
        data.tests[subject.test.id] = rows
    }
}

extension TruthTests.Subject {
    func isSamePlace(_ other: ProcedureOutcome.Value) -> Bool {
        other.test == value.test && other.result == value.result && other.point == value.point
            && other.stroke == value.stroke && other.repetition == value.repetition
    }

    /// Whether a line of readings belongs to the place: to the whole test, to its point, or to the one reading.
    func touches(_ row: VerificationData.Row, among rows: [VerificationData.Row]) -> Bool {
        guard let point = value.point, point != "-" else { return true }
        let id = row.point ?? row.at.map { "\($0.number)" }
        // Evenly spaced points are named by their number: all of them are moved alike.
        guard
            rows.contains(where: {
                $0.point == point || $0.at.map { "\($0)" } == point || $0.at.map { "\($0.number)" } == point
            })
        else { return true }
        guard row.point == point || row.at.map({ "\($0)" }) == point || id == point else { return false }
        return value.stroke == nil || row.stroke == value.stroke
    }
}
