public import Chronometry
import Foundation

/// A look-alike of the Eastron SDM630 three-phase meter: float32 input registers, high word first.
///
/// Its counter is a closed-form function of time, so that what a terminal makes of it can be checked
/// against the truth, and a meter started again at the same moment of the same simulation shows the
/// same. The load follows the day: `P(t) = P₀ (1 + a sin(ω t + φ) + b sin(2 ω t + ψ))`, with one day
/// to ω's period; amplitudes and phases come from the seed.
///
/// A float32 keeps 24 binary digits. Between 1024 and 2048 kWh its step is 0.000 12 kWh, up to
/// 4096 kWh 0.000 24 kWh: 2·10⁻⁵ of the 12.5 kWh that 50 kW make in a quarter hour. At 100 000 kWh it
/// would be 0.0078 kWh, which is why the counter starts low.
public struct ElectricityMeter: RegisterBank {
    private let load: DailyLoad
    private let since: Instant
    private let counter: Double
    private let now: @Sendable () -> Instant

    /// - Parameters:
    ///   - since: when the counter stood at `counter`.
    ///   - counter: imported energy then, in kWh.
    ///   - power: mean over a day, in kW.
    ///   - seed: meters of different seeds have different days.
    ///   - now: the simulation's clock.
    public init(
        since: Instant, counter: Double = 1234.5, power: Double = 50, seed: UInt64,
        now: @escaping @Sendable () -> Instant
    ) {
        load = DailyLoad(mean: power, seed: seed)
        self.since = since
        self.counter = counter
        self.now = now
    }

    /// Imported energy at `instant` in kWh, before a float32 rounds it.
    public func energy(at instant: Instant) -> Double {
        counter + load.energy(to: seconds(instant)) - load.energy(to: seconds(since))
    }

    public func read(
        _ table: RegisterTable, address: Int, count: Int
    ) -> Result<[UInt16], SlaveException> {
        guard table == .input else { return .failure(.illegalFunction) }
        // A value is two registers; the meter refuses to hand out halves.
        guard address % 2 == 0, count % 2 == 0, address + count <= Self.registers else {
            return .failure(.illegalAddress)
        }
        let values = self.values(at: now())
        return .success(
            stride(from: address, to: address + count, by: 2).flatMap { address in
                let bits = Float(values[address] ?? 0).bitPattern
                return [UInt16(bits >> 16), UInt16(truncatingIfNeeded: bits)]
            })
    }

    public func write(address: Int, values: [UInt16]) -> SlaveException? { .illegalFunction }

    /// Up to the last per-phase energy of the public maps.
    private static let registers = 382

    /// By register address; addresses of public client configurations.
    private func values(at instant: Instant) -> [Int: Double] {
        let watts = load.power(at: seconds(instant)) * 1000
        let (voltage, factor) = (230.0, 0.95)
        let energy = energy(at: instant)
        let reactive = watts * tan(acos(factor))
        var values: [Int: Double] = [
            0x34: watts, 0x38: watts / factor, 0x3C: reactive, 0x3E: factor, 0x46: 50,
            0x48: energy, 0x4A: 0, 0x4C: energy * tan(acos(factor)), 0x4E: 0, 0x156: energy,
        ]
        for phase in 0..<3 {
            values[2 * phase] = voltage
            values[6 + 2 * phase] = watts / 3 / voltage / factor
            values[12 + 2 * phase] = watts / 3
        }
        return values
    }

    private func seconds(_ instant: Instant) -> Double { Double(instant.milliseconds) / 1000 }
}
