import ArgumentParser
import DataFiles
import Devices
import Foundation
import Simulation

struct SimulateProfileCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "profile",
        abstract: "An instrument of any profile, in its own protocol, on a pseudo-terminal or a TCP port.",
        discussion: """
            Prints `instrument ADDRESS` for each unit, as `device read --connect` takes it. Ends on SIGTERM or SIGINT.
            Faults: \(WireFault.allNames).
            """)

    @OptionGroup var ledger: LedgerOptions
    @Option(help: "Profile: maker/model, model, or a YAML file.") var profile: String
    @Option(
        name: .customLong("protocol"),
        help: "Of its protocols; the usual one where left out, over TCP Modbus TCP before Modbus RTU.")
    var spoken: String?
    @Option(help: "pty, tcp for any free port of this machine, or tcp:PORT.") var on = "pty"
    @Option(help: "Units on the line: 1, 1-5 or 1,3,7; the profile's own where left out.") var units: String?
    @Option(help: "The digits printed on the instrument, of DL/T 645, CJ/T 188 and M-Bus; the unit where left out.")
    var address: String?
    @Option(help: "A fault, FAULT or FAULT@PERCENT of the answers.") var fault: [String] = []
    @Option(help: "A file with a schedule of faults.") var faults: String?
    @Option(help: "The same seed hits the same answers.") var seed: UInt64 = 1
    @Option(help: "What a channel shows, CHANNEL=VALUE in its unit.") var value: [String] = []
    @Option(help: "How what the profile leaves open is on this instrument, PROBE=ALTERNATIVE.") var settle: [String] =
        []
    @Option(help: "Pace the line to this baud rate; 0 for as fast as the machine goes.") var pace = 0
    @Option(help: "Bits of a paced character, 10 or 11; as the profile's line has them where left out.") var bits: Int?
    @Flag(help: "Print everything that goes over the line, with seconds since the start.") var log = false

    func validate() throws {
        guard pace == 0 || (300...921_600).contains(pace), bits.map({ [10, 11].contains($0) }) ?? true else {
            throw ValidationError("--pace is 0 or a baud rate from 300 to 921600, --bits 10 or 11")
        }
        _ = try (place(), unitNumbers(), givenFaults())
        _ = try (pairs(value, "--value is CHANNEL=VALUE"), pairs(settle, "--settle is PROBE=ALTERNATIVE"))
    }

    func run() async throws {
        let folder = try ledger.dataRoot() + "/Devices"
        let named = try DeviceProfile.named(profile, in: folder)
        var schedule = try givenFaults()
        if let faults { schedule += try FaultFile.load(faults) }
        let units = try unitNumbers() ?? [UInt8(clamping: named.defaults.unit)]
        let line: SimulatedLine
        do {
            line = try self.line(named, units, schedule, try RecordedExchange.of(named.name, in: folder))
        } catch let error as SimulatedProfileError {
            throw ValidationError("\(error)")
        } catch let error as VoiceError {
            throw ValidationError("\(error)")
        }
        try await untilSignalled { try await Task.sleep(for: .seconds(1_000_000_000)) }
        line.stop()
    }

    /// Makes the line and says where it is.
    private func line(
        _ named: DeviceProfile, _ units: [UInt8], _ schedule: [ScheduledFault], _ exchanges: [RecordedExchange]
    ) throws -> SimulatedLine {
        let place = try place()
        let speech = try speech(of: named, at: place)
        if let odd = schedule.first(where: { !speech.shape.takes($0.fault) }) {
            throw ValidationError("in \(speech.spoken.rawValue) there is nothing for the fault \(odd.fault) to spoil")
        }
        let simulated = try SimulatedProfile(
            named, settled: try pairs(settle, "--settle is PROBE=ALTERNATIVE"),
            overrides: try pairs(value, "--value is CHANNEL=VALUE"))
        let voices = try units.enumerated().map { index, unit in
            let faults = InstrumentFaults(schedule, seed: seed &+ UInt64(index))
            let voice = try speech.voice(of: simulated, unit: unit, address: address, exchanges: exchanges, faults)
            return FaultyVoice(voice, speech.shape, faults)
        }
        let settings = try units.map { try speech.settings(of: simulated, unit: $0, address: address) }
        let pacing = LinePace(baud: pace, characterBits: bits ?? named.defaults.characterBits)
        var witness: (@Sendable (SimulatedLine.Traffic) -> Void)?
        if log { witness = { announce(Self.words($0)) } }
        let line = try SimulatedLine(voices, on: place, pace: pacing, log: witness)
        announce(settings.map { "instrument \(line.address)\($0)" }.joined(separator: "\n"))
        return line
    }

    private func speech(of profile: DeviceProfile, at place: SimulatedLine.Place) throws -> InstrumentSpeech {
        guard let spoken else { return try InstrumentSpeech(usualOf: profile, at: place) }
        guard let named = DeviceProtocol(rawValue: spoken), let speech = InstrumentSpeech(named, at: place) else {
            throw ValidationError(
                "--protocol is one of \(InstrumentSpeech.names(at: place)) on this line, not '\(spoken)'")
        }
        guard profile.protocols.contains(where: { $0.block == named.block }) else {
            throw ValidationError("\(profile.name) does not speak \(spoken)")
        }
        return speech
    }

    private func place() throws -> SimulatedLine.Place {
        if on == "pty" { return .terminal }
        if on == "tcp" { return .tcp(port: 0) }
        guard on.hasPrefix("tcp:"), let port = Int(on.dropFirst(4)), (1...65_535).contains(port) else {
            throw ValidationError("--on is pty, tcp or tcp:PORT, not '\(on)'")
        }
        return .tcp(port: port)
    }

    private func unitNumbers() throws -> [UInt8]? {
        guard let units else { return nil }
        guard let list = UnitList(units) else {
            throw ValidationError("--units is like 1, 1-5 or 1,3,7, each from 1 to 247, not '\(units)'")
        }
        return list.units
    }

    private func givenFaults() throws -> [ScheduledFault] {
        try fault.map { text in
            let parts = text.split(separator: "@", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            let percent =
                parts.count == 2 ? Double(parts[1].hasSuffix("%") ? String(parts[1].dropLast()) : parts[1]) : 100
            guard let fault = WireFault(parts[0]), let percent, (0...100).contains(percent),
                !fault.isOfValue || percent == 100
            else {
                throw ValidationError(
                    "--fault is FAULT or FAULT@PERCENT (not for a fault of the value), FAULT one of "
                        + "\(WireFault.allNames); not '\(text)'")
            }
            return ScheduledFault(fault, chance: percent / 100)
        }
    }

    private func pairs(_ texts: [String], _ form: String) throws -> [String: String] {
        var found: [String: String] = [:]
        for text in texts {
            let parts = text.split(separator: "=", maxSplits: 1).map(String.init)
            guard parts.count == 2 else { throw ValidationError("\(form), not '\(text)'") }
            found[parts[0]] = parts[1]
        }
        return found
    }

    private static func words(_ traffic: SimulatedLine.Traffic) -> String {
        let time = String(format: "%.4f", traffic.time)
        return "\(time) \(traffic.isAnswer ? "<" : ">") \(traffic.bytes.spacedHexadecimal)"
    }
}

/// Written at once, not when a buffer is full: another program waits for this line.
private func announce(_ line: String) {
    FileHandle.standardOutput.write(Data("\(line)\n".utf8))
}

extension DeviceProfile.LineDefaults {
    /// Bits of a character on its line, start and stop bits among them.
    fileprivate var characterBits: Int { 1 + dataBits + (parity == .none ? 0 : 1) + stopBits }
}
