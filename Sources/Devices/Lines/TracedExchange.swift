public import Chronometry

/// What one attempt put on a line and took from it.
struct AttemptNote: Hashable {
    var sent: [UInt8] = []
    /// Everything that came, also where it was no answer; of Modbus RTU only what was one.
    var received: [UInt8] = []
    var sentAt = Instant(milliseconds: 0)
    var endedAt = Instant(milliseconds: 0)
    /// From the end of the request to the whole answer, in seconds.
    var roundTrip = 0.0
}

/// Gets every attempt of every line, on the line's own thread.
public typealias LineObserver = @Sendable (TracedExchange) -> Void

/// One attempt as it stood on the wire: for a person who looks for what is wrong with a line.
public struct TracedExchange: Hashable, Sendable {
    public let line: String
    public let station: Station
    public let sent: [UInt8]
    /// Everything that came, also where it was no answer; of Modbus RTU only what was one.
    public let received: [UInt8]
    public let sentAt: Instant
    public let endedAt: Instant
    /// From the end of the request to the whole answer, in seconds.
    public let roundTrip: Double
    /// nil where it was answered.
    public let fault: LineStatistics.Fault?

    init(line: String, station: Station, note: AttemptNote, fault: LineStatistics.Fault?) {
        self.line = line
        self.station = station
        sent = note.sent
        received = note.received
        sentAt = note.sentAt
        endedAt = note.endedAt
        roundTrip = note.roundTrip
        self.fault = fault
    }
}
