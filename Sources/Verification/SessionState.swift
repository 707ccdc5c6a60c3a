/// What happened in a session, in order; the whole state follows from it.
public enum SessionEvent: Hashable, Sendable {
    case started
    case runStarted(Run)
    case runCompleted(Run)
    /// Interrupted, or its flow was outside: its observations stay, and count for nothing.
    case runAbandoned(Run, why: String)
    case closed
}

/// What is to be done next.
public enum SessionAction: Hashable, Sendable {
    case begin
    /// A run was under way when the program ended: stop the water, then abandon it.
    case abandon(Run)
    case perform(Run)
    case close
    case nothing
}

/// The run of a session as a value: events in, the next action out. It reads no clock and no wire,
/// so an interruption at any moment is a list of events that ends there.
public struct SessionState: Hashable, Sendable {
    public private(set) var isStarted = false
    public private(set) var isClosed = false
    public private(set) var open: Run?
    public private(set) var completed: [Run] = []
    public private(set) var abandoned: [Run] = []

    public init(_ events: some Sequence<SessionEvent> = []) {
        for event in events { apply(event) }
    }

    public mutating func apply(_ event: SessionEvent) {
        switch event {
        case .started: isStarted = true
        case .runStarted(let run): open = run
        case .runCompleted(let run):
            open = nil
            completed.append(run)
        case .runAbandoned(let run, _):
            open = nil
            abandoned.append(run)
        case .closed: isClosed = true
        }
    }

    /// - Parameters:
    ///   - points: in the order of work.
    ///   - readingsAtMost: how often a point may be measured.
    ///   - isOutside: whether at this point any position's error, from the completed runs so far, is
    ///     outside its limit.
    public func next(
        points: [String], readingsAtMost: Int, isOutside: (String) throws -> Bool
    ) rethrows -> SessionAction {
        if isClosed { return .nothing }
        guard isStarted else { return .begin }
        if let open { return .abandon(open) }
        for point in points {
            let done = completed.filter { $0.point == point }.count
            let isWanted =
                if done == 0 { true } else if done < readingsAtMost { try isOutside(point) } else { false }
            guard isWanted else { continue }
            let repetition = done + 1
            let attempts = abandoned.filter { $0.point == point && $0.repetition == repetition }.count
            return .perform(Run(point: point, repetition: repetition, attempt: attempts + 1))
        }
        return .close
    }
}
