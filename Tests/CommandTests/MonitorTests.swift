import Foundation
import Testing

extension CommandTests {
    /// `device monitor` of simulated instruments.
    @Suite(.serialized) struct Monitors {
        private let folder: Folder

        init() throws { folder = try Folder() }

        private struct Round: Decodable {
            struct Channel: Decodable {
                let channel: String
                let value: String?
                let unit: String?
                let rate: Double?
                let rateStep: Double?
                let rateUnit: String?
                let isStale: Bool
            }

            let round: Int
            let failure: String?
            let channels: [Channel]
        }

        private func rounds(_ output: String) throws -> [Round] {
            try output.split(separator: "\n").map { try JSONDecoder().decode(Round.self, from: Data($0.utf8)) }
        }

        private func serve(_ arguments: [String]) throws -> (running: Running, address: String) {
            let running = try folder.start(["simulate", "instrument"] + arguments, until: "instrument ")
            return (running, String(try running.line("instrument ").dropFirst("instrument ".count)))
        }

        private static let profile = """
            maker: Test
            models: [counter]
            kind: test instrument
            source: test
            confidence: found
            modbus: {function: input}
            channels:
              energy: {quantity: active energy, unit: kWh, at: 0, as: float64}
              voltage: {quantity: voltage, unit: V, at: 4, as: uint16}
            """

        /// It starts near 1234.5 kWh and grows by a thousandth of itself in an hour: 1.2 kW.
        @Test func aCounterOfEnergyGivesAPower() throws {
            let profile = try folder.write(Self.profile, to: "counter.yaml")
            let (running, address) = try serve(["--profile", profile, "--on", "tcp"])
            defer { running.stop() }
            let outcome = try folder.steelyard(
                "device", "monitor", "--profile", profile, "--connect", address, "--rounds", "3", "--every", "0.5",
                "--format", "json")
            #expect(outcome.status == 0, "\(outcome.errors)")
            let rounds = try rounds(outcome.output)
            #expect(rounds.map(\.round) == [1, 2, 3] && rounds.allSatisfy { $0.failure == nil })
            #expect(rounds[0].channels.allSatisfy { $0.rate == nil })
            let energy = try #require(rounds[2].channels.first)
            let rate = try #require(energy.rate)
            #expect(energy.rateUnit == "kW" && (1.0...1.5).contains(rate), "\(energy)")
            let voltage = try #require(rounds[2].channels.last)
            #expect(voltage.rateUnit == "V/min" && voltage.rate == 0 && voltage.unit == "V")
            // One volt in about a second, as long as the machine makes of it.
            #expect((0...80).contains(voltage.rateStep ?? -1))
        }

        @Test func aFailedRoundKeepsTheLastValueAndGoesOn() throws {
            let profile = try folder.write(Self.profile, to: "counter.yaml")
            let faults = try folder.write("faults:\n  - {fault: silent, from: 2, to: 100000}\n", to: "faults.yaml")
            let (running, address) = try serve(["--profile", profile, "--on", "tcp", "--faults", faults])
            defer { running.stop() }
            let monitor = try Running(
                Programs.steelyard,
                [
                    "device", "monitor", "--profile", profile, "--connect", address + "&timeout=100", "--every", "0.2",
                    "--format", "json",
                ], in: folder)
            var all: [Round] = []
            while all.count(where: { $0.failure != nil }) < 2 {
                all = try rounds(
                    monitor.output.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
                        .joined(separator: "\n"))
                usleep(20_000)
                guard all.count < 200 else { break }
            }
            monitor.stop()
            #expect(try monitor.end().status == 0)
            let sound = try #require(all.last { $0.failure == nil })
            let failed = try #require(all.last)
            #expect(failed.failure?.isEmpty == false && failed.channels.allSatisfy(\.isStale), "\(failed)")
            #expect(failed.channels.map(\.value) == sound.channels.map(\.value))
            #expect(sound.channels.allSatisfy { !$0.isStale })
        }

        /// 230 V do not fit the field of a battery: the meter says it has no value, and the other channel goes on.
        @Test func aChannelWithoutAValueDoesNotHideTheOthers() throws {
            let name = "generic/dlt645-2007-electricity"
            let (running, address) = try serve(["--profile", name, "--value", "clock-battery-voltage=230"])
            defer { running.stop() }
            let outcome = try folder.steelyard(
                "device", "monitor", "--profile", name, "--connect", address, "--rounds", "2", "--every", "0",
                "--format", "json", "clock-battery-voltage", "voltage-l1")
            #expect(outcome.status == 0, "\(outcome.errors)")
            for round in try rounds(outcome.output) {
                #expect(round.failure?.contains("'clock-battery-voltage'") ?? false, "\(round)")
                #expect(round.channels.map { $0.value != nil } == [false, true], "\(round)")
                #expect(round.channels.map(\.isStale) == [true, false])
            }
        }

        @Test func aFileGetsLinesAndNoDrawing() throws {
            let (running, address) = try serve(
                ["--profile", "generic/dlt645-1997-electricity", "--address", "414", "--value", "voltage-l1=231"])
            defer { running.stop() }
            let outcome = try folder.steelyard(
                "device", "monitor", "--profile", "generic/dlt645-1997-electricity", "--connect", address, "--rounds",
                "2", "--every", "0.1", "voltage-l1", "active-energy-import")
            #expect(outcome.status == 0 && outcome.errors.isEmpty, "\(outcome.errors)")
            let lines = outcome.output.split(separator: "\n")
            #expect(lines.count == 4 && lines[0].hasSuffix("Z  voltage-l1            231 V"), "\(outcome.output)")
            #expect(lines[3].contains(" kWh  ") && lines[3].hasSuffix(" kW") && !outcome.output.contains("\u{1B}"))
        }

        @Test(
            arguments: [
                (["--rounds", "0"], "--rounds is at least 1"), (["--every=-1"], "--every not below 0 seconds"),
                (["amps"], "has no channel 'amps'"), (["--format", "xml"], "xml"),
            ] as [([String], String)])
        func wrongUseIsTwo(arguments: [String], text: String) throws {
            let (running, address) = try serve(["--profile", "eastron/sdm630", "--on", "tcp"])
            defer { running.stop() }
            expectRefusal(
                try folder.steelyard(
                    ["device", "monitor", "--profile", "eastron/sdm630", "--connect", address] + arguments), 2, text)
        }
    }
}
