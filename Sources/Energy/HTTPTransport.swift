import AsyncHTTPClient
import NIOCore
import NIOHTTP1

/// HTTPS with the server's certificate verified against the system's authorities, and no
/// redirects: a platform that moved is written into the plan by a person.
public struct HTTPTransport: PlatformTransport {
    private let client: HTTPClient
    private let limit: TimeAmount

    /// Opens a transport for as long as `body` runs.
    ///
    /// - Parameter timeout: real seconds from asking to the last byte of the answer.
    public static func with<T: Sendable>(
        timeout: Double = 30, _ body: @Sendable (HTTPTransport) async throws -> T
    ) async throws -> T {
        // What this says nothing about stays as it is by default: full verification of the server.
        var configuration = HTTPClient.Configuration()
        configuration.redirectConfiguration = .disallow
        configuration.timeout.connect = .seconds(10)
        return try await HTTPClient.withHTTPClient(configuration: configuration) { client in
            try await body(
                HTTPTransport(client: client, limit: .nanoseconds(Int64(timeout * 1e9))))
        }
    }

    public func post(_ body: String, to url: PlatformURL) async throws -> PlatformAnswer {
        var request = HTTPClientRequest(url: url.text)
        request.method = .POST
        request.headers.add(name: "Content-Type", value: "application/json;charset=UTF-8")
        // Uploads are minutes apart, and a connection kept that long is closed by some firewall on
        // the way without a word.
        request.headers.add(name: "Connection", value: "close")
        request.body = .bytes(ByteBuffer(string: body))
        do {
            let response = try await client.execute(request, deadline: .now() + limit)
            let bytes = try await response.body.collect(upTo: Self.greatestAnswer)
            return PlatformAnswer(
                status: Int(response.status.code), body: String(buffer: bytes))
        } catch {
            // Cancellation reaches us as an error of the client's own.
            try Task.checkCancellation()
            throw EnergyError.unreachable(url: url.text, why: "\(error)")
        }
    }

    /// Answers of the interface are a few hundred bytes.
    private static let greatestAnswer = 1 << 20
}
