import Foundation
import Testing

/// `steelyard uncertainty` with a model, as a person uses it.
@Suite struct UncertaintyCommandTests {
    private static let balance = """
        title: density of a liquid
        units: {e: 5 mg}
        inputs:
          - name: m
            unit: g
            dist: {type: observations, values: [100.003, 100.005, 100.004, 100.002]}
            components:
              - {name: standard, source: K-12, dist: {type: certificate, U: 0.002, k: 2}}
              - {name: drift, dist: {type: drift, change: 0.001}}
              - larger_of:
                  - {name: resolution, dist: {type: resolution, step: 0.001}}
                  - {name: hysteresis, dist: {type: hysteresis, width: 0.003}}
          - {name: zero, unit: e, dist: {type: rectangular, mean: 0, half_width: 0.1}}
          - {name: V, unit: mL, dist: {type: rectangular, mean: 50.00, half_width: 0.05}}
          - {name: t, unit: °C, dist: {type: environment, low: 19, high: 21}}
        tables:
          - {name: expansion, x_unit: °C, y_unit: "1", x: [0, 20, 40], y: [1.0002, 1.0, 0.9998]}
        constants: {g: 9.80665 m/s2}
        let: [{name: mass, expr: m - zero}]
        model:
          - {output: rho, expr: mass / (V * expansion(t)), unit: g/mL}
          - {output: W, expr: mass * g, unit: N}
        coverage: {p: 0.9545, rule: t-truncated}
        mcm: {trials: 1e5, p: [0.95]}

        """

    private func run(_ text: String, _ options: String...) throws -> Outcome {
        let folder = try Folder()
        return try folder.steelyard(["uncertainty", try folder.write(text, to: "case.yaml")] + options)
    }

    @Test func `a budget reads from the readings to the interval`() throws {
        let found = try run(Self.balance)
        #expect(found.status == 0 && found.errors.isEmpty, "\(found)")
        for words in [
            "rho = mass / (V * expansion(t))", "quantity", "share", "  standard", "  hysteresis", "rho = 2.0001 g/mL",
            "p = 95.45 %: rho = (2.0001 ± 0.0023) g/mL", "second order, beside it",
            "Monte Carlo, 100000 trials, seed 101",
            "law of propagation NOT validated by Monte Carlo", "all outputs together, 95 %: ellipsoid k = 2.448",
        ] {
            #expect(found.output.contains(words), "\(words) is missing in\n\(found.output)")
        }
        #expect(!found.output.contains("  resolution"), "only the larger of resolution and hysteresis counts")
    }

    @Test func `the same seed gives the same answer, another seed another`() throws {
        let first = try run(Self.balance, "--format", "json")
        let again = try run(Self.balance, "--format", "json")
        let other = try run(Self.balance, "--format", "json", "--seed", "5")
        #expect(first.status == 0 && first.output == again.output && first.output != other.output)
        let adaptive = try run(Self.balance, "--format", "json", "--method", "adaptive")
        #expect(adaptive.output.contains("\"stable\": true") && !adaptive.output.contains("\"mcm\""))
        let law = try run(Self.balance, "--format", "json", "--method", "lpu")
        #expect(law.status == 0 && !law.output.contains("\"mcm\""))
    }

    @Test func `the page and the curve are well formed`() throws {
        let folder = try Folder()
        let path = try folder.write(Self.balance, to: "case.yaml")
        let page = try folder.steelyard("uncertainty", path, "--format", "html", "--plot", "\(folder.path)/curve.svg")
        #expect(page.status == 0, "\(page.errors)")
        let html = try folder.write(page.output, to: "budget.html")
        let lint = try Programs.peer("xmllint")
        #expect(try folder.run(lint, ["--html", "--noout", html]).status == 0)
        let svg = try folder.run(lint, ["--noout", "\(folder.path)/curve.svg"])
        #expect(svg.status == 0, "\(svg.errors)")
        let text = try String(contentsOfFile: "\(folder.path)/curve.svg", encoding: .utf8)
        #expect(text.contains("rho / g/mL: 100000 trials, seed 101") && text.contains("<polyline"))
    }

    private static func simple(
        _ expression: String, a: String = "{type: normal, mean: 1, std: 0.1}", unit: String = "kPa", more: String = ""
    ) -> String {
        """
        inputs:
          - {name: a, unit: \(unit), dist: \(a)}
          - {name: b, unit: \(unit), dist: {type: normal, mean: 2, std: 0.1}}
          - {name: c, unit: \(unit), dist: {type: normal, mean: 3, std: 0.1}}
          - {name: t, unit: °C, dist: {type: normal, mean: 20, std: 0.1}}
        tables: [{name: density, x_unit: °C, y_unit: kg/m3, x: [0, 15], y: [999, 998]}]
        model: [{output: y, expr: "\(expression)", unit: \(unit)}]
        \(more)
        """
    }

    @Test(arguments: [
        (simple("a + t"), "a temperature on the Celsius scale has no sum"),
        (simple("a + density(15)"), "the table 'density' takes a temperature on the Celsius scale, not 1"),
        (simple("a + density(t)"), "cannot add unlike quantities: m-1 kg s-2 and m-3 kg"),
        (simple("a * density(t) / density(t)"), "the table 'density' covers 273.15 to 288.15, not 293.15"),
        (simple("a + b", more: "correlations: [{a: a, b: b, r: 1.2}]"), "is 1.2: it lies between -1 and 1"),
        (
            simple(
                "a - b + c", more: "correlations: [{a: a, b: b, r: 0.9}, {a: b, b: c, r: 0.9}, {a: a, b: c, r: -0.9}]"),
            "cannot be true together: their matrix has the eigenvalue -0.8"
        ),
        (simple("a", a: "{type: normal, mean: 1, std: -0.1}"), "must not be negative, as -0.1 is"),
        (simple("a", a: "{type: certificate, mean: 1, U: -0.2, k: 2}"), "must be positive, not -0.2"),
        (simple("a", a: "{type: certificate, mean: 1, U: 0.2, k: 0}"), "must be positive, not 0"),
        (simple("a", more: "coverage: {rule: fixed, k: 0}"), "must be positive, not 0"),
        (simple("b * c / (a - a * 1)"), "division by zero"),
        (
            simple("b * c / a", a: "{type: rectangular, mean: 0.5, half_width: 1}"),
            "the divisor is zero within the range of the inputs"
        ),
        (simple("a", more: "mcm: {trials: 1000000000000}"), "1000000000000 trials are more than the 1000000000"),
        (simple("a", more: "mcm: {trials: 2.5}"), "is a whole number of trials"),
        (simple("a + q"), "'q' is not known here"), (simple("a +"), "the formula ends too early"),
        (simple("a", unit: "furlong"), "the unit 'furlong' is not known"),
        (simple("a", a: "{type: normal, mean: 1}"), "lacks the required key 'std'"),
        (simple("a", a: "{type: gaussian, mean: 1, std: 1}"), "must be one of"),
        (simple("a", more: "surplus: 1"), "unknown key 'surplus'"),
        ("model: []\ninputs: []\n", "a model needs an output"),
        ("kind: nonsense\n", "there is no kind 'nonsense'"), ("", "case.yaml"), ("{", "case.yaml"),
    ])
    func `nonsense is refused in one line that helps`(text: String, words: String) throws {
        let found = try run(text)
        #expect(found.status == 2 && found.output.isEmpty)
        #expect(found.errors.split(separator: "\n").count == 1 && found.errors.contains(words), "\(found.errors)")
    }

    @Test func `options that do not go together are refused`() throws {
        for options in [
            ["--trials", "1"], ["--plot", "x.svg", "--trials", "100000000"], ["--method", "guess"], ["--seed", "-1"],
        ] {
            let folder = try Folder()
            let found = try folder.steelyard(["uncertainty", try folder.write(Self.balance, to: "c.yaml")] + options)
            #expect(found.status == 2 && found.output.isEmpty, "\(options): \(found)")
        }
        let list = try run("vectors: [{kind: nonsense}]\n", "--plot", "x.svg")
        #expect(list.status == 2 && list.errors.contains("for a single case"))
        let unwritable = try run(Self.balance, "--plot", "/nowhere/curve.svg")
        #expect(unwritable.status == 2 && unwritable.errors.contains("cannot write '/nowhere/curve.svg'"))
    }

    @Test func `of many cases each is answered or refused by itself`() throws {
        let list = try run(
            """
            vectors:
              - {id: good, inputs: [{name: x, dist: {type: normal, mean: 1, std: 0.1}}], model: [{output: y, expr: 2*x}]}
              - {id: bad, inputs: [{name: x, dist: {type: normal, mean: 1, std: -1}}], model: [{output: y, expr: x}]}
              - {id: fit, kind: total-least-squares, fit: {x: [1, 2, 3], y: [1, 2, 3.1], u_x: [0.1, 0.1, 0.1], u_y: [0.1, 0.1, 0.1]}}

            """, "--format", "json")
        #expect(list.status == 0)
        #expect(
            list.output.contains("\"u\": 0.2") && list.output.contains("\"refused\": ")
                && list.output.contains("\"u_b\""))
    }
}
