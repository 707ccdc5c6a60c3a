/// What waits for a line, the most urgent first and of equals the one that came first.
package struct LineQueue<Job: Sendable>: Sendable {
    package struct Entry: Sendable {
        /// By which it can be taken back.
        package let ticket: Int
        package let urgency: Urgency
        package let station: Station
        package let job: Job
    }

    /// In the order they go.
    private var entries: [Entry] = []
    private var tickets = 0

    package init() {}

    package var count: Int { entries.count }

    /// - Returns: the ticket by which it can be taken back.
    package mutating func insert(_ job: Job, _ urgency: Urgency, _ station: Station) -> Int {
        tickets += 1
        entries.insert(
            Entry(ticket: tickets, urgency: urgency, station: station, job: job),
            at: entries.firstIndex { $0.urgency > urgency } ?? entries.endIndex)
        return tickets
    }

    /// Puts back what was begun, before its equals; it keeps its ticket.
    package mutating func putBack(_ taken: Entry) {
        entries.insert(taken, at: entries.firstIndex { $0.urgency >= taken.urgency } ?? entries.endIndex)
    }

    /// Takes the next one: of the most urgent the first whose instrument has rested, and where none has, the one that
    /// will be soonest.
    ///
    /// - Parameter rest: seconds until a station may be asked again.
    package mutating func take(rest: (Station) -> Double) -> Entry? {
        guard let first = entries.first else { return nil }
        // A request by a timetable never overtakes one that somebody waits for.
        let equals = entries.prefix { $0.urgency.isRoutine == first.urgency.isRoutine }
        var best = equals.startIndex
        var least = Double.infinity
        for index in equals.indices {
            let wait = max(0, rest(equals[index].station))
            if wait < least { (best, least) = (index, wait) }
            if wait == 0 { break }
        }
        return entries.remove(at: best)
    }

    /// Whether something waits that goes before a request of this urgency.
    package func overtakes(_ urgency: Urgency) -> Bool { entries.first.map { $0.urgency < urgency } ?? false }

    /// Takes back what has not begun yet, or has paused.
    package mutating func remove(_ ticket: Int) -> Job? {
        guard let index = entries.firstIndex(where: { $0.ticket == ticket }) else { return nil }
        return entries.remove(at: index).job
    }
}
