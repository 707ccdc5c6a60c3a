import Devices
import Foundation
import Metrology
import Simulation
import Synchronization
import Testing

/// Time that moves when it is told to.
private final class HandClock: Sendable {
    private let seconds = Mutex(0.0)

    func pass(_ more: Double) { seconds.withLock { $0 += more } }
    func now() -> Double { seconds.withLock { $0 } }
}

/// The bench over its real wires, read through the profiles that ship with the program.
@Suite(.serialized) struct WireTests {
    private static let profiles =
        URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().path + "/Devices"

    private let clock = HandClock()

    private func withBench(
        positions: Int = 2, _ body: (SimulatedWaterBench, DeviceLines) async throws -> Void
    ) async throws {
        let bench = try SimulatedWaterBench(
            WaterBenchWorld(seed: 9, layout: .init(positions: positions, faulty: 0)), speed: 1,
            monotonicSeconds: { [clock] in clock.now() })
        defer { bench.stop() }
        try await body(bench, DeviceLines())
    }

    private func device(
        _ profile: String, _ line: SimulatedLine, unit: Int, in lines: DeviceLines
    ) async throws -> Device {
        try await lines.device(
            DeviceProfile.named("simulated/\(profile)", in: Self.profiles),
            at: Connection("serial://\(line.port)?unit=\(unit)&timeout=150"))
    }

    @Test func fortyMetersAnswerEachForItself() async throws {
        try await withBench(positions: 40) { bench, lines in
            var serials: [String] = []
            for unit in 1...40 {
                let meter = try await device("water-meter", bench.meters, unit: unit, in: lines)
                let values = try await meter.read(["serial-number", "volume"])
                serials.append("\(values[0].value.number)")
                let register = bench.world.meters[unit - 1].register
                #expect(values[1].value.number == ExactDecimal("\((register * 100).rounded(.down) / 100)"))
            }
            #expect(serials == (1...40).map { "\(26_110_000 + $0)" })
            let nobody = try await device("water-meter", bench.meters, unit: 41, in: lines)
            let error = await #expect(throws: DeviceError.self) { try await nobody.read("volume") }
            guard case .noAnswer(41, _, _) = error else {
                Issue.record("\(String(describing: error)) instead of silence")
                return
            }
        }
    }

    @Test func aBatchRunsAsItsControllerIsTold() async throws {
        try await withBench { bench, lines in
            let controller = try await device("batch-controller", bench.references, unit: 5, in: lines)
            let reference = try await device("reference-flowmeter", bench.references, unit: 1, in: lines)
            func state() async throws -> String { "\(try await controller.read("state").value.number)" }
            #expect(try await state() == "0")
            try await controller.write("flow-setpoint", ExactDecimal(1000))
            try await controller.write("volume-preset", ExactDecimal(20))
            #expect(try await state() == "0")
            let before = try await reference.read("volume").value.number
            try await controller.write("command", ExactDecimal(1))
            clock.pass(10)
            #expect(try await state() == "1")
            let flow = try await reference.read("flow").value.number.double
            #expect(flow > 960 && flow < 1010)
            clock.pass(1000)
            #expect(try await state() == "2")
            #expect(try await reference.read("flow").value.number == ExactDecimal(0))
            let passed = (try await reference.read("volume").value.number - before).double
            #expect(passed >= 19.999 && passed < 20.2)
            // 20 L at nearly 1000 L/h.
            let duration = try await controller.read("duration").value.number.double
            #expect(duration > 70 && duration < 76)
            let error = await #expect(throws: DeviceError.self) {
                try await controller.write("command", ExactDecimal(7))
            }
            #expect(error.map { "\($0)" }?.hasSuffix("exception 3, illegal data value") == true)
        }
    }

    @Test func faultsByName() throws {
        #expect(WireFault("silent") == .silent)
        #expect(WireFault("late=300") == .late(milliseconds: 300))
        #expect(WireFault("wrong-crc") == .wrongChecksum)
        #expect(WireFault("wrong-unit") == .wrongUnit)
        #expect(WireFault("exception=4") == .exception(4))
        #expect(WireFault("noise") == .noise)
        #expect(WireFault("sticking") == .sticking)
        for text in [
            "", "silence", "silent=1", "late", "late=", "late=-1", "late=99999999999", "exception",
            "exception=0", "exception=300", "exception=-1", "noise=2",
        ] { #expect(WireFault(text) == nil, "\(text)") }
    }

    /// What a master says of a meter with a fault; nil where the reading succeeds.
    private func complaint(_ fault: WireFault?) async throws -> DeviceError? {
        var found: DeviceError?
        try await withBench { bench, lines in
            bench.meters.set(fault, at: 1)
            let meter = try await device("water-meter", bench.meters, unit: 1, in: lines)
            do { _ = try await meter.read("volume") } catch let error as DeviceError { found = error }
            // The fault belongs to its unit, and goes when it is laid down.
            let neighbour = try await device("water-meter", bench.meters, unit: 2, in: lines)
            #expect(try await neighbour.read("serial-number").value.number == ExactDecimal(26_110_002))
            bench.meters.set(nil, at: 1)
            #expect(try await meter.read("serial-number").value.number == ExactDecimal(26_110_001))
        }
        return found
    }

    @Test func eachFaultDoesWhatItSays() async throws {
        #expect(try await complaint(nil) == nil)
        #expect(try await complaint(.late(milliseconds: 1)) == nil)
        for fault in [WireFault.silent, .late(milliseconds: 300)] {
            guard case .noAnswer(1, _, 150) = try await complaint(fault) else {
                Issue.record("\(fault) was answered")
                continue
            }
        }
        for fault in [WireFault.wrongChecksum, .noise] {
            guard case .corrupted(1, _, let why) = try await complaint(fault) else {
                Issue.record("\(fault) passed")
                continue
            }
            #expect(why == "the checksum (CRC) is wrong")
        }
        guard case .otherUnit(1, 2, _) = try await complaint(.wrongUnit) else {
            Issue.record("an answer from another unit passed")
            return
        }
        guard case .exception(6, 1, _, 0) = try await complaint(.exception(6)) else {
            Issue.record("an exception passed")
            return
        }
    }

    @Test func aStickingMeterKeepsItsReadingAndOnlyThat() async throws {
        try await withBench { bench, lines in
            bench.meters.set(.sticking, at: 1)
            let stuck = try await device("water-meter", bench.meters, unit: 1, in: lines)
            let sound = try await device("water-meter", bench.meters, unit: 2, in: lines)
            let before = (try await stuck.read("volume").value, try await sound.read("volume").value)
            // Another register of the same meter is not answered with the volume.
            #expect(try await stuck.read("serial-number").value.number == ExactDecimal(26_110_001))
            let controller = try await device("batch-controller", bench.references, unit: 5, in: lines)
            try await controller.write("flow-setpoint", ExactDecimal(1000))
            try await controller.write("volume-preset", ExactDecimal(20))
            try await controller.write("command", ExactDecimal(1))
            clock.pass(1000)
            #expect(try await stuck.read("volume").value == before.0)
            #expect(try await sound.read("volume").value != before.1)
            bench.meters.set(nil, at: 1)
            #expect(try await stuck.read("volume").value != before.0)
        }
    }

    @Test func aLineThatIsTakenDownIsGone() async throws {
        try await withBench { bench, lines in
            let meter = try await device("water-meter", bench.meters, unit: 1, in: lines)
            _ = try await meter.read("volume")
            bench.stop()
            let first = await #expect(throws: DeviceError.self) { try await meter.read("volume") }
            #expect(first == .lineLost(line: bench.meters.port))
            let second = await #expect(throws: DeviceError.self) { try await meter.read("volume") }
            #expect(second == .noSuchPort(path: bench.meters.port))
        }
    }
}
