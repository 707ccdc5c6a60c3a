import Foundation
import Metrology
import Testing

/// The reference vectors that lie beside the repository: in the folder that `STEELYARD_SHARED` names, or
/// in `shared` next to the package. They are not part of it; where they are absent these checks are not run.
private enum ReferenceVectors {
    static func load<T: Decodable>(_ name: String, as type: T.Type) throws -> [T]? {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let shared =
            ProcessInfo.processInfo.environment["STEELYARD_SHARED"].map { URL(fileURLWithPath: $0) }
            ?? root.deletingLastPathComponent().appending(path: "shared")
        let file = shared.appending(path: "vectors/\(name)")
        guard let data = FileManager.default.contents(atPath: file.path) else {
            print("reference vectors \(name): not there, skipped")
            return nil
        }
        return try JSONDecoder().decode(File<T>.self, from: data).vectors
    }

    private struct File<Vector: Decodable>: Decodable {
        let vectors: [Vector]
    }
}

/// A value of the expectations: a number, a word, a truth, or null.
private enum ExpectedValue: Decodable, Equatable {
    case number(Double)
    case text(String)
    case truth(Bool)
    case none

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            self = .none
        } else if let truth = try? container.decode(Bool.self) {
            self = .truth(truth)
        } else if let number = try? container.decode(Double.self) {
            self = .number(number)
        } else {
            self = .text(try container.decode(String.self))
        }
    }
}

private struct Expectation: Decodable {
    struct Tolerance: Decodable {
        let abs: Double?
        let rel: Double?
    }

    let output: String?
    let quantity: String
    let input: String?
    let value: ExpectedValue
    let tol: Tolerance

    func holds(_ answer: Double?) -> Bool {
        switch (value, answer) {
        case (.none, nil): true
        case (.number(let wanted), let answer?):
            abs(answer - wanted) <= (tol.abs ?? (tol.rel ?? 0) * abs(wanted))
        default: false
        }
    }
}

private struct UncertaintyVector: Decodable {
    struct Input: Decodable {
        struct Distribution: Decodable {
            let type: String
            let value, mean, std, dof, half_width, beta, inexactness, scale: Double?
            let values: [Double]?
        }

        struct Override: Decodable {
            let u, dof: Double?
        }

        let name: String
        let dist: Distribution
        let lpu: Override?
        let unit: String?
    }

    struct Expression: Decodable {
        let name, output: String?
        let expr: String
        let unit: String?
    }

    struct Correlation: Decodable {}

    struct Coverage: Decodable {
        let rule: String?
        let k: Double?
    }

    struct Observations: Decodable {
        let values, `repeat`: [Double]?
        let first: Double?
        let times: Int?
    }

    struct Rounding: Decodable {
        let y, u, rule: String
        let digits: Int
    }

    let id, kind: String
    let inputs: [Input]?
    let constants: [String: Double]?
    let `let`: [Expression]?
    let model: [Expression]?
    let correlations: [Correlation]?
    let coverage: Coverage?
    let observations: Observations?
    let rounding: Rounding?
    let expect: [Expectation]
}

/// The input as estimate, standard uncertainty and degrees of freedom, in coherent SI units.
private struct Estimate {
    let value, u, factor: Double
    let dof: Double?

    init(_ input: UncertaintyVector.Input) throws {
        let d = input.dist
        let half = d.half_width ?? 0
        var dof = d.dof
        let raw: (value: Double, u: Double)
        switch d.type {
        case "constant": raw = (try #require(d.value), 0)
        case "normal": raw = (try #require(d.mean), try #require(d.std))
        case "rectangular": raw = (try #require(d.mean), TypeB.rectangular(halfWidth: half))
        case "triangular": raw = (try #require(d.mean), half / 6.0.squareRoot())
        case "arcsine": raw = (try #require(d.mean), half / 2.0.squareRoot())
        case "trapezoidal":
            let beta = try #require(d.beta)
            raw = (try #require(d.mean), half * ((1 + beta * beta) / 6).squareRoot())
        case "ctrap":
            let inexactness = try #require(d.inexactness)
            raw = (try #require(d.mean), (half * half / 3 + inexactness * inexactness / 9).squareRoot())
        case "student-t": raw = (try #require(d.mean), try #require(d.scale))
        case "student-t-std":
            raw = (try #require(d.mean), try #require(d.std))
            dof = nil
        case "observations":
            let values = try #require(d.values)
            let s = try #require(experimentalStandardDeviation(values))
            let n = Double(values.count)
            raw = (values.reduce(0, +) / n, s / n.squareRoot())
            dof = n - 1
        default:
            Issue.record("unknown distribution \(d.type)")
            raw = (.nan, .nan)
        }
        let unit = try input.unit.map { try #require(MeasurementUnit($0), "unit \($0)") } ?? .one
        value = unit.si(raw.value)
        u = (input.lpu?.u ?? raw.u) * unit.factor
        factor = unit.factor
        self.dof = input.lpu?.dof ?? dof
    }
}

@Suite struct ReferenceVectorTests {
    /// Words of the vectors' expressions that a formula of a regulation does not have.
    private static let foreign = ["sin(", "cos(", "tan(", "atan2(", "log10(", "pi"]

    @Test func `the law of propagation meets the reference vectors`() throws {
        guard let vectors = try ReferenceVectors.load("uncertainty-open.json", as: UncertaintyVector.self) else {
            return
        }
        var (run, checks) = (0, 0)
        let models = vectors.filter { $0.kind == "measurement-model" }
        for vector in models where vector.correlations == nil {
            for model in try #require(vector.model) {
                guard !Self.foreign.contains(where: model.expr.contains) else { continue }
                checks += try Self.check(vector, model)
                run += 1
            }
        }
        print("reference vectors, law of propagation: \(checks) checks of \(run) outputs")
        #expect(run > 0)
        #expect(checks > run)
    }

    private static func check(
        _ vector: UncertaintyVector, _ model: UncertaintyVector.Expression
    ) throws -> Int {
        var text = model.expr
        // Later definitions may use earlier ones, so the last is put in first.
        for definition in (vector.let ?? []).reversed() {
            text = replaced(try #require(definition.name), by: "(\(definition.expr))", in: text)
        }
        let formula = try Formula(text)
        let inputs = try #require(vector.inputs)
        let estimates = try Dictionary(uniqueKeysWithValues: inputs.map { ($0.name, try Estimate($0)) })
        let values = estimates.mapValues(\.value).merging(vector.constants ?? [:]) { input, _ in input }
        let influences = inputs.filter { formula.names.contains($0.name) }.compactMap { input in
            estimates[input.name].map {
                Influence(
                    name: input.name, input: input.name, evaluation: .typeB, standardUncertainty: $0.u,
                    degreesOfFreedom: $0.dof)
            }
        }
        let fixed = vector.coverage?.rule == "fixed" ? vector.coverage?.k : nil
        let result = try formula.propagate(values, influences: influences, k: fixed ?? 2)
        let unit = try model.unit.map { try #require(MeasurementUnit($0), "unit \($0)") } ?? .one

        var count = 0
        for expected in vector.expect where expected.output == nil || expected.output == model.output {
            let part = result.contributions.first { $0.influence.name == expected.input }
            let input = expected.input.flatMap { estimates[$0] }
            let answer: Double?
            switch expected.quantity {
            case "y": answer = unit.number(fromSI: result.estimate)
            case "u": answer = result.combined / unit.factor
            case "nu_eff": answer = result.effectiveDegreesOfFreedom
            case "sensitivity":
                answer = part.map { $0.sensitivity * (input?.factor ?? 1) / unit.factor } ?? 0
            case "contribution": answer = part.map { $0.standardUncertainty / unit.factor } ?? 0
            case "input_y": answer = input.map { $0.value / $0.factor }
            case "input_u": answer = input.map { $0.u / $0.factor }
            case "k" where fixed != nil: answer = result.k
            case "U" where fixed != nil: answer = result.expanded / unit.factor
            default: continue
            }
            #expect(
                expected.holds(answer),
                "\(vector.id) \(model.output ?? "") \(expected.quantity) \(expected.input ?? ""): \(String(describing: answer)), expected \(expected.value)"
            )
            count += 1
        }
        return count
    }

    /// `name` as a whole word replaced in `text`.
    private static func replaced(_ name: String, by expression: String, in text: String) -> String {
        var result = ""
        var word = ""
        for character in text + " " {
            if character.isLetter || character.isNumber || character == "_" {
                word.append(character)
            } else {
                result += (word == name ? expression : word) + String(character)
                word = ""
            }
        }
        return result
    }

    @Test func `standard deviations and rounding meet the reference vectors`() throws {
        guard let vectors = try ReferenceVectors.load("uncertainty-open.json", as: UncertaintyVector.self) else {
            return
        }
        var count = 0
        for vector in vectors {
            if let observations = vector.observations {
                let pairs = observations.repeat.map { pair in
                    (0..<(observations.times ?? 0)).flatMap { _ in pair }
                }
                let values = observations.values ?? (observations.first.map { [$0] } ?? []) + (pairs ?? [])
                for expected in vector.expect where expected.quantity == "s" {
                    #expect(expected.holds(experimentalStandardDeviation(values)), "\(vector.id)")
                    count += 1
                }
            }
            // U to two digits and ties to even is our way of writing; the other rules are not.
            if let rounding = vector.rounding, rounding.rule == "half-even", rounding.digits == 2 {
                let (y, u) = (try #require(Double(rounding.y)), try #require(Double(rounding.u)))
                let places = Reporting.places(forUncertainty: u)
                for expected in vector.expect {
                    let written = Reporting.rounded(expected.quantity == "y_text" ? y : u, places: places)
                    #expect(expected.value == .text(written?.description ?? ""), "\(vector.id)")
                    count += 1
                }
            }
        }
        print("reference vectors, standard deviation and rounding: \(count) checks")
        #expect(count > 0)
    }

    private struct ConformityVector: Decodable {
        struct Given: Decodable {
            let error, mpev, U: String?
            let by_verification_regulation: Bool?
        }

        let id, kind: String
        let given: Given?
        let expect: [Expectation]

        private enum CodingKeys: CodingKey {
            case id, kind, given, expect
        }

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            id = try container.decode(String.self, forKey: .id)
            kind = try container.decode(String.self, forKey: .kind)
            // The other kinds give other things under the same names.
            let isOurs = kind == "jjf1094"
            given = isOurs ? try container.decode(Given.self, forKey: .given) : nil
            expect = isOurs ? try container.decode([Expectation].self, forKey: .expect) : []
        }
    }

    @Test func `decisions by JJF 1094 meet the reference vectors`() throws {
        guard let vectors = try ReferenceVectors.load("conformity-open.json", as: ConformityVector.self) else {
            return
        }
        let verdicts: [String: Verdict] = [
            "conform": .conforming, "nonconform": .notConforming, "pending": .undetermined,
        ]
        var count = 0
        for vector in vectors {
            guard let given = vector.given else { continue }
            let error = try #require(given.error.flatMap(Double.init))
            let limit = try #require(given.mpev.flatMap(Double.init))
            let expanded = try #require(given.U.flatMap(Double.init))
            let verdict = Conformity.decide(
                error: error, limits: ErrorLimits(symmetric: limit), expandedUncertainty: expanded,
                rule: given.by_verification_regulation == true ? .byRegulation : .threeZones)
            for expected in vector.expect where expected.quantity == "decision" {
                guard case .text(let word) = expected.value else {
                    Issue.record("\(vector.id): a decision is a word")
                    continue
                }
                #expect(verdict == verdicts[word], "\(vector.id)")
                count += 1
            }
        }
        print("reference vectors, JJF 1094: \(count) decisions")
        #expect(count > 0)
    }
}
