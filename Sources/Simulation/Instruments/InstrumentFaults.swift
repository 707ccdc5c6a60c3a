import Metrology
import Synchronization

/// The faults of one instrument: a schedule, and the dice for those that come by chance. Everything that speaks for
/// the instrument shares it, and so do its values.
public final class InstrumentFaults: Sendable {
    private struct State {
        var schedule: [ScheduledFault]
        var generator: SeededGenerator
    }

    private let state: Mutex<State>

    /// - Parameter seed: the same seed hits the same answers.
    public init(_ schedule: [ScheduledFault] = [], seed: UInt64 = 1) {
        state = Mutex(State(schedule: schedule, generator: SeededGenerator(seed: seed)))
    }

    /// From now on this and nothing else.
    public func set(_ schedule: [ScheduledFault]) {
        state.withLock { $0.schedule = schedule }
    }

    /// What hits an answer given at `time`, in the order of the schedule.
    func drawn(at time: Double) -> [WireFault] {
        state.withLock { state in
            var hits: [WireFault] = []
            for item in state.schedule where item.holds(at: time) && !item.fault.isOfValue {
                // The dice are thrown for every fault that could come, so that one does not move another.
                if item.chance >= 1 || state.generator.uniform() < item.chance { hits.append(item.fault) }
            }
            return hits
        }
    }

    /// What is wrong with the values at `time`.
    public func disturbance(at time: Double) -> ValueDisturbance {
        var found = ValueDisturbance()
        for item in state.withLock({ $0.schedule }) where item.holds(at: time) {
            switch item.fault {
            case .drifting(let rate): found.relativeDrift += rate / 100 * (time - item.from) / 3600
            case .unstable: found.isUnstable = true
            case .reset: found.resetAt = max(found.resetAt ?? item.from, item.from)
            default: break
            }
        }
        return found
    }
}

/// What is wrong with the values of an instrument at one moment.
public struct ValueDisturbance: Hashable, Sendable {
    /// Part of the value that is added to it.
    public var relativeDrift = 0.0
    /// Values scatter, and no reading is stable.
    public var isUnstable = false
    /// When counters started again from zero, in seconds of the line's clock.
    public var resetAt: Double?

    public init() {}
}
