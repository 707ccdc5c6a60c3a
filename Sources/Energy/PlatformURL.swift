import Foundation

/// An address energy data may be sent to: https, or http on this machine.
public struct PlatformURL: Hashable, Sendable {
    public let text: String

    /// - Throws: ``EnergyError/notAURL(url:)`` or ``EnergyError/insecureURL(url:)``.
    public init(_ text: String) throws {
        guard let parts = URLComponents(string: text), let scheme = parts.scheme,
            let host = parts.host, !host.isEmpty, ["https", "http"].contains(scheme)
        else { throw EnergyError.notAURL(url: text) }
        let isLoopback = ["127.0.0.1", "::1", "[::1]", "localhost"].contains(host)
        guard scheme == "https" || isLoopback else { throw EnergyError.insecureURL(url: text) }
        self.text = text
    }
}

extension PlatformURL: CustomStringConvertible {
    public var description: String { text }
}
