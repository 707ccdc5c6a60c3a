import Devices
import Testing

/// Published frames, and everything that must not pass for an answer.
@Suite struct ModbusFrameTests {
    @Test func checksumOfTheCheckString() {
        #expect(ModbusFrame.checksum("123456789".utf8) == 0x4B37)
    }

    /// Frames printed in manuals and tutorials of several makers; the last two bytes are the checksum.
    @Test(arguments: [
        "11 03 00 6B 00 03 76 87", "11 03 06 AE 41 56 52 43 40 49 AD", "11 03 06 02 2B 00 00 00 64 C8 BA",
        "01 03 00 00 00 0A C5 CD", "01 03 00 00 00 02 C4 0B", "11 04 00 08 00 01 B2 98",
        "11 01 00 13 00 25 0E 84", "11 01 05 CD 6B B2 0E 1B 45 E6", "11 02 00 C4 00 16 BA A9",
        "11 02 03 AC DB 35 20 18", "11 06 00 01 00 03 9A 9B", "01 03 00 00 00 2C 44 17",
    ])
    func publishedChecksums(text: String) {
        let whole = bytes(text)
        #expect(whole.count >= 8)
        #expect(frame(Array(whole.dropLast(2))) == whole)
    }

    @Test(arguments: [
        ("11 03 06 AE 41 56 52 43 40 49 AD", [0xAE41, 0x5652, 0x4340] as [UInt16]),
        ("11 03 06 02 2B 00 00 00 64 C8 BA", [0x022B, 0x0000, 0x0064]),
    ])
    func publishedAnswers(answer: String, values: [UInt16]) throws {
        let said = try ModbusFrame.answer(of: exchange(bytes("11 03 00 6B 00 03 76 87"), bytes(answer)))
        #expect(said == .registers(address: 0x6B, values: values))
    }

    @Test func publishedWriteIsItsOwnEcho() throws {
        let write = bytes("11 06 00 01 00 03 9A 9B")
        #expect(try ModbusFrame.answer(of: exchange(write, write)) == .written(address: 1, count: 1))
        #expect(throws: ModbusFrameFault.echo) {
            try ModbusFrame.answer(of: exchange(write, frame(bytes("11 06 00 01 00 04"))))
        }
    }

    @Test func noSingleFlippedBitPasses() {
        let request = bytes("11 03 00 6B 00 03 76 87")
        let answer = bytes("11 03 06 AE 41 56 52 43 40 49 AD")
        for index in answer.indices {
            for bit in 0..<8 {
                var flipped = answer
                flipped[index] ^= 1 << UInt8(bit)
                #expect(throws: ModbusFrameFault.self, "byte \(index) bit \(bit)") {
                    try ModbusFrame.answer(of: exchange(request, flipped))
                }
            }
        }
    }

    @Test(arguments: [
        (bytes("11 03 06 AE 41 56 52 43 40 49"), ModbusFrameFault.checksum),
        (bytes("11 03"), .tooShort(bytes: 2)),
        (frame(bytes("12 03 06 AE 41 56 52 43 40")), .otherUnit(asked: 0x11, answered: 0x12)),
        (frame(bytes("11 04 06 AE 41 56 52 43 40")), .otherFunction(asked: 3, answered: 4)),
        (frame(bytes("11 03 04 AE 41 56 52")), .wrongLength(expected: 8, found: 6)),
        (frame(bytes("11 03 04 AE 41 56 52 43 40")), .wrongLength(expected: 8, found: 8)),
        (frame(bytes("11 83 02 00")), .wrongLength(expected: 2, found: 3)),
    ])
    func whatIsNoAnswer(answer: [UInt8], fault: ModbusFrameFault) {
        #expect(throws: fault) {
            try ModbusFrame.answer(of: exchange(bytes("11 03 00 6B 00 03 76 87"), answer))
        }
    }

    @Test func tcpAnswers() throws {
        let request = bytes("00 07 00 00 00 06 01 04 00 02 00 01")
        func answer(_ text: String) throws -> ModbusAnswer {
            try ModbusFrame.answer(of: exchange(request, bytes(text), .tcp))
        }
        #expect(
            try answer("00 07 00 00 00 05 01 04 02 12 34") == .registers(address: 2, values: [0x1234]))
        #expect(throws: ModbusFrameFault.otherTransaction) { try answer("00 06 00 00 00 05 01 04 02 12 34") }
        #expect(throws: ModbusFrameFault.wrongLength(expected: 6, found: 5)) {
            try answer("00 07 00 00 00 06 01 04 02 12 34")
        }
        #expect(throws: ModbusFrameFault.otherUnit(asked: 1, answered: 2)) {
            try answer("00 07 00 00 00 05 02 04 02 12 34")
        }
        #expect(throws: ModbusFrameFault.tooShort(bytes: 7)) { try answer("00 07 00 00 00 01 01") }
    }

    /// Names as clause 7 of the specification prints them.
    @Test(
        arguments: [
            (1, "illegal function"), (2, "illegal data address"), (3, "illegal data value"),
            (4, "server device failure"), (5, "acknowledge"), (6, "server device busy"),
            (8, "memory parity error"), (10, "gateway path unavailable"),
            (11, "gateway target device failed to respond"), (77, "not in the specification"),
        ] as [(UInt8, String)])
    func exceptionsByName(code: UInt8, name: String) throws {
        let answered = exchange(bytes("11 03 00 6B 00 03 76 87"), frame([0x11, 0x83, code]))
        #expect(try ModbusFrame.answer(of: answered) == .exception(code))
        let channel = try profile("  a: {quantity: q, unit: V, at: 0x6B, as: uint16}").channel("a")
        let error = #expect(throws: DeviceError.self) { try channel.decode(answered) }
        #expect(error == .exception(code: code, unit: 0x11, line: "test", register: 0x6B))
        #expect("\(error.map { "\($0)" } ?? "")".hasSuffix("exception \(code), \(name)"))
    }
}
