import Foundation
@preconcurrency import Glibc

/// The right to use one serial port while this value lives.
///
/// An advisory lock on the port keeps a second steelyard away, and a look through `/proc` finds
/// other programs that hold the port: two masters on one line corrupt each other's answers.
struct SerialPortClaim: ~Copyable {
    private let descriptor: Int32

    /// - Throws: ``DeviceError`` for a missing port, missing permission, a port in use, or a file
    ///   that is not a terminal.
    init(_ path: String) throws {
        let opened = open(path, O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC)
        guard opened >= 0 else {
            throw switch errno {
            case ENOENT, ENXIO, ENODEV: DeviceError.noSuchPort(path: path)
            case EACCES, EPERM: DeviceError.noPermission(path: path)
            case EBUSY: DeviceError.portBusy(path: path, holder: Self.holder(of: path))
            case EISDIR: DeviceError.notASerialPort(path: path, why: "it is a folder")
            case let code: DeviceError.failed(line: path, why: String(cString: strerror(code)))
            }
        }
        guard isatty(opened) == 1 else {
            close(opened)
            throw DeviceError.notASerialPort(path: path, why: "it is not a terminal device")
        }
        guard flock(opened, LOCK_EX | LOCK_NB) == 0 else {
            close(opened)
            throw DeviceError.portBusy(path: path, holder: Self.holder(of: path))
        }
        // Another steelyard that was refused just now has the port open for a moment longer.
        if Self.holder(of: path) != nil { usleep(100_000) }
        if let holder = Self.holder(of: path) {
            close(opened)
            throw DeviceError.portBusy(path: path, holder: holder)
        }
        descriptor = opened
    }

    deinit {
        close(descriptor)
    }

    /// The program that has the port open, as `name (process 1234)`; nil where none can be seen.
    static func holder(of path: String) -> String? {
        guard let wanted = Terminal(path) else { return nil }
        let own = String(getpid())
        for process in (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        where process.allSatisfy(\.isNumber) && process != own {
            let folder = "/proc/\(process)/fd"
            for descriptor in (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? [] {
                // The far end of a pseudo-terminal keeps it open by design, and is no second master.
                guard Terminal("\(folder)/\(descriptor)") == wanted, !wanted.isPseudo || !holdsMaster(folder) else {
                    continue
                }
                let name = try? String(contentsOfFile: "/proc/\(process)/comm", encoding: .utf8)
                let comm = name?.trimmingCharacters(in: .whitespacesAndNewlines) ?? "a program"
                return "\(comm) (process \(process))"
            }
        }
        return nil
    }

    private static func holdsMaster(_ folder: String) -> Bool {
        let descriptors = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return descriptors.contains { descriptor in
            (try? FileManager.default.destinationOfSymbolicLink(atPath: "\(folder)/\(descriptor)"))
                == "/dev/ptmx"
        }
    }

    static func isPseudoTerminal(_ path: String) -> Bool { Terminal(path)?.isPseudo ?? false }
}

/// A character device by its number, under whatever name.
private struct Terminal: Equatable {
    private let number: dev_t
    /// Numbers of pseudo-terminals are handed out anew in each file system of them.
    private let fileSystem: dev_t?

    /// nil for what is none, or not there.
    init?(_ path: String) {
        var status = stat()
        guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFCHR else { return nil }
        number = status.st_rdev
        // Unix98 pseudo-terminals (Linux, admin-guide/devices.txt); major number as glibc packs it (bits/sysmacros.h).
        let major = number >> 8 & 0xFFF | number >> 32 & ~0xFFF
        fileSystem = (136...143).contains(major) ? status.st_dev : nil
    }

    var isPseudo: Bool { fileSystem != nil }
}
