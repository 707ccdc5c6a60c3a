import Chronometry
import Devices
import Foundation
import Synchronization

/// What happens to the adapter of a line, in one line on standard error.
@Sendable func tell(_ news: LineNews) {
    FileHandle.standardError.write(Data("steelyard: \(news)\n".utf8))
}

/// A pause that ends early when somebody rings.
final class PlugAlarm: Sendable {
    private struct State {
        var isRung = false
        var sleeper: Task<Void, any Error>?
    }

    private let state = Mutex(State())

    func ring() {
        state.withLock { state in
            state.isRung = true
            state.sleeper?.cancel()
        }
    }

    /// - Parameter end: in seconds of the monotonic clock.
    /// - Returns: whether it was rung, during the pause or before it.
    /// - Throws: `CancellationError` where the calling task was cancelled.
    func sleep(until end: Double) async throws -> Bool {
        let wait = max(0, end - SystemClock.monotonicSeconds())
        let sleeper = Task { try await Task.sleep(for: .seconds(wait)) }
        state.withLock { state in
            state.sleeper = sleeper
            if state.isRung { sleeper.cancel() }
        }
        await withTaskCancellationHandler {
            _ = await sleeper.result
        } onCancel: {
            sleeper.cancel()
        }
        let isRung = state.withLock { state in
            defer { state = State() }
            return state.isRung
        }
        try Task.checkCancellation()
        return isRung
    }
}
