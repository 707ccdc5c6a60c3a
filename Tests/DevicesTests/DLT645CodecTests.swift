import DataFiles
import Devices
import Foundation
import Metrology
import Testing

/// DL/T 645 from bytes to values, on frames that others published.
@Suite struct DLT645CodecTests {
    struct Case: Sendable {
        let ask, answer: [UInt8]?
        let identifier, value, address, refused: String?
        let names: [String]

        var edition: DLT645Edition { identifier?.utf8.count == 4 ? .of1997 : .of2007 }
        var name: String { (answer ?? ask ?? []).spacedHexadecimal }

        /// The question asked, or the one that must have been.
        func request(of meter: DLT645Address) throws -> DLT645Request {
            guard address == nil else { return try #require(DLT645Request(.readAddress, of: .any)) }
            let number = try #require(UInt32(identifier ?? "00010000", radix: 16))
            return try #require(DLT645Request(.read(number), of: meter, edition: edition))
        }
    }

    static func cases() throws -> [Case] {
        let file = MBusCodecTests.root.path + "/Frames/dlt645.yaml"
        let cases = try DataNode.load(file).mapping { file in
            try file.required("exchanges").list().map { node in
                try node.mapping { entry in
                    _ = try entry.optional("origin")?.text()
                    _ = try entry.optional("signed")?.text()
                    return Case(
                        ask: try entry.optional("ask").map { bytes(try $0.text()) },
                        answer: try entry.optional("answer").map { bytes(try $0.text()) },
                        identifier: try entry.optional("identifier")?.text(),
                        value: try entry.optional("value")?.text(), address: try entry.optional("address")?.text(),
                        refused: try entry.optional("refused")?.text(),
                        names: try entry.optional("names")?.list().map { try $0.text() } ?? [])
                }
            }
        }
        try #require(cases.count >= 40)
        return cases
    }

    private func frame(_ bytes: [UInt8]) throws -> DLT645Frame { try DLT645Format().first(in: bytes).frame }

    // MARK: published frames

    @Test func publishedRequestsAreThoseEncodedHere() throws {
        var count = 0
        for sample in try Self.cases() where sample.refused == nil {
            guard let ask = sample.ask else { continue }
            let asked = try frame(ask)
            let request = try sample.request(of: asked.address)
            #expect(request.frame.bytes(wakeUp: ask.prefix { $0 == 0xFE }.count) == ask)
            count += 1
        }
        #expect(count >= 18)
    }

    @Test func publishedAnswersGiveTheirValues() throws {
        var (values, addresses) = (0, 0)
        for sample in try Self.cases() where sample.refused == nil {
            guard let bytes = sample.answer else { continue }
            let whole = try frame(bytes)
            switch try sample.request(of: whole.address).answer(in: whole) {
            case .data(let data, let moreFollows):
                let number = try #require(UInt32(sample.identifier ?? "", radix: 16), "\(sample.name)")
                let entries = try DLT645Item.entries(of: number, in: data, edition: sample.edition)
                try #require(entries.count == 1, "\(sample.name)")
                guard case .quantity(let quantity) = try entries[0].value.get() else {
                    Issue.record("\(sample.name) is no number")
                    continue
                }
                let due = try #require(ExactDecimal(sample.value ?? ""), "\(sample.name)")
                #expect(quantity.number == due && quantity.number.places == due.places, "\(sample.name)")
                #expect(!moreFollows)
                values += 1
            case .address(let address):
                #expect("\(address)" == sample.address)
                addresses += 1
            case .done: Issue.record("\(sample.name) answers no write")
            }
        }
        #expect(values >= 21)
        #expect(addresses == 2)
    }

    @Test func publishedFaultsAreRefusedByName() throws {
        var count = 0
        for sample in try Self.cases() {
            guard let refused = sample.refused, let bytes = sample.answer ?? sample.ask else { continue }
            let fault = try #require(throws: FrameFault.self, "\(sample.name)") {
                let whole = try frame(bytes)
                let request = try sample.request(of: whole.address)
                guard case .data(let data, _) = try request.answer(in: whole) else { return }
                _ = try DLT645Item.entries(of: 0x0001_0000, in: data)[0].value.get()
            }
            #expect(fault.name == refused, "\(sample.name)")
            if case .refused(_, let names) = fault { #expect(names == sample.names) }
            count += 1
        }
        #expect(count == 5)
    }

    /// Junk that begins like a frame, as one meter was heard to send it, keeps nothing waiting.
    @Test func aFalseStartDelaysNoFrame() throws {
        var scanner = FrameScanner(DLT645Format())
        let request = bytes("68 88 88 88 88 88 88 68 11 04 33 33 34 33 E2 16")
        let found = scanner.feed(bytes("68 FE FE FE FE FE FE") + request)
        #expect(found.map(\.bytes) == [request])
        #expect(scanner.skipped == 1 && scanner.waiting == 0)
    }

    @Test func recordedAnswersGiveTheChannelsOfTheirProfiles() throws {
        var (values, refusals) = (0, 0)
        for profile in try ProfileCatalogue.profiles(in: MBusCodecTests.devices)
        where profile.protocols.contains(where: { $0.block == .dlt645 }) {
            for record in try RecordedExchange.of(profile.name, in: MBusCodecTests.devices)
            where record.protocol.block == .dlt645 {
                guard case .bytes(let request, let answer) = record.content else { continue }
                if !request.isEmpty { #expect(throws: Never.self, "\(record.place)") { try frame(request) } }
                guard !answer.isEmpty else { continue }
                guard record.refused == nil else {
                    #expect(throws: FrameFault.self, "\(record.place)") {
                        let whole = try frame(answer)
                        let request = try #require(DLT645Request(.read(0x0001_0000), of: whole.address))
                        guard case .data(let data, _) = try request.answer(in: whole) else { return }
                        _ = try profile.channel("active-energy-import").number(inDLT645: data)
                    }
                    refusals += 1
                    continue
                }
                let whole = try frame(answer)
                for (name, due) in record.gives {
                    let channel = try profile.channel(name)
                    let due = try #require(due, "\(record.place)")
                    for case .identifier(let identifier) in channel.ways {
                        let number = try #require(identifier.number)
                        let asked = try #require(
                            DLT645Request(.read(number), of: whole.address, edition: identifier.edition))
                        guard case .data(let data, _) = try asked.answer(in: whole) else {
                            Issue.record("\(record.place) holds no data")
                            continue
                        }
                        #expect(try channel.number(inDLT645: data) == due, "\(record.place): \(name)")
                        values += 1
                    }
                }
            }
        }
        #expect(values >= 14)
        #expect(refusals >= 1)
    }

    // MARK: matching

    private static let meter = DLT645Address("202412345678") ?? .any

    private func answer(_ control: UInt8, _ data: [UInt8], of address: DLT645Address = meter) throws -> DLT645Frame {
        try #require(DLT645Frame(address: address, control: control, data: data))
    }

    @Test func anAnswerIsMatchedToItsRequest() throws {
        let request = try #require(DLT645Request(.read(0x0201_0100), of: Self.meter))
        let identifier: [UInt8] = [0, 1, 1, 2]
        let data = identifier + [5, 0x22]
        #expect(try request.answer(in: answer(0x91, data)) == .data([5, 0x22], moreFollows: false))
        #expect(try request.answer(in: answer(0xB1, data)) == .data([5, 0x22], moreFollows: true))
        #expect(throws: FrameFault.echo) { try request.answer(in: request.frame) }
        let other = try #require(DLT645Address("1"))
        #expect(throws: FrameFault.otherAddress(asked: "202412345678", answered: "000000000001")) {
            try request.answer(in: answer(0x91, data, of: other))
        }
        #expect(throws: FrameFault.otherIdentifier(asked: "02010100", answered: "02010200")) {
            try request.answer(in: answer(0x91, [0, 2, 1, 2, 5, 0x22]))
        }
        #expect(throws: FrameFault.otherFunction(asked: 0x11, answered: 0x93)) {
            try request.answer(in: answer(0x93, data))
        }
        #expect(throws: FrameFault.wrongLength(said: 4, found: 3)) { try request.answer(in: answer(0x91, [0, 1, 1])) }
        #expect(throws: FrameFault.wrongLength(said: 1, found: 2)) { try request.answer(in: answer(0xD1, [2, 2])) }
    }

    @Test func wildcardsStandForTheMetersTheyFit() throws {
        let some = try #require(DLT645Address("AAAA12345678"))
        #expect(some.matches(Self.meter) && DLT645Address.any.matches(Self.meter))
        #expect(!some.matches(try #require(DLT645Address("202412345679"))))
        #expect(DLT645Address("161")?.bytes == [0x61, 1, 0, 0, 0, 0])
        for text in ["", "1234567890123", "12345678901F", "+1", "20241234AA78", "-2"] {
            #expect(DLT645Address(text) == nil, "\(text)")
        }
        let request = try #require(DLT645Request(.read(0x0201_0100), of: some))
        #expect(try request.answer(in: answer(0x91, [0, 1, 1, 2, 5, 0x22])) == .data([5, 0x22], moreFollows: false))
    }

    @Test func partsAreAskedByTheirNumber() throws {
        let request = try #require(DLT645Request(.readFollowing(0x0602_0000, part: 2), of: Self.meter))
        #expect(request.frame.data == [0, 0, 2, 6, 2] && request.frame.control == 0x12)
        let identifier: [UInt8] = [0, 0, 2, 6]
        #expect(try request.answer(in: answer(0xB2, identifier + [7, 8, 2])) == .data([7, 8], moreFollows: true))
        #expect(try request.answer(in: answer(0x92, identifier + [7, 8, 2])) == .data([7, 8], moreFollows: false))
        #expect(throws: FrameFault.otherSequence(asked: 2, answered: 3)) {
            try request.answer(in: answer(0x92, identifier + [7, 8, 3]))
        }
        #expect(DLT645Request(.readFollowing(0x0602_0000, part: 0), of: Self.meter) == nil)
    }

    @Test func everyErrorBitHasItsName() throws {
        let request = try #require(DLT645Request(.read(0x0201_0100), of: Self.meter))
        var names: Set<String> = []
        for bit in 0..<7 {
            let fault = try #require(throws: FrameFault.self) { try request.answer(in: answer(0xD1, [1 << bit])) }
            guard case .refused(let code, let named) = fault else { continue }
            #expect(code == 1 << bit && named.count == 1)
            names.formUnion(named)
        }
        #expect(names.count == 7)
        let old = try #require(DLT645Request(.read(0x9010), of: Self.meter, edition: .of1997))
        #expect(throws: FrameFault.refused(code: 2, names: [])) { try old.answer(in: answer(0xC1, [2])) }
    }

    @Test(arguments: [
        ("2017-06-05 10:22:51", "68 99 99 99 99 99 99 68 08 06 84 55 43 38 39 4A 4B 16"),
        ("2018-01-15 11:20:04", "68 99 99 99 99 99 99 68 08 06 37 53 44 48 34 4B"),
    ])
    func publishedBroadcastsOfTheTimeAreThoseEncodedHere(time: String, due: String) throws {
        let parts = time.split { "- :".contains($0) }.compactMap { Int($0) }
        let moment = try #require(
            MeterTime(
                year: parts[0], month: parts[1], day: parts[2], hour: parts[3], minute: parts[4], second: parts[5]))
        let frame = try #require(DLT645Frame.broadcast(moment))
        #expect(frame.bytes().starts(with: bytes(due)))
        #expect(try self.frame(frame.bytes()) == frame)
        #expect(DLT645Frame.broadcast(try #require(MeterTime(hour: 1, minute: 2, second: 3))) == nil)
    }
}
