import Devices
import Metrology
import Testing

/// From bytes to values: every format in every order, exactly.
@Suite struct DecodingTests {
    /// Decodes `data`, the answer to a request for `count` registers from address 0 of unit 1.
    private func decode(_ channel: String, _ data: String) throws -> Indication {
        let registers = bytes(data)
        let request = frame([1, 4, 0, 0, 0, UInt8(registers.count / 2)])
        return try profile("  a: {quantity: q, at: 0, \(channel)}").channel("a").decode(
            exchange(request, frame([1, 4, UInt8(registers.count)] + registers)))
    }

    /// The four orders by their letters, written out by hand.
    @Test(arguments: [
        ("float32", "ABCD", "41 BD 99 9A", "23.7"), ("float32", "CDAB", "99 9A 41 BD", "23.7"),
        ("float32", "BADC", "BD 41 9A 99", "23.7"), ("float32", "DCBA", "9A 99 BD 41", "23.7"),
        ("float32", "ABCD", "C1 BD 99 9A", "-23.7"), ("float32", "ABCD", "00 00 00 00", "0"),
        ("uint32", "ABCD", "12 34 56 78", "305419896"), ("uint32", "CDAB", "56 78 12 34", "305419896"),
        ("uint32", "BADC", "34 12 78 56", "305419896"), ("uint32", "DCBA", "78 56 34 12", "305419896"),
        ("uint32", "ABCD", "FF FF FF FE", "4294967294"), ("int32", "ABCD", "FF FF FF FE", "-2"),
        ("int32", "CDAB", "FF FE FF FF", "-2"), ("int32", "BADC", "FF FF FE FF", "-2"),
        ("int32", "DCBA", "FE FF FF FF", "-2"), ("int32", "ABCD", "80 00 00 00", "-2147483648"),
        ("uint16", "ABCD", "FE D4", "65236"), ("int16", "ABCD", "FE D4", "-300"),
        ("int16", "CDAB", "FE D4", "-300"), ("int16", "BADC", "D4 FE", "-300"),
        ("int16", "DCBA", "D4 FE", "-300"), ("uint16", "BADC", "34 12", "4660"),
        ("int16", "ABCD", "80 00", "-32768"), ("uint16", "ABCD", "FF FF", "65535"),
    ])
    func formatsAndOrders(format: String, order: String, data: String, value: String) throws {
        let indication = try decode("unit: V, as: \(format), order: \(order)", data)
        #expect(indication.value.number == decimal(value))
        #expect(indication.value.unit.symbol == "V")
    }

    @Test func scaleIsExact() throws {
        // 0.1 × 3 is no binary fraction; the indication is the decimal the instrument means.
        #expect(try decode("unit: kPa, as: int16, scale: 0.1", "00 03").value.number.description == "0.3")
        #expect(
            try decode("unit: L, as: uint32, scale: 0.001", "FF FF FF FF").value.number.description == "4294967.295")
        #expect(try decode("unit: °C, as: int16, scale: 0.01", "F8 2F").value.number.description == "-20.01")
    }

    @Test(arguments: ["7F C0 00 00", "FF C0 00 00", "7F 80 00 00", "FF 80 00 00"])
    func whatIsNotANumberIsRefused(data: String) {
        #expect(throws: DeviceError.notANumber(channel: "a", unit: 1, line: "test")) {
            try decode("unit: V, as: float32", data)
        }
    }

    @Test func aRegisterThatWasNotAskedForIsRefused() throws {
        let channel = try profile("  a: {quantity: q, unit: V, at: 5, as: uint16}").channel("a")
        #expect(throws: DeviceError.self) {
            try channel.decode(exchange(frame([1, 4, 0, 0, 0, 1]), frame([1, 4, 2, 0, 1])))
        }
    }
}
