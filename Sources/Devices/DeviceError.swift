/// Why a measurement did not happen. A reading that is out of limits is never one of these.
public enum DeviceError: Error, Hashable, Sendable {
    case badAddress(String, why: String)
    case unknownProfile(String, known: [String])
    case unknownChannel(String, profile: String, known: [String])
    case notWritable(String, profile: String)
    case valueNotRepresentable(String, channel: String)
    case noSuchPort(path: String)
    case noPermission(path: String)
    case portBusy(path: String, holder: String?)
    case notASerialPort(path: String, why: String)
    case unreachable(address: String, why: String)
    case noAnswer(unit: Int, line: String, milliseconds: Int)
    case otherUnit(asked: Int, answered: Int, line: String)
    case exception(code: UInt8, unit: Int, line: String, register: Int)
    case corrupted(unit: Int, line: String, why: String)
    case lineLost(line: String)
    case failed(line: String, why: String)
}

extension DeviceError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .badAddress(let text, let why): "the address '\(text)' cannot be used: \(why)"
        case .unknownProfile(let name, let known):
            known.isEmpty
                ? "there is no device profile '\(name)': no profiles were found, check --data"
                : "there is no device profile '\(name)': known are \(known.joined(separator: ", "))"
        case .unknownChannel(let name, let profile, let known):
            "the profile \(profile) has no channel '\(name)': it has \(known.joined(separator: ", "))"
        case .notWritable(let name, let profile):
            "the channel '\(name)' of \(profile) is only read: its profile does not say how to write it"
        case .valueNotRepresentable(let value, let channel):
            "\(value) cannot be written to '\(channel)': it does not fit the register"
        case .noSuchPort(let path):
            "there is no port \(path): check the cable, or list ports with `ls -l /dev/serial/by-id`"
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
        case .lineLost(let line):
            "\(line) went away in the middle of a measurement: plug it in again and repeat the command"
        case .failed(let line, let why): "\(line) failed: \(why)"
        }
    }

    /// Whether what was asked cannot work, as against a line or an instrument that failed.
    public var isWrongUse: Bool {
        switch self {
        case .badAddress, .unknownProfile, .unknownChannel, .notWritable, .valueNotRepresentable: true
        default: false
        }
    }
}
