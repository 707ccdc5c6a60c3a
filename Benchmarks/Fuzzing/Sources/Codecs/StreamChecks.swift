/// What a frame is by arithmetic that shares nothing with the codec.
protocol ReferenceFormat {
    /// The length of the sound frame at the front of `bytes`; nil where there is none.
    func length(_ bytes: ArraySlice<UInt8>) -> Int?
    /// Puts the check right where `bytes`, from `start` on, have the shape of a frame.
    ///
    /// - Returns: where that frame ends; nil where there is none.
    func mend(_ bytes: inout [UInt8], at start: Int) -> Int?
}

/// Examines a stream: however it is cut, the frames are those of the reference, each byte is accounted for, and
/// what follows noise is found.
struct StreamChecks<Format: FrameFormat, Reference: ReferenceFormat> {
    let format: Format
    let reference: Reference
    /// Sound frames that may follow the input.
    let known: [[UInt8]]
    let encode: (Format.Frame) -> [UInt8]?

    func stream(_ input: FuzzInput) -> [UInt8] {
        var bytes = input.bytes
        if input.mends {
            var place = 0
            while place < bytes.count { place = reference.mend(&bytes, at: place) ?? place + 1 }
        }
        if input.isFollowed, !known.isEmpty { bytes += known[input.choice % known.count] }
        return bytes
    }

    /// - Returns: the frames, each of them sound.
    func examine(_ input: FuzzInput, _ report: inout FuzzReport) -> [Format.Frame] {
        let bytes = stream(input)
        var whole = FrameScanner(format)
        let found = whole.feed(bytes) + whole.finish()
        // Byte by byte in every other input.
        let width = input.choice / 4 % 2 == 0 ? 1 : 2 + input.choice % 7
        var pieces = FrameScanner(format)
        var inPieces: [ScannedFrame<Format.Frame>] = []
        for start in stride(from: 0, to: bytes.count, by: width) {
            inPieces += pieces.feed(bytes[start..<min(bytes.count, start + width)])
        }
        inPieces += pieces.finish()
        report.require(inPieces == found, "the frames do not depend on how the stream is cut")
        report.require(
            pieces.skipped == whole.skipped && pieces.faults == whole.faults,
            "the faults do not depend on how the stream is cut")
        report.require(pieces.waiting == 0, "nothing waits after the end")
        var place = 0
        var due: [[UInt8]] = []
        var noise = 0
        while place < bytes.count {
            if let length = reference.length(bytes[place...]) {
                due.append(Array(bytes[place..<(place + length)]))
                place += length
            } else {
                if !format.isFiller(bytes[place]) { noise += 1 }
                place += 1
            }
        }
        report.require(found.map(\.bytes) == due, "the frames are those with a right check, all of them")
        report.require(whole.skipped == noise, "what was skipped is what belongs to no frame")
        let first = try? format.first(in: bytes)
        report.require(first?.bytes == due.first, "the first frame is found")
        for frame in found {
            report.accept()
            report.require(encode(frame.frame).map { $0 == frame.bytes } ?? true, "written again it is the same bytes")
        }
        return found.map(\.frame)
    }
}

/// Sum modulo 256.
func plainSum(_ bytes: some Sequence<UInt8>) -> UInt8 { UInt8(bytes.reduce(0) { ($0 + Int($1)) % 256 }) }

/// The number whose decimal digits are the half bytes, least significant byte first; nil where one is no digit.
func plainDigits(_ bytes: some Collection<UInt8>) -> Int128? {
    var value: Int128 = 0
    var power: Int128 = 1
    for byte in bytes {
        guard byte % 16 < 10, byte < 0xA0 else { return nil }
        value += power * Int128(byte / 16 * 10 + byte % 16)
        power *= 100
    }
    return bytes.isEmpty ? nil : value
}
