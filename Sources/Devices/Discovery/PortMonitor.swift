import CUdev
import Glibc

/// libudev's news of serial ports; used by one thread at a time.
final class PortMonitor {
    private let udev: OpaquePointer
    private let monitor: OpaquePointer
    /// What is there, by the path in sysfs.
    private(set) var known: [String: SerialPortDetails] = [:]

    /// Listens first and looks around after that: what is plugged in meanwhile is in both.
    init?() {
        guard let udev = udev_new() else { return nil }
        guard let monitor = udev_monitor_new_from_netlink(udev, "udev") else {
            udev_unref(udev)
            return nil
        }
        self.udev = udev
        self.monitor = monitor
        guard udev_monitor_filter_add_match_subsystem_devtype(monitor, "tty", nil) >= 0,
            udev_monitor_enable_receiving(monitor) >= 0
        else { return nil }
        known = SerialPorts.scan(udev)
    }

    deinit {
        udev_monitor_unref(monitor)
        udev_unref(udev)
    }

    /// Blocks until `bell` rings.
    func run(until bell: Bell, tell: (SerialPortWatch.Event) -> Void) {
        while true {
            var waiting = [
                pollfd(fd: udev_monitor_get_fd(monitor), events: Int16(POLLIN), revents: 0),
                pollfd(fd: bell.descriptor, events: Int16(POLLIN), revents: 0),
            ]
            let ready = poll(&waiting, 2, -1)
            if ready < 0, errno == EINTR { continue }
            guard ready > 0, waiting[1].revents == 0, waiting[0].revents & Int16(POLLNVAL | POLLHUP) == 0
            else { return }
            take(tell)
        }
    }

    private func take(_ tell: (SerialPortWatch.Event) -> Void) {
        errno = 0
        guard let device = udev_monitor_receive_device(monitor) else {
            // More was sent than there was room for: some of it is lost, and the ports themselves tell.
            if errno == ENOBUFS { catchUp(tell) }
            return
        }
        defer { udev_device_unref(device) }
        guard let path = udev_device_get_syspath(device).map({ String(cString: $0) }),
            let action = udev_device_get_action(device).map({ String(cString: $0) })
        else { return }
        switch action {
        case "add": replace(path, by: SerialPortDetails(device), tell)
        case "remove": replace(path, by: nil, tell)
        default: break
        }
    }

    private func catchUp(_ tell: (SerialPortWatch.Event) -> Void) {
        let now = SerialPorts.scan(udev)
        for path in Set(known.keys).union(now.keys).sorted() { replace(path, by: now[path], tell) }
    }

    /// What is told of twice, or with its links only the second time, is one and the same.
    private func replace(_ path: String, by port: SerialPortDetails?, _ tell: (SerialPortWatch.Event) -> Void) {
        let before = known[path]
        known[path] = port
        if let before, let port, before.isSamePort(as: port), before.node == port.node { return }
        if let before { tell(.removed(before)) }
        if let port { tell(.added(port)) }
    }
}

/// Ends a wait from another thread.
final class Bell: Sendable {
    let descriptor: Int32
    private let far: Int32

    init?() {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { return nil }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        (descriptor, far) = (ends[0], ends[1])
    }

    deinit {
        close(descriptor)
        close(far)
    }

    func ring() {
        var one: UInt8 = 1
        write(far, &one, 1)
    }
}
