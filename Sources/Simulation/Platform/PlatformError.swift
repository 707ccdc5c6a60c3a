/// Why the simulated platform cannot run.
public enum PlatformError: Error, Sendable, Equatable {
    case journal(path: String, why: String)
    case cannotListen(port: Int, why: String)
}

extension PlatformError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .journal(let path, let why):
            "the journal \(path) cannot be used: \(why); name another file or leave --journal out"
        case .cannotListen(let port, let why):
            "cannot listen on 127.0.0.1:\(port): \(why); choose another port, or 0 for any free one"
        }
    }
}
