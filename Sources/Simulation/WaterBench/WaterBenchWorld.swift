import Metrology

/// The truth of a water-meter bench: how much water really passed, and what each instrument's
/// true error is. Instruments see it only through their sensing methods.
///
/// Units inside: litres, seconds of simulated time, m³/h, °C, kPa, %. The same seed and the same
/// sequence of commands give the same water, whatever the machine's speed and however often anybody
/// looks: readings are taken at standstill, and a batch passes in portions whose flow depends on the
/// volume passed alone.
public struct WaterBenchWorld: Sendable {
    /// One meter under test.
    public struct Meter: Sendable {
        public let serial: UInt32
        public let curve: ErrorCurve
        /// Standard deviation of one run's error, in %.
        public let repeatability: Double
        /// What the register would show with all its digits, L.
        package fileprivate(set) var register: Double
        fileprivate var runError: Double = 0
    }

    public struct Layout: Sendable {
        /// m³/h
        public let q3: Double
        /// Q3/Q1
        public let ratio: Double
        public let positions: Int
        /// Meters that are made to fail at a point.
        public let faulty: Int

        public init(q3: Double = 2.5, ratio: Double = 80, positions: Int = 10, faulty: Int = 2) {
            self.q3 = q3
            self.ratio = ratio
            self.positions = positions
            self.faulty = faulty
        }

        public var q1: Double { q3 / ratio }
        public var q2: Double { 1.6 * q1 }
    }

    public let layout: Layout
    public internal(set) var meters: [Meter]
    /// The true error of the reference, % of the volume passed.
    public let referenceCurve: ErrorCurve
    /// L, shown by the reference with all its digits.
    package private(set) var referenceRegister: Double
    /// L that really passed since the world began.
    public private(set) var passed = 0.0

    private var setFlow = 0.0
    private var presetVolume = 0.0
    package private(set) var isRunning = false
    /// Whether the last batch passed its whole volume: the controller closes its valve once the
    /// reference has counted it.
    package private(set) var isComplete = false
    /// Reference register when the running batch began, and its duration so far in s.
    private var batchStart = 0.0
    package private(set) var batchDuration = 0.0
    private var portion = Portion()
    private var randomness: SeededGenerator
    private let climatePhase: Double
    private var elapsed = 0.0

    /// A part of a batch in which the flow keeps still.
    private struct Portion {
        /// L
        var volume = 0.0
        /// s since it began
        var elapsed = 0.0
        // What was counted when it began.
        var passed = 0.0
        var reference = 0.0
        var duration = 0.0
        var meters: [Double] = []
    }

    /// - Parameter curves: for some positions (from 1), the true error instead of a drawn one.
    public init(seed: UInt64, layout: Layout = Layout(), curves: [Int: ErrorCurve] = [:]) {
        self.layout = layout
        var generator = SeededGenerator(seed: seed)
        // The curve the reference's certificate states, and a departure the certificate's U allows for.
        let departure = 0.05 * max(-2, min(2, generator.normal()))
        referenceCurve = ErrorCurve(
            flows: Self.certifiedFlows, errors: Self.certifiedErrors.map { $0 + departure })
        referenceRegister = generator.uniform(in: 1000...9000)
        climatePhase = generator.uniform()
        let flows = [layout.q1, layout.q2, layout.q3]
        let faulty = Self.positions(layout.faulty, of: layout.positions, &generator)
        meters = (1...max(1, layout.positions)).map { position in
            var drawn = Self.sound(&generator)
            if faulty.contains(position) {
                let point = Int(generator.next() % 3)
                let limit = point == 0 ? 5.0 : 2.0
                drawn[point] = (generator.uniform() < 0.5 ? -1 : 1) * limit * generator.uniform(in: 1.3...1.8)
            }
            return Meter(
                serial: UInt32(26_110_000 + position),
                curve: curves[position] ?? ErrorCurve(flows: flows, errors: drawn),
                repeatability: 0.03, register: generator.uniform(in: 0...2000))
        }
        randomness = SeededGenerator(seed: seed, stream: 1)
    }

    /// The reference flow meter's certified errors: what `flow-reference-421200`'s demonstration
    /// certificate gives as corrections, with the sign turned.
    static let certifiedFlows = [0.025, 0.04, 0.1, 0.5, 1, 2.5, 4]
    static let certifiedErrors = [-0.04, -0.03, -0.02, 0.01, 0.02, 0.03, 0.03]

    /// Errors of a good meter: within four fifths of the limits, at Q3 within half of it.
    private static func sound(_ generator: inout SeededGenerator) -> [Double] {
        let q3 = generator.uniform(in: -0.8...0.8)
        return [generator.uniform(in: -4...4), generator.uniform(in: -1.6...1.6), q3]
    }

    private static func positions(
        _ count: Int, of all: Int, _ generator: inout SeededGenerator
    ) -> Set<Int> {
        var chosen: Set<Int> = []
        while chosen.count < min(count, all) { chosen.insert(1 + Int(generator.next() % UInt64(all))) }
        return chosen
    }

    // MARK: What the batch controller does

    package mutating func set(flow: Double) {
        beginPortion()
        setFlow = flow
    }

    package mutating func set(volume: Double) { presetVolume = volume }

    var preset: (flow: Double, volume: Double) { (setFlow, presetVolume) }

    package mutating func startBatch() {
        guard !isRunning, setFlow > 0, presetVolume > 0 else { return }
        isRunning = true
        isComplete = false
        batchStart = referenceRegister
        batchDuration = 0
        for index in meters.indices {
            meters[index].runError = meters[index].repeatability * randomness.normal()
        }
        portion.volume = max(presetVolume / 200, 0.01)
        beginPortion()
    }

    package mutating func stopBatch() { isRunning = false }

    // MARK: Time

    /// Lets `seconds` pass.
    package mutating func advance(by seconds: Double) {
        elapsed += seconds
        var remaining = seconds
        while isRunning, remaining > 0, flow > 0 {
            let whole = portion.volume / (flow / 3.6)
            let left = whole - portion.elapsed
            if remaining < left {
                portion.elapsed += remaining
                remaining = 0
                count(flow / 3.6 * portion.elapsed, in: portion.elapsed)
            } else {
                remaining -= left
                count(portion.volume, in: whole)
                beginPortion()
                if referenceRegister - batchStart >= presetVolume {
                    isRunning = false
                    isComplete = true
                }
            }
        }
    }

    /// Everything counts `volume` on top of what it had counted when the portion began.
    private mutating func count(_ volume: Double, in seconds: Double) {
        passed = portion.passed + volume
        referenceRegister = portion.reference + volume * (1 + referenceCurve.error(at: flow) / 100)
        for index in meters.indices {
            let error = meters[index].curve.error(at: flow) + meters[index].runError
            meters[index].register = portion.meters[index] + volume * (1 + error / 100)
        }
        batchDuration = portion.duration + seconds
    }

    private mutating func beginPortion() {
        portion = Portion(
            volume: portion.volume, passed: passed, reference: referenceRegister,
            duration: batchDuration, meters: meters.map(\.register))
    }

    /// A triangle wave of period 1 and amplitude 1.
    private func wave(_ x: Double) -> Double {
        let part = x - x.rounded(.down)
        return 4 * abs(part - 0.5) - 1
    }

    // MARK: What instruments can sense

    /// A valve holds its flow to about 1 %.
    var flow: Double { isRunning ? setFlow * (0.985 + 0.01 * wave(portion.passed / 7)) : 0 }
    var waterTemperature: Double { 20.4 + 0.3 * wave(elapsed / 7200 + climatePhase) }
    /// Gauge pressure upstream; falls with the flow.
    var waterPressure: Double { 320 - 6 * flow * flow }
    var roomTemperature: Double { 21.3 + 0.6 * wave(elapsed / 21_600 + climatePhase) }
    var roomHumidity: Double { 52 + 4 * wave(elapsed / 18_000 + climatePhase) }
}

extension WaterBenchWorld {
    /// The true errors, one meter a line: position, serial number, % at Q1, Q2, Q3.
    public var truthText: String {
        meters.enumerated().map { index, meter in
            "\(index + 1) \(meter.serial) " + meter.curve.errors.map { "\($0)" }.joined(separator: " ")
        }.joined(separator: "\n") + "\n"
    }
}
