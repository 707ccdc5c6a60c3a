import Glibc

/// What an instrument measures, as a function of time.
public struct SimulatedValue: Hashable, Sendable {
    public enum Course: Hashable, Sendable {
        case constant(Double)
        /// Period in seconds.
        case sine(mean: Double, amplitude: Double, period: Double)
        /// A register that counts up, by so much in an hour.
        case counter(start: Double, perHour: Double)
    }

    public let course: Course

    public init(_ course: Course) {
        self.course = course
    }

    /// The value at `time`, in seconds of the line's clock, with what is wrong with it.
    public func number(at time: Double, _ disturbance: ValueDisturbance = .init()) -> Double {
        var value: Double
        switch course {
        case .constant(let constant): value = constant
        case .sine(let mean, let amplitude, let period): value = mean + amplitude * sin(2 * .pi * time / period)
        case .counter(let start, let rate):
            value =
                disturbance.resetAt.map { rate * (time - $0) / 3600 } ?? (start + rate * time / 3600)
        }
        value *= 1 + disturbance.relativeDrift
        if disturbance.isUnstable { value *= 1 + 0.02 * (Self.scatter(time) - 0.5) }
        return value
    }

    /// Between 0 and 1, another at every moment and always the same at the same one.
    private static func scatter(_ time: Double) -> Double {
        var bits = time.bitPattern &+ 0x9E37_79B9_7F4A_7C15
        bits = (bits ^ (bits >> 30)) &* 0xBF58_476D_1CE4_E5B9
        bits = (bits ^ (bits >> 27)) &* 0x94D0_49BB_1331_11EB
        return Double((bits ^ (bits >> 31)) >> 11) * 0x1p-53
    }
}
