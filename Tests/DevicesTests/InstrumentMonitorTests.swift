import Devices
import Metrology
import Testing

/// Rates in honest units, and what is left of a round that failed.
@Suite struct InstrumentMonitorTests {
    private func channel(_ entry: String) throws -> DeviceProfile.Channel {
        let found = try profile("  c: {\(entry), at: 0}").channels.first
        return try #require(found)
    }

    private func rate(
        _ entry: String, _ first: String, _ last: String, seconds: Double
    ) throws -> ChangeRate? {
        let channel = try channel(entry)
        return ChangeRate(
            from: .init(decimal(first), at: 100), to: .init(decimal(last), at: 100 + seconds), of: channel,
            in: channel.unit)
    }

    @Test(
        arguments: [
            // 0.1 kWh in 360 s are 1 kW; a step of 0.01 kWh is 0.1 kW of it.
            ("quantity: active energy, unit: kWh, as: uint32, scale: 0.01", "1.00", "1.10", 360, 1, 0.1, "kW"),
            ("quantity: reactive energy, unit: kvarh, as: uint32", "1", "3", 3600, 2, 1, "kvar"),
            ("quantity: volume, unit: L, as: uint32", "10", "11", 60, 60, 60, "L/h"),
            ("quantity: volume, unit: m3, as: uint32", "10", "10", 1800, 0, 2, "m3/h"),
            ("quantity: electric charge, unit: Ah, as: uint32", "0", "1", 1800, 2, 2, "A"),
            ("quantity: temperature, unit: °C, as: int16, scale: 0.1", "20.0", "20.5", 30, 1, 0.2, "K/min"),
            ("quantity: voltage, unit: V, as: uint16", "230", "229", 60, -1, 1, "V/min"),
            ("quantity: energy, unit: GJ, as: uint32, resolution: 2 GJ", "4", "6", 3600, 2, 2, "GJ/h"),
        ] as [(String, String, String, Double, Double, Double, String)])
    func ratesHaveHonestUnits(
        _ entry: String, _ first: String, _ last: String, _ seconds: Double, _ due: Double, _ step: Double,
        _ unit: String
    ) throws {
        let found = try #require(try rate(entry, first, last, seconds: seconds))
        #expect((found.value - due).magnitude < 1e-9 && (found.step - step).magnitude < 1e-9, "\(found)")
        #expect(found.unit == unit && found.seconds == seconds)
    }

    /// A float32 of 100000 kWh has steps of 1/128 kWh: 28 kW over a second.
    @Test func aFloatingPointCounterHasStepsToo() throws {
        let found = try #require(
            try rate("quantity: active energy, unit: kWh, as: float32", "100000", "100000", seconds: 1))
        #expect(found.value == 0 && found.step == 3600 / 128)
    }

    @Test func aCounterThatGoesBackHasNoRateUnlessItStartsAgain() throws {
        let counter = "quantity: active energy, unit: kWh, as: uint32, scale: 0.01"
        #expect(try rate(counter, "9", "1", seconds: 1) == nil)
        let rolls = counter + ", counter: {rolls_over_at: 1000 kWh}"
        let found = try rate(rolls, "999.9", "0.1", seconds: 720)
        #expect(((found?.value ?? 0) - 1).magnitude < 1e-9)
        #expect(try rate(rolls, "600", "500", seconds: 720) == nil)
        #expect(try rate("quantity: voltage, unit: V, as: uint16", "2", "1", seconds: 0) == nil)
    }

    private func sample(_ value: String, _ channel: DeviceProfile.Channel, at seconds: Double)
        -> InstrumentMonitor.Sample
    {
        .init(
            channel: channel.name, reading: .init(value: .number(decimal(value), channel.unit), state: .unstated),
            seconds: seconds, roundTrip: 0.02)
    }

    @Test func aFailedRoundKeepsTheLastValueAndSaysSo() throws {
        let energy = try channel("quantity: active energy, unit: kWh, as: uint32, scale: 0.01")
        var monitor = InstrumentMonitor([energy])
        #expect(monitor.rows.first?.sample == nil)
        monitor.take([sample("1.00", energy, at: 0)])
        #expect(monitor.rows.first?.rate == nil && monitor.rows.first?.isStale == false)
        monitor.take([sample("1.10", energy, at: 36)])
        #expect(((monitor.rows.first?.rate?.value ?? 0) - 10).magnitude < 1e-9)
        monitor.fail("no answer")
        let row = try #require(monitor.rows.first)
        #expect(row.isStale && row.sample?.seconds == 36 && monitor.failure == "no answer")
        monitor.take([sample("1.30", energy, at: 72)])
        #expect(monitor.failure == nil && monitor.rows.first?.isStale == false)
        #expect((monitor.rounds, monitor.failedRounds) == (4, 1))
        // Over the last minute only: 0.2 kWh in 36 s.
        #expect(((monitor.rows.first?.rate?.value ?? 0) - 20).magnitude < 1e-9)
    }

    @Test func aCounterThatWasSetBackBeginsItsRateAnew() throws {
        let energy = try channel("quantity: active energy, unit: kWh, as: uint32, scale: 0.01")
        var monitor = InstrumentMonitor([energy])
        for (value, at) in [("5", 0.0), ("6", 10), ("0", 20)] { monitor.take([sample(value, energy, at: at)]) }
        #expect(monitor.rows.first?.rate == nil)
        monitor.take([sample("0.01", energy, at: 30)])
        #expect(((monitor.rows.first?.rate?.value ?? 0) - 3.6).magnitude < 1e-9)
    }
}
