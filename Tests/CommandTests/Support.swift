import Foundation
import Glibc
import Testing

/// Commands are run as a person runs them; one after another, for each has the machine to itself.
@Suite(.serialized) struct CommandTests {}

/// What a program that ended said.
struct Outcome {
    let status: Int32
    let output: String
    let errors: String

    var errorLines: [Substring] { errors.split(separator: "\n", omittingEmptySubsequences: false).dropLast() }
}

struct SetupFailed: Error, CustomStringConvertible {
    let description: String
}

enum Programs {
    static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().path
    private static let environment = ProcessInfo.processInfo.environment
    static let steelyard = environment["STEELYARD_PROGRAM"] ?? "\(root)/.build/release/steelyard"
    static let python = environment["STEELYARD_PYTHON"] ?? "\(root)/.venv/bin/python3"
    static let peers = "\(root)/Tests/peers"

    static func find(_ name: String) -> String? {
        (environment["PATH"] ?? "/usr/bin").split(separator: ":").map { "\($0)/\(name)" }
            .first(where: FileManager.default.isExecutableFile)
    }

    /// A program of another make, without which a test cannot say anything.
    static func peer(_ name: String) throws -> String {
        guard let path = find(name) else { throw SetupFailed(description: "\(name) is missing: run `make tools`") }
        return path
    }
}

/// A folder for one test, gone with it.
final class Folder {
    let path: String

    init() throws {
        path = NSTemporaryDirectory() + "command-tests-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func write(_ text: String, to name: String) throws -> String {
        try text.write(toFile: "\(path)/\(name)", atomically: true, encoding: .utf8)
        return "\(path)/\(name)"
    }

    /// Runs a command of steelyard to its end.
    func steelyard(_ arguments: String...) throws -> Outcome { try steelyard(arguments) }

    func steelyard(_ arguments: [String], standardInput: String? = nil) throws -> Outcome {
        try Running(Programs.steelyard, arguments, in: self, standardInput: standardInput).end()
    }

    /// In which programs find the data that ship and this folder's ledger.
    var environment: [String: String] {
        ProcessInfo.processInfo.environment.merging([
            "STEELYARD_DATA": Programs.root, "STEELYARD_DATABASE": "\(path)/steelyard.sqlite",
            "STEELYARD_PYTHON": Programs.python,
        ]) { $1 }
    }

    func run(_ program: String, _ arguments: [String], patience: Double = Running.patience) throws -> Outcome {
        try Running(program, arguments, in: self).end(patience: patience)
    }

    /// Starts a command of steelyard and waits until a line of its output begins with `mark`.
    func start(_ arguments: [String], until mark: String) throws -> Running {
        let running = try Running(Programs.steelyard, arguments, in: self)
        _ = try running.line(mark)
        return running
    }

    /// Starts one of `Tests/peers`.
    func startPeer(_ script: String, _ arguments: [String], until mark: String) throws -> (Running, Substring) {
        guard FileManager.default.isExecutableFile(atPath: Programs.python) else {
            throw SetupFailed(description: "\(Programs.python) is missing: run `make tools`")
        }
        let running = try Running(Programs.python, ["\(Programs.peers)/\(script)"] + arguments, in: self)
        return (running, try running.line(mark).dropFirst(mark.count))
    }
}

/// One process, ended by its own handle at the latest when nobody holds it any more.
final class Running {
    private let process = Process()
    private let program: String
    private let outputPath: String
    private let errorPath: String

    /// Seconds. Nothing takes that long unless it says so; a test that hangs fails instead.
    static let patience = 120.0

    /// - Parameter standardInput: a file; nothing where it is left out.
    init(_ program: String, _ arguments: [String], in folder: Folder, standardInput: String? = nil) throws {
        self.program = (program as NSString).lastPathComponent + " " + arguments.joined(separator: " ")
        let name = UUID().uuidString
        outputPath = "\(folder.path)/\(name).out"
        errorPath = "\(folder.path)/\(name).err"
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = arguments
        process.environment = folder.environment
        process.standardInput = standardInput.flatMap { FileHandle(forReadingAtPath: $0) } ?? FileHandle.nullDevice
        process.standardOutput = try Self.file(outputPath)
        process.standardError = try Self.file(errorPath)
        // A child inherits the signals its parent's thread blocks, and the threads of a test block most.
        var none = sigset_t()
        var usual = sigset_t()
        sigemptyset(&none)
        pthread_sigmask(SIG_SETMASK, &none, &usual)
        defer { pthread_sigmask(SIG_SETMASK, &usual, nil) }
        do { try process.run() } catch {
            throw SetupFailed(description: "\(program) cannot be started: \(error.localizedDescription)")
        }
    }

    deinit { stop() }

    private static func file(_ path: String) throws -> FileHandle {
        _ = FileManager.default.createFile(atPath: path, contents: nil)
        guard let handle = FileHandle(forWritingAtPath: path) else {
            throw SetupFailed(description: "\(path) cannot be written")
        }
        return handle
    }

    var output: String { (try? String(contentsOfFile: outputPath, encoding: .utf8)) ?? "" }
    private var errors: String { (try? String(contentsOfFile: errorPath, encoding: .utf8)) ?? "" }

    /// Waits until a whole line of the output begins with `mark`.
    func line(_ mark: String) throws -> Substring {
        var found: Substring?
        try wait("a line '\(mark)'") {
            let whole = output.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
            found = whole.first { $0.hasPrefix(mark) }
            return found != nil || !process.isRunning
        }
        guard let found else {
            throw SetupFailed(description: "\(program) ended without '\(mark)': \(errors)")
        }
        return found
    }

    /// Waits until this process has `path` open `times` times.
    func wait(untilItHolds path: String, times: Int) throws {
        let folder = "/proc/\(process.processIdentifier)/fd"
        try wait("\(path) to be opened") {
            let open = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
            let count = open.count {
                (try? FileManager.default.destinationOfSymbolicLink(atPath: "\(folder)/\($0)")) == path
            }
            return count >= times || !process.isRunning
        }
    }

    /// Waits until a file of that name is there.
    func wait(untilThereIs path: String) throws {
        try wait("\(path) to appear") {
            FileManager.default.fileExists(atPath: path) || !process.isRunning
        }
    }

    /// Waits for the end.
    func end(patience: Double = patience) throws -> Outcome {
        try wait("the end", patience: patience) { !process.isRunning }
        process.waitUntilExit()
        let crashed = process.terminationReason == .uncaughtSignal
        return Outcome(
            status: crashed ? 128 + process.terminationStatus : process.terminationStatus, output: output,
            errors: errors)
    }

    /// Asks it to end and waits for it.
    func stop() {
        if process.isRunning { process.terminate() }
        for _ in 0..<2000 where process.isRunning { usleep(5000) }
        if process.isRunning { kill(process.processIdentifier, SIGKILL) }
        process.waitUntilExit()
    }

    private func wait(_ what: String, patience: Double = patience, until done: () -> Bool) throws {
        let start = Date()
        while !done() {
            guard Date().timeIntervalSince(start) < patience else {
                stop()
                throw SetupFailed(description: "\(program): waited for \(what) in vain: \(output)\(errors)")
            }
            usleep(5000)
        }
    }
}

/// A refusal: this status, this text, in one line on standard error, and nothing on standard output.
func expectRefusal(
    _ outcome: Outcome, _ status: Int32, _ text: String, sourceLocation: SourceLocation = #_sourceLocation
) {
    #expect(outcome.status == status, "\(outcome.errors)", sourceLocation: sourceLocation)
    #expect(outcome.errors.contains(text), "\(outcome.errors)", sourceLocation: sourceLocation)
    #expect(outcome.errors.hasPrefix("steelyard: "), "\(outcome.errors)", sourceLocation: sourceLocation)
    #expect(outcome.errorLines.count == 1, "\(outcome.errors)", sourceLocation: sourceLocation)
    #expect(outcome.output.isEmpty, "\(outcome.output)", sourceLocation: sourceLocation)
}
