import CUdev
import Glibc

/// A serial port that has hardware behind it, as the kernel describes it (sysfs).
public struct SerialPortDetails: Hashable, Sendable {
    /// The device node, such as `/dev/ttyUSB0`: it changes from one plugging to the next.
    public let node: String
    /// The link that leads to the port at every plugging: `/dev/serial/by-id/NAME`, or by path where the
    /// adapter has no serial number of its own; nil where udev has made none.
    public let stableName: String?
    /// The place of the hardware: the sysfs name of the USB device, or of the parent of an on-board port.
    public let place: String
    /// Hexadecimal, as the adapter states it; nil for a port that is not USB.
    public let vendor: String?
    public let product: String?
    public let serial: String?
    /// Number of the USB interface: what tells the ports of one adapter apart.
    public let interface: String?
    /// Number of the port within its interface; nil where the driver has one port for each.
    public let portNumber: String?
    /// What the adapter calls itself.
    public let words: String
    /// How long the adapter keeps what has arrived before it passes it on, in ms; nil where its driver does not say.
    public let latency: Int?

    package init(
        node: String, stableName: String?, place: String, vendor: String?, product: String?, serial: String?,
        interface: String?, portNumber: String?, words: String, latency: Int? = nil
    ) {
        self.node = node
        self.stableName = stableName
        self.place = place
        self.vendor = vendor
        self.product = product
        self.serial = serial
        self.interface = interface
        self.portNumber = portNumber
        self.words = words
        self.latency = latency
    }

    /// How to write the port in a connection, so that it stays right when the cable is plugged anew.
    public var connection: String { "serial://\(stableName ?? node)" }
}

extension SerialPortDetails {
    /// The port behind a node or a link to one; nil where the kernel knows no hardware behind it (a pty).
    public init?(at path: String) {
        var status = stat()
        guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFCHR, let udev = udev_new() else {
            return nil
        }
        defer { udev_unref(udev) }
        guard let device = udev_device_new_from_devnum(udev, CChar(UInt8(ascii: "c")), status.st_rdev)
        else {
            return nil
        }
        defer { udev_device_unref(device) }
        self.init(device)
    }

    init?(_ device: OpaquePointer) {
        guard Self.text(udev_device_get_subsystem(device)) == "tty",
            let node = Self.text(udev_device_get_devnode(device)),
            let parent = udev_device_get_parent(device)
        else { return nil }
        self.node = node
        let usbDevice = udev_device_get_parent_with_subsystem_devtype(device, "usb", "usb_device")
        let hasSerial = usbDevice.flatMap { Self.attribute("serial", of: $0) } != nil
        stableName = Self.link(of: device, by: hasSerial ? ["by-id", "by-path"] : ["by-path"])
        portNumber = Self.attribute("port_number", of: parent)
        latency = Self.attribute("latency_timer", of: parent).flatMap { Int($0) }
        // A parent belongs to its child: it is not released here.
        guard let usb = udev_device_get_parent_with_subsystem_devtype(device, "usb", "usb_device")
        else {
            // The kernel keeps nodes for on-board ports that do not exist: their type is 0, "unknown".
            if Self.attribute("type", of: device) == "0" { return nil }
            place = Self.text(udev_device_get_syspath(parent)) ?? node
            vendor = nil
            product = nil
            serial = nil
            interface = nil
            words = "on-board serial port"
            return
        }
        place = Self.text(udev_device_get_sysname(usb)) ?? node
        vendor = Self.attribute("idVendor", of: usb)
        product = Self.attribute("idProduct", of: usb)
        serial = Self.attribute("serial", of: usb)
        interface = udev_device_get_parent_with_subsystem_devtype(device, "usb", "usb_interface")
            .flatMap { Self.attribute("bInterfaceNumber", of: $0) }
        let named = [Self.attribute("manufacturer", of: usb), Self.attribute("product", of: usb)]
            .compactMap { $0 }
        words =
            (named.isEmpty ? "USB \(vendor ?? "?"):\(product ?? "?")" : named.joined(separator: " "))
            + (serial.map { ", serial \($0)" } ?? ", no serial number, at USB \(place)")
    }

    /// Whether both are one port of one adapter: by its serial number, or by its place where it has none.
    func isSamePort(as other: Self) -> Bool {
        vendor == other.vendor && product == other.product && serial == other.serial
            && interface == other.interface && portNumber == other.portNumber
            && (serial != nil || place == other.place)
    }

    private static func link(of device: OpaquePointer, by kinds: [String]) -> String? {
        let links = (text(udev_device_get_property_value(device, "DEVLINKS")) ?? "").split(separator: " ").map(
            String.init)
        return kinds.lazy.compactMap { kind in links.sorted().first { $0.hasPrefix("/dev/serial/\(kind)/") } }.first
    }

    private static func attribute(_ name: String, of device: OpaquePointer) -> String? {
        text(udev_device_get_sysattr_value(device, name)).flatMap { $0.isEmpty ? nil : $0 }
    }

    static func text(_ characters: UnsafePointer<CChar>?) -> String? {
        characters.map { String(cString: $0) }
    }
}
