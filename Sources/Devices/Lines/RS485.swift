@preconcurrency import Glibc

extension Connection.RS485 {
    /// - Returns: why it cannot be; nil where it is done.
    func prepare(_ descriptor: Int32) -> String? {
        switch self {
        case .kernel:
            // struct serial_rs485 and its numbers: linux/serial.h, asm-generic/ioctls.h.
            let isEnabled: UInt32 = 1 << 0
            let isHighWhileSending: UInt32 = 1 << 1
            var settings: [UInt32] = [isEnabled | isHighWhileSending, 0, 0, 0, 0, 0, 0, 0]
            guard ioctl(descriptor, 0x542F, &settings) != 0 else { return nil }
            return "its driver does not switch the direction of RS-485 (rs485=kernel): "
                + "leave that out where the adapter switches by itself, or try rs485=rts"
        case .rts:
            guard !listen(descriptor) else { return nil }
            return "it has no line RTS to switch the direction of RS-485 with (rs485=rts): "
                + "leave that out where the adapter switches by itself"
        }
    }

    func talk(_ descriptor: Int32) {
        guard self == .rts else { return }
        var line = TIOCM_RTS
        _ = ioctl(descriptor, UInt(TIOCMBIS), &line)
    }

    /// After the last bit of what was written.
    @discardableResult
    func listen(_ descriptor: Int32) -> Bool {
        guard self == .rts else { return true }
        tcdrain(descriptor)
        var line = TIOCM_RTS
        return ioctl(descriptor, UInt(TIOCMBIC), &line) == 0
    }
}
