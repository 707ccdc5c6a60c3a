/// How an instrument that stays silent is asked: as often as costs the others no more than a stated share of the line,
/// and as usual again from its first answer on.
struct Silence: Hashable {
    /// The part of the line's time that requests nobody answers may take.
    static let share = 0.05
    /// In seconds; at least this often it is asked whether it is there.
    static let longest = 120.0

    /// When it fell silent: its last answer, or the first time it was asked.
    let since: Double
    /// Not by a timetable before that.
    private(set) var nextTrial: Double
    /// Trials so far, each of one or several attempts, and what the last one cost.
    private var trials = 0
    private var spent = 0.0

    init(since: Double) {
        self.since = since
        nextTrial = since
    }

    /// One attempt more that nobody answered and that took the line `cost` seconds: after each trial it waits as long as
    /// that took, then twice as long each time, until it costs no more than its share. A meter that missed one question is
    /// soon asked again.
    mutating func failed(at now: Double, cost: Double) {
        if trials == 0 || now - cost >= nextTrial {
            trials += 1
            spent = cost
        } else {
            spent += cost
        }
        let factor = min(1 / Self.share - 1, Double(1 << min(trials - 1, 16)))
        nextTrial = now + min(Self.longest, spent * factor)
    }

    func rests(at now: Double) -> Bool { now < nextTrial }
}
