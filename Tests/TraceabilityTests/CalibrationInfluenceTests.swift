import Metrology
import Testing
import Traceability

@Suite struct CalibrationInfluenceTests {
    /// Two working standards, calibrated by one of the province, which has 0.03 % of its own above the nation's 0.04 %.
    private func graph(province: Double = 0.1, issued: Int = -200) throws -> ReferenceGraph {
        ReferenceGraph(
            standards: [
                standard("a"), standard("b"), standard("c"), standard("province", .province),
                standard("national", .national),
            ],
            certificates: [
                try certificate(
                    "N", of: "national", above: nil, issued: -300, until: 900,
                    points: [(0, 0, 0.08, 2), (5, 0, 0.08, 2)]),
                try certificate(
                    "P", of: "province", above: "national", issued: issued, until: 300,
                    points: [(0, 0, province, 2), (5, 0, province, 2)]),
                try certificate("A", of: "a", above: "province", points: [(0, 0, 0.2, 2), (5, 0, 0.2, 2)]),
                try certificate("B", of: "b", above: "province", points: [(0, 0, 0.3, 2), (5, 0, 0.3, 2)]),
                try certificate("C", of: "c", above: nil, points: [(0, 0, 0.2, 2), (5, 0, 0.2, 2)]),
            ])
    }

    @Test func `each calibration adds its own part to what it was handed`() throws {
        let parts = try #require(try graph().influences(of: "a", at: 1, on: today))
        #expect(parts.map(\.source) == ["A", "P", "N"])
        let u = parts.map(\.standardUncertainty)
        #expect(abs(u[2] - 0.04) < 1e-12 && abs(u[1] - 0.03) < 1e-12 && abs(u[0] - 0.0075.squareRoot()) < 1e-12)
        #expect(abs(u.reduce(0) { $0 + $1 * $1 } - 0.01) < 1e-12)
    }

    /// r = 0.05²/(0.1·0.15); the difference of the two loses the common part, nobody typed a coefficient.
    @Test func `two standards of one reference are correlated by it`() throws {
        let graph = try graph()
        func input(_ key: String) throws -> ModelInput {
            ModelInput(name: key, components: try #require(graph.influences(of: key, at: 2, on: today)))
        }
        let model = try MeasurementModel(
            inputs: [try input("a"), try input("b"), try input("c")],
            outputs: [.init("d", try Formula("a - b")), .init("s", try Formula("a - c"))])
        #expect(abs(try #require(model.correlation("a", "b")) - 0.0025 / 0.015) < 1e-12)
        #expect(model.correlation("a", "c") == 0)
        let result = try model.propagate()
        #expect(abs(result.outputs[0].standardUncertainty - (0.01 + 0.0225 - 0.005).squareRoot()) < 1e-12)
        #expect(abs(result.outputs[1].standardUncertainty - 0.02.squareRoot()) < 1e-12)
    }

    @Test func `a reference that explains nothing leaves the certificate one part`() throws {
        // It claims more uncertainty than what it calibrated.
        #expect(try graph(province: 0.4).influences(of: "a", at: 1, on: today)?.map(\.source) == ["A"])
        // Its certificate did not hold yet when it was used.
        #expect(try graph(issued: -50).influences(of: "a", at: 1, on: today)?.map(\.source) == ["A"])
        // Nothing covers the value, nothing is on file.
        #expect(try graph().influences(of: "a", at: 6, on: today) == nil)
        #expect(try graph().influences(of: "nobody", at: 1, on: today) == nil)
    }
}
