import DataFiles
import Devices
import Foundation
import Metrology
import Testing

/// M-Bus from bytes to values, on frames that others published and on what noise makes of them.
@Suite struct MBusCodecTests {
    struct Case: Sendable {
        let name, kind: String
        let bytes: [UInt8]
        let manufacturer, identification: String?
        let gives: [String: String]
        let counters: [String]
    }

    static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    static let devices = root.deletingLastPathComponent().deletingLastPathComponent().path + "/Devices"

    static func cases() throws -> [Case] {
        let cases = try DataNode.load(root.path + "/Frames/mbus.yaml").mapping { file in
            try file.required("frames").list().map { node in
                try node.mapping { entry in
                    var gives: [String: String] = [:]
                    for (key, value) in try entry.optional("gives")?.entries() ?? [] {
                        gives[try key.text()] = try value.text()
                    }
                    return Case(
                        name: try entry.required("name").text(), kind: try entry.required("kind").text(),
                        bytes: bytes(try entry.required("bytes").text()),
                        manufacturer: try entry.optional("manufacturer")?.text(),
                        identification: try entry.optional("identification")?.text(), gives: gives,
                        counters: try entry.optional("counters")?.list().map { try $0.text() } ?? [])
                }
            }
        }
        try #require(cases.count >= 24)
        return cases
    }

    private func frame(_ bytes: [UInt8]) throws -> MBusFrame {
        try MBusFormat(takesAcknowledgement: false).first(in: bytes).frame
    }

    // MARK: published frames

    @Test func publishedTelegramsGiveTheirValues() throws {
        var values = 0
        for sample in try Self.cases() where sample.kind == "telegram" {
            let whole = try frame(sample.bytes)
            #expect(whole.bytes == sample.bytes, "\(sample.name)")
            let telegram = try MBusTelegram(whole)
            if let manufacturer = sample.manufacturer {
                #expect(telegram.header?.manufacturer == manufacturer, "\(sample.name)")
            }
            for (key, value) in sample.gives {
                let place = "\(sample.name) \(key)"
                let record = try #require(telegram.records.first { "\($0.dif) \($0.vif)" == key }, "\(place)")
                values += 1
                guard value != "not available" else {
                    #expect(record.content == .failure(.notAvailable), "\(place)")
                    continue
                }
                let parts = value.split(separator: " ").map(String.init)
                let due = try #require(ExactDecimal(parts[0]))
                guard parts[1] != "1" else {
                    #expect(try record.raw() == due, "\(place)")
                    continue
                }
                let found = try record.quantity()
                #expect(found.unit.symbol == parts[1], "\(place)")
                // Single precision holds about seven digits, and the source prints fewer.
                let isNear = abs(found.number.double - due.double) <= 2e-4 * abs(due.double)
                #expect(record.dif.hasSuffix("5") ? isNear : found.number == due, "\(place): \(found)")
            }
        }
        #expect(values >= 50)
    }

    @Test func publishedFaultsAreRefused() throws {
        var count = 0
        for sample in try Self.cases() where sample.kind == "refused" {
            let whole = try frame(sample.bytes)
            #expect(throws: FrameFault.self, "\(sample.name)") { try MBusTelegram(whole) }
            count += 1
        }
        #expect(count == 5)
    }

    @Test func requestsAreThePublishedShortFrames() throws {
        let due = try Self.cases().filter { $0.kind == "short" }.map(\.bytes)
        var count = MBusFrameCount()
        let set = count
        count.advance()
        let built = [
            MBusRequest.initialise(1), MBusRequest.data(1, count), MBusRequest.data(MBusRequest.test, set),
        ]
        #expect(built.compactMap(\.bytes) == due)
        #expect(try due.map(frame) == built)
        count.advance()
        #expect(count == set)
    }

    @Test func theFixedStructureGivesItsCounters() throws {
        let samples = try Self.cases().filter { $0.kind == "fixed" }
        #expect(samples.count == 2)
        for (sample, medium) in zip(samples, ["heat", "water"]) {
            let telegram = try MBusFixedTelegram(frame(sample.bytes))
            #expect(telegram.identification == sample.identification)
            #expect(MBusMedium.name(telegram.medium) == medium)
            for (counter, due) in zip(telegram.counters, sample.counters) {
                let due = try #require(Quantity(due))
                #expect(abs(try counter.value.get().si - due.si) <= 1e-9 * due.si, "\(sample.name)")
            }
        }
        #expect(try MBusFixedTelegram(frame(samples[1].bytes)).counters.map(\.isStored) == [false, true])
    }

    // MARK: through the profile

    @Test func recordedTelegramsGiveTheChannelsOfTheirProfiles() throws {
        var (values, refusals) = (0, 0)
        for profile in try ProfileCatalogue.profiles(in: Self.devices) where profile.protocols.contains(.mbus) {
            for record in try RecordedExchange.of(profile.name, in: Self.devices) where record.protocol == .mbus {
                guard case .bytes(let request, let answer) = record.content else { continue }
                #expect(throws: Never.self, "\(record.place)") { try frame(request) }
                guard record.refused == nil else {
                    #expect(throws: FrameFault.self, "\(record.place)") { try MBusTelegram(frame(answer)) }
                    refusals += 1
                    continue
                }
                let telegram = try MBusTelegram(frame(answer))
                let header = try #require(telegram.header, "\(record.place)")
                #expect(profile.settings.mbus?.fits(header) == true, "\(record.place)")
                for (name, due) in record.gives {
                    let channel = try profile.channel(name)
                    values += 1
                    guard let due else {
                        #expect(throws: FrameFault.notAvailable, "\(record.place): \(name)") {
                            try channel.number(in: [telegram])
                        }
                        continue
                    }
                    let number = try channel.number(in: [telegram])
                    let isNear = abs(number.double - due.double) <= 1e-4 * abs(due.double)
                    #expect(isNear, "\(record.place): \(name) is \(number), not \(due)")
                }
            }
        }
        #expect(values >= 30)
    }

    /// A profile states unit and scale; the value information states them too.
    @Test func profilesAgreeWithTheStandardOnUnitAndScale() throws {
        var checked = 0
        for profile in try ProfileCatalogue.profiles(in: Self.devices) {
            for channel in profile.channels {
                guard case .record(let record) = channel.ways.first(where: { $0.block == .mbus }) else { continue }
                let codes = stride(from: 0, to: record.vif.utf8.count, by: 2).compactMap {
                    UInt8(String(Array(record.vif)[$0..<($0 + 2)]), radix: 16)
                }
                guard let meaning = MBusMeaning(codes, plainText: nil), let unit = meaning.unit,
                    unit.dimension == channel.unit.dimension, unit.dimension != .one
                else { continue }
                let standard = unit.si(meaning.scale.double) - unit.si(0)
                let stated = channel.unit.si(record.scale.double) - channel.unit.si(0)
                #expect(abs(stated / standard - 1) < 1e-9, "\(profile.name): \(channel.name)")
                checked += 1
            }
        }
        #expect(checked >= 250)
    }
}
