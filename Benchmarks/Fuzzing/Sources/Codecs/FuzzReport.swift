import Chronometry
import Foundation

/// What was found so far.
struct FuzzReport {
    private var inputs = 0
    private var accepted = 0
    private var frames = 0
    private var violations: [String: (count: Int, input: [UInt8])] = [:]
    private var classes: [Int: (count: Int, nanoseconds: Int, slowest: Int, input: [UInt8])] = [:]
    private var current: [UInt8] = []
    private var began = 0
    private var acceptedNow = 0

    mutating func begin(_ raw: UnsafeBufferPointer<UInt8>) {
        current = Array(raw)
        acceptedNow = 0
        began = Self.nanoseconds
    }

    mutating func end() {
        let spent = Self.nanoseconds - began
        inputs += 1
        frames += acceptedNow
        if acceptedNow > 0 { accepted += 1 }
        let size = Self.size(current.count)
        var entry = classes[size] ?? (0, 0, 0, [])
        entry.count += 1
        entry.nanoseconds += spent
        if spent > entry.slowest {
            entry.slowest = spent
            entry.input = current
        }
        classes[size] = entry
    }

    mutating func accept() { acceptedNow += 1 }

    /// A property that does not hold for this input.
    mutating func violated(_ property: @autoclosure () -> String) {
        let property = property()
        let before = violations[property]
        // The shortest input tells most.
        let isShorter = before.map { current.count < $0.input.count } ?? true
        violations[property] = ((before?.count ?? 0) + 1, isShorter ? current : before?.input ?? current)
    }

    mutating func require(_ holds: Bool, _ property: @autoclosure () -> String) {
        if !holds { violated(property()) }
    }

    /// Lengths of one class differ by a factor of four at most.
    private static func size(_ count: Int) -> Int {
        var size = 16
        while size < count { size *= 4 }
        return size
    }

    /// Of this thread, so that what else the machine does does not count.
    static var nanoseconds: Int {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return time.tv_sec * 1_000_000_000 + time.tv_nsec
    }

    func line(of codec: (any FuzzedCodec)?) -> String {
        guard let codec else { return "" }
        let name = type(of: codec).name
        let rejected = inputs - accepted
        let total = violations.values.reduce(0) { $0 + $1.count }
        var text =
            "\(name): \(inputs) inputs, \(accepted) accepted (\(frames) frames or values), \(rejected) rejected, "
            + "\(total) violations"
        for size in classes.keys.sorted() {
            guard let entry = classes[size], entry.count > 0 else { continue }
            text += "; to \(size) bytes mean \(Self.microseconds(entry.nanoseconds / entry.count)) µs, "
            text += "slowest \(Self.microseconds(entry.slowest)) µs"
        }
        text += growth(of: codec) + "\n"
        for (property, found) in violations.sorted(by: { $0.key < $1.key }) {
            text += "  violated \(found.count) times: \(property)\n    \(found.input.spacedHexadecimal)\n"
        }
        return text
    }

    /// How the time grows when the input of the slowest class, repeated, is given twice as long: 2 is linear.
    private func growth(of codec: any FuzzedCodec) -> String {
        guard
            let worst = classes.values.map(\.input).max(by: { $0.count < $1.count }), worst.count > 1
        else { return "" }
        func spent(_ count: Int) -> Int {
            let body = (0..<count).map { worst[1 + $0 % (worst.count - 1)] }
            let least = (0..<3).map { _ in
                var scratch = FuzzReport()
                let start = Self.nanoseconds
                ([worst[0]] + body).withUnsafeBufferPointer { codec.examine(FuzzInput($0), &scratch) }
                return Self.nanoseconds - start
            }
            return least.min() ?? 1
        }
        let factor = Double(spent(32_768)) / Double(max(1, spent(16_384)))
        return "; 32 KiB of it take \((10 * factor).rounded() / 10) times what 16 KiB take"
    }

    private static func microseconds(_ nanoseconds: Int) -> String { "\((Double(nanoseconds) / 100).rounded() / 10)" }
}
