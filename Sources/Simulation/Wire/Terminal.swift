@preconcurrency import Glibc

/// A pseudo-terminal: the end an instrument holds, and the port a master opens.
struct Terminal {
    /// `/dev/pts/N`.
    let port: String
    let instrument: Int32
    /// Held open so that the line outlives its masters, as a cable outlives a program.
    let ownPort: Int32

    /// TIOCSPTLCK and TIOCGPTN of Linux.
    private static let unlockTerminal: UInt = 0x4004_5431
    private static let terminalNumber: UInt = 0x8004_5430

    /// - Throws: ``SimulatedLine/Failure``.
    init() throws {
        // What posix_openpt, grantpt, unlockpt and ptsname do, which the C module does not show.
        instrument = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC)
        var unlocked: Int32 = 0
        var number: Int32 = 0
        guard instrument >= 0, ioctl(instrument, Self.unlockTerminal, &unlocked) == 0,
            ioctl(instrument, Self.terminalNumber, &number) == 0
        else { throw SimulatedLine.Failure.noTerminal(String(cString: strerror(errno))) }
        port = "/dev/pts/\(number)"
        ownPort = open(port, O_RDWR | O_NOCTTY | O_CLOEXEC)
        var settings = termios()
        guard ownPort >= 0, tcgetattr(ownPort, &settings) == 0 else {
            throw SimulatedLine.Failure.noTerminal(String(cString: strerror(errno)))
        }
        cfmakeraw(&settings)
        tcsetattr(ownPort, TCSANOW, &settings)
    }
}
