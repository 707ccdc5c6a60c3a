import Foundation
import Testing

/// Curves through calibration points by `steelyard uncertainty`.
@Suite struct CurveCaseTests {
    private func answer(_ kind: String, _ fit: String) throws -> [String: Any] {
        let found = try run(kind, fit)
        #expect(found.status == 0, "\(found.errors)")
        return try #require(JSONSerialization.jsonObject(with: Data(found.output.utf8)) as? [String: Any])
    }

    private func run(_ kind: String, _ fit: String) throws -> Outcome {
        let folder = try Folder()
        let path = try folder.write("kind: \(kind)\nfit: {\(fit)}\n", to: "case.yaml")
        return try folder.steelyard("uncertainty", path, "--format", "json")
    }

    private func number(_ answer: [String: Any], _ key: String) throws -> Double {
        try #require(answer[key] as? Double, "\(key) is missing in \(answer)")
    }

    private static let points = "x: [0, 1, 2, 3, 4], y: [0.1, 1.0, 2.1, 2.9, 4.1]"

    /// A line is a polynomial of first degree, used forwards and backwards.
    @Test(arguments: ["", ", u_y: [0.1, 0.2, 0.1, 0.3, 0.1]"])
    func `a polynomial of first degree answers as a line does`(weights: String) throws {
        let uses = ", predict_x: [2.5], inverse_y: [2.4, 2.6]"
        let line = try answer("line-fit", Self.points + weights + uses)
        let curve = try answer("polynomial-fit", Self.points + weights + ", degree: 1" + uses)
        for key in ["predict_y@2.5", "u_predict_y@2.5", "inverse_x", "u_inverse_x"] {
            let (a, b) = (try number(line, key), try number(curve, key))
            #expect(abs(a - b) < 1e-12, "\(key): \(a) and \(b)")
        }
        let coefficients = try #require(curve["coefficients"] as? [Double])
        #expect(abs(coefficients[1] - (try number(line, "b"))) < 1e-12)
        let covariance = try #require(curve["covariance"] as? [[Double]])
        #expect(abs(covariance[0][1] - (try number(line, "cov_ab"))) < 1e-12)
    }

    /// Pearson's data with York's weights (York et al. 2004, table II).
    @Test func `points uncertain in both directions have their line`() throws {
        let u = { (weights: [Double]) in weights.map { "\(1 / $0.squareRoot())" }.joined(separator: ", ") }
        let found = try answer(
            "total-least-squares",
            "x: [0, 0.9, 1.8, 2.6, 3.3, 4.4, 5.2, 6.1, 6.5, 7.4], y: [5.9, 5.4, 4.4, 4.6, 3.5, 3.7, 2.8, 2.8, 2.4, 1.5], "
                + "u_x: [\(u([1000, 1000, 500, 800, 200, 80, 60, 20, 1.8, 1]))], "
                + "u_y: [\(u([1, 1.8, 4, 8, 20, 20, 70, 70, 100, 500]))], inverse_y: 3, u_inverse_y: 0.1")
        #expect(abs(try number(found, "a") - 5.479_910_22) < 1e-8)
        #expect(abs(try number(found, "b") + 0.480_533_407) < 1e-9)
        #expect(abs(try number(found, "u_a") - 0.294_97) < 5e-6)
        #expect(abs(try number(found, "u_b") - 0.057_985_0) < 5e-8)
        let (b, u_x) = (try number(found, "b"), try number(found, "u_inverse_x"))
        #expect(u_x > 0.1 / abs(b), "the line adds to the uncertainty of y")
    }

    @Test(arguments: [
        ("polynomial-fit", points + ", degree: 1.5", "must be a whole number, not '1.5'"),
        ("polynomial-fit", points + ", degree: 0", "the degree is between 1 and 12, not 0"),
        ("polynomial-fit", points + ", degree: 4", "this curve needs 6 points or more, not 5"),
        ("polynomial-fit", points + ", degree: 1, inverse_y: 2.5, u_inverse_y: -1", "must not be negative, as -1 is"),
        ("polynomial-fit", points + ", degree: 1, inverse_y: []", "no new readings"),
        ("polynomial-fit", points + ", degree: 1, inverse_y: 7", "takes the value 7.0 0 times between 0.0 and 4.0"),
        ("polynomial-fit", points + ", degree: 1, u_y: [1, 1, 0, 1, 1]", "an uncertainty of y must be positive"),
        ("polynomial-fit", points + ", degree: 1, u_y: [1], covariance: [[1]]", "state one of them"),
        ("polynomial-fit", "x: [0, 1], y: [0, 1], degree: 1, covariance: [[1, 2], [2, 1]]", "is none"),
        ("total-least-squares", points + ", u_x: [0, 0, 0, 0, 0], u_y: [1, 1, 1, 1, 0]", "must be positive"),
        ("total-least-squares", "x: [1, 1, 1], y: [1, 2, 3], u_x: [1, 1, 1], u_y: [1, 1, 1]", "are the same"),
        (
            "total-least-squares", "x: [0, 1, 0, 1], y: [0, 0, 1, 1], u_x: [1, 1, 1, 1], u_y: [1, 1, 1, 1]",
            "an upright line is as near"
        ),
        (
            "total-least-squares", "x: [1, 2, 3], y: [1, 2, 3], u_x: [1, 1, 1], u_y: [1, 1, 1], r_xy: [0, 0, 2]",
            "a correlation of 2.0 does not lie between -1 and 1"
        ),
    ])
    func `what makes no curve is refused in one line`(kind: String, fit: String, words: String) throws {
        let found = try run(kind, fit)
        #expect(found.status == 2 && found.output.isEmpty)
        #expect(found.errorLines.count == 1 && found.errors.contains(words), "\(found.errors)")
    }
}
