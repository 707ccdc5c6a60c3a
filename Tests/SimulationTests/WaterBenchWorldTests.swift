import Metrology
import Simulation
import Testing

/// The water itself, without a wire.
@Suite struct WaterBenchWorldTests {
    private func batch(_ world: inout WaterBenchWorld, flow: Double, volume: Double, step: () -> Double) {
        world.set(flow: flow)
        world.set(volume: volume)
        world.startBatch()
        for _ in 0..<1_000_000 where world.isRunning { world.advance(by: step()) }
    }

    @Test func theSameSeedMakesTheSameTruth() {
        func truth(_ seed: UInt64) -> String {
            WaterBenchWorld(seed: seed, layout: .init(positions: 40, faulty: 5)).truthText
        }
        #expect(truth(7) == truth(7))
        #expect(truth(7) != truth(8))
        #expect(truth(7).split(separator: "\n").count == 40)
    }

    /// Whoever looks often and whoever looks once read the same figures to the last bit.
    @Test func theSameCommandsGiveTheSameReadingsHoweverOftenOneLooks() {
        func readings(_ steps: @escaping () -> Double) -> [Double] {
            var world = WaterBenchWorld(seed: 11)
            for (flow, volume) in [(2.375, 100.0), (0.0525, 20), (0.0328, 10)] {
                batch(&world, flow: flow, volume: volume, step: steps)
            }
            return world.meters.map(\.register) + [world.referenceRegister, world.passed, world.batchDuration]
        }
        let once = readings { 1e6 }
        var generator = SeededGenerator(seed: 3)
        #expect(readings { 0.37 } == once)
        #expect(readings { generator.uniform(in: 0.01...90) } == once)
        #expect(Set(once).count == once.count)
    }

    @Test func everyRegisterCountsWhatPassedAndItsError() throws {
        let flat = { (error: Double) in ErrorCurve(flows: [0.01, 4], errors: [error, error]) }
        var world = WaterBenchWorld(
            seed: 5, layout: .init(positions: 4, faulty: 0),
            curves: [1: flat(0), 2: flat(2), 3: flat(-5), 4: flat(12)])
        for (flow, volume) in [(2.375, 100.0), (0.0328, 10)] {
            let before = world
            batch(&world, flow: flow, volume: volume) { 3 }
            let passed = world.passed - before.passed
            let reference = world.referenceRegister - before.referenceRegister
            #expect(reference >= volume && reference < volume * 1.006)
            // Between two certified flows the reference's error lies between theirs.
            let errors = world.referenceCurve.errors
            let lowest = try #require(errors.min()), highest = try #require(errors.max())
            #expect(reference >= passed * (1 + lowest / 100) - 1e-9)
            #expect(reference <= passed * (1 + highest / 100) + 1e-9)
            for (meter, error) in zip(world.meters.indices, [0.0, 2, -5, 12]) {
                let change = world.meters[meter].register - before.meters[meter].register
                let found = (change / passed - 1) * 100
                // One run scatters by the meter's repeatability, six of which are never exceeded here.
                #expect(abs(found - error) < 6 * world.meters[meter].repeatability)
                #expect(found != error, "no run is without scatter")
            }
        }
    }

    @Test func aFaultyMeterIsOutsideItsLimitAndASoundOneIsNot() {
        let world = WaterBenchWorld(seed: 21, layout: .init(positions: 40, faulty: 7))
        let outside = world.meters.filter { meter in
            zip(meter.curve.errors, [5.0, 2, 2]).contains { abs($0) > $1 }
        }
        #expect(outside.count == 7)
    }

    @Test func aBatchIsCompleteOnlyWhenItsVolumeHasPassed() {
        var world = WaterBenchWorld(seed: 1)
        world.set(volume: 10)
        #expect(!world.isComplete)
        world.startBatch()
        #expect(!world.isRunning, "there is no flow to start with")
        world.set(flow: 1)
        world.advance(by: 1000)
        #expect(world.passed == 0, "nothing passes before the start")
        world.startBatch()
        world.advance(by: 1)
        #expect(world.isRunning && !world.isComplete)
        world.stopBatch()
        let stopped = world.passed
        world.advance(by: 1000)
        #expect(!world.isComplete && world.passed == stopped)
        world.startBatch()
        world.advance(by: 1000)
        #expect(world.isComplete && !world.isRunning)
        world.set(volume: 500)
        #expect(world.isComplete, "a new preset does not undo what was done")
    }

    @Test func anErrorCurveIsStraightBetweenItsPoints() {
        let curve = ErrorCurve(flows: [1, 2, 4], errors: [-1, 1, 0])
        #expect([0.5, 1, 1.5, 2, 3, 4, 9].map(curve.error) == [-1, -1, 0, 1, 0.5, 0, 0])
    }
}
