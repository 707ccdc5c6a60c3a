import DataFiles
import Devices
import Foundation
import Metrology
import Testing

/// Answers in characters: from bytes to lines, and from lines to readings.
@Suite struct TextCodecTests {
    struct Case: Sendable {
        let profile, channel, reply: String
        let value, state, refused: String?
    }

    private static func cases() throws -> [Case] {
        let cases = try DataNode.load(MBusCodecTests.root.path + "/Frames/text.yaml").mapping { file in
            try file.required("lines").list().map { node in
                try node.mapping { entry in
                    Case(
                        profile: try entry.required("profile").text(), channel: try entry.required("channel").text(),
                        reply: try entry.required("reply").text(), value: try entry.optional("value")?.text(),
                        state: try entry.optional("state")?.text(), refused: try entry.optional("refused")?.text())
                }
            }
        }
        try #require(cases.count >= 30)
        return cases
    }

    private static func profiles() throws -> [String: DeviceProfile] {
        let all = try ProfileCatalogue.profiles(in: MBusCodecTests.devices)
        return Dictionary(uniqueKeysWithValues: all.map { ($0.name, $0) })
    }

    @Test func publishedAnswersGiveReadingAndState() throws {
        let profiles = try Self.profiles()
        for sample in try Self.cases() {
            let profile = try #require(profiles[sample.profile])
            let channel = try profile.channel(sample.channel)
            let flavour = try #require(profile.settings.text).flavour
            do {
                let reading = try channel.reading(of: sample.reply, flavour: flavour)
                #expect(sample.refused == nil, "\(sample.reply)")
                #expect(reading.state.rawValue == sample.state, "\(sample.reply)")
                switch reading.value {
                case nil: #expect(sample.value == nil, "\(sample.reply)")
                case .number(let number, let unit?):
                    #expect(Quantity(number, unit) == sample.value.flatMap { Quantity($0) }, "\(sample.reply)")
                case .number(let number, nil):
                    #expect(number == sample.value.flatMap { ExactDecimal($0) }, "\(sample.reply)")
                    #expect(throws: FrameFault.unknownUnit("the answer does not tell")) {
                        try reading.number(in: channel.unit)
                    }
                case .text: Issue.record("\(sample.reply) is a text")
                }
            } catch {
                #expect(error.name == sample.refused, "\(sample.reply): \(error)")
            }
        }
    }

    @Test func everyRecordedExchangeGivesItsValues() throws {
        var (numbers, texts, refusals) = (0, 0, 0)
        for (name, profile) in try Self.profiles() where profile.protocols.contains(.text) {
            let flavour = try #require(profile.settings.text).flavour
            for record in try RecordedExchange.of(name, in: MBusCodecTests.devices) where record.protocol == .text {
                guard case .text(let ask, let reply) = record.content else { continue }
                for (name, due) in record.gives {
                    let channel = try profile.channel(name)
                    guard let due else {
                        #expect(throws: FrameFault.notAvailable, "\(record.place)") {
                            try channel.reading(of: reply, flavour: flavour).number(in: channel.unit)
                        }
                        numbers += 1
                        continue
                    }
                    let reading = try channel.reading(of: reply, flavour: flavour)
                    guard case .number(let written, let unit) = reading.value else {
                        Issue.record("\(record.place): \(name) is no number")
                        continue
                    }
                    guard case .line(let line) = channel.ways.first(where: { $0.block == .text }) else { continue }
                    let number = unit == nil ? written : try reading.number(in: channel.unit)
                    let isFloat = line.form == .float32LittleEndian
                    let isNear = abs(number.double - due.double) <= 5e-6 * abs(due.double)
                    #expect(isFloat ? isNear : number == due, "\(record.place): \(name) is \(number)")
                    numbers += 1
                }
                for (name, due) in record.givesText {
                    let reading = try profile.channel(name).reading(of: reply, flavour: flavour)
                    if case .text(let text) = reading.value { #expect(text == due, "\(record.place)") }
                    texts += 1
                }
                if record.refused != nil {
                    for channel in profile.channels {
                        guard case .line(let line) = channel.ways.first, line.ask == ask else { continue }
                        let reading = try? channel.reading(of: reply, flavour: flavour)
                        #expect(reading?.value == nil, "\(record.place): \(channel.name)")
                        refusals += 1
                    }
                }
            }
        }
        #expect(numbers >= 40 && texts >= 15 && refusals >= 5)
    }

    // MARK: numbers

    @Test(arguments: [
        ("+1.234567E-03", "0.001234567"), ("- 12.50", "-12.50"), (".5", "0.5"), ("1.300E-13", "0.00000000000013"),
        ("+00123.45", "123.45"),
    ])
    func numbersKeepTheirDigits(text: String, due: String) throws {
        #expect(try TextNumber.decimal(text) == decimal(due))
    }

    @Test(arguments: ["---", "--.-", "NAN", "9.9E37", "-9.90000000E+37", "OVLD", "INF", "O.L"])
    func noValueIsNamed(text: String) {
        #expect(throws: FrameFault.notAvailable) { try TextNumber.decimal(text) }
    }

    @Test(arguments: ["", "-", "1.2.3", "12a", "0x10", "1e", "٣"])
    func whatIsNoNumberIsNamed(text: String) {
        #expect(throws: FrameFault.notANumber(text)) { try TextNumber.decimal(text) }
    }

    @Test func unitsOfOneDimensionAreExactByPowersOfTen() throws {
        let kilogram = try #require(MeasurementUnit("kg"))
        let gram = try #require(MeasurementUnit("g"))
        let reading = TextReading(value: .number(decimal("1.2345"), kilogram), state: .stable)
        #expect("\(try reading.number(in: gram))" == "1234.5")
        #expect(throws: FrameFault.unknownUnit("kg")) { try reading.number(in: MeasurementUnit.celsius) }
    }

    // MARK: lines

    private func scan(_ pieces: [[UInt8]], end: String?, lines: Int = 1, limit: Int = 64) -> ([TextLine], TextScanner) {
        var scanner = TextScanner(end: end, linesInAnswer: lines, limit: limit)
        var found = pieces.flatMap { scanner.feed($0) }
        found += scanner.finish()
        return (found, scanner)
    }

    @Test(arguments: ["\r", "\n", "\r\n", ";FF", "\r\n=>\r\n"])
    func oneByteAtATimeGivesTheSame(end: String) throws {
        let replies = try Self.cases().map(\.reply).filter { $0.utf8.count <= 64 }
        var stream: [UInt8] = []
        for reply in replies { stream += [0, 0xFF] + Array(reply.utf8) + Array(end.utf8) }
        let (whole, scanner) = scan([stream], end: end)
        let (single, other) = scan(stream.map { [$0] }, end: end)
        #expect(whole == single && scanner.skipped == other.skipped)
        #expect(whole.map(\.text) == replies)
        #expect(scanner.skipped == 2 * replies.count)
    }

    @Test func aBabblingLineCostsABoundedMemory() {
        var scanner = TextScanner(end: "\r\n", limit: 64)
        for _ in 0..<1000 {
            #expect(scanner.feed(Array(repeating: 0x55, count: 997)).isEmpty)
            #expect(scanner.waiting <= 66)
        }
        #expect(scanner.lastFault == .lineTooLong(limit: 64) && scanner.faults == ["line too long": 1])
        // The rest of it up to its end mark is no answer; the next line is.
        #expect(scanner.feed(Array("UUU\r\nS S 1.0 g\r\n".utf8)).map(\.text) == ["S S 1.0 g"])
        #expect(scanner.skipped == 997_005)
    }

    @Test func silenceEndsOnlyWhatHasNoMark() {
        #expect(scan([Array("+1.0".utf8)], end: nil).0.map(\.text) == ["+1.0"])
        #expect(scan([Array("+1.0".utf8)], end: "\n").0.isEmpty)
        #expect(scan([Array("0\r-0.1E0,VDC\r".utf8)], end: "\r", lines: 2).0.map(\.text) == ["0\r-0.1E0,VDC"])
        #expect(scan([Array("1\r".utf8)], end: "\r", lines: 2).0.map(\.text) == ["1"])
        #expect(scan([[0x32, 0x30, 0xB0, 0x43, 0x0D]], end: "\r").0.map(\.text) == ["20°C"])
    }

    @Test func mutationsNeitherCrashNorGiveWhatDoesNotMatch() throws {
        let profiles = try Self.profiles()
        let samples = try Self.cases()
        var random = SeededGenerator(seed: 21)
        var read = 0
        for round in 0..<20_000 {
            let sample = samples[round % samples.count]
            var bytes = Array((sample.reply + "\r\n").utf8)
            let at = Int.random(in: 0..<bytes.count, using: &random)
            let likely = Array("0123456789+-. SDIgE".utf8)
            bytes[at] = round % 2 == 0 ? UInt8.random(in: 0...255, using: &random) : likely[round / 2 % likely.count]
            let channel = try #require(profiles[sample.profile]).channel(sample.channel)
            for line in scan([bytes], end: "\r\n", limit: 256).0 {
                if let reading = try? channel.reading(of: line.text, flavour: .mtSICS), reading.value != nil {
                    read += 1
                }
            }
        }
        #expect(read > 1000)
    }
}
