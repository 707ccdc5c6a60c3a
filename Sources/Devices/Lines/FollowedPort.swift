import Synchronization

/// The port of one serial line: the adapter that was there first, wherever it is plugged in.
///
/// The line's own thread opens it; news of plugs come from another.
package final class FollowedPort: Sendable {
    let path: String
    private let ports: VisiblePorts
    private let tell: LineNewsObserver?
    private let state: Mutex<State>

    private struct State {
        var identity: PortIdentity
        /// Where the adapter was last, as far as it was told.
        var node: String?
        var isUnplugged = false
        var pluggings = 0
        var isSlowTold = false

        mutating func lost(_ port: SerialPortDetails) -> LineNews.Change? {
            guard !isUnplugged, identity.isAdapter(port), identity.adapter?.place == port.place else { return nil }
            isUnplugged = true
            return .unplugged
        }

        mutating func found(_ port: SerialPortDetails, _ ports: VisiblePorts) -> LineNews.Change? {
            if !identity.isRemembered {
                // It was not there yet when somebody wanted it.
                guard ports.at(identity.path)?.node == port.node else { return nil }
                pluggings += 1
                return .back(node: port.node)
            }
            guard isUnplugged else {
                identity.sawBeside(port)
                return nil
            }
            guard identity.isAdapter(port) else { return port.node == node ? .taken(by: port.words) : nil }
            node = port.node
            pluggings += 1
            return .back(node: port.node)
        }
    }

    package init(path: String, among ports: VisiblePorts = .ofThisMachine, _ tell: LineNewsObserver? = nil) {
        self.path = path
        self.ports = ports
        self.tell = tell
        state = Mutex(State(identity: PortIdentity(path: path)))
    }

    /// nil for a line that is no serial port.
    convenience init?(_ line: Connection.Line, _ tell: LineNewsObserver? = nil) {
        guard case .serial(let path) = line else { return nil }
        self.init(path: path, among: .ofThisMachine, tell)
    }

    /// What the adapter calls itself; nil where the kernel knows no hardware.
    var words: String? { state.withLock { $0.identity.adapter?.words } }

    /// Whether what is open leads nowhere any more.
    package var isUnplugged: Bool { state.withLock { $0.isUnplugged } }

    /// How often an adapter was plugged in for this line: after each, everybody on it may be asked again.
    var pluggings: Int { state.withLock { $0.pluggings } }

    /// Opens the adapter's node of this time.
    ///
    /// - Throws: ``DeviceError``; where another adapter stands there, before anything is sent to it.
    package func open<Port: ~Copyable>(_ make: (_ node: String) throws -> Port) throws -> Port {
        let node = try state.withLock { try $0.identity.node(ports.at(path), among: ports.present) }
        let made = try make(node)
        let (now, present) = (ports.at(node), ports.present())
        let (adapter, isMoved) = try state.withLock { state in
            try state.identity.check(now, among: present)
            defer { state.node = node }
            state.isUnplugged = false
            return (state.identity.adapter, state.node.map { $0 != node } ?? false)
        }
        guard let adapter else { return made }
        if isMoved { tell?(LineNews(path, adapter.words, .back(node: node))) }
        if let latency = ports.lowerLatency(node), latency > 1, isFirstSlow() {
            tell?(LineNews(path, adapter.words, .slow(milliseconds: latency)))
        }
        return made
    }

    private func isFirstSlow() -> Bool {
        state.withLock { state in
            defer { state.isSlowTold = true }
            return !state.isSlowTold
        }
    }

    package func take(_ event: SerialPortWatch.Event) {
        let change: LineNews.Change? = state.withLock { state in
            switch event {
            case .removed(let port): state.lost(port)
            case .added(let port): state.found(port, ports)
            }
        }
        if let change { tell?(LineNews(path, words ?? event.port.words, change)) }
    }
}

/// What a line sees of serial ports: the machine's, or those a test makes up.
package struct VisiblePorts: Sendable {
    package let present: @Sendable () -> [SerialPortDetails]
    /// Behind a node or a link to one.
    package let at: @Sendable (String) -> SerialPortDetails?
    /// Makes the adapter at a node pass on at once what arrives; in ms what it takes after that, nil where it does not say.
    package let lowerLatency: @Sendable (String) -> Int?

    package init(
        present: @escaping @Sendable () -> [SerialPortDetails], at: @escaping @Sendable (String) -> SerialPortDetails?,
        lowerLatency: @escaping @Sendable (String) -> Int? = { _ in nil }
    ) {
        self.present = present
        self.at = at
        self.lowerLatency = lowerLatency
    }

    package static let ofThisMachine = VisiblePorts(
        present: SerialPorts.present, at: { SerialPortDetails(at: $0) }, lowerLatency: LatencyTimer.lower)
}
