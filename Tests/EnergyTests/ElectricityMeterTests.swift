import Chronometry
import Simulation
import Testing

@Suite struct ElectricityMeterTests {
    private func meter(_ now: Instant, seed: UInt64 = 7) -> ElectricityMeter {
        ElectricityMeter(since: at("2026-11-25 00:00:00"), seed: seed, now: { now })
    }

    private func float(_ meter: ElectricityMeter, _ address: Int) throws -> Float {
        let words = try meter.read(.input, address: address, count: 2).get()
        return Float(bitPattern: UInt32(words[0]) << 16 | UInt32(words[1]))
    }

    @Test func theCounterIsTheIntegralOfThePower() throws {
        let start = at("2026-11-25 00:00:00")
        // Mean power of each minute of a day, by the middle of the minute.
        let sum = try (0..<1440).reduce(0.0) { sum, minute in
            let middle = start.advanced(bySeconds: Double(minute) * 60 + 30)
            return sum + Double(try float(meter(middle), 0x34)) / 1000 / 60
        }
        let counted = meter(start).energy(at: start.advanced(bySeconds: 86_400)) - 1234.5
        #expect(abs(sum - counted) < 0.01)
        #expect(abs(counted - 24 * 50) < 1e-6)
    }

    @Test func theImportRegisterIsTheCounterToTheStepOfAFloat() throws {
        let now = at("2026-11-25 13:37:11")
        let shown = try float(meter(now), 0x48)
        #expect(abs(Double(shown) - meter(now).energy(at: now)) <= 0.000_123)
        #expect(shown == (try float(meter(now), 0x156)))
        #expect(try float(meter(now), 0x00) == 230)
    }

    @Test func itNeverCountsBackAndSeedsDiffer() {
        let start = at("2026-11-25 00:00:00")
        let hours = (0...48).map { start.advanced(bySeconds: Double($0) * 3600) }
        let shown = hours.map { meter(start).energy(at: $0) }
        #expect(zip(shown, shown.dropFirst()).allSatisfy { $0 < $1 })
        #expect(shown != hours.map { meter(start, seed: 8).energy(at: $0) })
    }

    @Test func halvesOfValuesAndOtherTablesAreRefused() {
        let meter = meter(at("2026-11-25 00:00:00"))
        #expect(meter.read(.input, address: 1, count: 2) == .failure(.illegalAddress))
        #expect(meter.read(.input, address: 0, count: 1) == .failure(.illegalAddress))
        #expect(meter.read(.input, address: 382, count: 2) == .failure(.illegalAddress))
        #expect(meter.read(.holding, address: 0, count: 2) == .failure(.illegalFunction))
    }
}
