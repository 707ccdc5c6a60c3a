import Devices
import Metrology
import Simulation
import Testing

/// What simulated instruments do beside giving values.
@Suite struct VoiceMannerTests {
    private static func spoken(_ answers: [SpokenAnswer]) -> String {
        String(decoding: answers.flatMap(\.bytes), as: UTF8.self)
    }

    private static func balance(isStable: Bool) throws -> TextVoice {
        let profile = try #require(EveryProfileTests.profiles(.text).first { $0.name == "mettler-toledo/mt-sics" })
        return try profile.textInstrument(VoiceSettings()) { channel, _ in
            channel.hasPrefix("weight")
                ? ShownValue(.number(ExactDecimal(coefficient: -1250, places: 2)), isStable: isStable) : nil
        }
    }

    @Test func balance() throws {
        var still = try Self.balance(isStable: true)
        #expect(
            Self.spoken(still.hear(Array("SI\r\n".utf8), at: 0)).split(separator: " ") == ["S", "S", "-12.50", "g\r\n"])
        #expect(Self.spoken(still.hear(Array("S\r\n".utf8), at: 0)).hasPrefix("S S "))
        #expect(Self.spoken(still.hear(Array("XYZ\r\n".utf8), at: 0)) == "ES\r\n")
        #expect(Self.spoken(still.hear(Array("Z\r\n".utf8), at: 0)) == "Z A\r\n")
        // Half a command is given up when the line is quiet.
        #expect(still.hear(Array("S".utf8), at: 0) == [])
        still.hearSilence(at: 1)
        #expect(Self.spoken(still.hear(Array("Z\r\n".utf8), at: 2)) == "Z A\r\n")
        var moving = try Self.balance(isStable: false)
        #expect(Self.spoken(moving.hear(Array("SI\r\n".utf8), at: 0)).hasPrefix("S D "))
        #expect(Self.spoken(moving.hear(Array("S\r\n".utf8), at: 0)) == "S I\r\n")
    }

    @Test func scpiTellsItsErrors() throws {
        let line = TextVoiceLine(
            channel: "voltage", prepare: ["CONF:VOLT:DC"], ask: "READ?", answer: #"^(?<value>.*)$"#)
        var voice = try #require(
            TextVoice(.scpi, endOfCommand: "\n", endOfAnswer: "\n", lines: [line]) { _, _ in
                ShownValue(.number(ExactDecimal(5)))
            })
        #expect(Self.spoken(voice.hear(Array("CONF:VOLT:DC\nREAD?\n".utf8), at: 0)) == "5\n")
        #expect(voice.hear(Array("NOSUCH\n".utf8), at: 0) == [])
        #expect(Self.spoken(voice.hear(Array("SYST:ERR?\n".utf8), at: 0)) == "-113,\"Undefined header\"\n")
        #expect(Self.spoken(voice.hear(Array("SYST:ERR?\n".utf8), at: 0)) == "0,\"No error\"\n")
    }

    /// The question is one, the function set before it decides.
    @Test func whatIsPreparedIsMeasured() throws {
        let number = #"^(?<value>[-+]?\d+\.\d+)$"#
        let lines = [
            TextVoiceLine(channel: "voltage", prepare: ["REM", "VOLT"], ask: "READ?", answer: number),
            TextVoiceLine(channel: "current", prepare: ["REM", "CURR"], ask: "READ?", answer: number),
        ]
        var voice = try #require(
            TextVoice(.plain, endOfCommand: "\n", endOfAnswer: "\n", lines: lines) { channel, _ in
                ShownValue(.number(ExactDecimal(coefficient: channel == "voltage" ? 101 : 22, places: 1)))
            })
        for (function, value) in [("VOLT", "10.1\n"), ("CURR", "2.2\n"), ("VOLT", "10.1\n")] {
            #expect(voice.hear(Array("REM\n\(function)\n".utf8), at: 0) == [])
            #expect(Self.spoken(voice.hear(Array("READ?\n".utf8), at: 0)) == value)
        }
    }

    /// Three channels in one answer, each in its place.
    @Test func oneAnswerForSeveral() throws {
        func pattern(_ names: [String]) -> String {
            "^" + names.map { #"(?<\#($0)>[-+]?\d+(?:\.\d+)?)"# }.joined(separator: ";") + "$"
        }
        let lines = [
            TextVoiceLine(channel: "u", ask: "M?", answer: pattern(["value", "i", "p"])),
            TextVoiceLine(channel: "i", ask: "M?", answer: pattern(["u", "value", "p"])),
            TextVoiceLine(channel: "p", ask: "M?", answer: pattern(["u", "i", "value"])),
        ]
        let numbers = ["u": "230.1", "i": "-5", "p": "1150.5"]
        var voice = try #require(
            TextVoice(.plain, endOfCommand: "\r", endOfAnswer: "\r", lines: lines) { channel, _ in
                numbers[channel].flatMap { ExactDecimal($0) }.map { ShownValue(.number($0)) }
            })
        #expect(Self.spoken(voice.hear(Array("M?\r".utf8), at: 0)) == "230.1;-5;1150.5\r")
    }

    private static func meter(telegrams: Int = 2) throws -> MBusVoice {
        let identity = MBusVoice.Identity(identification: "12345678", manufacturer: "KAM", version: 8, medium: 4)
        let records = (0..<4).map { place in
            MBusVoiceRecord("\(place)", dif: [0x0C], vif: [UInt8(0x13 + place)], scale: ExactDecimal(1))
        }
        return try #require(
            MBusVoice(address: 5, identity: identity, records: records, telegrams: telegrams) { channel, _ in
                ExactDecimal(channel).map { ShownValue(.number($0)) }
            })
    }

    private static func short(_ control: UInt8, _ address: UInt8) -> [UInt8] {
        [0x10, control, address, control &+ address, 0x16]
    }

    @Test func frameCountBit() throws {
        var meter = try Self.meter()
        func ask(_ control: UInt8, _ address: UInt8 = 5) -> [UInt8]? {
            meter.hear(Self.short(control, address), at: 0).first?.bytes
        }
        #expect(ask(0x40) == [0xE5])
        let first = try #require(ask(0x7B))
        // The same bit: the answer was lost, and comes again as it was.
        #expect(ask(0x7B) == first)
        let second = try #require(ask(0x5B))
        #expect(second != first)
        #expect(first[first.count - 3] == 0x1F)
        #expect(second[second.count - 3] != 0x1F)
        // After the last comes the first again, counted on.
        let third = try #require(ask(0x7B))
        #expect(third.dropFirst(19).dropLast(2) == first.dropFirst(19).dropLast(2))
        #expect(third[15] == 3)
        // A new beginning in the middle.
        #expect(ask(0x40) == [0xE5])
        #expect(ask(0x7B)?.dropFirst(19).dropLast(2) == first.dropFirst(19).dropLast(2))
        #expect(ask(0x7B, 6) == nil)
        #expect(ask(0x40, 254) == [0xE5])
        #expect(ask(0x40, 255) == nil)
    }

    @Test(
        arguments: [
            ([0x78, 0x56, 0x34, 0x12, 0x2D, 0x2C, 0x08, 0x04], true),
            ([0x78, 0x56, 0x34, 0xFF, 0x2D, 0x2C, 0x08, 0x04], true),
            ([0x78, 0x56, 0x34, 0x12, 0xFF, 0xFF, 0xFF, 0xFF], true),
            ([0x79, 0x56, 0x34, 0x12, 0xFF, 0xFF, 0xFF, 0xFF], false),
            ([0x78, 0x56, 0x34, 0x12, 0x2D, 0x2D, 0x08, 0x04], false),
            ([0x78, 0x56, 0x34, 0x12, 0x2D, 0x2C, 0x08, 0x05], false),
        ] as [([UInt8], Bool)])
    func selection(_ asked: [UInt8], _ isMeant: Bool) throws {
        var meter = try Self.meter()
        func select(_ bytes: [UInt8]) -> [[UInt8]] {
            let body = [0x53, 0xFD, 0x52] + bytes
            let count = UInt8(body.count)
            return meter.hear([0x68, count, count, 0x68] + body + [body.reduce(0, &+), 0x16], at: 0).map(\.bytes)
        }
        #expect(meter.hear(Self.short(0x7B, 253), at: 0) == [])
        #expect(select(asked) == (isMeant ? [[0xE5]] : []))
        #expect(meter.hear(Self.short(0x7B, 253), at: 0).isEmpty != isMeant)
        // Another is selected: this one no longer is.
        #expect(select([0x11, 0x11, 0x11, 0x11, 0xFF, 0xFF, 0xFF, 0xFF]) == [])
        #expect(meter.hear(Self.short(0x5B, 253), at: 0) == [])
    }
}
