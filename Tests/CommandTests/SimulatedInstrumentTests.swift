import Foundation
import Testing

extension CommandTests {
    /// `simulate instrument` as programs of other makers see it: pymodbus and mbpoll.
    @Suite(.serialized) struct SimulatedInstruments {
        private let folder: Folder

        init() throws { folder = try Folder() }

        private static let profile = """
            maker: Test
            models: [peer]
            kind: test instrument
            source: test
            confidence: found
            modbus: {function: input, unit: 9}
            channels:
              voltage: {quantity: voltage, unit: V, at: 0, as: float32}
              energy: {quantity: active energy, unit: kWh, at: 4, as: uint32, order: CDAB, scale: 0.01}
              setting: {quantity: setting, unit: "1", at: 10, as: uint16, function: holding, write: multiple}
            """

        /// Starts the instrument; gives the addresses it prints, for `device read`, and the bare place.
        private func instrument(_ arguments: String...) throws -> (
            running: Running, addresses: [String], place: String
        ) {
            let profile = try folder.write(Self.profile, to: "peer.yaml")
            let running = try folder.start(
                ["simulate", "instrument", "--profile", profile, "--value", "voltage=229.5"] + arguments,
                until: "instrument ")
            let lines = running.output.split(separator: "\n").filter { $0.hasPrefix("instrument ") }
            let addresses = lines.map { String($0.dropFirst("instrument ".count)) }
            let first = try #require(addresses.first)
            let place = first.split(separator: "?")[0].replacing("serial://", with: "").replacing("tcp://", with: "")
            return (running, addresses, String(place))
        }

        private func pymodbus(_ kind: String, _ place: String, unit: Int = 9, _ commands: String...) throws -> [String]
        {
            let outcome = try folder.run(
                Programs.python, ["\(Programs.peers)/modbus_client.py", kind, place, "\(unit)"] + commands)
            guard outcome.status == 0 else { throw SetupFailed(description: outcome.errors) }
            return outcome.output.split(separator: "\n").map(String.init)
        }

        private func read(_ address: String, _ channels: String...) throws -> Outcome {
            try folder.steelyard(
                ["device", "read", "--profile", "\(folder.path)/peer.yaml", "--connect", address] + channels)
        }

        @Test(
            arguments: [
                ("rtu", "pty", "modbus-rtu"), ("tcp", "tcp", "modbus-tcp"),
                ("rtu-over-tcp", "tcp", "modbus-rtu-over-tcp"), ("ascii", "pty", "modbus-ascii"),
                ("ascii", "tcp", "modbus-ascii"),
            ])
        func pymodbusReadsAndWrites(kind: String, on: String, spoken: String) throws {
            let (running, addresses, place) = try instrument(
                "--on", on, "--protocol", spoken, "--value", "energy=655.37")
            // 229.5 is 43 65 80 00; 65537 hundredths are 0001 0001, the lower word first.
            let said = try pymodbus(
                kind, place, "input:0:2", "input:4:2", "holding:10:1", "writes:10:513", "holding:10:1", "write:10:7",
                "holding:10:1", "input:1:2", "write:0:1", "coil:0:1", "identity")
            #expect(
                said == [
                    "17253 32768", "1 1", "1", "written", "513", "written", "7", "exception 2", "exception 2",
                    "exception 2", "Test|peer|simulated",
                ])
            let outcome = try read(addresses[0], "voltage", "energy", "setting")
            #expect(outcome.status == 0, "\(outcome.errors)")
            #expect(
                outcome.output.split(separator: "\n").prefix(3) == [
                    "voltage  229.5 V", "energy   655.37 kWh", "setting  7",
                ])
            running.stop()
            #expect(try running.end().status == 0)
        }

        @Test(arguments: ["pty", "tcp"]) func mbpollReads(on: String) throws {
            let (running, _, place) = try instrument("--on", on)
            defer { running.stop() }
            let parts = place.split(separator: ":")
            let line =
                on == "pty"
                ? ["-m", "rtu", "-b", "9600", "-P", "none", place] : ["-m", "tcp", "-p", "\(parts[1])", "\(parts[0])"]
            let outcome = try folder.run(
                Programs.peer("mbpoll"), ["-a", "9", "-t", "3", "-0", "-r", "0", "-c", "2", "-1", "-q"] + line)
            #expect(outcome.status == 0, "\(outcome.errors)")
            let values = outcome.output.split(separator: "\n").filter { $0.hasPrefix("[") }.compactMap {
                $0.split { ": \t".contains($0) }.dropFirst().first
            }
            #expect(values == ["17253", "32768"])
        }

        @Test func severalUnitsOnOneLine() throws {
            let (running, addresses, place) = try instrument("--units", "1-3,7")
            defer { running.stop() }
            #expect(addresses == [1, 2, 3, 7].map { "serial://\(place)?unit=\($0)" })
            for unit in [1, 2, 3, 7] { #expect(try pymodbus("rtu", place, unit: unit, "input:0:1") == ["17253"]) }
            #expect(try pymodbus("rtu", place, unit: 4, "input:0:1")[0].hasPrefix("failed: "))
        }

        // MARK: faults

        @Test(arguments: ["silent", "late=1500", "wrong-crc", "cut", "wrong-unit"])
        func faultsThatSpoilAReading(fault: String) throws {
            let (running, _, place) = try instrument("--fault", fault)
            defer { running.stop() }
            let said = try pymodbus("rtu", place, "input:0:1")
            #expect(said.count == 1 && said[0].hasPrefix("failed: "), "\(said)")
        }

        @Test(
            arguments: [
                ("exception=6", "exception 6"), ("slow=2", "17253"), ("duplicate", "17253"), ("sticking", "17253"),
            ])
        func faultsThatAreAnswers(fault: String, answer: String) throws {
            let (running, _, place) = try instrument("--fault", fault)
            defer { running.stop() }
            #expect(try pymodbus("rtu", place, "input:0:1") == [answer])
        }

        @Test func faultsOfANetwork() throws {
            for (fault, complaint) in [
                ("wrong-transaction", "another request"), ("gone", ""), ("wrong-unit", "unit 10"),
            ] {
                let (running, addresses, _) = try instrument("--on", "tcp", "--fault", fault)
                let outcome = try read(addresses[0] + "&timeout=300", "voltage")
                #expect(outcome.status == 3 && outcome.output.isEmpty, "\(fault): \(outcome.errors)")
                #expect(complaint.isEmpty || !outcome.errors.isEmpty)
                running.stop()
                #expect(try running.end().status == 0)
            }
        }

        @Test func faultsOfTheValueAreSeen() throws {
            let (sound, _, first) = try instrument()
            // The counter of the profile, 1234.5 kWh and a little more by its place, in hundredths, the lower word first.
            let counted = try pymodbus("rtu", first, "input:4:2")[0].split(separator: " ").compactMap { Int($0) }
            #expect(counted.count == 2 && counted[1] == 1 && counted[0] > 123_450 - 65_536)
            sound.stop()
            let (reset, _, place) = try instrument("--fault", "reset")
            #expect(try pymodbus("rtu", place, "input:4:2") == ["0 0"])
            reset.stop()
            let (unstable, _, port) = try instrument("--fault", "unstable")
            defer { unstable.stop() }
            let said = try pymodbus("rtu", port, "input:0:2", "input:0:2", "input:0:2")
            #expect(Set(said).count == 3)
        }

        @Test func aScheduleIsReadFromAFile() throws {
            let file = try folder.write("faults:\n  - {fault: exception=4, from: 0, to: 100000}\n", to: "faults.yaml")
            let (running, _, place) = try instrument("--faults", file)
            defer { running.stop() }
            #expect(try pymodbus("rtu", place, "input:0:1") == ["exception 4"])
        }

        @Test func everyExchangeIsLogged() throws {
            let (running, _, place) = try instrument("--log")
            defer { running.stop() }
            _ = try pymodbus("rtu", place, "input:0:2")
            let log = running.output.split(separator: "\n").filter { !$0.hasPrefix("instrument ") }
            #expect(log.contains { $0.contains("> 09 04 00 00 00 02 ") })
            #expect(log.contains { $0.contains("< 09 04 04 43 65 80 00 ") })
        }

        // MARK: refusals

        @Test(
            arguments: [
                (["--fault", "tired"], "--fault is FAULT or FAULT@PERCENT"),
                (["--fault", "reset@5%"], "not for a fault of the value"),
                (["--fault", "wrong-transaction"], "nothing for the fault"),
                (["--value", "voltage=high"], "the value of voltage is a number in V, not 'high'"),
                (["--value", "setting=70000"], "70000 1 does not fit the registers of setting"),
                (["--value", "amps=1"], "amps"), (["--units", "0"], "--units is like"),
                (["--on", "radio"], "--on is pty, tcp or tcp:PORT, not 'radio'"),
                (["--protocol", "modbus-tcp"], "--protocol is one of"),
                (["--settle", "order=ABCD"], "leaves no 'order' open"),
            ] as [([String], String)])
        func wrongUseIsTwo(arguments: [String], text: String) throws {
            let profile = try folder.write(Self.profile, to: "peer.yaml")
            expectRefusal(
                try folder.steelyard(["simulate", "instrument", "--profile", profile] + arguments), 2, text)
        }

        @Test(
            arguments: [
                ("faults:\n  - {fault: tired}\n", ":2:13: 'tired' is no fault"),
                ("faults:\n  - {fault: silent, from: 9, to: 3}\n", ":2:34: it ends at 3.0 s"),
                ("faults:\n  - {fault: silent, chance: 5}\n", ":2:29: a chance is a number from 0 to 1"),
                ("faults:\n  - {fault: silent, when: 5}\n", ":2:21: unknown key 'when'"),
            ])
        func aBadScheduleIsNamedWithItsLine(text: String, complaint: String) throws {
            let profile = try folder.write(Self.profile, to: "peer.yaml")
            let file = try folder.write(text, to: "faults.yaml")
            let outcome = try folder.steelyard("simulate", "instrument", "--profile", profile, "--faults", file)
            #expect(outcome.status == 2 && outcome.output.isEmpty)
            #expect(outcome.errors.contains(complaint), "\(outcome.errors)")
        }
    }
}
