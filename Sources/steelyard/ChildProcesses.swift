import Foundation

/// This program's own commands run as processes: some to their end, some in the background.
final class ChildProcesses {
    private let folder: String
    private let program: String
    private var running: [Process] = []

    /// - Parameter folder: where the logs of background processes go.
    init(folder: String) {
        self.folder = folder
        program = Bundle.main.executablePath ?? CommandLine.arguments[0]
    }

    /// Runs a command to its end, its output going where ours goes.
    ///
    /// - Returns: its exit status.
    func run(_ arguments: [String]) throws -> Int32 {
        let process = try made(arguments)
        try start(process, arguments)
        process.waitUntilExit()
        return process.terminationReason == .uncaughtSignal
            ? 128 + process.terminationStatus : process.terminationStatus
    }

    /// Starts a command in the background, its output going to `log`.
    func launch(_ arguments: [String], log: String) throws -> Process {
        let process = try made(arguments)
        let path = "\(folder)/\(log)"
        _ = FileManager.default.createFile(atPath: path, contents: nil)
        guard let handle = FileHandle(forWritingAtPath: path) else {
            throw DemoFailure(description: "\(path) cannot be written")
        }
        process.standardOutput = handle
        process.standardError = handle
        try start(process, arguments)
        running.append(process)
        return process
    }

    /// Starts a command in the background and waits for the line that begins with `mark`.
    ///
    /// - Returns: that line.
    func start(_ arguments: [String], log: String, until mark: String) throws -> String {
        let process = try launch(arguments, log: log)
        for _ in 0..<1000 {
            let text = (try? String(contentsOfFile: "\(folder)/\(log)", encoding: .utf8)) ?? ""
            if let line = text.split(separator: "\n").first(where: { $0.hasPrefix(mark) }) {
                return String(line)
            }
            guard process.isRunning else { break }
            Thread.sleep(forTimeInterval: 0.02)
        }
        let name = arguments.prefix(3).joined(separator: " ")
        throw DemoFailure(description: "`steelyard \(name)` did not start: see \(folder)/\(log)")
    }

    /// Waits for a background command and demands that it ended well.
    func wait(_ process: Process, named name: String) throws {
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw DemoFailure(
                description:
                    "`steelyard \(name)` ended with status \(process.terminationStatus): see the logs in \(folder)")
        }
    }

    /// Asks every background process to end and waits for it.
    func stop() {
        for process in running where process.isRunning { process.terminate() }
        for process in running { process.waitUntilExit() }
        running = []
    }

    private func made(_ arguments: [String]) throws -> Process {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = arguments
        return process
    }

    private func start(_ process: Process, _ arguments: [String]) throws {
        do { try process.run() } catch {
            throw DemoFailure(
                description: "`steelyard \(arguments.first ?? "")` cannot be started: \(error.localizedDescription)")
        }
    }
}
