import Devices
import Testing

@Suite struct DiscoveryTests {
    private static func opened(with first: SerialPortDetails?) throws -> PortIdentity {
        var identity = PortIdentity(path: "/dev/ttyUSB0")
        try identity.check(first, among: [first].compactMap { $0 })
        return identity
    }

    @Test func anAdapterIsTheSameUnderAnotherNodeAndAtAnotherPlace() throws {
        var identity = try Self.opened(with: adapter("/dev/ttyUSB0", serial: "A1", at: "1-1"))
        let back = adapter("/dev/ttyUSB1", serial: "A1", at: "1-2")
        try identity.check(back, among: [back])
    }

    @Test(arguments: [
        adapter("/dev/ttyUSB0", serial: "B2", at: "1-1"),
        adapter("/dev/ttyUSB0", serial: nil, at: "1-1"),
        adapter("/dev/ttyUSB0", serial: "A1", at: "1-1", interface: "01"),
        nil,
    ])
    func anotherThatTookTheNodeIsRefused(_ other: SerialPortDetails?) throws {
        var identity = try Self.opened(with: adapter("/dev/ttyUSB0", serial: "A1", at: "1-1"))
        #expect(throws: DeviceError.self) {
            try identity.check(other, among: [other].compactMap { $0 })
        }
    }

    @Test func withoutASerialNumberThePlaceTells() throws {
        var identity = try Self.opened(with: adapter("/dev/ttyUSB0", serial: nil, at: "1-1"))
        let back = adapter("/dev/ttyUSB3", serial: nil, at: "1-1")
        try identity.check(back, among: [back])
        let other = adapter("/dev/ttyUSB0", serial: nil, at: "1-2")
        #expect(throws: DeviceError.self) { try identity.check(other, among: [other]) }
    }

    @Test func twoOfOneSerialNumberAreToldApartByPlace() throws {
        let first = adapter("/dev/ttyUSB0", serial: "0001", at: "1-1")
        let twin = adapter("/dev/ttyUSB1", serial: "0001", at: "1-2")
        var identity = try Self.opened(with: first)
        #expect(throws: DeviceError.self) { try identity.check(twin, among: [first, twin]) }
        try identity.check(first, among: [first, twin])
    }

    @Test func aPortWithoutHardwareHasNothingToCheck() throws {
        var identity = try Self.opened(with: nil)
        try identity.check(nil, among: [])
        #expect(SerialPortDetails(at: "/dev/null") == nil)
    }
}
