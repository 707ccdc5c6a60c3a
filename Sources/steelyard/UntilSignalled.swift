import UnixSignals

/// Runs `body` until it ends by itself or the program is asked to end (SIGTERM, SIGINT); then
/// `body` is cancelled and waited for.
func untilSignalled(_ body: @escaping @Sendable () async throws -> Void) async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
        let signals = await UnixSignalsSequence(trapping: .sigterm, .sigint)
        group.addTask {
            do { try await body() } catch is CancellationError {
                // Asked to end, and ended: nothing went wrong.
            }
        }
        group.addTask { for await _ in signals { return } }
        try await group.next()
        group.cancelAll()
        try await group.waitForAll()
    }
}
