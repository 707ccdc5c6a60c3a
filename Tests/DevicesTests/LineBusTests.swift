import Devices
import Metrology
import Simulation
import Synchronization
import Testing

/// Lines in virtual time: who is asked when, what a silent instrument costs, and what is said of it.
@Suite struct LineBusTests {
    private static let channels = (0..<4).map { "  c\($0): {quantity: q, unit: V, at: \(10 * $0), as: uint16}" }
        .joined(separator: "\n")

    private func device(
        _ lines: DeviceLines, _ unit: Int, modbus: String = "{function: input}", timeout: Int = 1000,
        at address: String = "serial:///dev/virtual"
    ) async throws -> Device {
        let profile = try profile(Self.channels, modbus: modbus)
        return try await lines.device(profile, at: Connection("\(address)?unit=\(unit)&timeout=\(timeout)"))
    }

    private func slave(_ unit: UInt8) -> VirtualSlave {
        VirtualSlave(unit: unit) { register, _ in UInt16(register) + UInt16(unit) * 100 }
    }

    private func units(_ line: VirtualLine) -> [Int] { line.requests.map { Int($0.bytes[0]) } }

    @Test func aBenchGoesBetweenTheRequestsOfATimetable() async throws {
        let line = VirtualLine([slave(1), slave(2)])
        let bench = Mutex<Device?>(nil)
        let begun = Mutex<Task<[Indication], any Error>?>(nil)
        let lines = DeviceLines { _ in
            // Within the first exchange of the round somebody at a bench asks for a value.
            guard let device = bench.withLock({ $0 }), begun.withLock({ $0 == nil }) else { return }
            begun.withLock { $0 = Task { try await device.read(["c1"]) } }
            while device.statistics.waiting == 0 {}
        } access: { _ in
            line.access
        }
        let polled = try await device(lines, 1)
        let asked = try await device(lines, 2)
        bench.withLock { $0 = asked }
        let round = try await polled.read(["c0", "c1", "c2", "c3"], .routine(due: 0))
        #expect(round.map { "\($0.value.number)" } == ["100", "110", "120", "130"])
        let answer = try await #require(begun.withLock { $0 }).value
        #expect(answer.map { "\($0.value.number)" } == ["210"])
        #expect(units(line) == [1, 2, 1, 1, 1])
    }

    /// What was silent because its adapter was away is not asked the more seldom for it, and who complains names the adapter.
    @Test func anAdapterThatComesBackEndsEveryRest() async throws {
        let shelf = Shelf()
        let plugged = adapter("/dev/ttyUSB0", serial: "A1", at: "1-1")
        shelf.plug(plugged)
        let silent = Mutex(true)
        let line = VirtualLine([slave(1), Moody(slave(2)) { silent.withLock { $0 } }])
        let port = shelf.port()
        let lines = DeviceLines { _ in
        } access: { _ in
            LineAccess(clock: line.clock, port: port) { timeout in try port.open { _ in try line.access.open(timeout) }
            }
        }
        let dead = try await device(lines, 2, at: "serial:///dev/ttyUSB0")
        let sound = try await device(lines, 1, at: "serial:///dev/ttyUSB0")
        for _ in 0..<4 {
            _ = try await sound.read(["c0"])
            _ = try? await dead.read(["c0"], .routine(due: line.clock.seconds))
        }
        silent.withLock { $0 = false }
        do {
            _ = try await dead.read(["c0"], .routine(due: line.clock.seconds))
            Issue.record("it is asked though it rests")
        } catch let error as DeviceError {
            #expect("\(error)".hasPrefix("line /dev/ttyUSB0 (FTDI FT232R): address 2 has not answered for "))
            #expect("\(error)".contains("address 1 does. Check that meter's address or its A/B wires"))
        }
        shelf.pull(plugged, port)
        shelf.plug(plugged, port)
        let answer = try await dead.read(["c0"], .routine(due: line.clock.seconds))
        #expect(answer.map { "\($0.value.number)" } == ["200"])
    }

    /// An hour of rounds over six instruments, of which one is dead: what it costs the other five.
    @Test func aDeadInstrumentCostsTheOthersItsShare() async throws {
        let line = VirtualLine([1, 2, 3, 4, 5].map(slave))
        let lines = DeviceLines { _ in
        } access: { _ in
            line.access
        }
        var devices: [Device] = []
        for unit in 1...6 { devices.append(try await device(lines, unit)) }
        var delivered = 0
        while line.clock.seconds < 3600 {
            for device in devices {
                let due = line.clock.seconds
                let answer = try? await device.read(["c0"], .routine(due: due))
                delivered += answer == nil ? 0 : 1
            }
            line.clock.sleep(1)
        }
        let dead = devices[5].ownStatistics
        let statistics = devices[0].statistics
        #expect(dead.answered == 0 && dead.faults == [.silent: dead.asked] && dead.spared > 100)
        // A time-out of a second and the listening after it, twice for each round that asks.
        let wasted = Double(dead.asked) * 2.0
        #expect(wasted / 3600 < 0.055 && wasted / 3600 > 0.01, "\(wasted)")
        #expect(delivered == devices.prefix(5).reduce(0) { $0 + $1.ownStatistics.answered })
        #expect(delivered > 5 * 3000, "\(delivered)")
        #expect(statistics.load > 0 && statistics.load < 0.2, "\(statistics.load)")
    }

    @Test func anInstrumentThatSpeaksAgainIsAskedAsBefore() async throws {
        let silent = Mutex(true)
        let line = VirtualLine([slave(1), Moody(slave(2)) { silent.withLock { $0 } }])
        let lines = DeviceLines { _ in
        } access: { _ in
            line.access
        }
        let (one, two) = (try await device(lines, 1), try await device(lines, 2))
        for _ in 0..<30 {
            _ = try await one.read(["c0"], .routine(due: 0))
            await #expect(throws: DeviceError.self) { try await two.read(["c0"], .routine(due: 0)) }
        }
        let asked = two.ownStatistics.asked
        #expect(two.ownStatistics.spared > 20 && asked < 10)
        // Somebody at the bench is never refused a try.
        await #expect(throws: DeviceError.self) { try await two.read("c0") }
        #expect(two.ownStatistics.asked == asked + Device.attempts)
        silent.withLock { $0 = false }
        #expect(try await two.read("c0").value.number == decimal("200"))
        // And with that the timetable holds again.
        for _ in 0..<5 { _ = try await two.read(["c0"], .routine(due: 0)) }
        #expect(two.ownStatistics.answered == 6)
    }

    @Test func theComplaintSaysSinceWhenAndWhoAnswers() async throws {
        let silent = Mutex(false)
        let line = VirtualLine([1, 2, 3, 5].map(slave) + [Moody(slave(7)) { silent.withLock { $0 } }])
        let lines = DeviceLines { _ in
        } access: { _ in
            line.access
        }
        let meter = try await device(lines, 7)
        func complaint() async -> String {
            do {
                _ = try await meter.read("c0")
                return ""
            } catch { return "\(error)" }
        }
        let lone = try await device(lines, 9)
        let first = await #expect(throws: DeviceError.self) { try await lone.read("c0") }
        #expect(
            "\(first, default: "")"
                == "no answer from unit 9 on /dev/virtual within 1000 ms: "
                + "check power, wiring, the unit number, and baud rate and parity")
        _ = try await meter.read("c0")
        silent.withLock { $0 = true }
        #expect(
            await complaint()
                == "line /dev/virtual: address 7 has not answered for 4 s; it did before. Check its power and its cable"
        )
        for unit in [1, 2, 3, 5] { _ = try await device(lines, unit).read("c0") }
        line.clock.sleep(80)
        #expect(
            await complaint()
                == "line /dev/virtual: address 7 has not answered for 88 s; addresses 1–3 and 5 do. "
                + "Check that meter's address or its A/B wires")
    }

    @Test func aCancelledRequestIsNeverSent() async throws {
        let line = VirtualLine([slave(1)])
        let cancelled = Mutex<Task<[Indication], any Error>?>(nil)
        let target = Mutex<Device?>(nil)
        let lines = DeviceLines { _ in
            guard let device = target.withLock({ $0 }), cancelled.withLock({ $0 == nil }) else { return }
            let task = Task { try await device.read(["c3"]) }
            cancelled.withLock { $0 = task }
            while device.statistics.waiting == 0 {}
            task.cancel()
            while device.statistics.waiting > 0 {}
        } access: { _ in
            line.access
        }
        let device = try await device(lines, 1)
        target.withLock { $0 = device }
        _ = try await device.read(["c0"])
        let task = try #require(cancelled.withLock { $0 })
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(units(line).count == 1)
    }

    @Test func aCancelledRoundEndsWithTheRequestItIsAt() async throws {
        let line = VirtualLine([slave(1)])
        let begun = Mutex<Task<[Indication], any Error>?>(nil)
        let lines = DeviceLines { _ in
            // The round is known here at the latest once its task has begun it.
            while begun.withLock({ $0 == nil }) {}
            begun.withLock { $0 }?.cancel()
        } access: { _ in
            line.access
        }
        let device = try await device(lines, 1)
        let round = Task { try await device.read(["c0", "c1", "c2", "c3"]) }
        begun.withLock { $0 = round }
        await #expect(throws: CancellationError.self) { try await round.value }
        #expect(units(line).count == 1)
    }

    @Test func severalTransactionsAreUnderWayWhereTheProfileAllowsIt() async throws {
        for (together, expected) in [(1, 4), (3, 2), (16, 1)] {
            let line = VirtualLine([VirtualSlave(unit: 1, isTCP: true) { register, _ in UInt16(register) }])
            let lines = DeviceLines { _ in
            } access: { _ in
                line.access
            }
            let device = try await device(
                lines, 1, modbus: "{function: input, open_transactions: \(together)}", at: "tcp://virtual:502")
            let values = try await device.read(["c3", "c0", "c2", "c1"]).map { "\($0.value.number)" }
            #expect(values == ["30", "0", "20", "10"])
            #expect(line.requests.count == expected)
            // Each has a number of its own.
            var numbers: Set<UInt8> = []
            for request in line.requests {
                for start in stride(from: 0, to: request.bytes.count, by: 12) {
                    numbers.insert(request.bytes[start + 1])
                }
            }
            #expect(numbers.count == 4)
        }
    }

    @Test(arguments: [true, false]) func anInstrumentSaysWhatItIs(itTells: Bool) async throws {
        let line = VirtualLine([Telling(tells: itTells)])
        let lines = DeviceLines { _ in
        } access: { _ in
            line.access
        }
        let device = try await device(lines, 1, at: "tcp://virtual:502")
        guard itTells else {
            await #expect(throws: DeviceError.exception(code: 1, unit: 1, line: "virtual:502", register: 0x0E01)) {
                try await device.identification()
            }
            return
        }
        #expect(try await device.identification() == [0: "Maker", 1: "M-1", 2: "1.0"])
        #expect(line.requests.count == 2)
    }

    @Test func aLineThatComesBackIsOpenedAnew() async throws {
        let line = VirtualLine([slave(1)])
        let lines = DeviceLines { _ in
        } access: { _ in
            line.access
        }
        let device = try await device(lines, 1)
        _ = try await device.read("c0")
        line.unplug(true)
        for _ in 0..<3 { await #expect(throws: DeviceError.self) { try await device.read("c0") } }
        #expect(device.ownStatistics.faults == [.line: 3])
        line.unplug(false)
        #expect(try await device.read("c0").value.number == decimal("100"))
    }
}

/// An instrument that answers or not, as it is told.
struct Moody: InstrumentVoice {
    private var voice: any InstrumentVoice
    private let isSilent: @Sendable () -> Bool

    init(_ voice: any InstrumentVoice, isSilent: @escaping @Sendable () -> Bool) {
        self.voice = voice
        self.isSilent = isSilent
    }

    mutating func hear(_ bytes: [UInt8], at time: Double) -> [SpokenAnswer] {
        isSilent() ? [] : voice.hear(bytes, at: time)
    }

    mutating func hearSilence(at time: Double) {}
}

/// Tells its identification in two parts, or refuses the function.
private struct Telling: InstrumentVoice {
    let tells: Bool

    mutating func hear(_ bytes: [UInt8], at time: Double) -> [SpokenAnswer] {
        guard bytes.count == 11, Array(bytes[7..<10]) == [0x2B, 0x0E, 1] else { return [] }
        func object(_ number: UInt8, _ text: String) -> [UInt8] { [number, UInt8(text.utf8.count)] + Array(text.utf8) }
        let head: [UInt8] = [0x2B, 0x0E, 1, 1]
        let pdu: [UInt8] =
            switch (tells, bytes[10]) {
            case (false, _): [0xAB, 1]
            case (_, 0): head + [0xFF, 2, 2] + object(0, "Maker") + object(1, "M-1")
            default: head + [0, 0, 1] + object(2, "1.0")
            }
        return [SpokenAnswer(Array(bytes[0..<4]) + [0, UInt8(pdu.count + 1), 1] + pdu)]
    }

    mutating func hearSilence(at time: Double) {}
}
