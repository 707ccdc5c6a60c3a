/// An instrument as its line hears it: bytes in, bytes out, with no port and no clock of its own.
public protocol InstrumentVoice: Sendable {
    /// Takes bytes that arrived at `time`, in seconds of any steady clock.
    ///
    /// - Returns: what it sends back, in the order sent; nothing where no whole question to it has arrived yet.
    mutating func hear(_ bytes: [UInt8], at time: Double) -> [SpokenAnswer]

    /// The line was quiet for longer than a question may pause: an unfinished one is given up.
    mutating func hearSilence(at time: Double)
}

/// One frame or line an instrument sends.
public struct SpokenAnswer: Hashable, Sendable {
    /// As they go over the wire.
    public var bytes: [UInt8]
    /// How long the instrument thinks before it begins to send, in seconds.
    public var delay: Double

    public init(_ bytes: [UInt8], delay: Double = 0) {
        self.bytes = bytes
        self.delay = delay
    }
}
