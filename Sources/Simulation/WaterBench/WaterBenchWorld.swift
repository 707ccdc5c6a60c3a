import Metrology

/// The truth of a water-meter bench: how much water really passed, and what each instrument's
/// true error is. Instruments see it only through their sensing methods.
///
/// Units inside: litres, seconds of simulated time, m³/h, °C, kPa, %. The same seed and the same
/// sequence of commands give the same water, whatever the machine's speed: readings are taken at
/// standstill, and the flow's disturbance is a function of the volume passed.
public struct WaterBenchWorld: Sendable {
    /// One meter under test.
    public struct Meter: Sendable {
        public let serial: UInt32
        public let curve: ErrorCurve
        /// Standard deviation of one run's error, in %.
        public let repeatability: Double
        /// What the register would show with all its digits, L.
        fileprivate(set) var register: Double
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
    private(set) var referenceRegister: Double
    /// L that really passed since the world began.
    public private(set) var passed = 0.0

    private var setFlow = 0.0
    private var presetVolume = 0.0
    private(set) var isRunning = false
    /// Reference register when the running batch began, and its duration so far in s.
    private var batchStart = 0.0
    private(set) var batchDuration = 0.0
    private var randomness: SeededGenerator
    private let climatePhase: Double
    private var elapsed = 0.0

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

    /// Errors of a good meter: within four fifths of the limits, and not all to one side.
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

    mutating func set(flow: Double) { setFlow = flow }
    mutating func set(volume: Double) { presetVolume = volume }
    var preset: (flow: Double, volume: Double) { (setFlow, presetVolume) }

    mutating func startBatch() {
        guard !isRunning, setFlow > 0, presetVolume > 0 else { return }
        isRunning = true
        batchStart = referenceRegister
        batchDuration = 0
        for index in meters.indices {
            meters[index].runError = meters[index].repeatability * randomness.normal()
        }
    }

    mutating func stopBatch() { isRunning = false }

    /// The controller closes its valve once the reference has counted the preset volume.
    var isComplete: Bool {
        !isRunning && presetVolume > 0 && referenceRegister - batchStart >= presetVolume
    }

    // MARK: Time

    /// Lets `seconds` pass.
    mutating func advance(by seconds: Double) {
        elapsed += seconds
        var remaining = seconds
        while isRunning, remaining > 0 {
            // A valve holds its flow to about 1 %; the ripple depends on the water passed alone.
            let ripple = 0.01 * wave(passed / 7)
            let flow = setFlow * (0.985 + ripple)
            let litresPerSecond = flow / 3.6
            let step = min(remaining, max(presetVolume / 200, 0.01) / litresPerSecond)
            let volume = litresPerSecond * step
            passed += volume
            referenceRegister += volume * (1 + referenceCurve.error(at: flow) / 100)
            for index in meters.indices {
                let error = meters[index].curve.error(at: flow) + meters[index].runError
                meters[index].register += volume * (1 + error / 100)
            }
            batchDuration += step
            remaining -= step
            if referenceRegister - batchStart >= presetVolume { isRunning = false }
        }
    }

    /// A triangle wave of period 1 and amplitude 1.
    private func wave(_ x: Double) -> Double {
        let part = x - x.rounded(.down)
        return 4 * abs(part - 0.5) - 1
    }

    // MARK: What instruments can sense

    var flow: Double { isRunning ? setFlow * (0.985 + 0.01 * wave(passed / 7)) : 0 }
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
