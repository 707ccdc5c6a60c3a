import Foundation

/// What `device read --format json` prints.
struct Reading: Decodable {
    let channel: String
    let value: String
    let unit: String
    let request: String
    let answer: String
}

extension Folder {
    func read(_ profile: String, _ address: String, _ channels: String...) throws -> Outcome {
        try steelyard(["device", "read", "--profile", profile, "--connect", address, "--format", "json"] + channels)
    }

    /// Readings by channel; a refusal is a failure of the test.
    func readings(_ profile: String, _ address: String, _ channels: String...) throws -> [String: Reading] {
        let outcome = try steelyard(
            ["device", "read", "--profile", profile, "--connect", address, "--format", "json"] + channels)
        guard outcome.status == 0 else { throw SetupFailed(description: outcome.errors) }
        let readings = try JSONDecoder().decode([Reading].self, from: Data(outcome.output.utf8))
        return Dictionary(readings.map { ($0.channel, $0) }) { first, _ in first }
    }

    /// A simulated bench of two sound meters at standstill; the addresses of its two lines.
    func bench(_ arguments: String...) throws -> (running: Running, references: String, meters: String) {
        let running = try start(
            ["simulate", "bench", "water", "--positions", "2", "--faulty", "0"] + arguments, until: "meters ")
        return (
            running, String(try running.line("references ").dropFirst(11)),
            String(try running.line("meters ").dropFirst(7))
        )
    }

    /// Two serial ports, wired to each other, with nobody on them.
    func wire() throws -> (running: Running, near: String, far: String) {
        let (near, far) = ("\(path)/near", "\(path)/far")
        let running = try Running(
            Programs.peer("socat"), ["PTY,link=\(near),raw,echo=0", "PTY,link=\(far),raw,echo=0"], in: self)
        try running.wait(untilThereIs: near)
        try running.wait(untilThereIs: far)
        return (running, near, far)
    }
}
