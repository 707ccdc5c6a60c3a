public import Metrology
public import Procedures

/// The test of a meter through which a volume passes at set flows, as a flow bench makes it.
///
/// Such a test sets `flow`, reads `indicated` and `reference` volumes and the water's `temperature`, judges each reading
/// by `error`, and the point by the mean of those that count.
public struct FlowTest: Sendable {
    public let procedure: Procedure
    public let test: Procedure.Test
    /// Of each reading: it decides whether to read again.
    let error: Procedure.Result
    /// Of the point: it decides.
    public let mean: Procedure.Result
    public let volumeUnit: MeasurementUnit
    /// Coverage factor of U.
    public let k: Double

    /// - Throws: ``VerificationError/noFlowTest(procedure:)`` for a procedure without such a test.
    public init(_ procedure: Procedure) throws {
        let found = procedure.tests.first { test in
            test.setting?.name == "flow"
                && ["indicated", "reference", "temperature"].allSatisfy { test.reading($0) != nil }
        }
        guard let test = found, let retest = test.retest, let error = test.result(retest.result),
            let budget = test.budgets.first, let mean = test.result(budget.result), mean.reach == .point,
            let reading = test.reading("indicated"), let k = budget.k
        else { throw VerificationError.noFlowTest(procedure: procedure.number) }
        self.procedure = procedure
        self.test = test
        self.error = error
        self.mean = mean
        volumeUnit = reading.unit
        self.k = k
    }

    public var words: Procedure.Words { test.words }
    public var points: [String] { test.pointIDs }
    /// Unit of the error, its limits and U.
    public var errorUnit: MeasurementUnit { mean.unit }
    var readingsAtMost: Int { test.retest?.readingsAtMost ?? 1 }
    /// Results over all points that are judged.
    public var jointRules: [Procedure.Result] { test.results.filter { $0.reach == .test && !$0.limits.isEmpty } }

    /// Magnitude of the limit at a point as it will be with water of 20 °C, in ``errorUnit``.
    ///
    /// - Throws: ``VerificationError/noLimit(point:)`` where the procedure gives none.
    func limit(at point: String, nameplate: [String: VerificationData.PlateValue]) throws -> Double {
        let volume = Quantity(ExactDecimal(1), volumeUnit)
        let row = VerificationData.Row(
            point: point,
            values: ["indicated": volume, "reference": volume, "temperature": Quantity(ExactDecimal(20), .celsius)])
        let data = VerificationData(stage: .subsequent, nameplate: nameplate, tests: [test.id: [row]])
        let limit = try procedure.limits(of: error, in: test, data).first
        guard let limit, let magnitude = [limit.lower, limit.upper].compactMap({ $0 }).map(abs).max() else {
            throw VerificationError.noLimit(point: point)
        }
        return magnitude
    }
}
