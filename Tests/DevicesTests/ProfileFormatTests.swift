import DataFiles
import Devices
import Metrology
import Testing

/// What a profile file can say, and what of it is refused, with the place.
@Suite struct ProfileFormatTests {
    private func load(_ blocks: String, _ channels: String, _ rest: String = "") throws -> DeviceProfile {
        try DeviceProfile.parse(
            """
            maker: Test
            models: [T]
            kind: test instrument
            source: [first, second]
            confidence: found
            \(blocks)
            channels:
            \(channels)
            \(rest)
            """, name: "test/t", file: "t.yaml")
    }

    private func complaint(_ blocks: String, _ channels: String, _ rest: String = "") -> DataFileError? {
        #expect(throws: DataFileError.self) { try load(blocks, channels, rest) }
    }

    @Test func eachProtocolHasItsOwnPlaceForAChannel() throws {
        let profile = try load(
            """
            protocols: [dlt645-2007, cjt188, mbus, text, own, modbus-ascii]
            modbus: {function: holding, refused: [0x0014, 0x8000..0x80FF], reads_over_holes: true}
            dlt645: {baud: 2400, parity: even, pause: 30 ms, timeout: 500 ms}
            cjt188: {identifier: "901F", unit_codes: {"2C": m3}}
            mbus: {manufacturer: KAM, version: 8, medium: 0x04}
            text: {flavour: scpi, end_of_command: "\\r\\n", not_available: ["9.9E37"]}
            own: {name: X}
            """,
            """
              a: {quantity: voltage, unit: V, dlt645: {identifier: "02010100", bytes: 2, decimals: 1}}
              b: {quantity: volume, unit: m3, cjt188: {offset: 3, bytes: 4, decimals: 2, unit_offset: 7}}
              c: {quantity: volume, unit: m3, mbus: {dif: "8440", vif: "14", subunit: 1, scale: 0.01}}
              d: {quantity: voltage, unit: V, text: {ask: "READ?", answer: "^(?<value>.+)$"}}
              e: {quantity: current, unit: A, own: {code: B1, scale: 0.1}}
              f: {quantity: voltage, unit: V, at: 1, as: uint16, text: {ask: V, answer: "^(?<value>.+)$"}}
            """)
        #expect(profile.protocols.first == .dlt645Of2007)
        #expect(profile.sources == ["first", "second"])
        // A Modbus part without line settings leaves them at what is usual.
        #expect(profile.defaults.baud == 9600)
        #expect(profile.defaults.refused == [0x14...0x14, 0x8000...0x80FF])
        #expect(profile.defaults.readsOverHoles)
        #expect(profile.lines[.dlt645]?.baud == 2400)
        #expect(profile.lines[.dlt645]?.timeout == 500)
        #expect(profile.settings.cjt188?.units == [0x2C: try #require(MeasurementUnit("m3"))])
        #expect(profile.settings.mbus?.medium == 4)
        #expect(profile.settings.text?.endOfCommand == "\r\n")
        #expect(profile.channels.map(\.ways.count) == [1, 1, 1, 1, 1, 2])
        #expect(profile.channels.map { "\($0.scale)" } == ["0.1", "0.01", "0.01", "1", "0.1", "1"])
        guard case .line(let line) = profile.channels[3].ways[0] else {
            Issue.record("no line of text")
            return
        }
        #expect(line.notAvailable == ["9.9E37"])
        // What one Modbus reading gives.
        #expect(profile.readable.map(\.name) == ["f"])
    }

    private static let modbus = "modbus: {function: input}"

    @Test(arguments: [
        (modbus, "  A: {quantity: q, unit: V, at: 0, as: uint16}", "'A' must be small letters, digits and hyphens"),
        (
            modbus, "  a: {quantity: voltage, unit: A, at: 0, as: uint16}",
            "A is no unit of voltage, which is stated like V"
        ),
        (
            modbus, "  a: {quantity: temperature difference, unit: °C, at: 0, as: uint16}",
            "°C is no unit of temperature difference, which is stated like K"
        ),
        (modbus, "  a: {quantity: q, unit: V, at: 0, as: bool}", "bool stands in a table of bits"),
        (modbus, "  a: {quantity: q, unit: V, at: 0, as: uint16, function: coil}", "bool stands in a table of bits"),
        (modbus, "  a: {quantity: q, unit: V, at: 0, as: uint32, words: 2}", "uint32 always takes 2 registers"),
        (modbus, "  a: {quantity: q, unit: V, at: 0, as: ascii}", "'channels.a' lacks the required key 'words'"),
        (
            modbus, "  a: {quantity: q, unit: V, at: 0xFFFE, as: float64}",
            "a register address lies between 0 and 0xFFFF"
        ),
        (modbus, "  a: {quantity: q, unit: V, at: 0, as: int16, bits: 3}", "bits are taken from a uint16"),
        (modbus, "  a: {quantity: q, unit: V, at: 0, as: uint16, bits: 3..16}", "'3..16' must be a bit from 0 to 15"),
        (
            modbus, "  a: {quantity: q, unit: V, at: 0, as: uint32, not_available: [\"FFFF\"]}",
            "'FFFF' must be 8 hexadecimal digits in capitals"
        ),
        (
            modbus, "  a: {quantity: q, unit: V, at: 0, as: uint32}\n  b: {quantity: q, unit: V, at: 1, as: uint16}",
            "'b' takes registers of 'a'"
        ),
        (
            modbus, "  a: {quantity: q, unit: V, mbus: {dif: \"04\", vif: \"06\"}}",
            "'channels.a' lacks the required key 'at'"
        ),
        (
            "protocols: [mbus]\nmbus: {baud: 2400}", "  a: {quantity: q, unit: V, at: 0, as: uint16}",
            "the profile has no part 'modbus'"
        ),
        (
            "protocols: [mbus]\nmbus: {baud: 2400}", "  a: {quantity: q, unit: V, as: uint16}",
            "this belongs to a register"
        ),
        ("protocols: [mbus]\nmbus: {baud: 2400}", "  a: {quantity: q, unit: V}", "a channel says where it stands"),
        (
            "protocols: [mbus]\nmbus: {baud: 2400}", "  a: {quantity: q, unit: V, mbus: {dif: \"4\", vif: \"06\"}}",
            "'4' must be an even number of hexadecimal digits"
        ),
        ("mbus: {baud: 2400}", "  a: {quantity: q, unit: V}", "the file lacks the required key 'protocols'"),
        ("protocols: [mbus]", "  a: {quantity: q, unit: V}", "the protocols need a part 'mbus'"),
        (
            "protocols: [mbus]\nmbus: {}\n\(modbus)", "  a: {quantity: q, unit: V}",
            "the part 'modbus' belongs to no protocol listed here"
        ),
        ("protocols: [m-bus]\n\(modbus)", "  a: {quantity: q, unit: V}", "'protocols[0]' must be one of modbus-rtu"),
        (
            "protocols: [text]\ntext: {flavour: scpi}", "  a: {quantity: q, unit: V, text: {answer: '(?<value>'}}",
            "'(?<value>' is not a regular expression"
        ),
        (
            "protocols: [text]\ntext: {flavour: scpi}", "  a: {quantity: q, unit: V, text: {answer: '.*'}}",
            "the pattern has no group (?<value>…)"
        ),
        (
            "protocols: [text]\ntext: {flavour: scpi}",
            "  a: {quantity: q, unit: V, text: {answer: '(?<value>.*)', stable: [S]}}",
            "the pattern has no group (?<state>…)"
        ),
        (
            "modbus: {function: input, refused: [20..10]}", "  a: {quantity: q, unit: V, at: 0, as: uint16}",
            "'20..10' must be"
        ),
    ])
    func faultyFiles(blocks: String, channels: String, message: String) throws {
        let error = try #require(complaint(blocks, channels))
        #expect(error.message.hasPrefix(message), "\(error.message)")
        #expect(error.line >= 1)
    }

    @Test func registersCanBeSharedOnPurpose() throws {
        let profile = try load(
            Self.modbus,
            """
              a: {quantity: state, unit: "1", at: 0, as: uint16, bits: 0..2}
              b: {quantity: state, unit: "1", at: 0, as: uint16, bits: 3}
              c: {quantity: voltage, unit: V, at: 4, as: float32}
              d: {quantity: voltage, unit: V, at: 4, as: int16, shares_registers_with: c}
            """)
        #expect(profile.channels.count == 4)
    }

    @Test func confidenceIsOneOfThree() throws {
        let error = try #require(
            #expect(throws: DataFileError.self) {
                try DeviceProfile.parse(
                    profileText("  a: {quantity: q, unit: V, at: 0, as: uint16}")
                        .replacing("confidence: found", with: "confidence: certain"), name: "t")
            })
        #expect(error.message == "'confidence' must be one of demonstration, found, cross-checked, not 'certain'")
    }

    @Test func anInstrumentWithoutModbusIsRefusedInOneLine() async throws {
        let profile = try load(
            "protocols: [mbus]\nmbus: {baud: 2400}",
            "  a: {quantity: volume, unit: m3, mbus: {dif: \"04\", vif: \"13\"}}")
        let error = await #expect(throws: DeviceError.self) {
            _ = try await DeviceLines().device(profile, at: Connection("serial:///dev/null"))
        }
        #expect(
            error.map { "\($0)" }
                == "test/t speaks mbus, which cannot be read this way: what stands in registers is, and what is asked for by "
                + "DL/T 645, CJ/T 188, M-Bus or lines of text")
        #expect(error?.isWrongUse == true)
    }

    @Test func anInstrumentIsRecognisedByWhatItSays() throws {
        let channels = """
              model: {quantity: identification, unit: "1", at: 0, as: uint16}
              name: {quantity: identification, unit: "1", at: 1, as: ascii, words: 2}
            """
        let profile = try load(Self.modbus, channels, "recognised_by: {model: [1648, 1649], name: [B21]}")
        #expect(profile.recognition.map(\.channel) == ["model", "name"])
        #expect(profile.recognition[0].fits("1649.0"))
        #expect(!profile.recognition[0].fits("1650"))
        #expect(profile.recognition[1].fits("B21"))
        #expect(!profile.recognition[1].fits("B23"))
        let stranger = try #require(complaint(Self.modbus, channels, "recognised_by: {maker: [1]}"))
        #expect(stranger.message == "there is no channel 'maker' to recognise the instrument by")
        let word = try #require(complaint(Self.modbus, channels, "recognised_by: {model: answer}"))
        #expect(word.message == "give a list of values, or `answer` for a channel of text")
    }
}
