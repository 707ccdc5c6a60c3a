public import Chronometry

/// Gets what happens to the adapters of lines, on any thread.
public typealias LineNewsObserver = @Sendable (LineNews) -> Void

/// What happened to the adapter of a line.
public struct LineNews: Hashable, Sendable {
    public enum Change: Hashable, Sendable {
        case unplugged
        /// Plugged in again, as this node.
        case back(node: String)
        /// Another got the node while this one was away; it is not read.
        case taken(by: String)
        /// It keeps what has arrived for so many ms, and cannot be told not to.
        case slow(milliseconds: Int)
    }

    public let line: String
    /// What the adapter calls itself.
    public let adapter: String
    public let change: Change
    public let at: Instant

    init(_ line: String, _ adapter: String, _ change: Change) {
        self.line = line
        self.adapter = adapter
        self.change = change
        at = SystemClock.now()
    }
}

extension LineNews: CustomStringConvertible {
    public var description: String {
        switch change {
        case .unplugged: "line \(line): its adapter (\(adapter)) was pulled out; reading goes on when it is back"
        case .back(let node): "line \(line): its adapter (\(adapter)) is plugged in, as \(node); reading goes on"
        case .taken(let other): "line \(line): another adapter (\(other)) got the node of \(adapter) and is not read"
        case .slow(let milliseconds):
            "line \(line): its adapter (\(adapter)) holds answers back for up to \(milliseconds) ms, and this user may "
                + "not change that (latency_timer)"
        }
    }
}
