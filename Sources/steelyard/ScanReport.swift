import Devices
import Foundation
import Synchronization

/// What a scan found, printed as it is found, or at its end as JSON.
final class ScanReport: Sendable {
    private struct State {
        var findings: [ScanFinding] = []
        /// nil where the scan was ended before its end.
        var summary: ScanSummary?
    }

    private let line: String
    private let format: OutputFormat
    private let screen: ScanProgressLine
    private let state = Mutex(State())

    init(line: String, _ format: OutputFormat, _ screen: ScanProgressLine) {
        self.line = line
        self.format = format
        self.screen = screen
    }

    func take(_ finding: ScanFinding) {
        state.withLock { $0.findings.append(finding) }
        guard format == .text else { return }
        screen.clear()
        FileHandle.standardOutput.write(Data(Self.lines(of: finding).map { "\($0)\n" }.joined().utf8))
    }

    func end(_ summary: ScanSummary) { state.withLock { $0.summary = summary } }

    /// Says what is left to say.
    ///
    /// - Returns: whether anything was found.
    func finish() throws -> Bool {
        let (findings, summary) = state.withLock { ($0.findings, $0.summary) }
        switch format {
        case .json:
            try printJSON(
                ScanDocument(
                    line: line, isComplete: summary != nil,
                    leftOut: summary?.leftOut ?? false, noise: summary?.noise.map(Self.words) ?? [],
                    findings: findings.map(ScanDocument.Finding.init)))
        case .text:
            if findings.isEmpty {
                print(summary == nil ? "ended before anything answered on \(line)" : "nothing answered on \(line)")
            } else if summary == nil {
                print("ended before everything was asked")
            }
            for noise in summary?.noise ?? [] { print(Self.words(noise)) }
            if summary?.leftOut ?? false {
                screen.say("other speeds and protocols were left out: --thorough asks them too")
            }
        }
        return !findings.isEmpty
    }

    private static func words(_ noise: ScanSummary.Noise) -> String {
        let place = noise.serial.map { "at \($0.words) " } ?? ""
        let times = noise.times == 1 ? "once" : "\(noise.times) times"
        return "\(place)bytes came \(times) that are no answer: another speed, parity or protocol, or a bad line"
    }

    private static func lines(of finding: ScanFinding) -> [String] {
        var lines = ["\(finding.spoken.rawValue)  \(finding.connection)"]
        lines += finding.says.map { "  \($0)" }
        for candidate in finding.candidates {
            lines.append("  \(candidate.certainty.words) \(candidate.profile): \(candidate.why)")
        }
        switch (finding.candidates.first, finding.candidates.count) {
        case (nil, _):
            lines.append("  no profile is known to fit: 'steelyard device profile' lists all, by maker and model")
        case (let only?, 1):
            lines.append("  steelyard device read --profile \(only.profile) --connect '\(finding.connection)'")
        default: lines.append("  the instrument does not tell which of them: its type plate does")
        }
        return lines
    }
}

extension ScanCandidate.Certainty {
    fileprivate var words: String {
        switch self {
        case .identified: "is"
        case .protocol: "fits"
        case .plausible: "may be"
        }
    }
}

private struct ScanDocument: Encodable {
    struct Candidate: Encodable {
        let profile: String
        let certainty: String
        let why: String
    }

    struct Finding: Encodable {
        let spoken: String
        let connection: String
        let says: [String]
        let candidates: [Candidate]

        init(_ finding: ScanFinding) {
            spoken = finding.spoken.rawValue
            connection = finding.connection
            says = finding.says
            candidates = finding.candidates.map {
                Candidate(profile: $0.profile, certainty: $0.certainty.rawValue, why: $0.why)
            }
        }
    }

    let line: String
    let isComplete: Bool
    let leftOut: Bool
    let noise: [String]
    let findings: [Finding]
}
