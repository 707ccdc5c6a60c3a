import Synchronization

/// What carries one question and its answer at a time; used on the line's own thread only, which it may block.
protocol LineMedium: AnyObject, SendableMetatype {
    /// What was put on the line and taken from it since the bus last looked.
    var notes: [AttemptNote] { get set }
}

/// One line with one or many instruments on it: what is asked of them goes out one after another, the most urgent
/// first, on a thread of its own.
///
/// A reading that failed is asked for again as often as `Ask.attempts` says; anything else is sent once. An instrument
/// that stays silent is asked by a timetable only as often as ``Silence`` allows, and at once again when it has answered;
/// somebody at a bench is never refused a try.
actor LineBus<Medium: LineMedium> {
    private let medium: Medium
    private let clock: any LineClock
    private let executor: BusExecutor
    private let name: String
    private let observer: LineObserver?
    private let port: FollowedPort?
    private var pluggings = 0
    private nonisolated let waiting = Mutex(LineQueue<Job>())
    private nonisolated let record = Mutex(LineStatistics())
    private var silences: [Station: Silence] = [:]
    private var rested: [Station: Double] = [:]
    private var firstAsked: [Station: Double] = [:]

    nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    /// - Parameter port: of a serial line on this machine.
    init(
        _ line: Connection.Line, _ clock: any LineClock, _ observer: LineObserver?, _ port: FollowedPort?,
        _ medium: sending Medium
    ) {
        name = "\(line)"
        self.clock = clock
        self.observer = observer
        self.port = port
        self.medium = medium
        executor = BusExecutor(label: "line \(line)")
    }

    nonisolated var statistics: LineStatistics {
        var statistics = record.withLock { $0 }
        statistics.waiting = waiting.withLock { $0.count }
        return statistics
    }

    /// Whom to ask, and how.
    struct Ask: Sendable {
        let station: Station
        var urgency = Urgency.live
        /// How often to ask before silence or a damaged answer is reported; 1 for what must not be done twice.
        let attempts: Int
        /// Rest between an answer of the instrument and the next question to it, in seconds.
        let pause: Double
    }

    typealias Attempt<Answer> = @Sendable (Medium) throws -> Answer

    /// Makes each attempt in turn; between two of them what is more urgent goes first.
    ///
    /// - Returns: the answers, in order.
    /// - Throws: what the first attempt throws that fails for good; the later ones are not made. `CancellationError`
    ///   where the task was cancelled: what has begun ends with the attempt it is at.
    nonisolated func perform<Answer: Sendable>(
        _ ask: Ask, each attempts: [Attempt<Answer>]
    ) async throws -> [Answer] {
        guard !attempts.isEmpty else { return [] }
        let progress = Progress(attempts, each: ask.attempts)
        let job = Job(
            step: { bus in bus.step(ask, progress) },
            cancel: { progress.finish(throwing: CancellationError()) })
        let ticket = waiting.withLock { $0.insert(job, ask.urgency, ask.station) }
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                progress.answers(to: continuation)
                Task { await self.serve() }
            }
        } onCancel: {
            progress.cancel()
            waiting.withLock { $0.remove(ticket) }?.cancel()
        }
    }

    nonisolated func perform<Answer: Sendable>(
        _ ask: Ask, _ attempt: @escaping Attempt<Answer>
    ) async throws -> Answer {
        try await perform(ask, each: [attempt])[0]
    }

    private struct Job: Sendable {
        /// Makes one attempt; whether nothing is left to do.
        let step: @Sendable (isolated LineBus) -> Bool
        let cancel: @Sendable () -> Void
    }

    /// Does what waits, until nothing does.
    private func serve() {
        while let taken = next() {
            let rest = restLeft(taken.station)
            if rest > 0 { clock.sleep(rest) }
            repeat {
                if taken.job.step(self) { break }
                let isOvertaken = waiting.withLock { queue in
                    guard queue.overtakes(taken.urgency) else { return false }
                    queue.putBack(taken)
                    return true
                }
                if isOvertaken { break }
                let rest = restLeft(taken.station)
                if rest > 0 { clock.sleep(rest) }
            } while true
        }
    }

    private func next() -> LineQueue<Job>.Entry? {
        let now = clock.seconds
        let rested = rested
        return waiting.withLock { $0.take { (rested[$0] ?? now) - now } }
    }

    private func restLeft(_ station: Station) -> Double { (rested[station] ?? 0) - clock.seconds }
}

extension LineBus {
    /// One attempt of `progress`, and what it means for the instrument's standing on the line.
    private func step<Answer>(_ ask: Ask, _ progress: Progress<Medium, Answer>) -> Bool {
        let now = clock.seconds
        if let pluggings = port?.pluggings, pluggings != self.pluggings {
            // Who could not answer without the adapter is not asked the more seldom for it.
            self.pluggings = pluggings
            silences = [:]
        }
        guard !progress.isCancelled else { return progress.finish(throwing: CancellationError()) }
        guard let attempt = progress.next else { return true }
        if ask.urgency.isRoutine, !attempt.isRepeated, let silence = silences[ask.station], silence.rests(at: now) {
            record.withLock { $0.members[ask.station, default: .init()].spared += 1 }
            return progress.finish(throwing: silent(ask.station, silence, at: now).at(adapter))
        }
        if firstAsked[ask.station] == nil { firstAsked[ask.station] = now }
        let result = Result { try attempt.make(medium) }
        let end = clock.seconds
        rested[ask.station] = end + ask.pause
        note(ask.station, result.fault, isRepeated: attempt.isRepeated, from: now, to: end)
        switch result {
        case .success(let answer):
            silences[ask.station] = nil
            return progress.take(answer)
        case .failure(let error as DeviceError):
            if error.fault == .silent {
                fellSilent(ask.station, at: end, cost: end - now)
            } else if error.fault == .exception {
                silences[ask.station] = nil
            }
            if error.mayPass, progress.tryAgain() { return false }
            guard error.fault == .silent, let silence = silences[ask.station] else {
                return progress.finish(throwing: error.at(adapter))
            }
            return progress.finish(throwing: sharpened(error, ask.station, silence, at: end).at(adapter))
        case .failure(let error): return progress.finish(throwing: error)
        }
    }

    private var adapter: String? { port?.words }

    private func note(
        _ station: Station, _ fault: LineStatistics.Fault?, isRepeated: Bool, from start: Double, to end: Double
    ) {
        let notes = medium.notes
        medium.notes = []
        record.withLock { statistics in
            if statistics.began == nil { statistics.began = start }
            statistics.busy += end - start
            statistics.ended = end
            var member = statistics.members[station] ?? .init()
            member.asked += 1
            if isRepeated { member.repeated += 1 }
            if let fault {
                member.faults[fault, default: 0] += 1
            }
            if fault == nil || fault == .exception {
                member.answered += 1
                member.lastAnswer = end
                for note in notes { member.roundTrip.note(note.roundTrip) }
            }
            statistics.members[station] = member
        }
        guard let observer else { return }
        for (index, note) in notes.enumerated() {
            let isLast = index == notes.count - 1
            observer(TracedExchange(line: name, station: station, note: note, fault: isLast ? fault : nil))
        }
    }

    private func fellSilent(_ station: Station, at now: Double, cost: Double) {
        let last = record.withLock { $0.members[station]?.lastAnswer }
        var silence = silences[station] ?? Silence(since: last ?? firstAsked[station] ?? now - cost)
        silence.failed(at: now, cost: cost)
        silences[station] = silence
    }

    /// Says since when, and who does answer, where that tells more than that there was no answer.
    private func sharpened(
        _ error: DeviceError, _ station: Station, _ silence: Silence, at now: Double
    ) -> DeviceError {
        let answering = answering(beside: station, since: silence.since)
        let hasAnswered = record.withLock { $0.members[station]?.lastAnswer != nil }
        guard hasAnswered || !answering.isEmpty else { return error }
        return silent(station, silence, at: now)
    }

    private func silent(_ station: Station, _ silence: Silence, at now: Double) -> DeviceError {
        .silentAmong(
            station: station, line: name, milliseconds: Int((1000 * (now - silence.since)).rounded()),
            answering: answering(beside: station, since: silence.since))
    }

    /// The other instruments that have answered since.
    private func answering(beside station: Station, since: Double) -> [Station] {
        record.withLock { statistics in
            statistics.members.filter { $0.key != station && $0.value.lastAnswer.map { $0 > since } ?? false }
                .map(\.key).sorted()
        }
    }
}

extension Result {
    fileprivate var fault: LineStatistics.Fault? {
        guard case .failure(let error) = self else { return nil }
        return (error as? DeviceError)?.fault ?? .other
    }
}
