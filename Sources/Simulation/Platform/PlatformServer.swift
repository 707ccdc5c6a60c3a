import Foundation
import Hummingbird
import Logging
import NIOCore
import ServiceLifecycle
import Synchronization

/// The platform's addresses, listening once: until it goes away or is cancelled.
struct PlatformServer {
    let desk: PlatformDesk

    /// - Returns: the port it listened on, to come back to.
    func run(port: Int, onListening: @escaping @Sendable (Int) -> Void) async throws -> Int {
        let bound = BoundPort(port)
        let (departures, departure) = AsyncStream<Void>.makeStream()
        let application = Application(
            router: router(departure),
            configuration: ApplicationConfiguration(
                address: .hostname("127.0.0.1", port: port), serverName: "platform"),
            onServerRunning: { channel in
                let number = channel.localAddress?.port ?? port
                bound.set(number)
                onListening(number)
            },
            logger: Self.quiet)
        let services = ServiceGroup(
            configuration: ServiceGroupConfiguration(
                services: [application], logger: Self.quiet))
        // The server is always shut down, never cancelled: a cancelled one drops connections that
        // were accepted and not yet taken up, which its library treats as a programmer's mistake.
        let serving = Task { try await services.run() }
        let leaving = Task {
            for await _ in departures { return await services.triggerGracefulShutdown() }
        }
        defer { leaving.cancel() }
        try await withTaskCancellationHandler {
            try await serving.value
        } onCancel: {
            departure.yield()
        }
        return bound.value
    }

    /// What there is to tell is in the journal and the report.
    private static let quiet = Logger(label: "platform") { _ in SwiftLogNoOpLogHandler() }

    private func router(_ departure: AsyncStream<Void>.Continuation) -> Router<BasicRequestContext> {
        let router = Router()
        // Where the public logs of two provinces differ, both spellings of register are known.
        for path in ["enterprise/register", "inf/upload/register"] {
            router.post(RouterPath(path)) { request, _ in
                try await respond("register", to: request, departure)
            }
        }
        for operation in ["versionCheck", "uploadConfigData", "uploadEnergyData"] {
            router.post("inf/\(operation)") { request, _ in
                try await respond(operation, to: request, departure)
            }
        }
        router.get("report") { _, _ in
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .prettyPrinted]
            let text = String(decoding: try encoder.encode(await desk.report), as: UTF8.self)
            return json(.ok, text + "\n")
        }
        router.add(middleware: NotFoundMiddleware())
        return router
    }

    private func respond(
        _ operation: String, to request: Request, _ departure: AsyncStream<Void>.Continuation
    ) async throws -> Response {
        let body = try await request.body.collect(upTo: 16 << 20)
        let base = "http://\(request.head.authority ?? "127.0.0.1")"
        let reply = try await desk.answer(operation, Data(body.readableBytesView), base: base)
        let delay = await desk.delay
        if delay > 0 { try await Task.sleep(for: .seconds(delay)) }
        switch reply {
        case .answer(let text): return json(.ok, text)
        case .cut:
            departure.yield()
            return Response(
                status: .ok, headers: [.contentType: jsonType],
                body: ResponseBody(contentLength: 60) { _ in throw PlatformDeparture() })
        }
    }
}

/// The platform went away in the middle of an answer.
private struct PlatformDeparture: Error {}

private let jsonType = "application/json;charset=UTF-8"

private func json(_ status: HTTPResponse.Status, _ text: String) -> Response {
    Response(
        status: status, headers: [.contentType: jsonType],
        body: ResponseBody(byteBuffer: ByteBuffer(string: text)))
}

/// An unknown path is answered as the platforms' own server software answers it.
private struct NotFoundMiddleware: RouterMiddleware {
    func handle(
        _ request: Request, context: BasicRequestContext,
        next: (Request, BasicRequestContext) async throws -> Response
    ) async throws -> Response {
        do {
            return try await next(request, context)
        } catch let error as HTTPError where error.status == .notFound {
            let body: [String: String] = [
                "status": "404", "error": "Not Found", "message": "No message available",
                "path": request.uri.path,
            ]
            let text = String(decoding: try JSONEncoder().encode(body), as: UTF8.self)
            return json(.notFound, text)
        }
    }
}

private final class BoundPort: Sendable {
    private let port: Mutex<Int>

    init(_ port: Int) {
        self.port = Mutex(port)
    }

    var value: Int { port.withLock { $0 } }

    func set(_ value: Int) {
        port.withLock { $0 = value }
    }
}
