import Devices
import Metrology
import Simulation
import Testing

/// Registers with values of their own; every other register is refused.
private struct FixedBank: RegisterBank {
    let registers: [Int: UInt16]

    func read(_ table: RegisterTable, address: Int, count: Int) -> Result<[UInt16], SlaveException> {
        let values = (address..<(address + count)).compactMap { registers[$0] }
        return values.count == count ? .success(values) : .failure(.illegalAddress)
    }

    func write(address: Int, values: [UInt16]) -> SlaveException? { .illegalAddress }
}

/// A profile whose sources disagree, on an instrument that answers.
@Suite(.serialized) struct ProfileSettlingTests {
    private func profile() throws -> DeviceProfile {
        try profileOf(
            """
              voltage: {quantity: voltage, unit: V, at: 0, as: float32}
              energy: {quantity: energy, unit: kWh, at: 10, as: uint32, scale: 0.01}
            probes:
              base:
                settles: address-base
                alternatives: {from-0: {}, from-1: {shift: 1}}
                decided_by: {voltage: {within: [80 V, 300 V]}}
              order:
                settles: word-order
                channels: [voltage]
                alternatives: {high-first: {}, low-first: {order: CDAB}}
                decided_by: {voltage: {within: [80 V, 300 V]}}
              energy:
                settles: scale
                channels: [energy]
                alternatives: {listed: {}, ten-times: {times: 10}}
                by_person: compare the energy with the display
            """)
    }

    private func profileOf(_ channels: String) throws -> DeviceProfile {
        try DeviceProfile.parse(profileText(channels), name: "test/t")
    }

    /// 230.2 V from register 1 on, high word first; 5 counts of energy at 11.
    private let meter = FixedBank(registers: [0: 0, 1: 0x4366, 2: 0x3333, 3: 0, 10: 0, 11: 0, 12: 5])

    @Test func nothingOpenIsRead() async throws {
        let profile = try profile()
        try await withLine(meter) { lines, address in
            let device = try await lines.device(profile, at: Connection(address))
            await #expect(throws: DeviceError.unsettled(channel: "voltage", profile: "test/t", probe: "base")) {
                try await device.read("voltage")
            }
            await #expect(throws: DeviceError.unsettled(channel: "energy", profile: "test/t", probe: "base")) {
                try await device.read(["energy"])
            }
        }
    }

    @Test func theInstrumentSettlesWhatItCan() async throws {
        let profile = try profile()
        try await withLine(meter) { lines, address in
            let (device, open) = try await lines.device(profile, at: Connection(address)).settled()
            #expect(try await device.read("voltage").value.number == decimal("230.2"))
            #expect(
                open == [
                    .undecided(
                        probe: "energy", profile: "test/t",
                        why: "only a person can tell: compare the energy with the display")
                ])
            await #expect(throws: DeviceError.unsettled(channel: "energy", profile: "test/t", probe: "energy")) {
                try await device.read("energy")
            }
        }
    }

    @Test func anInstrumentThatIsAnotherSettlesNothing() async throws {
        let profile = try profile()
        try await withLine(FixedBank(registers: [:])) { lines, address in
            let (device, open) = try await lines.device(profile, at: Connection(address)).settled()
            #expect(open.count == 3)
            #expect(device.profile.readable.isEmpty)
        }
    }

    @Test func silenceIsNoAnswerToAQuestion() async throws {
        let profile = try profile()
        try await withLine(meter, fault: .silent) { lines, address in
            let device = try await lines.device(profile, at: Connection("\(address)?timeout=40"))
            let error = await #expect(throws: DeviceError.self) { _ = try await device.settled() }
            guard case .noAnswer = error else {
                Issue.record("\(String(describing: error))")
                return
            }
        }
    }
}
