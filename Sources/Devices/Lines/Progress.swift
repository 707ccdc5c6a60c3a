import Synchronization

/// How far one request of a line's queue has come: attempts made, answers taken, and who waits for them.
final class Progress<Medium, Answer: Sendable>: Sendable {
    typealias Make = @Sendable (Medium) throws -> Answer

    private struct State {
        var answers: [Answer] = []
        var left: Int
        var isRepeated = false
        var continuation: CheckedContinuation<[Answer], any Error>?
        /// Of a request that ended before anybody waited.
        var early: Result<[Answer], any Error>?
        var isCancelled = false
    }

    private let attempts: [Make]
    private let each: Int
    private let state: Mutex<State>

    init(_ attempts: [Make], each: Int) {
        self.attempts = attempts
        self.each = each
        state = Mutex(State(left: each))
    }

    /// The attempt to make now.
    var next: (make: Make, isRepeated: Bool)? {
        state.withLock { state in
            attempts.indices.contains(state.answers.count)
                ? (attempts[state.answers.count], state.isRepeated) : nil
        }
    }

    /// Takes the answer to ``next``; whether it was the last.
    func take(_ answer: Answer) -> Bool {
        let answers: [Answer]? = state.withLock { state in
            state.answers.append(answer)
            state.left = each
            state.isRepeated = false
            return state.answers.count == attempts.count ? state.answers : nil
        }
        if let answers { end(.success(answers)) }
        return answers != nil
    }

    /// Whether ``next`` may be asked once more.
    func tryAgain() -> Bool {
        state.withLock { state in
            state.left -= 1
            state.isRepeated = state.left > 0
            return state.isRepeated
        }
    }

    /// Nobody waits any more: what has begun ends with the attempt it is at.
    func cancel() { state.withLock { $0.isCancelled = true } }

    var isCancelled: Bool { state.withLock { $0.isCancelled } }

    @discardableResult func finish(throwing error: any Error) -> Bool {
        end(.failure(error))
        return true
    }

    func answers(to continuation: CheckedContinuation<[Answer], any Error>) {
        let early: Result<[Answer], any Error>? = state.withLock { state in
            if state.early == nil { state.continuation = continuation }
            return state.early
        }
        if let early { continuation.resume(with: early) }
    }

    private func end(_ result: Result<[Answer], any Error>) {
        let continuation = state.withLock { state in
            defer { state.continuation = nil }
            if state.continuation == nil, state.early == nil { state.early = result }
            return state.continuation
        }
        continuation?.resume(with: result)
    }
}
