/// An answer in characters, without its end mark.
public struct TextLine: Hashable, Sendable {
    public let text: String
    /// As it came, with its end mark.
    public let bytes: [UInt8]
    /// Bytes of noise before it, since the line before.
    public let skipped: Int
}

/// Finds answers in bytes that come in pieces of any size, in bounded memory: what has no end mark within the
/// limit is thrown away up to the next one.
public struct TextScanner: Sendable {
    /// Characters that end an answer; nil where only silence does.
    public let end: String?
    /// End marks in one answer: of an instrument that acknowledges in a line of its own, 2.
    public let linesInAnswer: Int
    /// Bytes an answer may have.
    public let limit: Int
    private let mark: [UInt8]
    private var pending: [UInt8] = []
    private var marks = 0
    private var isTooLong = false
    private var skippedSinceLine = 0
    /// Bytes of noise so far.
    public private(set) var skipped = 0
    /// What was wrong, by ``FrameFault/name``.
    public private(set) var faults: [String: Int] = [:]
    public private(set) var lastFault: FrameFault?

    public init(end: String?, linesInAnswer: Int = 1, limit: Int = 1024) {
        self.end = end.flatMap { $0.isEmpty ? nil : $0 }
        self.linesInAnswer = max(1, linesInAnswer)
        self.limit = max(1, limit)
        mark = Array((end ?? "").utf8)
    }

    /// Bytes that may still become an answer; never more than the limit and an end mark.
    public var waiting: Int { pending.count }

    /// The answers that are whole with these bytes.
    public mutating func feed(_ bytes: some Sequence<UInt8>) -> [TextLine] {
        var found: [TextLine] = []
        for byte in bytes {
            if pending.isEmpty, !isTooLong, isNoise(byte) {
                skip(1)
                continue
            }
            pending.append(byte)
            if pending.count > limit + mark.count, !isTooLong {
                note(.lineTooLong(limit: limit))
                isTooLong = true
            }
            if !mark.isEmpty, pending.count >= mark.count, pending.suffix(mark.count).elementsEqual(mark) {
                marks += 1
                if isTooLong {
                    skip(pending.count)
                    reset()
                } else if marks == linesInAnswer {
                    found.append(line(without: mark.count))
                }
            } else if isTooLong {
                // Keeps what may be the beginning of an end mark.
                let kept = min(pending.count, max(0, mark.count - 1))
                skip(pending.count - kept)
                pending = Array(pending.suffix(kept))
            }
        }
        return found
    }

    /// The line fell silent: what waits is an answer only where silence ends one.
    public mutating func finish() -> [TextLine] {
        defer { reset() }
        guard !pending.isEmpty else { return [] }
        // A refusal may have fewer lines than a value.
        if marks > 0, !isTooLong, pending.suffix(mark.count).elementsEqual(mark) { return [line(without: mark.count)] }
        guard mark.isEmpty, !isTooLong else {
            if !isTooLong { note(.tooShort(bytes: pending.count, needed: pending.count + 1)) }
            skip(pending.count)
            return []
        }
        return [line(without: 0)]
    }

    /// Before an answer: what a line gives when a driver switches, and end marks left over.
    private func isNoise(_ byte: UInt8) -> Bool {
        byte == 0 || byte == 0xFF || byte == 0x0A || byte == 0x0D
    }

    private mutating func line(without count: Int) -> TextLine {
        defer { reset() }
        defer { skippedSinceLine = 0 }
        return TextLine(text: Self.text(pending.dropLast(count)), bytes: pending, skipped: skippedSinceLine)
    }

    /// UTF-8 where it is, ISO 8859-1 where it is not.
    static func text(_ bytes: some Collection<UInt8>) -> String {
        String(validating: bytes, as: UTF8.self)
            ?? String(String.UnicodeScalarView(bytes.map { Unicode.Scalar($0) }))
    }

    private mutating func reset() {
        pending = []
        marks = 0
        isTooLong = false
    }

    private mutating func skip(_ count: Int) {
        skipped += count
        skippedSinceLine += count
    }

    private mutating func note(_ fault: FrameFault) {
        faults[fault.name, default: 0] += 1
        lastFault = fault
    }
}

extension DeviceProfile.ProtocolSettings.Text {
    /// `command` as sent; nil for one that this instrument's characters cannot write.
    public func bytes(of command: String) -> [UInt8]? {
        let scalars = (command + (endOfCommand ?? "")).unicodeScalars
        guard scalars.allSatisfy({ $0.value < 0x100 }) else { return nil }
        return scalars.map { UInt8(truncatingIfNeeded: $0.value) }
    }

    /// A scanner for the answers to `line`.
    public func scanner(for line: DeviceProfile.Line, limit: Int = 1024) -> TextScanner {
        // An acknowledgement in a line of its own stands in the pattern as an end mark.
        let inner =
            endOfAnswer == "\r" ? line.answer.split(separator: "\\r", omittingEmptySubsequences: false).count : 1
        return TextScanner(end: endOfAnswer, linesInAnswer: inner, limit: limit)
    }
}
