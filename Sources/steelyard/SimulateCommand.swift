import ArgumentParser
import Chronometry
import Foundation
import Simulation

struct SimulateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "simulate",
        abstract: "Instruments, benches and platforms that speak their real protocols.",
        subcommands: [Bench.self, Instrument.self, SimulatePlatformCommand.self])

    struct Bench: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "A whole bench on pseudo-terminals.", subcommands: [WaterBench.self])
    }

    struct Instrument: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "One instrument, or several on one line.",
            subcommands: [SimulateProfileCommand.self, Electricity.self], defaultSubcommand: SimulateProfileCommand.self
        )
    }

    struct WaterBench: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "water",
            abstract: "A water-meter bench: references and room on one line, the meters on another.",
            discussion: """
                Prints `references PORT` and `meters PORT`. Units on the first line: 1 reference flow \
                meter, 2 water temperature, 3 water pressure, 4 room climate, 5 batch controller; on \
                the second, unit n is the meter at position n.
                """)

        @Option(help: "The same seed gives the same water and the same meters.") var seed: UInt64 = 20_261_125
        @Option(help: "Number of meters, 1 to 40.") var positions = 10
        @Option(help: "How many of them are made to fail.") var faulty = 2
        @Option(help: "Simulated seconds in a real one.") var speed = 1.0
        @Option(help: "Pace the lines to this baud rate; 0 for as fast as the machine goes.") var pace = 0
        @Option(help: "Put links named references and meters to the ports into this folder.") var links: String?
        @Option(help: "Write the true errors to this file, for those who judge the result.") var truth: String?
        @Option(help: "A fault of a meter, UNIT:FAULT; FAULT is \(WireFault.names).") var fault: [String] = []

        func validate() throws {
            guard (1...40).contains(positions), speed > 0, pace >= 0, faulty >= 0 else {
                throw ValidationError("--positions is 1 to 40, --speed above 0, --pace and --faulty not below 0")
            }
            _ = try faults()
        }

        private func faults() throws -> [(unit: UInt8, fault: WireFault)] {
            try fault.map { text in
                let parts = text.split(separator: ":", maxSplits: 1).map(String.init)
                guard parts.count == 2, let unit = UInt8(parts[0]), let fault = WireFault(parts[1])
                else { throw ValidationError("--fault is UNIT:FAULT, FAULT one of \(WireFault.names); not '\(text)'") }
                return (unit, fault)
            }
        }

        func run() async throws {
            let world = WaterBenchWorld(
                seed: seed, layout: .init(positions: positions, faulty: faulty))
            if let truth {
                do { try world.truthText.write(toFile: truth, atomically: true, encoding: .utf8) } catch {
                    throw ValidationError("\(truth) cannot be written: check the folder and its permissions")
                }
            }
            let bench = try SimulatedWaterBench(
                world, speed: speed, pace: pace, monotonicSeconds: SystemClock.monotonicSeconds)
            for (unit, fault) in try faults() { bench.meters.set(fault, at: unit) }
            let ports = [("references", bench.references.port), ("meters", bench.meters.port)]
            try announce(ports, links: links)
            try await untilSignalled { try await Task.sleep(for: .seconds(1_000_000_000)) }
            bench.stop()
            removeLinks(ports.map(\.0), links)
        }
    }

    struct Electricity: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "electricity",
            abstract: "Three-phase electricity meters (Eastron SDM630 registers) on one line.",
            discussion:
                "With --start, --speed and --origin the meters live on an accelerated clock, as in `energy run`.")

        @Option(help: "Number of meters, units 1 to N.") var meters = 1
        @Option(help: "Meters of different seeds have different days.") var seed: UInt64 = 1
        @Option(help: "Put a link named electricity to the port into this folder.") var links: String?
        @Option(help: "Simulated seconds in a real one.") var speed = 1.0
        @Option(help: "What the meters' clock shows at the origin, like 2026-11-25T02:00:00.000Z.") var start: String?
        @Option(help: "The origin, in seconds of the machine's monotonic clock; now where left out.") var origin:
            Double?

        func validate() throws {
            guard (1...30).contains(meters), speed > 0 else {
                throw ValidationError("--meters is 1 to 30, --speed above 0")
            }
            if let start, Instant(start) == nil {
                throw ValidationError("--start is an instant like 2026-11-25T02:00:00.000Z, not '\(start)'")
            }
        }

        func run() async throws {
            let begin = start.flatMap { Instant($0) } ?? SystemClock.now()
            let origin = origin ?? SystemClock.monotonicSeconds()
            let speed = speed
            let now: @Sendable () -> Instant = {
                begin.advanced(bySeconds: (SystemClock.monotonicSeconds() - origin) * speed)
            }
            let line = try SimulatedLine(
                (1...meters).map { unit in
                    ModbusSlave(
                        unit: UInt8(unit),
                        bank: ElectricityMeter(
                            since: begin, power: 50 / Double(unit), seed: seed &+ UInt64(unit), now: now))
                })
            try announce([("electricity", line.port)], links: links)
            try await untilSignalled { try await Task.sleep(for: .seconds(1_000_000_000)) }
            line.stop()
            removeLinks(["electricity"], links)
        }
    }
}

/// Prints each port in a line of its own, at once, and links to it where a folder is named.
private func announce(_ ports: [(name: String, port: String)], links: String?) throws {
    for (name, port) in ports {
        if let links {
            let link = "\(links)/\(name)"
            try? FileManager.default.removeItem(atPath: link)
            do {
                try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: port)
            } catch {
                throw ValidationError("no link could be made at \(link): \(error.localizedDescription)")
            }
        }
        FileHandle.standardOutput.write(Data("\(name) \(port)\n".utf8))
    }
}

private func removeLinks(_ names: [String], _ folder: String?) {
    guard let folder else { return }
    for name in names { try? FileManager.default.removeItem(atPath: "\(folder)/\(name)") }
}
