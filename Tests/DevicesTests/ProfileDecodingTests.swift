import Devices
import Metrology
import Testing

/// From registers to values: the wider formats, the codes for no value, bits and offsets.
@Suite struct ProfileDecodingTests {
    private func decode(_ channel: String, _ data: String) throws -> Indication {
        let registers = bytes(data)
        let request = frame([1, 4, 0, 0, 0, UInt8(registers.count / 2)])
        return try profile("  a: {quantity: q, unit: V, at: 0, \(channel)}").channel("a").decode(
            exchange(request, frame([1, 4, UInt8(registers.count)] + registers)))
    }

    @Test(arguments: [
        ("as: uint64", "00 00 00 00 FF FF FF FF", "4294967295"),
        ("as: uint64", "FF FF FF FF FF FF FF FF", "18446744073709551615"),
        ("as: int64", "FF FF FF FF FF FF FF FE", "-2"), ("as: int64, order: CDAB", "FF FE FF FF FF FF FF FF", "-2"),
        ("as: uint64, order: CDAB", "00 04 00 03 00 02 00 01", "281483566841860"),
        ("as: uint64, order: DCBA", "04 00 03 00 02 00 01 00", "281483566841860"),
        ("as: float64", "40 37 B3 33 33 33 33 33", "23.7"),
        ("as: float64, order: CDAB", "33 33 33 33 B3 33 40 37", "23.7"),
        ("as: bcd, words: 3, scale: 0.0001", "00 00 12 43 11 16", "1243.1116"),
        ("as: bcd, words: 2, order: CDAB", "56 78 12 34", "12345678"),
        ("as: uint16, bits: 3..5", "00 28", "5"), ("as: uint16, bits: 15", "80 00", "1"),
        ("as: int16, scale: 0.1, offset: -40", "02 6C", "22.0"),
        ("as: uint16, not_available: [\"FFFF\"]", "FF FE", "65534"),
    ])
    func values(format: String, data: String, value: String) throws {
        // A number of 64 bits has more digits than the parser of decimals takes.
        #expect("\(try decode(format, data).value.number)" == value)
    }

    @Test(arguments: [
        ("as: uint16, not_available: [\"FFFF\", \"7FFF\"]", "7F FF"),
        ("as: uint32, not_available: [\"80000000\"]", "80 00 00 00"),
        // The code is written most significant first, in whatever order it comes.
        ("as: uint32, order: CDAB, not_available: [\"7FFFFFFF\"]", "FF FF 7F FF"),
    ])
    func theCodeForNoValueIsNeverANumber(format: String, data: String) {
        #expect(throws: DeviceError.notAvailable(channel: "a", unit: 1, line: "test")) { try decode(format, data) }
    }

    @Test(arguments: [
        ("as: float64", "7F F8 00 00 00 00 00 00"), ("as: bcd, words: 1", "12 3A"),
        ("as: ascii, words: 2", "41 42 43 20"),
    ])
    func whatIsNoNumberIsRefused(format: String, data: String) {
        #expect(throws: DeviceError.notANumber(channel: "a", unit: 1, line: "test")) { try decode(format, data) }
    }

    @Test(arguments: [
        ("as: ascii, words: 3", "20 41 42 20 00 43", "AB"), ("as: ascii, words: 1, order: BADC", "42 41", "AB"),
        ("as: uint16", "00 07", "7"),
    ])
    func textIsReadAsText(format: String, data: String, text: String) throws {
        let registers = bytes(data)
        let request = frame([1, 4, 0, 0, 0, UInt8(registers.count / 2)])
        let channel = try profile("  a: {quantity: q, unit: V, at: 0, \(format)}").channel("a")
        let answer = frame([1, 4, UInt8(registers.count)] + registers)
        #expect(try channel.decodeText(exchange(request, answer)) == text)
    }
}
