/// Bytes a meter has heard and not yet understood.
///
/// What only looks like the beginning of a frame does not hide a whole one behind it.
struct HeardFrames: Sendable {
    /// How many bytes a frame at the beginning of the slice takes: nil where none begins there or its check is wrong,
    /// more than there are where it is not whole yet.
    typealias Measure = @Sendable (ArraySlice<UInt8>) -> Int?

    private var heard: [UInt8] = []
    private let measure: Measure
    /// The longest frame of the protocols served: 255 bytes of data and what is around them.
    private static let longest = 300

    init(_ measure: @escaping Measure) {
        self.measure = measure
    }

    mutating func hear(_ bytes: [UInt8]) -> [[UInt8]] {
        heard += bytes
        var frames: [[UInt8]] = []
        while let range = firstWhole() {
            frames.append(Array(heard[range]))
            heard.removeFirst(range.upperBound)
        }
        if heard.count > Self.longest { heard.removeFirst(heard.count - Self.longest) }
        return frames
    }

    mutating func forget() { heard = [] }

    private func firstWhole() -> Range<Int>? {
        for start in heard.indices {
            if let count = measure(heard[start...]), start + count <= heard.count { return start..<(start + count) }
        }
        return nil
    }
}

extension Sequence<UInt8> {
    /// The sum of the bytes, modulo 256.
    var byteSum: UInt8 { reduce(0, &+) }
}
