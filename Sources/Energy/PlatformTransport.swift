/// Carries one request to a platform and brings the answer back.
public protocol PlatformTransport: Sendable {
    /// - Returns: status and body of an answer that arrived whole.
    /// - Throws: ``EnergyError/unreachable(url:why:)`` where none did, which includes a request that
    ///   may have arrived; `CancellationError`.
    func post(_ body: String, to url: PlatformURL) async throws -> PlatformAnswer
}

public struct PlatformAnswer: Sendable, Equatable {
    public let status: Int
    public let body: String

    public init(status: Int, body: String) {
        self.status = status
        self.body = body
    }
}
