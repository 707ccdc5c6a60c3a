import CUdev
@preconcurrency import Glibc

/// How long a USB adapter keeps what has arrived before it passes it on: 16 ms as FTDI ships, and every answer waits for it.
enum LatencyTimer {
    /// The attribute of the port's driver in sysfs, in ms (Linux, `ftdi_sio`).
    private static let attribute = "latency_timer"

    /// Sets it to 1 ms, in sysfs where this user may, else by the flag that every user of a port may set.
    ///
    /// - Returns: what it is after that, in ms; nil where there is none.
    static func lower(of node: String) -> Int? {
        guard let before = SerialPortDetails(at: node)?.latency, before > 1 else {
            return SerialPortDetails(at: node)?.latency
        }
        if !set(of: node) { setFlag(of: node) }
        return SerialPortDetails(at: node)?.latency
    }

    private static func set(of node: String) -> Bool {
        var status = stat()
        guard stat(node, &status) == 0, let udev = udev_new() else { return false }
        defer { udev_unref(udev) }
        guard let device = udev_device_new_from_devnum(udev, CChar(UInt8(ascii: "c")), status.st_rdev)
        else { return false }
        defer { udev_device_unref(device) }
        // A parent belongs to its child: it is not released here.
        guard let parent = udev_device_get_parent(device), let folder = udev_device_get_syspath(parent)
        else { return false }
        let file = open("\(String(cString: folder))/\(attribute)", O_WRONLY | O_TRUNC | O_CLOEXEC)
        guard file >= 0 else { return false }
        defer { close(file) }
        return write(file, "1", 1) == 1
    }

    /// ASYNC_LOW_LATENCY of struct serial_struct (linux/serial.h, linux/tty_flags.h): its flags are the fifth number.
    private static func setFlag(of node: String) {
        let port = open(node, O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC)
        guard port >= 0 else { return }
        defer { close(port) }
        var settings = [UInt32](repeating: 0, count: 64)
        guard ioctl(port, UInt(TIOCGSERIAL), &settings) == 0 else { return }
        settings[4] |= 1 << 13
        _ = ioctl(port, UInt(TIOCSSERIAL), &settings)
    }
}
