import ArgumentParser
import Foundation
@preconcurrency import Glibc

@main
struct Steelyard: AsyncParsableCommand {
    static let version = "0.1.0"

    static let configuration = CommandConfiguration(
        commandName: "steelyard",
        abstract: "衡准: a metrology verification laboratory in one program.",
        discussion: "Exit status: 0 done; 1 the answer is no; 2 wrong use or bad input; 3 a device, "
            + "database or network failed.",
        version: version,
        subcommands: [
            DemoCommand.self, ServeCommand.self, SimulateCommand.self, DeviceCommand.self,
            OrderCommand.self, InstrumentCommand.self, VerifyCommand.self,
            SessionCommand.self,
            CertificateCommand.self, InstitutionCommand.self, PersonCommand.self, StandardCommand.self,
            TraceCommand.self, ProcedureCommand.self,
            CoverageCommand.self, UncertaintyCommand.self, ConformityCommand.self, EnergyCommand.self,
            AuditCommand.self, BackupCommand.self,
        ])

    static func main() async {
        // A reader that went away is an error of that write, not the end of the program.
        signal(SIGPIPE, SIG_IGN)
        do {
            var command = try parseAsRoot()
            if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                try command.run()
            }
        } catch {
            finish(error)
        }
    }

    private static func finish(_ error: any Error) -> Never {
        if let report = ErrorReport(error) {
            FileHandle.standardError.write(Data("steelyard: \(report.text)\n".utf8))
            Glibc.exit(report.status)
        }
        // What remains is the argument parser's own: help and version, an answer of no, wrong use.
        let code = exitCode(for: error)
        if code.isSuccess || error is ExitCode { exit(withError: error) }
        FileHandle.standardError.write(Data("steelyard: \(line(for: error))\n".utf8))
        Glibc.exit(2)
    }

    /// What is wrong in one line, and, where the words of a command are wrong, where they are explained.
    private static func line(for error: any Error) -> String {
        let message = message(for: error).split(separator: "\n").joined(separator: " ")
        // The parser's last line is `  See 'steelyard device read --help' for more information.`
        let words = fullMessage(for: error).split(separator: "\n").last?.split(separator: "'") ?? []
        guard !(error is ValidationError), words.count == 3, words[0] == "  See " else { return message }
        let isSentence = message.hasSuffix("?") || message.hasSuffix(".")
        return message + (isSentence ? " See" : "; see") + " '\(words[1])'"
    }
}
