import Foundation
import Testing

extension CommandTests {
    /// `device scan` of simulated instruments and of programs of other makers.
    @Suite(.serialized) struct Scans {
        private let folder: Folder

        init() throws { folder = try Folder() }

        private struct Found: Decodable {
            struct Finding: Decodable {
                struct Candidate: Decodable {
                    let profile: String
                    let certainty: String
                    let why: String
                }

                let spoken: String
                let connection: String
                let says: [String]
                let candidates: [Candidate]
            }

            let isComplete: Bool
            let findings: [Finding]
        }

        private func scan(_ line: String, _ arguments: [String] = []) throws -> Found {
            let outcome = try folder.steelyard(
                ["device", "scan", "--connect", line, "--format", "json"] + arguments)
            guard [0, 1].contains(outcome.status) else { throw SetupFailed(description: outcome.errors) }
            let found = try JSONDecoder().decode(Found.self, from: Data(outcome.output.utf8))
            #expect(outcome.status == (found.findings.isEmpty ? 1 : 0))
            return found
        }

        /// Starts a simulated instrument; gives its line without settings.
        private func serve(_ arguments: [String]) throws -> (running: Running, line: String) {
            let running = try folder.start(["simulate", "instrument"] + arguments, until: "instrument ")
            let address = try running.line("instrument ").dropFirst("instrument ".count)
            return (running, String(address.prefix { $0 != "?" }))
        }

        /// What is served, what it is found to speak, how it is reached, the profile that fits, and a channel of it.
        @Test(
            arguments: [
                (
                    ["--profile", "generic/dlt645-2007-electricity", "--address", "202412345678"], "dlt645-2007",
                    "address=202412345678", "generic/dlt645-2007-electricity", "voltage-l1"
                ),
                (
                    ["--profile", "generic/dlt645-1997-electricity", "--address", "414"], "dlt645-1997",
                    "address=000000000414", "generic/dlt645-1997-electricity", "voltage-l1"
                ),
                (
                    ["--profile", "generic/cjt188-water", "--address", "78330011223344"], "cjt188",
                    "address=78330011223344", "generic/cjt188-water", "volume"
                ),
                (
                    ["--profile", "kamstrup/multical-601", "--units", "7"], "mbus", "unit=7", "kamstrup/multical-601",
                    "volume"
                ),
                (["--profile", "mettler-toledo/mt-sics"], "text", "", "mettler-toledo/mt-sics", "weight"),
                (["--profile", "eastron/sdm630", "--units", "3"], "modbus-", "unit=3", "eastron/sdm630", "voltage-l1"),
            ] as [([String], String, String, String, String)], ["pty", "tcp"])
        func aSimulatedInstrumentIsFound(
            _ served: ([String], spoken: String, settings: String, profile: String, channel: String), on place: String
        ) throws {
            let (running, line) = try serve(served.0 + ["--on", place])
            let found = try scan(
                line, ["--units", "1-5"] + (place == "pty" ? ["--speeds", "9600,2400,1200"] : []))
            #expect(found.isComplete && found.findings.count == 1, "\(found)")
            let finding = try #require(found.findings.first)
            #expect(
                finding.spoken.hasPrefix(served.spoken)
                    && (served.settings.isEmpty || finding.connection.contains(served.settings)), "\(finding)")
            #expect(finding.candidates.map(\.profile) == [served.profile], "\(finding)")
            // What it prints can be used as it stands.
            let read = try folder.steelyard(
                "device", "read", "--profile", served.profile, "--connect", finding.connection, served.channel)
            #expect(read.status == 0, "\(read.errors)")
            running.stop()
        }

        // MARK: programs of other makers

        @Test(arguments: ["tcp", "serial"]) func theElectricityMeterOfAnotherProgramIsFound(kind: String) throws {
            let wire = kind == "tcp" ? nil : try folder.wire()
            let (meter, place) = try folder.startPeer(
                "dlt645_server.py", [wire?.far ?? "tcp", "000000001234", "00010000=1.5"], until: "ready ")
            defer { meter.stop() }
            let line = wire.map { "serial://\($0.near)" } ?? "tcp://\(place)"
            let found = try scan(
                line, ["--protocols", "dlt645,scpi", "--timeout", "1500"] + (wire == nil ? [] : ["--speeds", "2400"]))
            let finding = try #require(found.findings.first, "\(found)")
            #expect(finding.spoken == "dlt645-2007" && finding.connection.hasSuffix("address=000000001234"))
            #expect(finding.candidates.map(\.profile) == ["generic/dlt645-2007-electricity"])
        }

        /// pymodbus, told apart by a register alone: it knows nothing of the profile.
        @Test(arguments: [("tcp", "tcp"), ("rtu-over-tcp", "rtu"), ("serial", "")])
        func pymodbusIsFoundByItsRegister(kind: String, framing: String) throws {
            let wire = kind == "serial" ? try folder.wire() : nil
            // 0x8960: "B23 " in ASCII.
            let registers = #"[[35168, "uint16", "ABCD", 16946], [35169, "uint16", "ABCD", 13088]]"#
            let (server, place) = try folder.startPeer(
                "modbus_server.py", [wire?.far ?? kind, "9", registers], until: "ready ")
            defer { server.stop() }
            let line = wire.map { "serial://\($0.near)" } ?? "tcp://\(place)"
            var arguments = ["--units", "8-10", "--timeout", "400", "--protocols", "modbus"]
            if wire != nil { arguments += ["--speeds", "9600", "--parities", "none"] }
            let found = try scan(line, arguments)
            let finding = try #require(found.findings.first { $0.connection.contains("unit=9") }, "\(found)")
            #expect(finding.connection.hasSuffix(framing.isEmpty ? "unit=9" : "framing=\(framing)"))
            #expect(finding.candidates.map(\.profile) == ["abb/a-b-series"], "\(finding)")
            #expect(finding.candidates.map(\.certainty) == ["identified"])
        }

        /// A published telegram of a heat meter, replayed.
        @Test func aRecordedHeatMeterIsFound() throws {
            let telegram =
                "683D3D6808017200512002824D0204008800000407000000000C15030000000B2E0000000B3B0000000A5A88120A5E16050B"
                + "61237700026C8C110227370D0F60006716"
            let (meter, line) = try folder.startPeer(
                "replay_instrument.py", ["pty", "none", "1040FE3E16=E5", "107BFE7916=\(telegram)"], until: "at ")
            defer { meter.stop() }
            let found = try scan(String(line), ["--protocols", "mbus"])
            let finding = try #require(found.findings.first, "\(found)")
            #expect(finding.connection.hasSuffix("unit=1") && finding.says.contains("identification: 02205100"))
            #expect(finding.candidates.map(\.profile).contains("allmess/cf50"), "\(finding)")
        }

        /// A multimeter that answers `*IDN?` and nothing else.
        @Test(arguments: [
            ("KEITHLEY INSTRUMENTS,MODEL DMM6500,04340543,1.0.04b", "keithley/dmm6500"),
            ("Siglent Technologies,SDM3055,SDM35FAC4R0253,1.01.01.25", "siglent/sdm3055"),
            ("Siglent Technologies,SDM9999,1,1", ""),
        ])
        func anInstrumentIsKnownByWhatItSaysItIs(answer: String, profile: String) throws {
            func hexadecimal(_ text: String) -> String {
                text.utf8.map { ($0 < 16 ? "0" : "") + String($0, radix: 16, uppercase: true) }.joined()
            }
            let (meter, line) = try folder.startPeer(
                "replay_instrument.py",
                ["tcp", "none", hexadecimal("*IDN?\n") + "=" + hexadecimal(answer + "\r\n")], until: "at ")
            defer { meter.stop() }
            let found = try scan(String(line), ["--protocols", "scpi,mt-sics"])
            let finding = try #require(found.findings.first, "\(found)")
            #expect(finding.spoken == "text" && finding.says == ["*IDN?: \(answer)"])
            if profile.isEmpty {
                #expect(!finding.candidates.contains { $0.profile == "siglent/sdm3055" }, "\(finding)")
            } else {
                #expect(finding.candidates.map(\.profile) == [profile], "\(finding)")
            }
        }

        // MARK: nothing, and nonsense

        @Test func anEmptyLineIsToldAndIsNo() throws {
            let wire = try folder.wire()
            let arguments = ["--speeds", "9600", "--parities", "none", "--units", "1", "--timeout", "20"]
            let outcome = try folder.steelyard(
                ["device", "scan", "--connect", "serial://\(wire.near)"] + arguments)
            #expect(outcome.status == 1, "\(outcome.errors)")
            #expect(outcome.output == "nothing answered on \(wire.near)\n")
            // Eight questions to anybody and two to the unit.
            #expect(outcome.errors.hasPrefix("steelyard: at most 10 questions, 1 s;"), "\(outcome.errors)")
            #expect(try scan("serial://\(wire.near)", arguments).findings.isEmpty)
        }

        @Test func whatWasFoundBeforeItWasEndedIsKept() throws {
            let (served, line) = try serve(["--profile", "eastron/sdm630", "--units", "3", "--on", "tcp"])
            defer { served.stop() }
            let running = try folder.start(
                ["device", "scan", "--connect", line, "--protocols", "modbus", "--timeout", "2000"],
                until: "modbus-tcp ")
            running.stop()
            let outcome = try running.end()
            #expect(
                outcome.status == 0 && outcome.output.hasSuffix("ended before everything was asked\n"), "\(outcome)")
            #expect(outcome.output.contains("steelyard device read --profile eastron/sdm630 --connect '\(line)?unit=3"))
        }

        @Test(
            arguments: [
                (["--speeds", "9601"], "--speeds is of 300, 600,"),
                (["--parities", "mark"], "--parities is of none, even, odd"),
                (["--protocols", "modbus,profibus"], "not 'profibus'"), (["--units", "0-9"], "--units is like"),
                (["--timeout", "0"], "--timeout is from 1 to 60000 ms"), (["--thorough", "now"], "now"),
            ] as [([String], String)])
        func wrongUseIsTwo(arguments: [String], text: String) throws {
            expectRefusal(
                try folder.steelyard(["device", "scan", "--connect", "serial:///dev/none"] + arguments), 2, text)
        }

        @Test(
            arguments: [
                ("tcp://127.0.0.1:1?baud=9600", "a network has no speed"),
                ("serial:///dev/none?address=12", "a scan finds addresses and framing itself"),
                ("radio://here", "it must begin with tcp:// or serial://"),
            ])
        func addressesThatCannotBeScanned(line: String, text: String) throws {
            expectRefusal(try folder.steelyard("device", "scan", "--connect", line), 2, text)
        }

        @Test func aPortThatIsNotThereIsAFailure() throws {
            let outcome = try folder.steelyard("device", "scan", "--connect", "serial:///dev/no-such-port")
            #expect(outcome.status == 3 && outcome.errors.contains("there is no port /dev/no-such-port"), "\(outcome)")
        }
    }
}
