/// Reads bytes from front to back and never beyond their end.
struct ByteReader: Sendable {
    private var rest: ArraySlice<UInt8>

    init(_ bytes: some Sequence<UInt8>) {
        rest = Array(bytes)[...]
    }

    var remaining: Int { rest.count }
    var isAtEnd: Bool { rest.isEmpty }

    /// - Throws: ``FrameFault/tooShort(bytes:needed:)`` at the end.
    mutating func byte() throws(FrameFault) -> UInt8 {
        guard let byte = rest.popFirst() else { throw .tooShort(bytes: 0, needed: 1) }
        return byte
    }

    /// The next `count` bytes, 0 or more.
    mutating func bytes(_ count: Int) throws(FrameFault) -> [UInt8] {
        guard count >= 0, count <= rest.count else { throw .tooShort(bytes: rest.count, needed: count) }
        defer { rest = rest.dropFirst(count) }
        return Array(rest.prefix(count))
    }

    /// Everything that is left.
    mutating func tail() -> [UInt8] {
        defer { rest = [] }
        return Array(rest)
    }
}

extension Sequence<UInt8> {
    /// Sum modulo 256, the check of DL/T 645, CJ/T 188 and M-Bus.
    var sum: UInt8 { reduce(0) { $0 &+ $1 } }

    /// As one number, least significant byte first; for at most seven bytes.
    var littleEndian: Int { reversed().reduce(0) { $0 << 8 | Int($1) } }
}
