import Simulation
import Testing

/// Each fault, in the bytes of each framing and in the values.
struct FaultyVoiceTests {
    private static let question: [UInt8] = [0, 7, 0, 0, 0, 6, 1, 4, 0, 0, 0, 2]
    private static let due: [UInt8] = [0, 7, 0, 0, 0, 7, 1, 4, 4, 0x42, 0x48, 0, 0]

    private func voice(
        _ schedule: [ScheduledFault], _ value: SimulatedValue = SimulatedValue(.constant(50)), seed: UInt64 = 1
    ) -> FaultyVoice {
        let faults = InstrumentFaults(schedule, seed: seed)
        let image = RegisterImage(
            [SimulatedChannel("x", at: RegisterLayout(.input, 0, .float32, count: 2), .number(value))], faults: faults)
        return FaultyVoice(ModbusVoice(ModbusSlave(unit: 1, bank: image), .tcp), .modbus(.tcp), faults)
    }

    private func answers(_ fault: WireFault) -> [SpokenAnswer] {
        var voice = voice([ScheduledFault(fault)])
        return voice.hear(Self.question, at: 0)
    }

    @Test func faultsOfTheWire() {
        #expect(answers(.silent).isEmpty)
        #expect(answers(.late(milliseconds: 300)) == [SpokenAnswer(Self.due, delay: 0.3)])
        #expect(answers(.slow(milliseconds: 5)) == Self.due.map { SpokenAnswer([$0], delay: 0.005) })
        #expect(answers(.noise).first?.bytes == [0, 0xFF, 0x5A] + Self.due)
        #expect(answers(.cut).first?.bytes == Array(Self.due.dropLast(4)))
        #expect(answers(.wrongUnit).first?.bytes[6] == 2)
        #expect(answers(.wrongTransaction).first?.bytes[1] == 8)
        #expect(answers(.exception(6)).first?.bytes == [0, 7, 0, 0, 0, 3, 1, 0x84, 6])
        #expect(answers(.duplicate).map(\.bytes) == [Self.due, Self.due])
        #expect(answers(.wrongChecksum).first.map { $0.bytes != Self.due && $0.bytes.count == Self.due.count } == true)
        var gone = voice([ScheduledFault(.gone)])
        #expect(gone.hear(Self.question, at: 0).isEmpty && gone.hangsUp)
    }

    /// The float in the answer of `voice` at `time`.
    private func value(_ voice: inout FaultyVoice, at time: Double) -> Double {
        let bytes = voice.hear(Self.question, at: time).first?.bytes.suffix(4) ?? []
        return Double(Float(bitPattern: bytes.reduce(UInt32(0)) { $0 << 8 | UInt32($1) }))
    }

    @Test func faultsOfTheValue() {
        let counter = SimulatedValue(.counter(start: 100, perHour: 10))
        var sound = voice([], counter)
        #expect(value(&sound, at: 0) == 100)
        #expect(value(&sound, at: 3600) == 110)
        var reset = voice([ScheduledFault(.reset, from: 3600)], counter)
        #expect(value(&reset, at: 3599) > 109)
        #expect(value(&reset, at: 3600) == 0)
        #expect(value(&reset, at: 7200) == 10)
        var drifting = voice([ScheduledFault(.drifting(percentPerHour: 2))])
        #expect(value(&drifting, at: 0) == 50)
        #expect(value(&drifting, at: 3600) == 51)
        var unstable = voice([ScheduledFault(.unstable)])
        let scattered = (0..<50).map { value(&unstable, at: Double($0)) }
        #expect(Set(scattered).count > 40 && scattered.allSatisfy { abs($0 - 50) <= 0.51 })
        var sticking = voice([ScheduledFault(.sticking, to: 7200)], counter)
        #expect(value(&sticking, at: 0) == 100)
        #expect(value(&sticking, at: 3600) == 100)
        #expect(value(&sticking, at: 7200) == 120)
    }

    @Test func chanceIsKeptAndTheSameSeedHitsTheSame() {
        func hits(_ seed: UInt64) -> [Bool] {
            var voice = voice([ScheduledFault(.silent, chance: 0.05)], seed: seed)
            return (0..<2000).map { voice.hear(Self.question, at: Double($0)).isEmpty }
        }
        let first = hits(7)
        // 5 % of 2000 is 100, with a standard deviation of 9.7: five of them on either side.
        #expect((51...149).contains(first.count { $0 }))
        #expect(first == hits(7))
        #expect(first != hits(8))
    }

    @Test func aScheduleBeginsAndEnds() {
        var voice = voice([ScheduledFault(.silent, from: 10, to: 20)])
        let heard = [9.9, 10, 19.9, 20].map { !voice.hear(Self.question, at: $0).isEmpty }
        #expect(heard == [true, false, false, true])
    }

    /// Frames of four other protocols: the address changes and the sum fits, or the sum does not.
    @Test(
        arguments: [
            (AnswerShape.dlt645, "68 12 34 56 78 90 12 68 91 06 33 34 34 35 A3 56"),
            (.cjt188, "68 10 12 34 56 78 90 12 34 81 05 90 1F 00 11 22"),
            (.mbus, "68 04 04 68 08 05 72 11"),
        ])
    func framesOfOtherProtocols(shape: AnswerShape, content: String) {
        struct Echo: InstrumentVoice {
            let frame: [UInt8]
            mutating func hear(_ bytes: [UInt8], at time: Double) -> [SpokenAnswer] { [SpokenAnswer(frame)] }
            mutating func hearSilence(at time: Double) {}
        }
        func sum(_ bytes: ArraySlice<UInt8>) -> UInt8 { bytes.dropFirst(shape == .mbus ? 4 : 0).reduce(0, &+) }
        let content = content.split(separator: " ").compactMap { UInt8($0, radix: 16) }
        let frame = content + [sum(content[...]), 0x16]
        func spoilt(_ fault: WireFault) -> [UInt8] {
            var voice = FaultyVoice(Echo(frame: frame), shape, InstrumentFaults([ScheduledFault(fault)]))
            return voice.hear([1], at: 0).first?.bytes ?? []
        }
        let other = spoilt(.wrongUnit)
        #expect(other != frame && sum(other.dropLast(2)) == other[other.count - 2])
        let broken = spoilt(.wrongChecksum)
        #expect(broken.dropLast(2) == frame.dropLast(2) && broken[broken.count - 2] != frame[frame.count - 2])
        if shape.takes(.exception(2)) {
            let refused = spoilt(.exception(2))
            #expect(refused.count != frame.count && sum(refused.dropLast(2)) == refused[refused.count - 2])
        }
    }
}
