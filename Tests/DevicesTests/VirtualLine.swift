import Chronometry
import Devices
import Simulation
import Synchronization

/// Time that passes only where somebody waits: a week of it takes seconds.
final class VirtualClock: LineClock {
    private let now = Mutex(0.0)

    var seconds: Double { now.withLock { $0 } }
    var instant: Instant { Instant(milliseconds: Int64((1000 * seconds).rounded())) }

    func sleep(_ seconds: Double) {
        guard seconds > 0 else { return }
        now.withLock { $0 += seconds }
    }

    func move(to seconds: Double) { now.withLock { $0 = max($0, seconds) } }
}

/// What happens to the answers of a line, in the order they are sent.
protocol LineWeather: Sendable {
    /// What arrives instead of one answer, each after so many seconds.
    mutating func arrivals(of answer: [UInt8], to request: [UInt8], at time: Double) -> [(
        delay: Double, bytes: [UInt8]
    )]
}

struct FairWeather: LineWeather {
    var delay = 0.02

    mutating func arrivals(
        of answer: [UInt8], to request: [UInt8], at time: Double
    ) -> [(delay: Double, bytes: [UInt8])] { [(delay, answer)] }
}

/// A line in virtual time: instruments that are pure, and weather between them and the program.
final class VirtualLine: Sendable {
    private struct State {
        var voices: [any InstrumentVoice]
        var weather: any LineWeather
        /// Under way to the program, in the order they arrive.
        var arriving: [(time: Double, bytes: [UInt8])] = []
        var requests: [(time: Double, bytes: [UInt8])] = []
        var isUnplugged = false
    }

    let clock: VirtualClock
    private let state: Mutex<State>

    init(_ voices: [any InstrumentVoice], _ weather: any LineWeather = FairWeather(), clock: VirtualClock = .init()) {
        self.clock = clock
        state = Mutex(State(voices: voices, weather: weather))
    }

    var access: LineAccess {
        LineAccess(clock: clock) { _ in
            guard !self.state.withLock({ $0.isUnplugged }) else { throw DeviceError.noSuchPort(path: "virtual") }
            return Channel(line: self)
        }
    }

    /// What the program sent, and when.
    var requests: [(time: Double, bytes: [UInt8])] { state.withLock { $0.requests } }

    func unplug(_ isUnplugged: Bool) { state.withLock { $0.isUnplugged = isUnplugged } }

    private final class Channel: ByteChannel {
        let line: VirtualLine

        init(line: VirtualLine) { self.line = line }

        func discard() throws {
            let now = line.clock.seconds
            try line.state.withLock { state in
                guard !state.isUnplugged else { throw DeviceError.lineLost(line: "virtual") }
                state.arriving.removeAll { $0.time <= now }
            }
        }

        func write(_ bytes: [UInt8], timeout: Int) throws {
            let now = line.clock.seconds
            try line.state.withLock { state in
                guard !state.isUnplugged else { throw DeviceError.lineLost(line: "virtual") }
                state.requests.append((now, bytes))
                for index in state.voices.indices {
                    for answer in state.voices[index].hear(bytes, at: now) {
                        for arrival in state.weather.arrivals(of: answer.bytes, to: bytes, at: now) {
                            state.arriving.append((now + answer.delay + arrival.delay, arrival.bytes))
                        }
                    }
                }
                state.arriving.sort { $0.time < $1.time }
            }
        }

        func read(until end: Double) throws -> [UInt8]? {
            let next: (time: Double, bytes: [UInt8])? = try line.state.withLock { state in
                guard !state.isUnplugged else { throw DeviceError.lineLost(line: "virtual") }
                guard let first = state.arriving.first, first.time <= end else { return nil }
                return state.arriving.removeFirst()
            }
            line.clock.move(to: next?.time ?? end)
            return next?.bytes
        }
    }
}

/// A slave of Modbus RTU or TCP whose registers hold what `value` says at the moment they are asked for.
struct VirtualSlave: InstrumentVoice {
    let unit: UInt8
    var isTCP = false
    let value: @Sendable (_ register: Int, _ time: Double) -> UInt16

    mutating func hear(_ bytes: [UInt8], at time: Double) -> [SpokenAnswer] {
        guard !isTCP else { return requests(bytes).map { SpokenAnswer(answer(header: Array($0.prefix(4)), $0, time)) } }
        guard bytes.count == 8, bytes[0] == unit, frame(Array(bytes.prefix(6))) == bytes else { return [] }
        return [SpokenAnswer(frame([unit] + pdu(Array(bytes[1..<6]), time)))]
    }

    mutating func hearSilence(at time: Double) {}

    private func pdu(_ request: [UInt8], _ time: Double) -> [UInt8] {
        let (start, count) = (Int(request[1]) << 8 | Int(request[2]), Int(request[4]))
        let words = (start..<(start + count)).map { value($0, time) }
        return [request[0], UInt8(2 * count)] + words.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] }
    }

    /// The requests of one or several frames.
    private func requests(_ bytes: [UInt8]) -> [[UInt8]] {
        stride(from: 0, to: bytes.count, by: 12).map { Array(bytes[$0..<min($0 + 12, bytes.count)]) }
            .filter { $0.count == 12 && $0[6] == unit }
    }

    private func answer(header: [UInt8], _ request: [UInt8], _ time: Double) -> [UInt8] {
        let body = [unit] + pdu(Array(request[7..<12]), time)
        return header + [0, UInt8(body.count)] + body
    }
}
