/// A line of bytes as its media use it: opened when it is needed, quiet before a question, let go of after a failure.
final class OpenedLine {
    let name: String
    private let isSerial: Bool
    private let access: LineAccess
    private var channel: (any ByteChannel)?

    init(_ line: Connection.Line, _ access: LineAccess) {
        name = "\(line)"
        if case .serial = line { isSerial = true } else { isSerial = false }
        self.access = access
    }

    var clock: any LineClock { access.clock }

    /// As it is, with whatever lies on it.
    func opened(_ timeout: Int) throws -> any ByteChannel {
        if access.port?.isUnplugged ?? false { close() }
        if let channel { return channel }
        let made = try access.open(timeout)
        channel = made
        return made
    }

    /// With nothing on it: what lay there before belongs to nobody. One that was closed meanwhile, as gateways do with those
    /// that idle, is opened anew.
    func quiet(_ timeout: Int) throws -> any ByteChannel {
        if let channel, (try? channel.discard()) == nil { close() }
        return try opened(timeout)
    }

    /// Lets go by what is still under way and belongs to a question that failed: a connection is made anew, a serial line
    /// is listened to for as long again as the answer might have taken.
    func settle(_ timeout: Int) {
        guard isSerial, let channel else { return close() }
        let end = clock.seconds + Double(max(timeout, .leastSettling)) / 1000
        do {
            while try channel.read(until: end) != nil {}
        } catch {
            close()
        }
    }

    /// Opened anew the next time: a cable that was pulled, an adapter that came back.
    func close() { channel = nil }
}
