import Foundation
@preconcurrency import Glibc

/// A text drawn again and again at one place of the terminal on standard output.
struct TerminalScreen: Sendable {
    /// nil where standard output is no terminal.
    init?() {
        guard isatty(STDOUT_FILENO) == 1 else { return nil }
    }

    /// In the place of what was drawn before; lines and rows the terminal has no room for are cut off.
    func draw(_ text: String) {
        var size = winsize()
        let isKnown = ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0 && size.ws_row > 0
        let (columns, rows) = isKnown ? (Int(size.ws_col), Int(size.ws_row)) : (80, 24)
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { String($0.prefix(columns)) }
        if lines.count >= rows {
            // The foot says what went wrong, and stays.
            let foot = lines.suffix(2)
            lines = lines.prefix(max(0, rows - 4)) + ["… more than the terminal has lines: name the channels"] + foot
        }
        // Home, and cleared from there, so that a table of another height leaves nothing behind.
        let clear = "\u{1B}[H\u{1B}[J"
        FileHandle.standardOutput.write(Data((clear + lines.joined(separator: "\n") + "\n").utf8))
    }
}
