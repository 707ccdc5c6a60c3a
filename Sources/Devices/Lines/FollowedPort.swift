import Synchronization

/// The port of one serial line: the adapter that was there first, wherever it is plugged in.
///
/// The line's own thread opens it; news of plugs come from another.
final class FollowedPort: Sendable {
    let path: String
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

        mutating func found(_ port: SerialPortDetails) -> LineNews.Change? {
            if !identity.isRemembered {
                // It was not there yet when somebody wanted it.
                guard SerialPortDetails(at: identity.path)?.node == port.node else { return nil }
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

    init(path: String, _ tell: LineNewsObserver? = nil) {
        self.path = path
        self.tell = tell
        state = Mutex(State(identity: PortIdentity(path: path)))
    }

    /// nil for a line that is no serial port.
    convenience init?(_ line: Connection.Line, _ tell: LineNewsObserver? = nil) {
        guard case .serial(let path) = line else { return nil }
        self.init(path: path, tell)
    }

    /// What the adapter calls itself; nil where the kernel knows no hardware.
    var words: String? { state.withLock { $0.identity.adapter?.words } }

    /// Whether what is open leads nowhere any more.
    var isUnplugged: Bool { state.withLock { $0.isUnplugged } }

    /// How often an adapter was plugged in for this line: after each, everybody on it may be asked again.
    var pluggings: Int { state.withLock { $0.pluggings } }

    /// Opens the adapter's node of this time.
    ///
    /// - Throws: ``DeviceError``; where another adapter stands there, before anything is sent to it.
    func open<Port: ~Copyable>(_ make: (_ node: String) throws -> Port) throws -> Port {
        let node = try state.withLock { try $0.identity.node() }
        let made = try make(node)
        let (adapter, isMoved) = try state.withLock { state in
            try state.identity.check(node)
            defer { state.node = node }
            state.isUnplugged = false
            return (state.identity.adapter, state.node.map { $0 != node } ?? false)
        }
        guard let adapter else { return made }
        if isMoved { tell?(LineNews(path, adapter.words, .back(node: node))) }
        if let latency = LatencyTimer.lower(of: node), latency > 1, isFirstSlow() {
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

    func take(_ event: SerialPortWatch.Event) {
        let change: LineNews.Change? = state.withLock { state in
            switch event {
            case .removed(let port): state.lost(port)
            case .added(let port): state.found(port)
            }
        }
        if let change { tell?(LineNews(path, words ?? event.port.words, change)) }
    }
}
