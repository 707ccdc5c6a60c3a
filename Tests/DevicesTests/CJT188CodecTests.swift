import DataFiles
import Devices
import Foundation
import Metrology
import Testing

/// CJ/T 188 from bytes to values, on frames that others published.
@Suite struct CJT188CodecTests {
    struct Case: Sendable {
        let ask, answer: [UInt8]?
        let gives: [String: String]
        let time, refused: String?

        var name: String { (answer ?? ask ?? []).spacedHexadecimal }
    }

    static func cases() throws -> [Case] {
        let file = MBusCodecTests.root.path + "/Frames/cjt188.yaml"
        let cases = try DataNode.load(file).mapping { file in
            try file.required("exchanges").list().map { node in
                try node.mapping { entry in
                    var gives: [String: String] = [:]
                    for (key, value) in try entry.optional("gives")?.entries() ?? [] {
                        gives[try key.text()] = try value.text()
                    }
                    _ = try entry.optional("origin")?.text()
                    return Case(
                        ask: try entry.optional("ask").map { bytes(try $0.text()) },
                        answer: try entry.optional("answer").map { bytes(try $0.text()) }, gives: gives,
                        time: try entry.optional("time")?.text(), refused: try entry.optional("refused")?.text())
                }
            }
        }
        try #require(cases.count >= 22)
        return cases
    }

    private func frame(_ bytes: [UInt8]) throws -> CJT188Frame { try CJT188Format().first(in: bytes).frame }

    /// The answer to the question asked, or to the one that must have been.
    private func answer(_ sample: Case, _ bytes: [UInt8]) throws -> CJT188Answer {
        let whole = try frame(bytes)
        let asked = try sample.ask.map(frame)
        return try CJT188Request(.read(0x901F), type: asked?.type ?? whole.type, of: asked?.address ?? whole.address)
            .answer(in: whole)
    }

    // MARK: published frames

    @Test func publishedRequestsAreThoseEncodedHere() throws {
        var count = 0
        for sample in try Self.cases() where sample.refused == nil {
            guard let ask = sample.ask else { continue }
            let asked = try frame(ask)
            let request = CJT188Request(
                asked.control == 3 ? .readAddress : .read(0x901F), type: asked.type, of: asked.address,
                order: asked.data[0] == 0x1F ? .leastSignificantFirst : .mostSignificantFirst, sequence: asked.data[2])
            #expect(request.frame.bytes(wakeUp: ask.prefix { $0 == 0xFE }.count) == ask)
            count += 1
        }
        #expect(count >= 10)
    }

    /// Each channel twice: through its profile and through the layout of the standard.
    @Test func publishedAnswersGiveTheirValues() throws {
        var (values, times) = (0, 0)
        for sample in try Self.cases() where sample.refused == nil {
            guard let bytes = sample.answer else { continue }
            let answer = try answer(sample, bytes)
            let isHeat = CJT188Kind(type: answer.type) == .heat
            let profile = try DeviceProfile.named(
                isHeat ? "generic/cjt188-heat" : "generic/cjt188-water", in: MBusCodecTests.devices)
            let fields = isHeat ? try heat(answer) : try water(answer)
            for (name, due) in sample.gives {
                let place = "\(sample.name): \(name)"
                let field = try #require(fields[name], "\(place)")
                let channel = try profile.channel(name)
                values += 1
                guard due != "not available" else {
                    #expect(field == .failure(.notAvailable), "\(place)")
                    #expect(throws: FrameFault.notAvailable, "\(place)") { try channel.number(in: answer) }
                    continue
                }
                let number = try #require(ExactDecimal(due))
                #expect(try channel.number(in: answer) == number, "\(place)")
                #expect(try field.get() == Quantity(number, channel.unit), "\(place)")
            }
            if let time = sample.time {
                #expect("\(try answer.time(at: isHeat ? 37 : 13))" == time, "\(sample.name)")
                times += 1
            }
        }
        #expect(values >= 32)
        #expect(times >= 6)
    }

    private func water(_ answer: CJT188Answer) throws -> [String: Result<Quantity, FrameFault>] {
        let reading = try CJT188VolumeReading(answer)
        return ["volume": reading.volume, "volume-settlement": reading.settlement]
    }

    private func heat(_ answer: CJT188Answer) throws -> [String: Result<Quantity, FrameFault>] {
        let reading = try CJT188HeatReading(answer)
        #expect(reading.unitPlace == .afterValue)
        return [
            "energy": reading.energy, "energy-settlement": reading.settlement, "power": reading.power,
            "volume-flow": reading.flow, "volume": reading.volume, "flow-temperature": reading.supply,
            "return-temperature": reading.return, "operating-time": reading.workingTime,
        ]
    }

    @Test func publishedFaultsAreRefusedByName() throws {
        var count = 0
        for sample in try Self.cases() {
            guard let refused = sample.refused, let bytes = sample.answer ?? sample.ask else { continue }
            let profile = try DeviceProfile.named("generic/cjt188-heat", in: MBusCodecTests.devices)
            let fault = try #require(throws: FrameFault.self, "\(sample.name)") {
                _ = try profile.channel("energy").number(in: try answer(sample, bytes))
            }
            #expect(fault.name == refused, "\(sample.name)")
            count += 1
        }
        #expect(count == 3)
    }

    @Test func recordedAnswersGiveTheChannelsOfTheirProfiles() throws {
        var (values, refusals) = (0, 0)
        for profile in try ProfileCatalogue.profiles(in: MBusCodecTests.devices)
        where profile.protocols.contains(.cjt188) {
            let settings = try #require(profile.settings.cjt188)
            for record in try RecordedExchange.of(profile.name, in: MBusCodecTests.devices)
            where record.protocol == .cjt188 {
                guard case .bytes(_, let bytes) = record.content, !bytes.isEmpty else { continue }
                let sample = Case(ask: nil, answer: bytes, gives: [:], time: nil, refused: nil)
                guard record.refused == nil else {
                    let channel = try profile.channel(profile.channels[0].name)
                    #expect(throws: FrameFault.self, "\(record.place)") {
                        _ = try channel.number(in: try answer(sample, bytes), units: settings.units)
                    }
                    refusals += 1
                    continue
                }
                let reply = try answer(sample, bytes)
                #expect(settings.meterTypes.contains(reply.type), "\(record.place)")
                for (name, due) in record.gives {
                    let channel = try profile.channel(name)
                    values += 1
                    guard let due else {
                        #expect(throws: FrameFault.notAvailable, "\(record.place): \(name)") {
                            try channel.number(in: reply, units: settings.units)
                        }
                        continue
                    }
                    #expect(try channel.number(in: reply, units: settings.units) == due, "\(record.place): \(name)")
                }
            }
        }
        #expect(values >= 20)
        #expect(refusals >= 1)
    }

    // MARK: round trip

    /// Digits of a number, least significant byte first, put together here and not in the code.
    private func packed(_ number: Int, _ count: Int) -> [UInt8] {
        let digits = String(number)
        let text = Array((String(repeating: "0", count: 2 * count - digits.count) + digits).utf8).map { $0 - 0x30 }
        return stride(from: 2 * count - 2, through: 0, by: -2).map { text[$0] << 4 | text[$0 + 1] }
    }

    @Test func randomReadingsComeBack() throws {
        var random = SeededGenerator(seed: 188)
        let units: [[(UInt8, String)]] = [
            [(0x05, "kWh"), (0x08, "MWh"), (0x0E, "MJ"), (0x11, "GJ")], [(0x05, "kWh"), (0x11, "GJ")],
            [(0x14, "W"), (0x17, "kW")], [(0x35, "m3/h"), (0x32, "L/h")], [(0x2C, "m3"), (0x29, "L")],
        ]
        for round in 0..<2000 {
            var data: [UInt8] = round % 2 == 0 ? [0x90, 0x1F, 0] : [0x1F, 0x90, 7]
            var due: [Quantity?] = []
            for (index, choice) in units.enumerated() {
                let (code, symbol) = try #require(choice.randomElement(using: &random))
                let number = Int.random(in: 0...99_999_999, using: &random)
                let isMissing = Int.random(in: 0..<8, using: &random) == 0
                data += (isMissing ? [0xFF, 0xFF, 0xFF, 0xFF] : packed(number, 4)) + [code]
                let exact = ExactDecimal(coefficient: Int128(number), places: index == 3 ? 4 : 2)
                due.append(isMissing ? nil : Quantity(exact, try #require(MeasurementUnit(symbol))))
            }
            let (supply, hours) = (
                Int.random(in: 0...15_000, using: &random), Int.random(in: 0...999_999, using: &random)
            )
            data += packed(supply, 3) + [0xFF, 0xFF, 0xFF] + packed(hours, 3)
            data += bytes("31 01 22 11 05 15 20 05 00")
            let address = try #require(CJT188Address("\(Int.random(in: 0...99_999_999_999_999, using: &random))"))
            let sent = try #require(CJT188Frame(type: 0x20, address: address, control: 0x81, data: data))
            let answer = try CJT188Request(.read(0x901F), type: 0x20, of: address)
                .answer(in: frame(sent.bytes(wakeUp: round % 5)))
            let reading = try CJT188HeatReading(answer, unitPlace: .afterValue)
            let found = [reading.settlement, reading.energy, reading.power, reading.flow, reading.volume]
            for (found, due) in zip(found, due) {
                #expect(found == due.map(Result.success) ?? .failure(.notAvailable))
            }
            #expect(try reading.supply.get().number == ExactDecimal(coefficient: Int128(supply), places: 2))
            #expect(reading.return == .failure(.notAvailable))
            #expect(try reading.workingTime.get().number == ExactDecimal(hours))
            #expect("\(try reading.time.get())" == "2015-05-11 22:01:31")
        }
    }

    /// Data of any kind under a right check: a value or a fault, and no value that its bytes do not say.
    @Test func randomDataGiveTheirOwnNumbersOrAFault() throws {
        var random = SeededGenerator(seed: 2018)
        let codes = Array(CJT188Answer.units.keys).sorted()
        var (numbers, faults) = (0, 0)
        for round in 0..<100_000 {
            let isHeat = round % 2 == 0
            let count = round % 11 == 0 ? Int.random(in: 0...60, using: &random) : isHeat ? 46 : 22
            var data = (0..<count).map { _ in
                UInt8.random(in: 0...9, using: &random) << 4
                    | UInt8.random(in: 0...(round % 3 == 0 ? 15 : 9), using: &random)
            }
            if count > 2 { (data[0], data[1]) = (0x90, 0x1F) }
            for offset in [7, 12, 17, 22, 27] where offset < count {
                data[offset] = try #require(codes.randomElement(using: &random))
            }
            let answer = CJT188Answer(type: isHeat ? 0x20 : 0x10, address: .any, data: data)
            let volume: Result<Quantity, FrameFault>?
            if isHeat {
                _ = try? CJT188HeatReading(answer)
                volume = try? CJT188HeatReading(answer, unitPlace: .afterValue).volume
            } else {
                volume = try? CJT188VolumeReading(answer).volume
            }
            guard case .success(let quantity) = volume else {
                faults += 1
                continue
            }
            numbers += 1
            let start = isHeat ? 23 : 3
            let digits = data[start..<(start + 4)].reversed().map { Int($0 >> 4) * 10 + Int($0 & 15) }
            let number = digits.reduce(0) { $0 * 100 + $1 }
            let due = CJT188Answer.units[data[start + 4]].map {
                Quantity(ExactDecimal(coefficient: Int128(number), places: 2), $0)
            }
            if quantity != due { Issue.record("\(data) as \(quantity)") }
        }
        #expect(numbers > 5000)
        #expect(faults > 20_000)
    }

    // MARK: makers' variants

    @Test func unitsBeforeTheirValuesAreFoundByTheirPlace() throws {
        let sample = try #require(try Self.cases().first { $0.refused == "unknown unit" })
        let answer = try answer(sample, try #require(sample.answer))
        let reading = try CJT188HeatReading(answer)
        #expect(reading == (try CJT188HeatReading(answer, unitPlace: .beforeValue)))
        #expect(reading.unitPlace == .beforeValue)
        #expect(reading.energy == .success(try #require(Quantity("5328.19 kWh"))))
        #expect(reading.settlement == reading.energy)
        #expect(reading.volume == .success(try #require(Quantity("1833.42 m3"))))
        #expect(reading.supply == .success(try #require(Quantity("19.03 °C"))))
        #expect(reading.return == .success(try #require(Quantity("19.10 °C"))))
        #expect(reading.workingTime == .success(try #require(Quantity("2761 h"))))
        #expect("\(try reading.time.get())" == "2015-03-31 23:57:26" && reading.status == [3, 1])
        // Told to look behind the values, it finds no units there and gives no numbers.
        let wrong = try CJT188HeatReading(answer, unitPlace: .afterValue)
        #expect(wrong.energy == .failure(.unknownUnit("with the code 00")))
    }

    @Test func unitsInBothPlacesAreNotGuessed() throws {
        var data = [UInt8](repeating: 0, count: 46)
        data.replaceSubrange(0..<2, with: [0x90, 0x1F])
        for (offset, code) in [(3, 0x05), (8, 0x05), (13, 0x17), (18, 0x35), (23, 0x2C)] as [(Int, UInt8)] {
            (data[offset], data[offset + 4]) = (code, code)
        }
        let answer = CJT188Answer(type: 0x20, address: .any, data: data)
        #expect(throws: FrameFault.malformed("units may stand before or after the values")) {
            try CJT188HeatReading(answer)
        }
        let told = try CJT188HeatReading(answer, unitPlace: .afterValue, order: .currentFirst)
        #expect(told.energy == .success(try #require(Quantity("0.05 kWh"))))
        data[7] = 0x2C
        let other = try CJT188HeatReading(
            CJT188Answer(type: 0x20, address: .any, data: data), unitPlace: .afterValue)
        #expect(other.settlement == .failure(.unknownUnit("m3 of a value in kWh")))
    }

    @Test func theOrderOfTheEnergiesIsTheMakers() throws {
        let sample = try #require(try Self.cases().first { $0.gives["energy-settlement"] == "274.11" })
        let answer = try answer(sample, try #require(sample.answer))
        #expect(try CJT188HeatReading(answer, order: .currentFirst).settlement == CJT188HeatReading(answer).energy)
    }

    @Test func newerMetersSendThreeBytesMore() throws {
        let sample = try #require(try Self.cases().first { $0.time == "2015-05-11 22:01:31" })
        let answer = try answer(sample, try #require(sample.answer))
        let longer = CJT188Answer(
            type: answer.type, address: answer.address,
            data: Array(answer.data.prefix(20)) + [1, 2, 3] + answer.data.suffix(2))
        #expect(try CJT188VolumeReading(longer) == CJT188VolumeReading(answer))
        #expect(try CJT188VolumeReading(answer).status == [0x21, 0x84])
        let cut = CJT188Answer(type: answer.type, address: answer.address, data: Array(answer.data.prefix(21)))
        #expect(throws: FrameFault.wrongLength(said: 22, found: 21)) { try CJT188VolumeReading(cut) }
        #expect(throws: FrameFault.unsupported("a meter of type 10")) { try CJT188HeatReading(answer) }
    }

    @Test func statesLieWhereTheMakerPutThem() {
        #expect(CJT188Status(0x00, .lowBits).valve == .open)
        #expect(CJT188Status(0x05, .lowBits).valve == .closed && CJT188Status(0x05, .lowBits).isBatteryLow)
        #expect(CJT188Status(0x03, .lowBits).valve == .fault && !CJT188Status(0x03, .lowBits).isBatteryLow)
        #expect(CJT188Status(0x02, .lowBits).valve == .undefined)
        #expect(CJT188Status(0x60, .highBits).valve == .closed && CJT188Status(0x60, .highBits).isBatteryLow)
        #expect(CJT188Status(0xC4, .highBits).valve == .fault && !CJT188Status(0xC4, .highBits).isBatteryLow)
    }

    // MARK: matching

    @Test func anAnswerIsMatchedToItsRequest() throws {
        let meter = try #require(CJT188Address("78330011223344"))
        let other = try #require(CJT188Address("78330011223345"))
        let request = CJT188Request(.read(0x901F), type: 0x20, of: meter)
        func answer(_ type: UInt8, _ address: CJT188Address, _ control: UInt8, _ data: [UInt8]) throws -> CJT188Frame {
            try #require(CJT188Frame(type: type, address: address, control: control, data: data))
        }
        #expect(meter.maker == "7833")
        for data in [[0x90, 0x1F, 9], [0x1F, 0x90, 0]] as [[UInt8]] {
            #expect(try request.answer(in: answer(0x25, meter, 0x81, data)).data == data)
        }
        #expect(throws: FrameFault.echo) { try request.answer(in: request.frame) }
        for (type, address) in [(0x20, other), (0x10, meter)] as [(UInt8, CJT188Address)] {
            let fault = try #require(throws: FrameFault.self) {
                try request.answer(in: answer(type, address, 0x81, [0x90, 0x1F, 0]))
            }
            #expect(fault.name == "other address")
        }
        #expect(throws: FrameFault.otherIdentifier(asked: "901F", answered: "810A")) {
            try request.answer(in: answer(0x20, meter, 0x81, [0x81, 0x0A, 0]))
        }
        #expect(throws: FrameFault.otherFunction(asked: 1, answered: 0x83)) {
            try request.answer(in: answer(0x20, meter, 0x83, [0x90, 0x1F, 0]))
        }
        let refusal = try #require(throws: FrameFault.self) {
            try request.answer(in: answer(0x20, meter, 0xC1, [0, 1, 2]))
        }
        #expect(refusal.name == "refused")
        for text in ["", "123456789012345", "12345G", "+1"] { #expect(CJT188Address(text) == nil, "\(text)") }
    }
}
