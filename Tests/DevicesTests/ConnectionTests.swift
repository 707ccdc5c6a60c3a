import Devices
import Testing

@Suite struct ConnectionTests {
    @Test func wholeAddresses() throws {
        let serial = try Connection("serial:///dev/ttyUSB0?baud=2400&parity=even&stop=2&unit=17&timeout=300")
        #expect(serial.line == .serial(path: "/dev/ttyUSB0"))
        #expect(serial.baud == 2400)
        #expect(serial.parity == .even)
        #expect(serial.stopBits == 2)
        #expect(serial.unit == 17)
        #expect(serial.timeout == 300)
        #expect(serial.rs485 == nil)
        #expect(try Connection("serial:///dev/ttyS1?rs485=kernel").rs485 == .kernel)
        #expect(try Connection("serial:///dev/ttyS1?rs485=rts").rs485 == .rts)
        let tcp = try Connection("tcp://192.168.0.20:502?unit=255")
        #expect(tcp.line == .tcp(host: "192.168.0.20", port: 502))
        #expect(tcp.unit == 255)
        #expect(tcp.baud == nil)
        #expect(try Connection("tcp://[::1]:502").line == .tcp(host: "::1", port: 502))
    }

    @Test(arguments: [
        ("", "it must begin with tcp:// or serial://"),
        ("/dev/ttyUSB0", "it must begin with tcp:// or serial://"),
        ("http://a:1", "it must begin with tcp:// or serial://"),
        ("serial://ttyUSB0", "a serial address names a port by its whole path, like serial:///dev/ttyUSB0"),
        ("tcp://host", "a TCP address names host and port, like tcp://192.168.0.20:502"),
        ("tcp://:502", "a TCP address names host and port, like tcp://192.168.0.20:502"),
        ("tcp://host:0", "a TCP address names host and port, like tcp://192.168.0.20:502"),
        ("tcp://host:99999", "a TCP address names host and port, like tcp://192.168.0.20:502"),
        ("tcp://h:1?unit=256", "unit must be a whole number from 0 to 255, not '256'"),
        ("tcp://h:1?unit=", "unit must be a whole number from 0 to 255, not ''"),
        ("serial:///dev/x?unit=0", "a unit on a serial line is 1 to 247: 0 is everybody, and nobody answers it"),
        ("serial:///dev/x?unit=248", "a unit on a serial line is 1 to 247: 0 is everybody, and nobody answers it"),
        (
            "serial:///dev/x?baud=12345",
            "baud must be one of 300, 600, 1200, 2400, 4800, 9600, 19200, 38400, 57600, 115200, 230400, 460800, 500000, 576000, 921600, not 12345"
        ),
        ("serial:///dev/x?parity=mark", "parity must be none, even or odd, not 'mark'"),
        ("serial:///dev/x?rs485=dtr", "rs485 must be kernel or rts, not 'dtr'"),
        ("tcp://h:1?rs485=kernel", "rs485 is for serial ports: a gateway switches by itself"),
        ("serial:///dev/x?stop=3", "stop must be a whole number from 1 to 2, not '3'"),
        ("serial:///dev/x?timeout=0", "timeout must be a whole number from 1 to 60000, not '0'"),
        (
            "serial:///dev/x?bauds=9600",
            "unknown setting 'bauds': known are unit, address, baud, parity, stop, timeout, framing, rs485"
        ),
    ])
    func complaints(address: String, why: String) {
        #expect(throws: DeviceError.badAddress(address, why: why)) { try Connection(address) }
    }
}
