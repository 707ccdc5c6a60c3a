import Metrology
import Testing

/// Whether two numbers agree to `relative` of the wanted one.
private func agrees(_ answer: Double, _ wanted: Double, _ relative: Double = 1e-13) -> Bool {
    abs(answer - wanted) <= relative * abs(wanted)
}

/// Forty-digit values computed outside this program by arbitrary-precision arithmetic.
@Suite struct StatisticsTests {
    @Test(arguments: [
        (0.0, 0.5), (-1, 0.15865525393145705), (-1.99, 0.023295467750211822), (-10, 7.619853024160526e-24),
        (-20, 2.7536241186062336e-89), (6, 0.9999999990134123),
    ])
    func `normal probabilities keep their digits in the tail`(z: Double, p: Double) {
        #expect(agrees(StandardNormal.cumulative(z), p))
        #expect(StandardNormal.cumulative(z) == StandardNormal.upperTail(-z))
    }

    @Test func `normal quantile and probability undo each other`() {
        for p in [1e-300, 1e-100, 1e-12, 1e-3, 0.0749, 0.0751, 0.3, 0.5] {
            #expect(agrees(StandardNormal.cumulative(StandardNormal.quantile(p)), p, 1e-12), "\(p)")
            #expect(StandardNormal.quantile(p) == -StandardNormal.quantile(upperTail: p))
        }
        #expect(StandardNormal.quantile(0) == -.infinity)
        #expect(StandardNormal.quantile(1) == .infinity)
        #expect(StandardNormal.quantile(1.5).isNaN)
    }

    /// JCGM 100:2008, Table G.2, as printed.
    @Test(arguments: [
        (0.95, 1.0, 12.71), (0.95, 2, 4.30), (0.95, 4, 2.78), (0.95, 10, 2.23), (0.95, 50, 2.01), (0.99, 16, 2.92),
        (0.9545, 10, 2.28), (0.9973, 15, 3.59), (0.95, .infinity, 1.96), (0.9545, .infinity, 2.00),
    ])
    func `coverage factors are those of the table`(p: Double, nu: Double, printed: Double) {
        let k = CoverageFactor.studentT(p: p, degreesOfFreedom: nu)
        #expect((k * 100).rounded() == (printed * 100).rounded(), "\(k)")
    }

    @Test(arguments: [0.5, 1, 2, 2.7, 9.3, 16.75, 1000, 1e6, 1e9, 1e20])
    func `Student quantile and probability undo each other`(nu: Double) {
        for q in [1e-12, 1e-6, 0.001, 0.025, 0.3, 0.4999] {
            let t = StudentT.quantile(upperTail: q, degreesOfFreedom: nu)
            #expect(agrees(StudentT.upperTail(t, degreesOfFreedom: nu), q, 1e-12), "\(q)")
            #expect(StudentT.quantile(q, degreesOfFreedom: nu) == -t)
        }
        #expect(StudentT.quantile(0.5, degreesOfFreedom: nu) == 0)
    }

    @Test func `closed forms of few degrees of freedom`() {
        for t in [-40.0, -3, -0.1, 0.5, 2, 1000] {
            // ν = 2: P(T ≤ t) = ½ + t/(2·√(2 + t²)); the lower tail without the subtraction.
            let root = (2 + t * t).squareRoot()
            let lower = t < 0 ? 1 / (root * (root - t)) : 1 - 1 / (root * (root + t))
            #expect(agrees(StudentT.cumulative(t, degreesOfFreedom: 2), lower), "\(t)")
        }
        // χ² of two degrees is exponential, and F(2, 2) is f/(1 + f).
        #expect(agrees(ChiSquared.quantile(upperTail: 0.05, degreesOfFreedom: 2), 5.991464547107982))
        #expect(agrees(ChiSquared.quantile(0.5, degreesOfFreedom: 2), 1.3862943611198906))
        for f in [0.01, 1, 7, 1e6] {
            #expect(agrees(FDistribution.upperTail(f, 2, 2), 1 / (1 + f)))
        }
    }

    @Test(arguments: [0.3, 1, 5, 100, 1e5])
    func `chi-squared quantile and probability undo each other`(nu: Double) {
        for p in [1e-12, 0.001, 0.3, 0.5] {
            let low = ChiSquared.quantile(p, degreesOfFreedom: nu)
            #expect(agrees(ChiSquared.cumulative(low, degreesOfFreedom: nu), p, 1e-12), "\(p)")
            let high = ChiSquared.quantile(upperTail: p, degreesOfFreedom: nu)
            #expect(agrees(ChiSquared.upperTail(high, degreesOfFreedom: nu), p, 1e-12), "\(p)")
        }
    }

    @Test func `the square of t is F, and F turned over is F`() {
        for nu in [1.0, 2.7, 9, 400] {
            let t = StudentT.quantile(0.975, degreesOfFreedom: nu)
            #expect(agrees(FDistribution.quantile(0.95, 1, nu), t * t, 1e-12))
            #expect(agrees(FDistribution.quantile(0.025, 3, nu), 1 / FDistribution.quantile(0.975, nu, 3), 1e-12))
        }
    }

    @Test func `a density is the slope of its probability`() {
        let h = 1e-5
        for x in [0.3, 1.0, 2.5] {
            let t =
                StudentT.cumulative(x + h, degreesOfFreedom: 3.5) - StudentT.cumulative(x - h, degreesOfFreedom: 3.5)
            #expect(agrees(StudentT.density(x, degreesOfFreedom: 3.5), t / (2 * h), 1e-7))
            let chi =
                ChiSquared.cumulative(x + h, degreesOfFreedom: 3.5)
                - ChiSquared.cumulative(x - h, degreesOfFreedom: 3.5)
            #expect(agrees(ChiSquared.density(x, degreesOfFreedom: 3.5), chi / (2 * h), 1e-7))
            let f = FDistribution.cumulative(x + h, 4, 7.5) - FDistribution.cumulative(x - h, 4, 7.5)
            #expect(agrees(FDistribution.density(x, 4, 7.5), f / (2 * h), 1e-7))
        }
    }

    @Test func `what is outside the domain has no number`() {
        #expect(StudentT.quantile(0.9, degreesOfFreedom: 0).isNaN)
        #expect(StudentT.quantile(-0.1, degreesOfFreedom: 5).isNaN)
        #expect(ChiSquared.quantile(0.5, degreesOfFreedom: -1).isNaN)
        #expect(FDistribution.quantile(0.5, 0, 3).isNaN)
        #expect(CoverageFactor.studentT(p: 95, degreesOfFreedom: 3).isNaN)
    }
}
