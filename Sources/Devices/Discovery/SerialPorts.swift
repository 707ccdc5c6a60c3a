import CUdev

/// The serial ports that are there now.
public enum SerialPorts {
    /// Every tty with hardware behind it, by node; empty where libudev finds none.
    public static func present() -> [SerialPortDetails] {
        guard let udev = udev_new() else { return [] }
        defer { udev_unref(udev) }
        return scan(udev).values.sorted { $0.node < $1.node }
    }

    /// The program that has the port open, as `name (process 1234)`; nil where none can be seen: of other users' programs
    /// only root sees what they have open.
    public static func holder(of path: String) -> String? { SerialPortClaim.holder(of: path) }

    /// By the path in sysfs.
    static func scan(_ udev: OpaquePointer) -> [String: SerialPortDetails] {
        guard let list = udev_enumerate_new(udev) else { return [:] }
        defer { udev_enumerate_unref(list) }
        guard udev_enumerate_add_match_subsystem(list, "tty") >= 0,
            udev_enumerate_scan_devices(list) >= 0
        else { return [:] }
        var found: [String: SerialPortDetails] = [:]
        var entry = udev_enumerate_get_list_entry(list)
        while let one = entry {
            if let path = udev_list_entry_get_name(one),
                let device = udev_device_new_from_syspath(udev, path)
            {
                if let port = SerialPortDetails(device) { found[String(cString: path)] = port }
                udev_device_unref(device)
            }
            entry = udev_list_entry_get_next(one)
        }
        return found
    }
}
