/// What this machine can do at best, measured by nothing but the loop in question: normal and t deviates, and uniform
/// numbers, per second on one core and on two; bytes read and written by a copy, likewise.
///
/// The generator's own sources are compiled into this program, for the module keeps them to itself.
@main struct MachineLimits {
    static func main() async {
        let normal = Ziggurat.normal
        let studentT = Ziggurat(.studentT(degreesOfFreedom: 8))
        for (name, ziggurat) in [("normal", normal), ("t", studentT)] {
            await report(name) { stream in
                // As many as a block of trials, so that what is drawn stays in the cache.
                repeated(16_384, times: 4_000) { places, generator in
                    ziggurat.fill(places, 16_384, mean: 0, scale: 1, with: &generator)
                } from: {
                    SeededGenerator(seed: 1, stream: stream)
                }
            }
        }
        await report("uniform") { stream in
            repeated(16_384, times: 4_000) { places, generator in
                for index in 0..<16_384 { places[index] = generator.uniform() }
            } from: {
                SeededGenerator(seed: 1, stream: stream)
            }
        }
        await report("copied") { _ in copied() }
    }

    /// Prints name, rate of one core, rate of two at once: the best of five, for others use this machine too.
    private static func report(_ name: String, _ work: @escaping @Sendable (UInt64) -> Double) async {
        var (alone, together) = (0.0, 0.0)
        for _ in 0..<5 {
            var start = ContinuousClock.now
            let done = work(0)
            alone = max(alone, done / ((ContinuousClock.now - start) / .seconds(1)))
            start = ContinuousClock.now
            async let first = work(1)
            async let second = work(2)
            let sum = await first + second
            together = max(together, sum / ((ContinuousClock.now - start) / .seconds(1)))
        }
        print(name, alone, together)
    }

    private static func repeated(
        _ count: Int, times: Int, _ fill: (UnsafeMutablePointer<Double>, inout SeededGenerator) -> Void,
        from make: () -> SeededGenerator
    ) -> Double {
        let places = UnsafeMutablePointer<Double>.allocate(capacity: count)
        defer { places.deallocate() }
        var generator = make()
        var sum = 0.0
        for _ in 0..<times {
            fill(places, &generator)
            sum += places[count - 1]
        }
        // What nobody looks at is not computed.
        return sum.isNaN ? 0 : Double(count * times)
    }

    /// Bytes read and written by copying what is larger than any cache.
    private static func copied() -> Double {
        let count = 16 << 20
        let places = UnsafeMutablePointer<Double>.allocate(capacity: 2 * count)
        defer { places.deallocate() }
        places.initialize(repeating: 1, count: 2 * count)
        var sum = 0.0
        for round in 0..<12 {
            places[round] = Double(round)
            (places + count).update(from: places, count: count)
            sum += places[count + round]
        }
        return sum.isNaN ? 0 : Double(12 * 2 * 8 * count)
    }
}
