import Metrology
import Simulation
import Testing

/// Requests that public documents print, and the answers they print or describe.
@Suite struct WorkedFrameTests {
    private static func bytes(_ text: String) -> [UInt8] {
        text.split(separator: " ").compactMap { UInt8($0, radix: 16) }
    }

    private static func meter(_ address: String, _ numbers: [String: String], wakeUp: Int = 0) throws -> DLT645Voice {
        let items: [(UInt32, Int, Int, Bool)] = [
            (0x0001_0000, 4, 2, false), (0x0201_0100, 2, 1, false), (0x0202_0100, 3, 3, true),
            (0x0203_0000, 3, 4, true), (0x0206_0000, 2, 3, true), (0x0280_0002, 2, 2, false),
        ]
        return try #require(
            DLT645Voice(
                address: address,
                items: items.map { code, bytes, decimals, isSigned in
                    .init(
                        String(code, radix: 16), identifier: code, bytes: bytes,
                        form: .number(decimals: decimals, isSigned: isSigned))
                }, wakeUp: wakeUp
            ) { channel, _ in numbers[channel].flatMap { ExactDecimal($0) }.map { ShownValue(.number($0)) } })
    }

    struct Pair: Sendable {
        let address: String
        let numbers: [String: String]
        let request: String
        /// nil for a request that must not be answered.
        let answer: String?
        var wakeUp = 0
    }

    static let pairs = [
        Pair(
            address: "000000000161", numbers: ["10000": "0.26"],
            request: "FE FE FE FE 68 61 01 00 00 00 00 68 11 04 33 33 34 33 14 16",
            answer: "68 61 01 00 00 00 00 68 91 08 33 33 34 33 59 33 33 33 8A 16"),
        Pair(
            address: "000000000161", numbers: ["2010100": "100.1"],
            request: "68 61 01 00 00 00 00 68 11 04 33 34 34 35 17 16",
            answer: "68 61 01 00 00 00 00 68 91 06 33 34 34 35 34 43 10 16"),
        Pair(
            address: "398192000337", numbers: ["10000": "0.04"],
            request: "68 37 03 00 92 81 39 68 11 04 33 33 34 33 38 16",
            answer: "68 37 03 00 92 81 39 68 91 08 33 33 34 33 37 33 33 33 8C 16"),
        Pair(
            address: "398192000337", numbers: ["10000": "0.07"],
            request: "68 37 03 00 92 81 39 68 11 04 33 33 34 33 38 16",
            answer: "68 37 03 00 92 81 39 68 91 08 33 33 34 33 3A 33 33 33 8F 16"),
        Pair(
            address: "202412345678", numbers: ["10000": "12345.67"],
            request: "FE FE FE FE 68 78 56 34 12 24 20 68 11 04 33 33 34 33 0A 16",
            answer: "FE FE FE FE 68 78 56 34 12 24 20 68 91 08 33 33 34 33 9A 78 56 34 2A 16", wakeUp: 4),
        // Any meter is asked, this one answers with its own address.
        Pair(
            address: "000000000161", numbers: ["10000": "0.26"],
            request: "FE FE FE FE 68 AA AA AA AA AA AA 68 11 04 33 33 34 33 AE 16",
            answer: "68 61 01 00 00 00 00 68 91 08 33 33 34 33 59 33 33 33 8A 16"),
        Pair(
            address: "202412345678", numbers: [:], request: "68 AA AA AA AA AA AA 68 13 00 DF 16",
            answer: "FE FE FE FE 68 78 56 34 12 24 20 68 93 06 AB 89 67 45 57 53 4B 16", wakeUp: 4),
        // Published with a wrong check: 85 where 80 is due.
        Pair(
            address: "201500000016", numbers: ["2800002": "50.00"],
            request: "68 16 00 00 00 15 20 68 11 04 35 33 B3 35 85 16", answer: nil),
        // Another meter is meant.
        Pair(
            address: "000000000162", numbers: ["10000": "0.26"],
            request: "68 61 01 00 00 00 00 68 11 04 33 33 34 33 14 16", answer: nil),
        // Noise that looks like the beginning of a frame.
        Pair(
            address: "888888888888", numbers: ["10000": "0"],
            request: "68 FE FE FE FE FE FE 68 88 88 88 88 88 88 68 11 04 33 33 34 33 E2 16",
            answer: "68 88 88 88 88 88 88 68 91 08 33 33 34 33 33 33 33 33 32 16"),
    ]

    @Test(arguments: pairs) func dlt645(_ pair: Pair) throws {
        var voice = try Self.meter(pair.address, pair.numbers, wakeUp: pair.wakeUp)
        let request = Self.bytes(pair.request)
        // One byte after the other, as a slow line brings them.
        let answers = request.flatMap { voice.hear([$0], at: 0) }
        #expect(answers.map(\.bytes) == (pair.answer.map { [Self.bytes($0)] } ?? []))
    }

    @Test func whatAMeterRefuses() throws {
        var voice = try Self.meter("202412345678", [:], wakeUp: 4)
        let head: [UInt8] = [0x68, 0x78, 0x56, 0x34, 0x12, 0x24, 0x20, 0x68]
        func answers(_ control: UInt8, _ data: [UInt8]) -> [[UInt8]] {
            let body = head + [control, UInt8(data.count)] + data.map { $0 &+ 0x33 }
            return voice.hear(body + [body.reduce(0, &+), 0x16], at: 0).map(\.bytes)
        }
        // No such data: the printed answer.
        #expect(
            answers(0x11, [0x09, 0x09, 0x09, 0x09])
                == [Self.bytes("FE FE FE FE 68 78 56 34 12 24 20 68 D1 01 35 2F 16")])
        // Wrong password, and a speed that is fixed.
        for (control, error) in [(UInt8(0x14), UInt8(0x04)), (0x15, 0x04), (0x18, 0x04), (0x19, 0x04), (0x17, 0x08)] {
            let answer = try #require(answers(control, [0, 0, 0, 0]).first)
            #expect(Array(answer[12...14]) == [control | 0xC0, 1, error &+ 0x33])
        }
        // A clock for everybody.
        #expect(answers(0x08, [0, 0, 0, 1, 1, 24]) == [])
    }

    @Test func dlt645Of1997() throws {
        let item = DLT645Voice.Item("e", identifier: 0x9010, bytes: 4, form: .number(decimals: 2, isSigned: false))
        var voice = try #require(
            DLT645Voice(.of1997, address: "000000000414", items: [item]) { _, _ in
                ExactDecimal("9580.15").map { ShownValue(.number($0)) }
            })
        let answers = voice.hear(Self.bytes("68 14 04 00 00 00 00 68 01 02 43 C3 F1 16"), at: 0)
        #expect(answers.map(\.bytes) == [Self.bytes("68 14 04 00 00 00 00 68 81 06 43 C3 48 B3 C8 33 6B 16")])
    }

    /// 40 characters in parts of 16: both parts that follow carry their number.
    @Test func longAnswersComeInParts() throws {
        let text = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789abcd"
        let item = DLT645Voice.Item("t", identifier: 0x0400_0403, bytes: 40, form: .text)
        var voice = try #require(
            DLT645Voice(address: "000000000001", items: [item], largestPart: 16) { _, _ in
                ShownValue(.characters(text))
            })
        func answer(_ control: UInt8, _ data: [UInt8]) throws -> [UInt8] {
            let body = [0x68, 1, 0, 0, 0, 0, 0, 0x68, control, UInt8(data.count)] + data.map { $0 &+ 0x33 }
            let answer = try #require(voice.hear(body + [body.reduce(0, &+), 0x16], at: 0).first?.bytes)
            return [answer[8]] + answer[10..<(answer.count - 2)].map { $0 &- 0x33 }
        }
        let identifier: [UInt8] = [0x03, 0x04, 0x00, 0x04]
        let first = try answer(0x11, identifier)
        let second = try answer(0x12, identifier + [1])
        let third = try answer(0x12, identifier + [2])
        #expect([first[0], second[0], third[0]] == [0xB1, 0xB2, 0x92])
        #expect([second.last, third.last] == [1, 2])
        let data = first.dropFirst(5) + second.dropFirst(5).dropLast() + third.dropFirst(5).dropLast()
        #expect(String(decoding: data.reversed(), as: UTF8.self) == text)
        // There is no third part.
        #expect(try answer(0x12, identifier + [3]) == [0xD2, 0x02])
    }

    private static func waterMeter(_ address: String, _ order: CJT188Voice.IdentifierOrder = .either) throws
        -> CJT188Voice
    {
        try #require(
            CJT188Voice(
                type: 0x10, address: address, order: order,
                fields: [
                    .init("volume", offset: 3, bytes: 4, decimals: 2, unit: .init(offset: 7, code: 0x2C)),
                    .init("settlement", offset: 8, bytes: 4, decimals: 2, unit: .init(offset: 12, code: 0x2C)),
                ]
            ) { channel, _ in
                ExactDecimal(channel == "volume" ? "1234.56" : "1230.00").map { ShownValue(.number($0)) }
            })
    }

    /// Each printed request, the order of its identifier, and the address of the meter it is for.
    @Test(arguments: [
        ("FE FE FE FE 68 10 44 33 22 11 00 33 78 01 03 1F 90 00 80 16", "78330011223344"),
        ("FE FE FE 68 10 AA AA AA AA AA AA AA 01 03 90 1F 01 D2 16", "00000012345678"),
        ("68 10 88 05 27 10 15 20 00 01 03 90 1F 01 25 16", "00201510270588"),
        ("FE FE FE 68 10 77 66 55 44 33 22 11 01 03 90 1F 01 08 16", "11223344556677"),
        ("FE FE FE 68 10 78 56 34 12 00 00 00 01 03 1F 90 00 3F 16", "00000012345678"),
    ])
    func cjt188(_ text: String, _ address: String) throws {
        let request = Self.bytes(text)
        var voice = try Self.waterMeter(address)
        let answer = try #require(voice.hear(request, at: 0).first?.bytes)
        let asked = request.drop { $0 == 0xFE }.dropFirst(11).prefix(3)
        #expect(Array(answer[9...10]) == [0x81, 0x16])
        #expect(Array(answer[11...13]) == Array(asked))
        #expect(Array(answer[14...23]) == Self.bytes("56 34 12 00 2C 00 30 12 00 2C"))
        #expect(answer.dropLast(2).reduce(0, &+) == answer[answer.count - 2])
        // A meter that takes the other order only has not been asked.
        let isMostFirst = Array(asked.prefix(2)) == [0x90, 0x1F]
        var deaf = try Self.waterMeter(address, isMostFirst ? .leastSignificantFirst : .mostSignificantFirst)
        #expect(deaf.hear(request, at: 0) == [])
        var other = try Self.waterMeter("99999999999999")
        #expect(other.hear(request, at: 0).isEmpty != text.contains("AA AA AA"))
    }

    /// The printed request with the check of the same file's other copy, and one to a heat meter.
    @Test(arguments: [
        "68 10 88 05 27 10 15 20 00 01 03 90 1F 01 24 16", "68 20 32 41 31 40 00 00 00 01 03 90 1F 01 20 16",
    ])
    func cjt188IsSilent(_ text: String) throws {
        var voice = try Self.waterMeter("00201510270588")
        #expect(voice.hear(Self.bytes(text), at: 0) == [])
    }

    @Test func heatMeterAnswersAtFullLength() throws {
        var voice = try #require(
            CJT188Voice(type: 0x20, address: "00000040314132", fields: []) { _, _ in nil })
        let answer = try #require(
            voice.hear(Self.bytes("68 20 32 41 31 40 00 00 00 01 03 90 1F 01 20 16"), at: 0).first?.bytes)
        #expect(answer.count == 13 + 0x2E)
        #expect(answer[10] == 0x2E)
    }
}
