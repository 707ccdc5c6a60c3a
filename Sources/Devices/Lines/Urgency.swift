/// Which of the requests that wait for a line goes first.
public enum Urgency: Hashable, Sendable, Comparable {
    /// Somebody waits for it at a bench: before everything that is due by a timetable.
    case live
    /// By a timetable, the earliest first; in seconds of the machine's steady clock.
    case routine(due: Double)

    var isRoutine: Bool { self != .live }
}
