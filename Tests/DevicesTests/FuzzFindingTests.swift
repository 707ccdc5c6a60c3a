import Devices
import Testing

/// Inputs that a fuzzer found to be taken wrongly once (`Benchmarks/fuzz.sh`).
@Suite struct FuzzFindingTests {
    /// A limit of 16 with an end mark of one byte let 17 bytes pass.
    @Test(arguments: [(16, true), (17, true), (18, false), (40, false)])
    func anAnswerIsNotLongerThanItsLimit(bytes: Int, isTaken: Bool) {
        // The limit is that of the bytes before the mark.
        var scanner = TextScanner(end: "\n", limit: 16)
        let answer = Array(repeating: UInt8(ascii: "7"), count: bytes - 1) + [0x0A]
        let found = scanner.feed(answer) + scanner.finish()
        #expect(found.map(\.bytes) == (isTaken ? [answer] : []))
        #expect(scanner.skipped == (isTaken ? 0 : bytes))
        #expect(scanner.faults == (isTaken ? [:] : ["line too long": 1]))
    }

    /// Of an answer of two lines the first, with its end mark, was not counted.
    @Test func whatWaitsIsBounded() {
        var scanner = TextScanner(end: "\n", linesInAnswer: 2, limit: 16)
        _ = scanner.feed(Array("@253ACK1.10  e-9\r\n".utf8))
        #expect(scanner.waiting == 0)
        #expect(scanner.faults == ["line too long": 1])
    }

    @Test func theNextAnswerIsFoundAfterOneThatIsTooLong() {
        var scanner = TextScanner(end: "\r\n", limit: 16)
        let found = scanner.feed(Array("89 @253ACK1.10 \u{1}\u{1}e-9\r\n+1.5 g\r\n".utf8))
        #expect(found.map(\.text) == ["+1.5 g"])
    }

    /// A pattern that lets anything follow its value cut a number short: 5.3209E+1 was read as 5.3209.
    @Test(arguments: ["5.3209E+1a", "5.32.09", "1013.25e2 hPa"])
    func aNumberIsNeverCutShort(answer: String) throws {
        let channel = try patterned.channel("atmospheric-pressure")
        #expect(throws: FrameFault.self) { try channel.reading(of: answer) }
    }

    @Test(arguments: ["5.3209", "5.3209 hPa", "5.3209 a", "5.3209;1"])
    func aNumberThatEndsIsRead(answer: String) throws {
        let reading = try patterned.channel("atmospheric-pressure").reading(of: answer)
        guard case .number(let number, _) = reading.value else {
            Issue.record("no number in '\(answer)'")
            return
        }
        #expect(number == decimal("5.3209"))
    }

    private var patterned: DeviceProfile {
        get throws {
            try DeviceProfile.parse(
                #"""
                maker: Test
                models: [T]
                kind: test instrument
                source: test
                confidence: found
                protocols: [text]
                text: {flavour: plain, end_of_command: "\r", end_of_answer: "\r"}
                channels:
                  atmospheric-pressure: {quantity: pressure, unit: hPa, text: {ask: "SEND", answer: '^ *(?<value>-?\d+\.\d+).*$'}}
                """#, name: "test/t")
        }
    }
}
