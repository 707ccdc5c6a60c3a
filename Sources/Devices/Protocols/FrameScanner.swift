/// How the frames of one protocol are told from everything else.
public protocol FrameFormat: Sendable {
    associatedtype Frame: Hashable & Sendable

    /// What stands at the front of `bytes`, which are not empty.
    ///
    /// An answer other than ``FrameSight/incomplete`` must not change when more bytes follow, so that
    /// a stream gives the same frames however it is cut.
    func sight(of bytes: ArraySlice<UInt8>) -> FrameSight<Frame>

    /// Whether `byte` may be sent between frames and is no noise.
    func isFiller(_ byte: UInt8) -> Bool
}

extension FrameFormat {
    public func isFiller(_ byte: UInt8) -> Bool { false }
}

public enum FrameSight<Frame: Hashable & Sendable>: Hashable, Sendable {
    /// No frame begins here.
    case none
    /// A frame may begin here; more bytes decide.
    case incomplete
    /// It began like a frame and is none.
    case broken(FrameFault)
    /// A whole frame in the first `length` bytes, its check right.
    case frame(Frame, length: Int)
}

/// A frame found in a stream.
public struct ScannedFrame<Frame: Hashable & Sendable>: Hashable, Sendable {
    public let frame: Frame
    public let bytes: [UInt8]
    /// Bytes of noise before it, since the frame before.
    public let skipped: Int
}

/// Finds frames in bytes that come in pieces of any size: skips noise and counts it, never waits on
/// the strength of a length beyond what ``finish()`` ends.
public struct FrameScanner<Format: FrameFormat>: Sendable {
    public let format: Format
    private var pending: ArraySlice<UInt8> = []
    private var skippedSinceFrame = 0
    /// Bytes of noise so far.
    public private(set) var skipped = 0
    /// What began like frames and was none, by ``FrameFault/name``.
    public private(set) var faults: [String: Int] = [:]
    /// The last of them that was more than a wrong beginning.
    public private(set) var lastFault: FrameFault?

    public init(_ format: Format) {
        self.format = format
    }

    /// Bytes that may still become a frame.
    public var waiting: Int { pending.count }

    /// The frames that are whole with these bytes.
    public mutating func feed(_ bytes: some Sequence<UInt8>) -> [ScannedFrame<Format.Frame>] {
        pending.append(contentsOf: bytes)
        return frames(isEnd: false)
    }

    /// The line fell silent: what waits for more is no frame, though a frame may hide in it.
    public mutating func finish() -> [ScannedFrame<Format.Frame>] {
        frames(isEnd: true)
    }

    private mutating func frames(isEnd: Bool) -> [ScannedFrame<Format.Frame>] {
        var found: [ScannedFrame<Format.Frame>] = []
        while let first = pending.first {
            switch format.sight(of: pending) {
            case .none:
                drop(first)
            case .incomplete:
                guard isEnd else { return compacted(found) }
                note(.tooShort(bytes: pending.count, needed: pending.count + 1))
                drop(first)
            case .broken(let fault):
                note(fault)
                drop(first)
            case .frame(let frame, let length):
                found.append(
                    ScannedFrame(frame: frame, bytes: Array(pending.prefix(length)), skipped: skippedSinceFrame))
                pending = pending.dropFirst(max(1, length))
                skippedSinceFrame = 0
            }
        }
        return compacted(found)
    }

    private mutating func drop(_ byte: UInt8) {
        pending = pending.dropFirst()
        guard !format.isFiller(byte) else { return }
        skipped += 1
        skippedSinceFrame += 1
    }

    private mutating func note(_ fault: FrameFault) {
        faults[fault.name, default: 0] += 1
        lastFault = fault
    }

    /// A slice keeps its whole past; a line that stays up for years must not.
    private mutating func compacted(
        _ found: [ScannedFrame<Format.Frame>]
    ) -> [ScannedFrame<Format.Frame>] {
        if pending.startIndex > 4096 { pending = Array(pending)[...] }
        return found
    }
}

extension FrameFormat {
    /// The first frame in `bytes`, which are all that will come.
    ///
    /// - Throws: the fault of the candidate that came nearest to a frame; ``FrameFault/noFrame(bytes:)``
    ///   where nothing began like one.
    public func first(in bytes: [UInt8]) throws(FrameFault) -> ScannedFrame<Frame> {
        var skipped = 0
        var best: FrameFault?
        for start in bytes.indices {
            switch sight(of: bytes[start...]) {
            case .frame(let frame, let length):
                return ScannedFrame(
                    frame: frame, bytes: Array(bytes[start..<(start + length)]), skipped: skipped)
            case .broken(let fault):
                if best == nil || fault.nearness > (best?.nearness ?? 0) { best = fault }
            case .incomplete:
                let fault = FrameFault.tooShort(bytes: bytes.count - start, needed: bytes.count - start + 1)
                if best == nil { best = fault }
            case .none: break
            }
            if !isFiller(bytes[start]) { skipped += 1 }
        }
        throw best ?? .noFrame(bytes: bytes.count)
    }
}

extension FrameFault {
    /// How much of a frame was right before this was found wrong.
    fileprivate var nearness: Int {
        switch self {
        case .noFrame: 0
        case .tooShort: 1
        case .malformed: 2
        case .wrongLength: 3
        case .checksum: 4
        default: 5
        }
    }
}
