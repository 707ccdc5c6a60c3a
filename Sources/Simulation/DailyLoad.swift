import Foundation
import Metrology

/// An electrical load that repeats every day and whose integral is known in closed form.
struct DailyLoad {
    fileprivate struct Wave {
        /// Relative to the mean.
        let amplitude: Double
        /// Periods a day.
        let order: Double
        let phase: Double
    }

    /// kW
    private let mean: Double
    private let waves: [Wave]

    init(mean: Double, seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        self.mean = mean
        // Amplitudes below 1 in sum: a load that only ever imports.
        waves = [1, 2].map { order in
            Wave(
                amplitude: generator.uniform(in: 0.15...0.35), order: order,
                phase: generator.uniform(in: 0...(2 * .pi)))
        }
    }

    /// kW at `time`, in seconds.
    func power(at time: Double) -> Double {
        mean * waves.reduce(1) { $0 + $1.amplitude * sin($1.angle(time)) }
    }

    /// The integral of ``power(at:)`` up to `time`, in kWh, from an origin of its own.
    func energy(to time: Double) -> Double {
        let hours = waves.reduce(time / 3600) { sum, wave in
            sum - wave.amplitude * cos(wave.angle(time)) * 24 / (2 * .pi * wave.order)
        }
        return mean * hours
    }
}

extension DailyLoad.Wave {
    fileprivate func angle(_ time: Double) -> Double {
        // Within the day, so that nothing is lost to the size of the number of seconds since 1970.
        let part = (time / 86_400).truncatingRemainder(dividingBy: 1)
        return 2 * .pi * order * part + phase
    }
}
