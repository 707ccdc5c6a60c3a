import Chronometry
import Devices
import Metrology
import Testing

private let slow = LineTiming.Serial(baud: 2400)

private func timing(_ baud: Int, delay: Double, pause: Double = 0) -> LineTiming {
    LineTiming(serial: .init(baud: baud), spoken: .modbusRTU, turnRound: .stated(delay), pause: pause)
}

/// Channels a, b, … of two registers each, one behind the other.
private func member(
    _ name: String, _ timing: LineTiming, channels: Int, silence: RoundMember.Silence? = nil
) throws -> RoundMember {
    let names = "abcdefghijklmnopqrstuvwxyz".prefix(channels).map { String($0) }
    let wanted = names.enumerated().map { number, name in
        (name, RoundMember.Want.registers(.init(table: .input, start: 2 * number, count: 2)))
    }
    return try RoundMember(
        name: name, timing: timing, limits: ReadLimits(), wanted: Dictionary(uniqueKeysWithValues: wanted),
        silence: silence)
}

private func meters(_ count: Int, _ timing: LineTiming, channels: Int = 5) throws -> [RoundMember] {
    try (1...count).map { try member("meter-\($0)", timing, channels: channels) }
}

private func isNear(_ a: Double, _ b: Double, within: Double = 1e-9) -> Bool { abs(a - b) <= within }

@Suite struct LineTimingTests {
    /// T = (13 + 2N)·c + 2·t3.5 + turn-round, in ms.
    @Test(arguments: [
        (2400, 0, 2, 100.0), (2400, 20, 10, 186.667), (9600, 0, 2, 25), (9600, 20, 2, 45), (9600, 50, 125, 331.25),
        (19_200, 0, 10, 20.833), (38_400, 0, 2, 7.927), (115_200, 0, 125, 26.330),
    ])
    func anExchangeOfModbusRTU(baud: Int, delay: Int, registers: Int, milliseconds: Double) {
        let cost = timing(baud, delay: Double(delay) / 1000).cost(ofRegisters: registers)
        #expect(isNear(1000 * cost.seconds, milliseconds, within: 0.001))
    }

    @Test func parityAndStopBitsMakeCharactersLonger() {
        #expect(isNear(LineTiming.Serial(baud: 9600, parity: .even).character, 11 / 9600.0))
        #expect(isNear(LineTiming.Serial(baud: 9600, stopBits: 2).character, 11 / 9600.0))
        #expect(isNear(LineTiming.Serial(baud: 9600, dataBits: 7, parity: .odd).character, 10 / 9600.0))
    }

    /// 17 characters of 10 bits and once 3.5; the rest of 35 ms takes the place of the other silence.
    @Test func aPauseAndTheSilenceAreNotWaitedForTwice() {
        let cost = timing(9600, delay: 0, pause: 0.035).cost(ofRegisters: 2)
        #expect(isNear(cost.seconds, 20.5 * 10 / 9600 + 0.035))
        #expect(isNear(cost.wire, 17 * 10 / 9600.0))
        #expect(
            timing(9600, delay: 0, pause: 0.001).cost(ofRegisters: 2) == timing(9600, delay: 0).cost(ofRegisters: 2))
    }

    /// The published frames: 20 and 24 bytes in 202 ms, 20 and 39 in 270 ms.
    @Test func theMetersOfTheChineseStandards() {
        let serial = LineTiming.Serial(baud: 2400, parity: .even)
        let electricity = FrameSize.dlt645(bytes: 4, wakeUp: 4, lead: 4)
        #expect(electricity == FrameSize(request: 20, answer: 24))
        #expect(
            isNear(
                LineTiming(serial: serial, spoken: .dlt645Of2007).cost(of: electricity).seconds, 0.201_667, within: 1e-6
            ))
        let water = FrameSize.cjt188(bytes: 19, wakeUp: 4, lead: 4)
        #expect(water == FrameSize(request: 20, answer: 39))
        #expect(isNear(LineTiming(serial: serial, spoken: .cjt188).cost(of: water).seconds, 0.270_417, within: 1e-6))
    }

    @Test func theOtherFramingsOfModbus() {
        #expect(FrameSize.reading(registers: 2, .modbusASCII) == FrameSize(request: 17, answer: 19))
        #expect(FrameSize.reading(registers: 2, .modbusTCP) == FrameSize(request: 12, answer: 13))
        let network = LineTiming(
            serial: nil, roundTrip: 0.001, spoken: .modbusTCP, turnRound: .stated(0.003), pause: 0.02)
        #expect(isNear(network.cost(ofRegisters: 100).seconds, 0.024))
        let gateway = LineTiming(serial: .init(baud: 9600), roundTrip: 0.002, spoken: .modbusRTUOverTCP)
        #expect(isNear(gateway.cost(ofRegisters: 2).seconds, 0.027))
    }
}

@Suite struct ForecastTests {
    /// Ten registers at 2400 baud: 33 characters and twice 3.5, 166.67 ms, and 50 ms: 31 times 216.67 ms.
    @Test func whatCannotBeAndWhatWouldHelp() throws {
        let forecast = RoundForecast(try meters(31, timing(2400, delay: 0.05)))
        #expect(isNear(forecast.seconds, 31 * (40 / 240.0 + 0.05)))
        #expect(isNear(forecast.waiting, (7 / 240.0 + 0.05) / (40 / 240.0 + 0.05)))
        #expect(isNear(forecast.part(of: forecast.shares[4]), 1 / 31.0))
        let advice = RoundAdvice(forecast, every: 5)
        #expect(!advice.holds)
        #expect(
            advice.sentence == "31 instruments at 2400 baud: one round takes 6.72 s; the 5 s asked for cannot be; "
                + "4800 baud would make it 4.13 s; 2 lines of 15 to 16 would make it 3.47 s; "
                + "without a, b, c and d it would take 4.65 s; the shortest interval that holds is 7 s")
        #expect(advice.shares(most: 1) == ["meter-1: 217 ms, 3 % of the round, 1 request"])
    }

    @Test func whatHoldsSaysHowBusyTheLineIs() throws {
        let advice = RoundAdvice(RoundForecast(try meters(31, timing(2400, delay: 0.05))), every: 10)
        #expect(advice.holds && advice.helps.isEmpty)
        #expect(advice.sentence == "31 instruments at 2400 baud: one round takes 6.72 s, 68 % of the 10 s asked for")
    }

    /// The instruments' own 200 ms are not cured by speed.
    @Test func whereTheInstrumentDecidesNoSpeedHelps() throws {
        let advice = RoundAdvice(RoundForecast(try meters(31, timing(9600, delay: 0.2))), every: 5)
        #expect(
            advice.helps.contains {
                if case .notFaster(115_200, let s) = $0 { isNear(s, 6.3973, within: 1e-4) } else { false }
            })
        #expect(advice.sentence.contains("even 115200 baud would leave 6.4 s"))
        #expect(advice.sentence.contains("a costs most, "))
    }

    /// Twice asked, each time a silence of 3.5 characters, a second for the answer and one for what comes late.
    @Test func theSilentOneIsNamedWithItsCost() throws {
        let line = timing(2400, delay: 0.05)
        var all = try meters(3, line)
        all[1].silence = .init(timeout: 1, attempts: 2, settling: 1)
        let forecast = RoundForecast(all)
        #expect(isNear(forecast.shares[1].cost.seconds, 2 * (3.5 / 240 + 2)))
        let advice = RoundAdvice(forecast, every: 1)
        #expect(
            advice.sentence.contains("meter-2 does not answer and costs 4.03 s of it: without, 433 ms"))
        #expect(advice.shares(most: 1) == ["meter-2: 4.03 s, 90 % of the round, does not answer"])
    }

    @Test func anUnknownDelayMakesTheTimeALowerBound() throws {
        let line = LineTiming(serial: slow, spoken: .modbusRTU)
        let advice = RoundAdvice(RoundForecast(try meters(10, line)), every: 1)
        #expect(advice.sentence.hasPrefix("10 instruments at 2400 baud: one round takes at least 1.67 s; "))
        #expect(advice.sentence.hasSuffix("the shortest interval that holds is at least 2 s"))
    }

    @Test func timesThatReadTheSameDoNotContradict() throws {
        let forecast = RoundForecast(try meters(1, timing(9600, delay: 0)))
        let advice = RoundAdvice(forecast, every: forecast.seconds - 1e-6)
        #expect(advice.sentence.contains("takes a little over 41.7 ms; the 41.7 ms asked for cannot be"))
    }

    /// Whatever is proposed holds, and the next smaller thing does not.
    @Test func everyProposalHoldsAndNoSmallerOneDoes() throws {
        var random = SeededGenerator(seed: 5)
        var told: Set<String> = []
        for _ in 0..<200 {
            let members = try (0..<Int.random(in: 1...12, using: &random)).map { number in
                try member(
                    "m\(number)", timing(1200, delay: Double.random(in: 0...0.1, using: &random)),
                    channels: Int.random(in: 1...6, using: &random))
            }
            let forecast = RoundForecast(members)
            #expect(isNear(RoundForecast(members.shuffled(using: &random)).seconds, forecast.seconds))
            let interval = forecast.seconds * Double.random(in: 0.2...0.99, using: &random)
            for help in RoundAdvice(forecast, every: interval).helps {
                switch help {
                case .faster(let baud, let seconds):
                    told.insert("faster")
                    func at(_ baud: Int) -> Double {
                        RoundForecast(
                            members.map {
                                var faster = $0
                                faster.timing.serial?.baud = baud
                                return faster
                            }
                        ).seconds
                    }
                    #expect(seconds <= interval && at(baud) == seconds && at(baud / 2) > interval * 0.999_999)
                case .lines(let instruments, let seconds):
                    told.insert("lines")
                    #expect(seconds <= interval && instruments.reduce(0, +) == members.count)
                    #expect(seconds * Double(instruments.count) >= forecast.seconds - 1e-9)
                case .fewer(_, let seconds):
                    told.insert("fewer")
                    #expect(seconds <= interval)
                case .longer(let longer):
                    told.insert("longer")
                    #expect(forecast.holds(every: longer))
                    #expect(!forecast.holds(every: longer - (longer > 1 ? 1 : 0.1) - 1e-9))
                case .silent, .notFaster, .dearest: break
                }
            }
        }
        #expect(told == ["faster", "lines", "fewer", "longer"])
    }

    /// Channels that one answer tells cost one exchange.
    @Test func aSharedAnswerIsAskedForOnce() throws {
        let size = FrameSize.cjt188(bytes: 19)
        let member = try RoundMember(
            name: "water", timing: LineTiming(serial: slow, spoken: .cjt188), limits: ReadLimits(),
            wanted: ["volume": .exchange("901F", size), "state": .exchange("901F", size)])
        #expect(member.requests == 1)
        #expect(isNear(member.cost.seconds, 51 / 240.0))
    }

    @Test func aProfileTellsItsLineAndLimits() throws {
        let profile = try profile(
            """
              a: {quantity: q, unit: V, at: 0, as: uint32}
              b: {quantity: q, unit: V, at: 6, as: uint32}
            """, modbus: "{function: input, baud: 2400, parity: even, reads_over_holes: true}")
        let member = try RoundMember(
            name: "m", profile, at: Connection("serial:///dev/ttyUSB0?baud=9600"), reading: ["a", "b"])
        #expect(member.timing.serial == .init(baud: 9600, parity: .even))
        #expect(member.plan.requests == [.init(table: .input, start: 0, count: 8)])
        #expect(isNear(member.cost.seconds, 36 * 11 / 9600.0))
        let silent = try RoundMember(
            name: "m", profile, at: Connection("tcp://host:502?timeout=300"), reading: ["a"], answers: false)
        #expect(silent.silence == .init(timeout: 0.3, attempts: 2, settling: 0))
    }
}

@Suite struct DelayEstimateTests {
    private let line = LineTiming(serial: .init(baud: 9600), spoken: .modbusRTU)
    private let request = frame([1, 4, 0, 0, 0, 2])

    private func exchange(_ answer: [UInt8], sentAt: Int64, took: Double) -> Exchange {
        let sent = Instant(milliseconds: sentAt)
        return Exchange(
            framing: .rtu, request: request, answer: answer, sentAt: sent, answeredAt: sent.advanced(bySeconds: took),
            line: "test")
    }

    /// Two registers at 9600 baud take 20.5 characters beside the turn-round of 40 ms.
    @Test func aFewLateAnswersDoNotMoveIt() throws {
        var estimate = DelayEstimate()
        let answer = frame([1, 4, 4, 0, 0, 0, 1])
        for number in 0..<30 {
            let late = number % 5 == 0 ? 0.5 : 0
            estimate.learn(
                from: exchange(answer, sentAt: Int64(number) * 1000, took: 20.5 * 10 / 9600 + 0.04 + late), on: line)
        }
        #expect(isNear(try #require(estimate.seconds), 0.04, within: 0.001))
        // The forecast that was a lower bound becomes the time it takes.
        var measured = try member("m", line, channels: 1)
        #expect(RoundForecast([measured]).isLeast && isNear(measured.cost.seconds, 0.025))
        measured.timing.turnRound = try #require(estimate.turnRound)
        #expect(!RoundForecast([measured]).isLeast && isNear(measured.cost.seconds, 0.065, within: 0.001))
    }

    @Test func threeAnswersAreNeeded() {
        var estimate = DelayEstimate()
        for _ in 0..<2 { estimate.learn(seconds: 0.02) }
        #expect(estimate.seconds == nil)
        estimate.learn(seconds: 0.9)
        #expect(estimate.seconds == 0.02)
    }

    @Test func aRefusalAndADamagedAnswerTeachNothing() {
        var estimate = DelayEstimate()
        estimate.learn(from: exchange(frame([1, 0x84, 2]), sentAt: 0, took: 0.03), on: line)
        estimate.learn(from: exchange([1, 4, 4, 0, 0, 0, 1, 0, 0], sentAt: 0, took: 0.03), on: line)
        estimate.learn(seconds: .nan)
        #expect(estimate.count == 0)
    }

    @Test func itFollowsAnInstrumentThatBecomesSlower() {
        var estimate = DelayEstimate()
        for _ in 0..<100 { estimate.learn(seconds: 0.01) }
        for _ in 0..<32 { estimate.learn(seconds: 0.06) }
        #expect(estimate.seconds.map { isNear($0, 0.06) } == true)
    }

    @Test func aDelayIsNeverNegative() {
        var estimate = DelayEstimate()
        for _ in 0..<5 { estimate.learn(seconds: -0.0004) }
        #expect(estimate.seconds == 0)
    }
}

@Suite struct StatedTimeTests {
    @Test(arguments: [("200ms", 0.2), ("5 s", 5), ("0.5s", 0.5), ("15min", 900), ("1h", 3600)])
    func timesAsTheyAreWritten(text: String, seconds: Double) {
        #expect(StatedTime(text)?.seconds == seconds)
    }

    @Test(arguments: ["", "5", "s", "-1s", "1.2.3s", "5 sec", "infs", "5s "])
    func anythingElseIsNoTime(text: String) {
        #expect(StatedTime(text) == nil)
    }
}
