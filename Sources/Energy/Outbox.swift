public import Chronometry

/// Brings waiting submissions to one destination, and keeps every answer.
///
/// A submission stops waiting only on the platform's own answer. What is sent and then interrupted,
/// by a crash or a broken connection, is sent again; the platform replaces a value of the same
/// identity, and since a value never changes here, the second copy is the same as the first.
public struct Outbox: Sendable {
    public enum Step: Sendable, Equatable {
        /// So many submissions were accepted or refused, or the session moved on; there may be more.
        case progressed(decided: Int)
        /// Nothing is due.
        case idle
        /// The platform cannot be used before that instant.
        case blocked(until: Instant)
    }

    /// Values in one request.
    static let batch = 200
    /// Refusals of one value before it is left to a person.
    public static let greatestRefusals = 5

    let records: EnergyRecords
    let plan: EnergyPlan
    let destination: Destination
    let transport: any PlatformTransport
    let now: @Sendable () -> Instant

    private var failures = 0
    private var blockedUntil: Instant?
    /// When the platform's versions were last asked for; the run asks at its start and once a day.
    var versionsCheckedAt: Instant?
    /// A registration that the platform disowned at once is not repeated without waiting.
    private var isRegisteredAnew = false

    public init(
        records: EnergyRecords, plan: EnergyPlan, destination: Destination,
        transport: any PlatformTransport, now: @escaping @Sendable () -> Instant
    ) {
        self.records = records
        self.plan = plan
        self.destination = destination
        self.transport = transport
        self.now = now
    }

    /// Does the next thing that is due.
    ///
    /// - Throws: `LedgerError` and whatever else is not the platform's doing; the platform's own
    ///   failures are waited out.
    public mutating func step() async throws -> Step {
        if let until = blockedUntil, now() < until { return .blocked(until: until) }
        guard let state = try records.destination(destination.key) else { return .idle }
        let deviceID: String
        switch try await prepare(state) {
        case .ready(let id): deviceID = id
        case .moved:
            blockedUntil = nil
            return .progressed(decided: 0)
        case .failed(let answer): return try block(answer, state)
        }
        guard let url = state.dataURL.flatMap({ try? PlatformURL($0) }) else {
            return try block(.unusable("no address for data was assigned"), state)
        }
        // After a failure one value asks whether the platform is back.
        let due = try records.due(
            for: state.id, at: now(), before: cutoff(state), limit: failures > 0 ? 1 : Self.batch)
        guard let first = due.first else {
            if !isRegisteredAnew { failures = 0 }
            return .idle
        }
        // A value that was refused travels alone: it must not take others with it again.
        let fresh = due.filter { $0.refusals == 0 }
        return try await send(fresh.isEmpty ? [first] : fresh, as: deviceID, to: url, state)
    }

    /// Values whose period began before this platform date may go; nil: all may.
    private func cutoff(_ state: DestinationState) -> String? {
        guard destination.sending == .daily else { return nil }
        let local = now().civil(in: .china)
        let hasBegun = now().platformText.suffix(8) >= (state.uploadTime ?? Self.usualUploadTime)
        return "\(hasBegun ? local.date : local.date.advanced(byDays: -1)) 00:00:00"
    }

    /// Where the platform assigned no time.
    private static let usualUploadTime = "01:30:00"

    private mutating func send(
        _ submissions: [Submission], as deviceID: String, to url: PlatformURL,
        _ state: DestinationState
    ) async throws -> Step {
        let body = DialectA.encode(
            submissions.map(\.value), deviceID: deviceID, enterprise: plan.enterprise.code,
            uploadedAt: now())
        let (answer, upload) = try await ask("uploadEnergyData", body, url)
        func settle(_ outcome: SubmissionOutcome) throws {
            try records.settle(submissions, outcome, by: upload, of: state.id)
        }
        switch answer {
        case .accepted:
            try settle(.accepted)
            (failures, blockedUntil, isRegisteredAnew) = (0, nil, false)
            return .progressed(decided: submissions.count)
        case .refused(let text) where submissions.count > 1:
            // The answer does not say which value; halves find it.
            try settle(.batchRefused(text: text))
            let middle = submissions.count / 2
            let halves = [Array(submissions[..<middle]), Array(submissions[middle...])]
            var decided = 0
            for half in halves {
                let step = try await send(half, as: deviceID, to: url, state)
                guard case .progressed(let count) = step else { return step }
                decided += count
            }
            return .progressed(decided: decided)
        case .refused(let text):
            let refusals = submissions[0].refusals + 1
            let again = now().advanced(bySeconds: Backoff.refused.seconds(after: refusals))
            let isLast = refusals >= Self.greatestRefusals
            try settle(.refused(text: text, notBefore: isLast ? nil : again))
            return .progressed(decided: 1)
        case .unknownTerminal, .unusable:
            try settle(.noAnswer)
            return try block(answer, state)
        }
    }

    private mutating func block(
        _ answer: DialectA.Answer, _ state: DestinationState
    ) throws -> Step {
        switch answer {
        case .unknownTerminal:
            try records.forgetRegistration(of: state.id)
            guard isRegisteredAnew else {
                isRegisteredAnew = true
                return .progressed(decided: 0)
            }
            return fail(.unreachable)
        case .refused: return fail(.refused)
        case .unusable, .accepted: return fail(.unreachable)
        }
    }

    private mutating func fail(_ backoff: Backoff) -> Step {
        failures += 1
        let until = now().advanced(bySeconds: backoff.seconds(after: failures))
        blockedUntil = until
        return .blocked(until: until)
    }
}
