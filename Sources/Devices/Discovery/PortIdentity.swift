import Glibc

/// Which adapter a connection means: the one that its path led to when it was first opened.
///
/// Nodes are handed out anew at each plugging. What an instrument said through one adapter is never
/// taken for what another said that got its node.
public struct PortIdentity: Sendable {
    /// As the connection gives it: a node, or a link such as `/dev/serial/by-id/NAME`.
    public let path: String
    private var first: SerialPortDetails?
    private var isRemembered = false

    public init(path: String) {
        self.path = path
    }

    /// The node that the path leads to now.
    /// - Throws: `DeviceError.noSuchPort` while it leads nowhere.
    public func resolve() throws -> String {
        guard let resolved = realpath(path, nil) else { throw DeviceError.noSuchPort(path: path) }
        defer { free(resolved) }
        return String(cString: resolved)
    }

    /// Call it with the node just opened, before anything is sent: what is open can no longer change
    /// hands. The first call remembers the adapter.
    /// - Throws: `DeviceError.failed` if another adapter stands there now.
    public mutating func check(_ node: String) throws {
        try check(SerialPortDetails(at: node), among: SerialPorts.present())
    }

    package mutating func check(_ now: SerialPortDetails?, among present: [SerialPortDetails]) throws {
        guard isRemembered else {
            first = now
            isRemembered = true
            return
        }
        guard let first else {
            if let now {
                throw refusal("no adapter was known there when it was first opened; now it is \(now.words)")
            }
            return
        }
        guard let now else {
            throw refusal("it was \(first.words); now nothing is known of what stands there")
        }
        guard first.isSamePort(as: now) else {
            throw refusal("it was \(first.words); now it is \(now.words)")
        }
        // Some makers give every adapter the same serial number: then only the place tells them apart.
        if now.place != first.place, present.filter({ $0.isSamePort(as: first) }).count > 1 {
            throw refusal(
                "several adapters call themselves \(first.words), and this one is at another place")
        }
    }

    private func refusal(_ why: String) -> DeviceError {
        .failed(
            line: path,
            why: "another adapter has taken the port: \(why); plug the first one in, or start again")
    }
}
