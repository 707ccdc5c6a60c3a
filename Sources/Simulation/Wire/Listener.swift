@preconcurrency import Glibc

/// A socket that waits for connections on this machine.
struct Listener {
    let socket: Int32
    let port: Int

    /// - Parameter port: 0 for any free one.
    /// - Throws: ``SimulatedLine/Failure``.
    init(port wanted: Int) throws {
        let socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        var yes: Int32 = 1
        setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(UInt16(clamping: wanted).bigEndian)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isBound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { general in
                bind(socket, general, length) == 0 && listen(socket, 16) == 0
                    && getsockname(socket, general, &length) == 0
            }
        }
        guard isBound else {
            let why = String(cString: strerror(errno))
            if socket >= 0 { close(socket) }
            throw SimulatedLine.Failure.noPort(wanted, why)
        }
        self.socket = socket
        port = Int(UInt16(bigEndian: address.sin_port))
    }

    /// The next connection, its answers sent as they are written; nil where there is none after all.
    func accepted() -> Int32? {
        let connection = accept(socket, nil, nil)
        guard connection >= 0 else { return nil }
        _ = fcntl(connection, F_SETFD, FD_CLOEXEC)
        var yes: Int32 = 1
        setsockopt(connection, Int32(IPPROTO_TCP), TCP_NODELAY, &yes, socklen_t(MemoryLayout<Int32>.size))
        return connection
    }
}
