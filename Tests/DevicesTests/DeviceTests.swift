import Devices
import Metrology
import Simulation
import Testing

/// Requests as an instrument on the other end of the line sees them.
@Suite(.serialized) struct DeviceTests {
    @Test func neighboursAreAskedForTogether() async throws {
        let bank = RecordingBank()
        let profile = try profile(
            """
              d: {quantity: q, unit: V, at: 12, as: uint16}
              a: {quantity: q, unit: V, at: 0, as: uint32}
              c: {quantity: q, unit: V, at: 3, as: uint16}
              b: {quantity: q, unit: V, at: 2, as: uint16}
            """)
        try await withLine(bank) { lines, address in
            let device = try await lines.device(profile, at: Connection(address))
            let values = try await device.read(["d", "a", "c", "b"]).map { "\($0.value.number)" }
            #expect(values == ["12", "1", "3", "2"])
            // A hole is never read over: an instrument may refuse registers nobody offered.
            #expect(bank.reads == [.init(address: 0, count: 4), .init(address: 12, count: 1)])
        }
    }

    @Test func noRequestIsLargerThanTheProfileAllows() async throws {
        let bank = RecordingBank()
        let channels = (0..<5).map { "  c\($0): {quantity: q, unit: V, at: \(2 * $0), as: uint32}" }
        let profile = try profile(
            channels.joined(separator: "\n"), modbus: "{function: input, together_at_most: 4}")
        try await withLine(bank) { lines, address in
            let device = try await lines.device(profile, at: Connection(address))
            #expect(try await device.read(profile.channels.map(\.name)).count == 5)
            #expect(
                bank.reads == [
                    .init(address: 0, count: 4), .init(address: 4, count: 4), .init(address: 8, count: 2),
                ])
        }
    }

    private let writable = """
          single: {quantity: q, unit: L, at: 1, as: uint16, scale: 0.1, write: single}
          signed: {quantity: q, unit: L, at: 2, as: int16, scale: 0.01, write: single}
          counter: {quantity: q, unit: L, at: 3, as: uint32, order: CDAB, write: multiple}
          real: {quantity: q, unit: L, at: 5, as: float32, write: multiple}
          refused: {quantity: q, unit: L, at: 2000, as: uint16, write: single}
          wide: {quantity: q, unit: L, at: 7, as: uint32, write: single}
          read: {quantity: q, unit: L, at: 9, as: uint16}
        """

    @Test func writtenValuesArriveInTheRegisters() async throws {
        let bank = RecordingBank()
        let profile = try profile(writable, modbus: "{function: holding}")
        try await withLine(bank) { lines, address in
            let device = try await lines.device(profile, at: Connection(address))
            try await device.write("single", decimal("12.5"))
            try await device.write("signed", decimal("-3"))
            try await device.write("counter", decimal("305419896"))
            try await device.write("real", decimal("23.7"))
            #expect(
                bank.writes == [1: [125], 2: [0xFED4], 3: [0x5678, 0x1234], 5: [0x41BD, 0x999A]])
        }
    }

    @Test func whatDoesNotFitIsNeverRoundedIn() async throws {
        let bank = RecordingBank()
        let profile = try profile(writable, modbus: "{function: holding}")
        try await withLine(bank) { lines, address in
            let device = try await lines.device(profile, at: Connection(address))
            for (channel, value) in [
                ("single", "12.55"), ("single", "6553.6"), ("single", "-0.1"), ("signed", "327.68"),
                ("counter", "4294967296"), ("counter", "0.5"), ("wide", "1"),
            ] {
                await #expect(
                    throws: DeviceError.valueNotRepresentable("\(value) L", channel: channel)
                ) { try await device.write(channel, decimal(value)) }
            }
            await #expect(throws: DeviceError.notWritable("read", profile: "test/t")) {
                try await device.write("read", decimal("1"))
            }
            let error = await #expect(throws: DeviceError.self) {
                try await device.write("refused", decimal("1"))
            }
            #expect(error.map { "\($0)" }?.hasSuffix("exception 2, illegal data address") == true)
            #expect(bank.writes.isEmpty)
        }
    }

    @Test func eachDeviceOnALineKeepsItsOwnTimeout() async throws {
        let profile = try profile("  a: {quantity: q, unit: V, at: 0, as: uint16}")
        try await withLine(RecordingBank(), fault: .silent) { lines, address in
            for timeout in [40, 70] {
                let device = try await lines.device(
                    profile, at: Connection("\(address)?timeout=\(timeout)"))
                let error = await #expect(throws: DeviceError.self) { try await device.read("a") }
                guard case .noAnswer(1, _, timeout) = error else {
                    Issue.record("\(String(describing: error)) instead of silence for \(timeout) ms")
                    continue
                }
            }
        }
    }

    @Test func oneLineHasOneSpeed() async throws {
        let profile = try profile("  a: {quantity: q, unit: V, at: 0, as: uint16}")
        try await withLine(RecordingBank()) { lines, address in
            _ = try await lines.device(profile, at: Connection("\(address)?baud=9600&unit=1"))
            let error = await #expect(throws: DeviceError.self) {
                _ = try await lines.device(profile, at: Connection("\(address)?baud=2400&unit=2"))
            }
            #expect(error.map { "\($0)" }?.contains("already in use with another baud rate") == true)
        }
    }
}
