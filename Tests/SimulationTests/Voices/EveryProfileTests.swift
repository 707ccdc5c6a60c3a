import Devices
import Foundation
import Metrology
import Simulation
import Testing

/// Every profile of these protocols as a simulated instrument, read by the codecs of `Devices`: what is decoded is what
/// the instrument was given.
@Suite struct EveryProfileTests {
    static let devices =
        URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().path + "/Devices"

    static func profiles(_ block: DeviceProtocol.Block) -> [DeviceProfile] {
        all.filter { profile in profile.protocols.contains { $0.block == block } }
    }

    private static let all = (try? ProfileCatalogue.profiles(in: devices)) ?? []

    /// Another number for every channel, on the step of its indication.
    private static func numbers(_ profile: DeviceProfile, _ block: DeviceProtocol.Block) -> [String: ExactDecimal] {
        var numbers: [String: ExactDecimal] = [:]
        for (place, channel) in profile.channels.enumerated() {
            guard let way = channel.ways.first(where: { $0.block == block }) else { continue }
            numbers[channel.name] = ExactDecimal(7 + place) * way.scale
        }
        return numbers
    }

    @Test func dlt645() throws {
        let profiles = Self.profiles(.dlt645)
        #expect(!profiles.isEmpty)
        for profile in profiles {
            let numbers = Self.numbers(profile, .dlt645)
            var voice = try profile.voice(VoiceSettings(protocol: profile.protocols.first { $0.block == .dlt645 })) {
                channel, _ in numbers[channel].map { ShownValue(.number($0)) }
            }
            for channel in profile.channels {
                for case .identifier(let identifier) in channel.ways {
                    let number = try #require(identifier.number)
                    let address = try #require(DLT645Address("000000000001"))
                    let request = try #require(
                        DLT645Request(.read(number), of: address, edition: identifier.edition))
                    let answers = voice.hear(request.frame.bytes(wakeUp: 4), at: 0)
                    var scanner = FrameScanner(DLT645Format())
                    let frame = try #require(scanner.feed(answers.flatMap(\.bytes)).first?.frame)
                    guard case .data(let data, false) = try request.answer(in: frame) else {
                        Issue.record("\(channel.name): no data")
                        continue
                    }
                    if identifier.isText {
                        #expect(try channel.text(inDLT645: data) == numbers[channel.name].map { "\($0)" })
                    } else {
                        #expect(try channel.number(inDLT645: data) == numbers[channel.name], "\(channel.name)")
                    }
                }
            }
        }
    }

    @Test(arguments: CJT188Request.IdentifierOrder.allCases) func cjt188(
        _ order: CJT188Request.IdentifierOrder
    ) throws {
        let profiles = Self.profiles(.cjt188)
        #expect(!profiles.isEmpty)
        for profile in profiles {
            let numbers = Self.numbers(profile, .cjt188)
            let settings = try #require(profile.settings.cjt188)
            var voice = try profile.voice(VoiceSettings(protocol: .cjt188)) { channel, _ in
                numbers[channel].map { ShownValue(.number($0)) }
            }
            let identifier = try #require(UInt16(settings.identifier, radix: 16))
            let address = try #require(CJT188Address("00000000000001"))
            let type = try #require(settings.meterTypes.first)
            let request = CJT188Request(.read(identifier), type: type, of: address, order: order, sequence: 0x5A)
            var scanner = FrameScanner(CJT188Format())
            let bytes = voice.hear(request.frame.bytes(wakeUp: 2), at: 0).flatMap(\.bytes)
            let answer = try request.answer(in: try #require(scanner.feed(bytes).first?.frame))
            #expect(answer.sequence == 0x5A)
            #expect(Array(answer.data.prefix(2)) == Array(request.frame.data.prefix(2)))
            var count = 0
            for channel in profile.channels where channel.ways.contains(where: { $0.block == .cjt188 }) {
                #expect(
                    try channel.number(in: answer, units: settings.units) == numbers[channel.name],
                    "\(profile.name) \(channel.name)")
                count += 1
            }
            #expect(count > 0)
        }
    }

    @Test func mbus() throws {
        let profiles = Self.profiles(.mbus)
        #expect(!profiles.isEmpty)
        for profile in profiles {
            let numbers = Self.numbers(profile, .mbus)
            var voice = try profile.voice(VoiceSettings(protocol: .mbus, unit: 5, address: "12345678")) { channel, _ in
                numbers[channel].map { ShownValue(.number($0)) }
            }
            var telegrams: [MBusTelegram] = []
            var frameCount = MBusFrameCount()
            for _ in 0..<max(1, profile.settings.mbus?.telegrams ?? 1) {
                let request = try #require(MBusRequest.data(5, frameCount).bytes)
                var scanner = FrameScanner(MBusFormat(takesAcknowledgement: false))
                let bytes = voice.hear(request, at: 0).flatMap(\.bytes)
                telegrams.append(try MBusTelegram(try #require(scanner.feed(bytes).first?.frame)))
                frameCount.advance()
            }
            #expect(telegrams.dropLast().allSatisfy { $0.moreFollows }, "\(profile.name)")
            #expect(telegrams.last?.moreFollows == false, "\(profile.name)")
            let header = try #require(telegrams.first?.header)
            let fits = profile.settings.mbus?.fits(header) ?? true
            #expect(fits, "\(profile.name)")
            for channel in profile.channels {
                for case .record in channel.ways {
                    #expect(throws: Never.self, "\(profile.name) \(channel.name)") {
                        let number = try channel.number(in: telegrams)
                        #expect(number == numbers[channel.name], "\(profile.name) \(channel.name)")
                    }
                }
            }
        }
    }

    /// What a channel with a pattern of its own can say.
    private static func value(_ line: DeviceProfile.Line, place: Int, isStable: Bool) -> ShownValue {
        if line.form == .text {
            for text in [
                "A1\(place)", "1.\(place)", "7\(place)", "X", "CONTROL", "NL-52", "HP3458A", "UT75", "GE Druck,DPI",
                "0",
            ]
            where line.answer.fits(text, line.take) {
                return ShownValue(.characters(text), isStable: isStable)
            }
        }
        let numbers =
            ["-12.5", "12.5", "101.3", "0.\(place + 1)", "1", "\(7 + place)"].compactMap { ExactDecimal($0) }
        let raw = line.form == .decimal ? numbers.first { line.answer.fits("\($0)", line.take) } : nil
        let whole = ExactDecimal(line.form == .decimal ? 1 : 1000 + place)
        return ShownValue(.number((raw ?? whole) * line.scale), isStable: isStable)
    }

    @Test(arguments: [true, false]) func text(isStable: Bool) throws {
        let profiles = Self.profiles(.text)
        #expect(!profiles.isEmpty)
        var count = 0
        for profile in profiles {
            let text = try #require(profile.settings.text)
            let exchanges = try RecordedExchange.of(profile.name, in: Self.devices)
            for (place, channel) in profile.channels.enumerated() {
                for case .line(let line) in channel.ways {
                    let name = "\(profile.name) \(channel.name)"
                    let given = Self.value(line, place: place, isStable: isStable)
                    var settings = VoiceSettings(protocol: .text)
                    settings.shown = channel.name
                    settings.exchanges = exchanges
                    let concrete = try profile.textInstrument(settings) { asked, _ in
                        asked == channel.name ? given : nil
                    }
                    var voice = concrete
                    var heard = voice.speakUnasked(at: 0).flatMap(\.bytes)
                    for command in line.prepare {
                        heard += voice.hear(text.bytes(of: command) ?? [], at: 0).flatMap(\.bytes)
                    }
                    var unit: String?
                    if let question = line.unitQuestion {
                        var scanner = text.scanner(for: line)
                        let told = voice.hear(text.bytes(of: question) ?? [], at: 0).flatMap(\.bytes)
                        unit = (scanner.feed(told) + scanner.finish()).first?.text
                    }
                    if let ask = line.ask { heard = voice.hear(text.bytes(of: ask) ?? [], at: 0).flatMap(\.bytes) }
                    var scanner = text.scanner(for: line)
                    let answer = (scanner.feed(heard) + scanner.finish()).first?.text
                    guard let answer else {
                        Issue.record("\(name): no answer to \(given)")
                        continue
                    }
                    if text.flavour == .mtSICS, line.ask == "S", !isStable {
                        #expect(answer == "S I")
                        continue
                    }
                    do {
                        let reading = try channel.reading(of: answer, unitAnswer: unit, flavour: text.flavour)
                        switch (given.content, reading.value) {
                        case (.number(let number), .number(let read, _)): #expect(read == number, "\(name): \(answer)")
                        case (.characters(let characters), .text(let read)): #expect(read == characters, "\(name)")
                        default: Issue.record("\(name): \(answer) gives \(reading)")
                        }
                        if reading.state != .unstated {
                            #expect(reading.state == (isStable ? .stable : .dynamic), "\(name): \(answer)")
                        }
                        count += 1
                    } catch {
                        Issue.record("\(name): \(answer): \(error)")
                    }
                }
            }
        }
        #expect(count > 100)
    }
}

extension String {
    /// Whether `text` may stand in the group `name` of this pattern.
    fileprivate func fits(_ text: String, _ name: String) -> Bool {
        guard let start = range(of: "(?<\(name)>") else { return false }
        var depth = 1
        var inner = ""
        var isEscaped = false
        for character in self[start.upperBound...] {
            if !isEscaped { depth += character == "(" ? 1 : character == ")" ? -1 : 0 }
            guard depth > 0 else { break }
            isEscaped = character == "\\" && !isEscaped
            inner.append(character)
        }
        guard let regex = try? Regex("^(?:\(inner))$"), let match = try? regex.firstMatch(in: text) else {
            return false
        }
        return !match.output.isEmpty
    }
}
