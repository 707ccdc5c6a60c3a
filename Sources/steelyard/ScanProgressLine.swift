import Chronometry
import Devices
import Foundation
@preconcurrency import Glibc
import Synchronization

/// How far a scan is, on standard error: in a terminal one line that changes, elsewhere a line now and
/// then.
final class ScanProgressLine: Sendable {
    private struct State {
        var lastShown = -Double.infinity
        var isShown = false
    }

    private let isTerminal = isatty(STDERR_FILENO) == 1
    private let state = Mutex(State())
    /// Between two changes of the line in a terminal, and between two lines elsewhere, in seconds.
    private static let (pace, slowPace) = (0.1, 10.0)

    func say(_ text: String) { write("steelyard: \(text)\n") }

    func show(_ progress: ScanProgress) {
        let left = "\(progress.left) questions left, \(Self.words(progress.seconds)) at most"
        let now = SystemClock.monotonicSeconds()
        let isDue = state.withLock { state in
            guard now - state.lastShown >= (isTerminal ? Self.pace : Self.slowPace) else { return false }
            (state.lastShown, state.isShown) = (now, isTerminal)
            return true
        }
        guard isDue else { return }
        let speed = progress.asked.serial.map { "\($0.words), " } ?? ""
        let text = "\(speed)\(progress.asked.question.words); \(left)"
        if isTerminal { write("\r\u{1B}[K\(text)") } else { say(text) }
    }

    /// Takes the line away, so that something else can stand there.
    func clear() {
        let wasShown = state.withLock { state in
            defer { state.isShown = false }
            return state.isShown
        }
        if wasShown { write("\r\u{1B}[K") }
    }

    private func write(_ text: String) { FileHandle.standardError.write(Data(text.utf8)) }

    /// `40 s`, `12 min`; rounded up.
    static func words(_ seconds: Double) -> String {
        seconds < 120 ? "\(Int(seconds.rounded(.up))) s" : "\(Int((seconds / 60).rounded(.up))) min"
    }
}

extension LineTiming.Serial {
    /// `2400 8E1`
    var words: String {
        let letter =
            switch parity {
            case .none: "N"
            case .even: "E"
            case .odd: "O"
            }
        return "\(baud) \(dataBits)\(letter)\(stopBits)"
    }
}
