import Chronometry
import Devices
import Metrology
import Simulation
import Synchronization
import Testing

/// A week on a bad line, in virtual time: every value delivered is the one the instrument had when it was asked, and every
/// fault is counted as what it was.
@Suite struct WeekTests {
    /// Faults of one answer in seven, and instruments that are switched off for hours.
    private struct BadWeather: LineWeather {
        var random: SeededGenerator
        let tally: Tally
        let timeout: Double

        mutating func arrivals(
            of answer: [UInt8], to request: [UInt8], at time: Double
        ) -> [(delay: Double, bytes: [UInt8])] {
            let delay = 0.005 + Double(random.next() % 50) / 1000
            var answer = answer
            switch random.next() % 70 {
            case 0:
                tally.note(.silent)
                return []
            case 1:
                // After it was given up, and before the line is taken for quiet again.
                tally.note(.silent)
                return [(timeout + Double(1 + random.next() % UInt64(1000 * timeout - 1)) / 1000, answer)]
            case 2, 3:
                let bit = Int(random.next() % UInt64(8 * answer.count))
                answer[bit / 8] ^= 1 << UInt8(bit % 8)
                tally.note(.corrupted)
                return [(delay, answer)]
            case 4:
                tally.note(.corrupted)
                return [(delay, Array(answer.dropLast(1 + Int(random.next() % UInt64(answer.count - 2)))))]
            case 5:
                tally.note(.otherStation)
                answer[0] ^= 0x20
                return [(delay, frame(Array(answer.dropLast(2))))]
            case 6:
                let noise = (0..<(1 + random.next() % 5)).map { _ in UInt8(truncatingIfNeeded: random.next()) }
                return [(delay, noise + answer)]
            case 7:
                return answer.enumerated().map { (delay + 0.001 * Double($0), [$1]) }
            case 8:
                return [(delay, answer), (delay + 0.002, answer)]
            case 9:
                // Somebody else's answer that strayed in.
                var stray = answer
                stray[0] ^= 0x20
                return [(delay / 2, frame(Array(stray.dropLast(2)))), (delay, answer)]
            default: return [(delay, answer)]
            }
        }
    }

    private final class Tally: Sendable {
        private let counts = Mutex<[LineStatistics.Fault: Int]>([:])

        func note(_ fault: LineStatistics.Fault) { counts.withLock { $0[fault, default: 0] += 1 } }
        var faults: [LineStatistics.Fault: Int] { counts.withLock { $0 } }
    }

    /// What a register holds: another number each minute, in each instrument.
    private static func value(_ unit: UInt8, _ register: Int, minute: Int) -> UInt16 {
        var random = SeededGenerator(seed: UInt64(unit) << 40 | UInt64(register) << 32 | UInt64(minute))
        return UInt16(truncatingIfNeeded: random.next())
    }

    /// An instrument that is off for two hours of the day, one after another.
    private struct SwitchedOff: InstrumentVoice {
        var voice: VirtualSlave
        let tally: Tally

        mutating func hear(_ bytes: [UInt8], at time: Double) -> [SpokenAnswer] {
            guard Int(time / 3600) % 24 / 2 == Int(voice.unit) else { return voice.hear(bytes, at: time) }
            if bytes.first == voice.unit { tally.note(.silent) }
            return []
        }

        mutating func hearSilence(at time: Double) {}
    }

    @Test(arguments: [1, 2]) func everyValueIsTrueAndEveryFaultCounted(seed: UInt64) async throws {
        let tally = Tally()
        let clock = VirtualClock()
        let voices = (1...6).map { unit in
            let unit = UInt8(unit)
            return SwitchedOff(
                voice: VirtualSlave(unit: unit) { Self.value(unit, $0, minute: Int($1 / 60)) }, tally: tally)
        }
        let weather = BadWeather(random: SeededGenerator(seed: seed), tally: tally, timeout: 0.5)
        let line = VirtualLine(voices, weather, clock: clock)
        let lines = DeviceLines { _ in
        } access: { _ in
            line.access
        }
        let profile = try profile(
            """
              a: {quantity: q, unit: V, at: 0, as: uint16}
              b: {quantity: q, unit: V, at: 1, as: uint16}
              c: {quantity: q, unit: V, at: 40, as: uint16}
            """)
        var devices: [Device] = []
        for unit in 1...6 {
            devices.append(
                try await lines.device(profile, at: Connection("serial:///dev/virtual?unit=\(unit)&timeout=500")))
        }
        var delivered = 0
        var missed = 0
        for minute in 0..<(7 * 24 * 60) {
            clock.move(to: Double(60 * minute))
            for device in devices {
                guard let indications = try? await device.read(["a", "b", "c"], .routine(due: clock.seconds)) else {
                    missed += 1
                    continue
                }
                for (register, indication) in zip([0, 1, 40], indications) {
                    let asked = Int(indication.exchange.sentAt.seconds(since: Instant(milliseconds: 0)) / 60)
                    let due = Self.value(UInt8(device.unit), register, minute: asked)
                    if indication.value.number != ExactDecimal(Int(due)) {
                        Issue.record("unit \(device.unit), minute \(minute): \(indication.value), not \(due)")
                    }
                    delivered += 1
                }
            }
        }
        let statistics = devices[0].statistics
        #expect(statistics.faults == tally.faults)
        // Twenty-two hours of the day each answers, and of two questions in a reading hardly one fails twice.
        let due = 7 * 22 * 60 * 6
        #expect(delivered > 3 * due * 97 / 100 && delivered <= 3 * due + 3 * 6 * 7, "\(delivered) of \(3 * due)")
        #expect(missed > 7 * 2 * 60 * 6 * 9 / 10)
    }
}
