/// Which adapter a connection means: the one that its path led to when it was first opened.
///
/// Nodes are handed out anew at each plugging. The adapter is followed to whichever it gets; what an instrument said through
/// one adapter is never taken for what another said that got its node.
package struct PortIdentity: Sendable {
    /// As the connection gives it: a node, or a link such as `/dev/serial/by-id/NAME`.
    package let path: String
    /// nil before the first opening, and where the kernel knows no hardware.
    package private(set) var adapter: SerialPortDetails?
    private(set) var isRemembered = false
    /// Some makers give every adapter the same serial number: once two were seen, only the place tells them apart.
    private var hasTwins = false

    package init(path: String) {
        self.path = path
    }

    /// What to open now: the adapter's node of this time; what is not known yet, or has no hardware, by its path.
    ///
    /// - Parameters:
    ///   - there: what the path leads to.
    ///   - present: all that is plugged in.
    /// - Throws: ``DeviceError/noSuchPort(path:)`` while the adapter is not there, ``DeviceError/failed(line:why:)`` where
    ///   another stands in its place.
    package func node(_ there: SerialPortDetails?, among present: () -> [SerialPortDetails]) throws -> String {
        guard adapter != nil else { return there?.node ?? path }
        if let there, isAdapter(there) { return there.node }
        if let moved = present().first(where: isAdapter) { return moved.node }
        guard let there else { throw DeviceError.noSuchPort(path: path) }
        throw refusal(of: there)
    }

    /// Call it with what is behind the node just opened, before anything is sent: what is open can no longer change hands.
    /// The first call remembers the adapter.
    ///
    /// - Throws: ``DeviceError/failed(line:why:)`` if another adapter stands there now.
    package mutating func check(_ now: SerialPortDetails?, among present: [SerialPortDetails]) throws {
        if let known = adapter ?? now, present.filter({ $0.isSamePort(as: known) }).count > 1 { hasTwins = true }
        if isRemembered {
            switch (adapter, now) {
            case (nil, nil): return
            case (_?, let now?) where isAdapter(now): break
            default: throw refusal(of: now)
            }
        }
        isRemembered = true
        adapter = now
    }

    /// Call it for what is plugged in while the adapter is there.
    mutating func sawBeside(_ other: SerialPortDetails) {
        if let adapter, other.isSamePort(as: adapter), other.place != adapter.place { hasTwins = true }
    }

    /// Whether this is the adapter, as far as can be told.
    func isAdapter(_ port: SerialPortDetails) -> Bool {
        adapter.map { $0.isSamePort(as: port) && (!hasTwins || $0.place == port.place) } ?? false
    }

    private func refusal(of now: SerialPortDetails?) -> DeviceError {
        let why =
            switch (adapter, now) {
            case (let adapter?, let now?) where adapter.isSamePort(as: now):
                "several adapters call themselves \(adapter.words), and this one is at another place"
            case (let adapter?, let now?): "it was \(adapter.words); now it is \(now.words)"
            case (let adapter?, nil): "it was \(adapter.words); now nothing is known of what stands there"
            case (nil, let now):
                "no adapter was known there when it was first opened; now it is \(now?.words ?? "another")"
            }
        return .failed(
            line: path,
            why: "another adapter has taken the port: \(why); plug the first one in, or start again")
    }
}
