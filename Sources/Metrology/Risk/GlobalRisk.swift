/// Risks of a decision rule over all items of a process, before any is measured (JCGM 106, 9.4).
public struct GlobalRisk: Hashable, Sendable {
    /// P(not conforming and accepted): the consumer's.
    public let consumer: Double
    /// P(conforming and rejected): the producer's.
    public let producer: Double
    /// P(accepted).
    public let accepted: Double
    /// P(rejected), not as a difference from 1.
    public let rejected: Double
    /// P(conforming).
    public let conforming: Double

    /// P(not conforming | accepted).
    public var consumerConditional: Double { consumer / accepted }
    /// P(conforming | rejected).
    public var producerConditional: Double { producer / rejected }

    /// - Parameters:
    ///   - process: the items.
    ///   - standardDeviation: of a normal reading around the item's value, positive.
    ///   - bias: mean of the reading less the item's value.
    ///   - tolerance: lower and upper limit for the item; a missing side is not limited.
    ///   - acceptance: lower and upper limit for the reading; nothing is accepted where they cross.
    public init(
        process: StateOfKnowledge, standardDeviation: Double, bias: Double = 0,
        tolerance: (lower: Double?, upper: Double?), acceptance: (lower: Double?, upper: Double?)
    ) {
        let reading = Reading(acceptance, standardDeviation, bias)
        let edges = Self.edges(process, tolerance, reading)
        var parts = Parts()
        for (a, b) in zip(edges, edges.dropFirst()) {
            let middle = (a + b) / 2
            let isConforming = Self.isInside(middle, tolerance)
            let pass = Quadrature.integrate(a, b) { process.density($0) * reading.acceptance($0) }
            let stop = Quadrature.integrate(a, b) { process.density($0) * reading.rejection($0) }
            parts.add(isConforming, pass: pass, stop: stop)
        }
        // Beyond the edges every reading is certain to be accepted, or certain to be rejected.
        if let first = edges.first, let last = edges.last {
            for (edge, tail) in [(first, process.lowerTail(first)), (last, process.upperTail(last))] {
                let pass = reading.acceptance(edge)
                parts.add(Self.isInside(edge, tolerance), pass: tail * pass, stop: tail * (1 - pass))
            }
        }
        consumer = parts.badPassed
        producer = parts.goodStopped
        accepted = parts.goodPassed + parts.badPassed
        rejected = parts.goodStopped + parts.badStopped
        conforming = process.probability(from: tolerance.lower, to: tolerance.upper)
    }

    private struct Parts {
        var goodPassed = 0.0
        var goodStopped = 0.0
        var badPassed = 0.0
        var badStopped = 0.0

        mutating func add(_ isConforming: Bool, pass: Double, stop: Double) {
            if isConforming {
                goodPassed += pass
                goodStopped += stop
            } else {
                badPassed += pass
                badStopped += stop
            }
        }
    }

    private static func isInside(_ x: Double, _ limits: (lower: Double?, upper: Double?)) -> Bool {
        x >= limits.lower ?? -.infinity && x <= limits.upper ?? .infinity
    }

    /// The whole range in panels over each of which the integrand is smooth.
    private static func edges(
        _ process: StateOfKnowledge, _ tolerance: (lower: Double?, upper: Double?), _ reading: Reading
    ) -> [Double] {
        var points = process.landmarks + [tolerance.lower, tolerance.upper].compactMap { $0 }
        for limit in reading.limits {
            // Forty deviations from the limit the other answer has a probability below 10⁻³⁰⁰.
            for out in [0, 0.5, 1, 2, 3, 4, 6, 8, 12, 20, 40] {
                points += [limit - out * reading.deviation, limit + out * reading.deviation]
            }
        }
        let landmarks = process.landmarks
        if process.isBounded, let first = landmarks.min(), let last = landmarks.max() {
            points = points.filter((first...last).contains)
        } else if let far = points.max(), let near = points.min() {
            // A limit itself is no edge of the range: beyond the range one side of it is certain.
            points += [near - process.scale, far + process.scale]
        }
        return Array(Set(points)).sorted()
    }
}

/// Probability that the reading of an item is accepted.
private struct Reading {
    let lower: Double?
    let upper: Double?
    let deviation: Double

    init(_ acceptance: (lower: Double?, upper: Double?), _ deviation: Double, _ bias: Double) {
        lower = acceptance.lower.map { $0 - bias }
        upper = acceptance.upper.map { $0 - bias }
        self.deviation = deviation
    }

    var limits: [Double] { [lower, upper].compactMap { $0 } }

    private var isPossible: Bool { (lower ?? -.infinity) < (upper ?? .infinity) }

    func acceptance(_ x: Double) -> Double {
        guard isPossible else { return 0 }
        return StandardNormal.probability(
            from: ((lower ?? -.infinity) - x) / deviation, to: ((upper ?? .infinity) - x) / deviation)
    }

    func rejection(_ x: Double) -> Double {
        guard isPossible else { return 1 }
        return (lower.map { StandardNormal.cumulative(($0 - x) / deviation) } ?? 0)
            + (upper.map { StandardNormal.upperTail(($0 - x) / deviation) } ?? 0)
    }
}
