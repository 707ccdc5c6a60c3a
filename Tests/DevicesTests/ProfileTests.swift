import DataFiles
import Devices
import Foundation
import Testing

@Suite struct ProfileTests {
    private static let folder =
        URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().path + "/Devices"

    @Test func everyProfileOfTheRepositoryLoads() throws {
        let names = DeviceProfile.all(in: Self.folder)
        try #require(names.count >= 150)
        for name in names {
            let profile = try DeviceProfile.named(name, in: Self.folder)
            #expect(profile.name == name)
            #expect(!profile.channels.isEmpty, "\(name)")
            #expect(!profile.source.isEmpty, "\(name)")
        }
    }

    @Test func aProfileIsFoundByItsModelAlone() throws {
        #expect(try DeviceProfile.named("sdm630", in: Self.folder).name == "eastron/sdm630")
        let error = #expect(throws: DeviceError.self) { try DeviceProfile.named("sdm", in: Self.folder) }
        #expect(error == .unknownProfile("sdm", known: DeviceProfile.all(in: Self.folder)))
        #expect(
            "\(DeviceError.unknownProfile("x", known: []))"
                == "there is no device profile 'x': no profiles were found, check --data")
    }

    @Test func anUnknownChannelIsNamedWithThoseThereAre() throws {
        let profile = try DeviceProfile.named("room-climate", in: Self.folder)
        #expect(
            throws: DeviceError.unknownChannel(
                "humidty", profile: "simulated/room-climate", known: ["temperature", "humidity"])
        ) { try profile.channel("humidty") }
    }

    private func complaint(_ text: String) -> DataFileError? {
        #expect(throws: DataFileError.self) {
            try DeviceProfile.parse(text, name: "test/t", file: "t.yaml")
        }
    }

    @Test func anUnknownKeyIsShownWhereItStands() throws {
        let error = try #require(
            complaint(profileText("  a: {quantity: q, unit: V, at: 0, as: uint16, scael: 0.1}")))
        #expect(error.line == 8)
        #expect(error.column == 48)
        #expect(
            error.description == """
                t.yaml:8:48: unknown key 'scael': did you mean 'scale'? known here: accuracy_class, as, at, bits, \
                cjt188, counter, dlt645, function, mbus, not_available, note, offset, order, own, quantity, resolution, \
                scale, shares_registers_with, text, unit, words, write
                    a: {quantity: q, unit: V, at: 0, as: uint16, scael: 0.1}
                  \(String(repeating: " ", count: 47))^
                """)
    }

    @Test(arguments: [
        ("  a: {quantity: q, at: 0, as: uint16}", "{function: input}", "'channels.a' lacks the required key 'unit'"),
        (
            "  a: {quantity: q, unit: furlong, at: 0, as: uint16}", "{function: input}",
            "'furlong' is not a unit known here"
        ),
        (
            "  a: {quantity: q, unit: V, at: 0x10000, as: uint16}", "{function: input}",
            "a register address lies between 0 and 0xFFFF"
        ),
        (
            "  a: {quantity: q, unit: V, at: 0xFFFF, as: uint32}", "{function: input}",
            "a register address lies between 0 and 0xFFFF"
        ),
        (
            "  a: {quantity: q, unit: V, at: -1, as: uint16}", "{function: input}",
            "a register address lies between 0 and 0xFFFF"
        ),
        (
            "  a: {quantity: q, unit: V, at: 0, as: float80}", "{function: input}",
            "'channels.a.as' must be one of uint16, int16, uint32, int32, uint64, int64, float32, float64, bcd, "
                + "ascii, bool, not 'float80'"
        ),
        (
            "  a: {quantity: q, unit: V, at: 0, as: uint16, scale: x}", "{function: input}",
            "'x' is not a decimal number"
        ),
        (
            "  a: {quantity: q, unit: V, at: 0, as: uint16, resolution: 0.1 A}", "{function: input}",
            "'0.1 A' must be a number followed by the channel's unit V"
        ),
        (
            "  a: {quantity: q, unit: V, at: 0, as: uint16, write: twice}", "{function: input}",
            "write must be single or multiple, not 'twice'"
        ),
        (
            "  a: {quantity: q, unit: V, at: 0, as: uint16}", "{function: coils}",
            "function must be holding, input, coil or discrete, not 'coils'"
        ),
        (
            "  a: {quantity: q, unit: V, at: 0, as: uint16}", "{function: input, order: ABDC}",
            "'modbus.order' must be one of ABCD, CDAB, BADC, DCBA, not 'ABDC'"
        ),
        (
            "  a: {quantity: q, unit: V, at: 0, as: uint16}", "{function: input, unit: 300}",
            "300 must be a whole number from 1 to 247"
        ),
        (
            "  a: {quantity: q, unit: V, at: 0, as: uint16}", "{function: input, together_at_most: 126}",
            "126 must be a whole number from 2 to 125"
        ),
        (
            "  a: {quantity: q, unit: V, at: 0, as: uint16}", "{function: input, together_at_most: 0}",
            "0 must be a whole number from 2 to 125"
        ),
        (
            "  a: {quantity: q, unit: V, at: 0, as: uint16}", "{function: input, stop: 3}",
            "3 must be a whole number from 1 to 2"
        ),
        (
            "  a: {quantity: q, unit: V, at: 0, as: uint16}", "{function: input, pause: 20 s}",
            "'20 s' must be a time like 20 ms, at most 60000 ms"
        ),
        (
            "  a: {quantity: q, unit: V, at: 0, as: uint16}\n  a: {quantity: q, unit: V, at: 1, as: uint16}",
            "{function: input}", "the key 'a' stands twice"
        ),
    ])
    func faultyProfiles(channels: String, modbus: String, message: String) throws {
        let error = try #require(complaint(profileText(channels, modbus: modbus)))
        #expect(error.message == message)
        #expect(error.line >= 6)
    }

    @Test func aSpeedThatNoPortKnowsIsRefused() throws {
        let text = profileText(
            "  a: {quantity: q, unit: V, at: 0, as: uint16}", modbus: "{function: input, baud: 9601}")
        #expect(try #require(complaint(text)).message.hasPrefix("9601 must be one of 300, 600,"))
    }

    @Test func theSourceIsRequired() throws {
        let text = profileText("  a: {quantity: q, unit: V, at: 0, as: uint16}")
            .replacingOccurrences(of: "source: test\n", with: "")
        #expect(try #require(complaint(text)).message == "the file lacks the required key 'source'")
    }
}
