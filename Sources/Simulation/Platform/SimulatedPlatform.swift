import Foundation
import Hummingbird
import NIOCore

/// A monitoring platform with the terminal interface (Dialect A) over HTTP on this machine.
///
/// It shares no code with the terminal that talks to it: what both get right, they get right
/// independently.
public struct SimulatedPlatform: Sendable {
    private let desk: PlatformDesk
    private let faults: PlatformFaults

    /// - Parameter journal: a file that keeps everything received, and is remembered from one start
    ///   to the next; nil for none.
    /// - Throws: ``PlatformError/journal(path:why:)``.
    public init(faults: PlatformFaults = PlatformFaults(), journal: String? = nil) throws {
        self.faults = faults
        desk = try PlatformDesk(faults: faults, journal: journal)
    }

    public var report: PlatformReport {
        get async { await desk.report }
    }

    /// Listens on 127.0.0.1 until cancelled.
    ///
    /// - Parameters:
    ///   - port: 0 for any free one.
    ///   - onListening: told the port each time it begins to listen.
    /// - Throws: ``PlatformError``, `CancellationError`.
    public func run(port: Int, onListening: @escaping @Sendable (Int) -> Void) async throws {
        try await desk.remember()
        var port = port
        while true {
            do {
                port = try await PlatformServer(desk: desk).run(port: port, onListening: onListening)
            } catch let error as IOError {
                throw PlatformError.cannotListen(port: port, why: String(cString: strerror(error.errnoCode)))
            }
            try Task.checkCancellation()
            try await Task.sleep(for: .seconds(faults.awayFor))
        }
    }
}
