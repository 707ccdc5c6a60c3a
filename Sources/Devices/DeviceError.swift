import DataFiles

/// Why a measurement did not happen. A reading that is out of limits is never one of these.
public enum DeviceError: Error, Hashable, Sendable {
    case badAddress(String, why: String)
    case unknownProfile(String, known: [String])
    /// A model that several makers have.
    case ambiguousProfile(String, matches: [String])
    case unknownChannel(String, profile: String, known: [String])
    case notWritable(String, profile: String)
    case valueNotRepresentable(String, channel: String)
    /// No line of this program speaks the instrument's protocol yet.
    case noBus(profile: String, protocols: String)
    /// The instrument says that there is no value now.
    case notAvailable(channel: String, unit: Int, line: String)
    /// What stands there is no number: text, or a floating-point number that is none.
    case notANumber(channel: String, unit: Int, line: String)
    /// The sources leave open how this channel is read.
    case unsettled(channel: String, profile: String, probe: String)
    case undecided(probe: String, profile: String, why: String)
    case noSuchPort(path: String)
    case noPermission(path: String)
    case portBusy(path: String, holder: String?)
    case notASerialPort(path: String, why: String)
    case unreachable(address: String, why: String)
    case noAnswer(unit: Int, line: String, milliseconds: Int)
    case otherUnit(asked: Int, answered: Int, line: String)
    case exception(code: UInt8, unit: Int, line: String, register: Int)
    case corrupted(unit: Int, line: String, why: String)
    /// The one instrument of a line did not answer.
    case silent(line: String, milliseconds: Int)
    /// One that has answered before, or one among others that do: since when, and who answers meanwhile.
    case silentAmong(station: Station, line: String, milliseconds: Int, answering: [Station])
    /// What the one instrument of a line sent is no answer.
    case garbled(line: String, why: String)
    case lineLost(line: String)
    case failed(line: String, why: String)
}

extension DeviceError: CustomStringConvertible {
    /// Names like it, by the model alone where no maker was given.
    private static func hint(_ name: String, _ known: [String]) -> String {
        let isModel = !name.contains("/")
        let near = known.filter { profile in
            let own = isModel ? profile.split(separator: "/").last.map(String.init) ?? profile : profile
            return own.contains(name) || !Spelling.nearest(to: name, in: [own]).isEmpty
        }
        let guess = near.isEmpty ? "" : "did you mean \(near.prefix(5).joined(separator: ", "))? "
        return guess + "'steelyard device profile' lists all \(known.count)"
    }

    private static func duration(_ milliseconds: Int) -> String {
        switch milliseconds {
        case ..<1000: "\(milliseconds) ms"
        case ..<180_000: "\((milliseconds + 500) / 1000) s"
        case ..<10_800_000: "\((milliseconds + 30_000) / 60_000) min"
        default: "\((milliseconds + 1_800_000) / 3_600_000) h"
        }
    }

    public var description: String {
        switch self {
        case .badAddress(let text, let why): "the address '\(text)' cannot be used: \(why)"
        case .unknownProfile(let name, let known):
            known.isEmpty
                ? "there is no device profile '\(name)': no profiles were found, check --data"
                : "there is no device profile '\(name)': \(Self.hint(name, known))"
        case .ambiguousProfile(let name, let matches):
            "'\(name)' is the profile of several makers: \(matches.joined(separator: ", "))"
        case .unknownChannel(let name, let profile, let known):
            "the profile \(profile) has no channel '\(name)': it has \(known.joined(separator: ", "))"
        case .notWritable(let name, let profile):
            "the channel '\(name)' of \(profile) is only read: its profile does not say how to write it"
        case .valueNotRepresentable(let value, let channel):
            "\(value) cannot be written to '\(channel)': it does not fit the register"
        case .noBus(let profile, let protocols):
            "\(profile) speaks \(protocols), which cannot be read this way: what stands in registers is, and what is asked for by "
                + "DL/T 645, CJ/T 188, M-Bus or lines of text"
        case .notAvailable(let channel, let unit, let line):
            "unit \(unit) on \(line) has no value for '\(channel)' now: it sent its code for 'not available'"
        case .notANumber(let channel, let unit, let line):
            "what unit \(unit) on \(line) sent for '\(channel)' is not a number: "
                + "check that this is the instrument of the profile"
        case .unsettled(let channel, let profile, let probe):
            "'\(channel)' of \(profile) is not read yet: its sources disagree on \(probe), "
                + "which has to be settled on the instrument first"
        case .undecided(let probe, let profile, let why):
            "the instrument does not settle '\(probe)' of \(profile): \(why); nothing is guessed, "
                + "check that it is the right instrument and under voltage, flow or load"
        case .noSuchPort(let path):
            "there is no port \(path): check the cable, or list ports with `steelyard device list`"
        case .noPermission(let path):
            "no permission to use \(path): add the user to the port's group "
                + "(usually `sudo usermod -aG dialout $USER`, then log in again)"
        case .portBusy(let path, let holder):
            "\(path) is in use by \(holder ?? "another program"): close that program, or use another port"
        case .notASerialPort(let path, let why): "\(path) does not behave as a serial port: \(why)"
        case .unreachable(let address, let why):
            "nobody can be reached at \(address): \(why); check address, cable and that the device is on"
        case .noAnswer(let unit, let line, let milliseconds):
            "no answer from unit \(unit) on \(line) within \(milliseconds) ms: "
                + "check power, wiring, the unit number, and baud rate and parity"
        case .otherUnit(let asked, let answered, let line):
            "unit \(answered) answered on \(line) when unit \(asked) was asked: "
                + "two instruments may share the line with wrong addresses"
        case .exception(let code, let unit, let line, let register):
            "unit \(unit) on \(line) refused register \(register): "
                + "exception \(code), \(ModbusException(rawValue: code)?.name ?? "not in the specification")"
        case .corrupted(let unit, let line, let why):
            "the answer of unit \(unit) on \(line) was corrupted (\(why)): "
                + "check termination, earthing, baud rate and parity"
        case .silent(let line, let milliseconds):
            "the instrument on \(line) has not answered within \(milliseconds) ms: "
                + "check power, cable, baud rate and parity, and that it is set to this command language"
        case .silentAmong(let station, let line, let milliseconds, let answering):
            "line \(line): \(station.words) has not answered for \(Self.duration(milliseconds)); "
                + (answering.words.map {
                    "\($0) \(answering.count == 1 ? "does" : "do"). Check that meter's address or its A/B wires"
                } ?? "it did before. Check its power and its cable")
        case .garbled(let line, let why):
            "what came from the instrument on \(line) is no answer (\(why)): check baud rate, parity and end mark"
        case .lineLost(let line):
            "\(line) went away in the middle of a measurement: plug it in again and repeat the command"
        case .failed(let line, let why): "\(line) failed: \(why)"
        }
    }

    /// What the line's adapter calls itself beside the line's name, where somebody has to look for it at the bench.
    func at(_ adapter: String?) -> DeviceError {
        guard let adapter else { return self }
        func place(_ line: String) -> String { "\(line) (\(adapter))" }
        return switch self {
        case .noAnswer(let unit, let line, let milliseconds):
            .noAnswer(unit: unit, line: place(line), milliseconds: milliseconds)
        case .otherUnit(let asked, let answered, let line):
            .otherUnit(asked: asked, answered: answered, line: place(line))
        case .corrupted(let unit, let line, let why): .corrupted(unit: unit, line: place(line), why: why)
        case .silent(let line, let milliseconds): .silent(line: place(line), milliseconds: milliseconds)
        case .silentAmong(let station, let line, let milliseconds, let answering):
            .silentAmong(station: station, line: place(line), milliseconds: milliseconds, answering: answering)
        case .garbled(let line, let why): .garbled(line: place(line), why: why)
        case .lineLost(let line): .lineLost(line: place(line))
        default: self
        }
    }

    /// Whether what was asked cannot work, as against a line or an instrument that failed.
    public var isWrongUse: Bool {
        switch self {
        case .badAddress, .unknownProfile, .ambiguousProfile, .unknownChannel, .notWritable, .valueNotRepresentable,
            .noBus:
            true
        default: false
        }
    }
}
