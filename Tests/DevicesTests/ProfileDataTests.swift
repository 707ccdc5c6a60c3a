import Devices
import Foundation
import Metrology
import Testing

/// What ships in `Devices`, held against the rules its files alone cannot hold.
@Suite struct ProfileDataTests {
    private static let root =
        URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().path
    private static let folder = root + "/Devices"

    private func profiles() throws -> [DeviceProfile] {
        let profiles = try ProfileCatalogue.profiles(in: Self.folder)
        try #require(profiles.count >= 150)
        return profiles
    }

    @Test func everyQuantityIsInTheVocabularyAndItsUnitFits() throws {
        for profile in try profiles() {
            for channel in profile.channels {
                let place = "\(profile.name) \(channel.name)"
                #expect(QuantityVocabulary.units[channel.quantity] != nil, "\(place): '\(channel.quantity)'")
                #expect(QuantityVocabulary.takes(channel.unit, for: channel.quantity), "\(place)")
            }
        }
    }

    @Test func theSchemaListsTheVocabulary() throws {
        let schema = try #require(
            try JSONSerialization.jsonObject(
                with: Data(contentsOf: URL(fileURLWithPath: Self.folder + "/profile.schema.json"))) as? [String: Any])
        let definitions = try #require(schema["$defs"] as? [String: Any])
        let quantity = try #require(definitions["quantity"] as? [String: Any])
        let words = try #require(quantity["enum"] as? [String])
        #expect(words.sorted() == QuantityVocabulary.units.keys.sorted())
        for (word, unit) in QuantityVocabulary.units {
            #expect(MeasurementUnit(unit) != nil, "\(word): '\(unit)'")
        }
    }

    @Test func whatShipsIsSourcedAndUnconfirmedSaysSo() throws {
        let products = try profiles().filter { $0.confidence != .demonstration }
        #expect(products.count { $0.confidence == .crossChecked } >= 57)
        for profile in products {
            #expect(profile.text.contains("confirmed_on_hardware:"), "\(profile.name)")
            #expect(!profile.text.localizedCaseInsensitiveContains("recalled"), "\(profile.name)")
            #expect((profile.confidence == .crossChecked) == (profile.agreement != nil), "\(profile.name)")
            // The folder is the maker, the file the model.
            #expect(profile.name.split(separator: "/").count == 2, "\(profile.name)")
        }
    }

    @Test func recordsOfATelegramAreToldApart() throws {
        var checked = 0
        for profile in try profiles() {
            var seen: [DeviceProfile.Record: String] = [:]
            for channel in profile.channels {
                guard case .record(let record) = channel.ways.first else { continue }
                let other = seen.updateValue(channel.name, forKey: record)
                #expect(other == nil, "\(profile.name): \(channel.name) and \(other ?? "")")
                checked += 1
            }
        }
        #expect(checked > 300)
    }

    /// The registers an address never changes by reading: what moves the line itself is not offered to write.
    @Test func addressAndSpeedAreOnlyRead() throws {
        for profile in try profiles() {
            for channel in profile.channels where channel.quantity == "setting" {
                #expect(channel.registers?.write == nil, "\(profile.name) \(channel.name)")
            }
        }
    }

    @Test func everyRecordedModbusExchangeGivesItsValues() throws {
        var (values, refusals) = (0, 0)
        for profile in try profiles() {
            for record in try RecordedExchange.of(profile.name, in: Self.folder) where record.protocol.block == .modbus
            {
                var settled = profile
                for (name, alternative) in record.settled {
                    let probe = try #require(profile.probes.first { $0.name == name }, "\(record.place)")
                    let chosen = try #require(probe.alternatives.first { $0.name == alternative }, "\(record.place)")
                    settled = settled.settled(probe, as: chosen)
                }
                let exchange = try #require(record.exchange, "\(record.place)")
                for (name, value) in record.gives {
                    let channel = try settled.channel(name)
                    guard let value else {
                        #expect(throws: DeviceError.self, "\(record.place)") { try channel.decode(exchange) }
                        continue
                    }
                    // Single precision holds about seven digits, and the sources print fewer.
                    let number = try channel.decode(exchange).value.number
                    let isFloat = channel.registers?.format == .float32
                    let isRight =
                        isFloat ? abs(number.double - value.double) <= 1e-6 * abs(value.double) : number == value
                    #expect(isRight, "\(record.place): \(name) is \(number), not \(value)")
                    values += 1
                }
                if record.refused != nil {
                    #expect(throws: DeviceError.self, "\(record.place)") {
                        try settled.channels[0].decode(exchange)
                    }
                    refusals += 1
                }
            }
        }
        #expect(values >= 30)
        #expect(refusals >= 5)
    }

    @Test func everyRecordedLineOfTextGivesItsValueByItsPattern() throws {
        var checked = 0
        for profile in try profiles() {
            for record in try RecordedExchange.of(profile.name, in: Self.folder) {
                guard record.protocol == .text, case .text(_, let reply) = record.content else { continue }
                for (name, value) in record.gives {
                    let channel = try profile.channel(name)
                    guard case .line(let line) = channel.ways.first(where: { $0.block == .text }) else {
                        Issue.record("\(record.place): \(name) is no line of text")
                        continue
                    }
                    let match = try #require(try Regex(line.answer).firstMatch(in: reply), "\(record.place)")
                    guard line.form == .decimal, let value, line.units.isEmpty || line.unitQuestion != nil else {
                        continue
                    }
                    let sign = line.answer.contains("(?<sign>") ? match["sign"]?.substring ?? "" : ""
                    let text = (sign + (match[line.take]?.substring ?? "")).filter { $0 != " " }
                    let number = try #require(Double(text), "\(record.place): \(text)") * line.scale.double
                    #expect(abs(number - value.double) <= 1e-9 * abs(value.double), "\(record.place)")
                    checked += 1
                }
                for (name, value) in record.givesText {
                    guard case .line(let line) = try profile.channel(name).ways[0] else { continue }
                    let match = try #require(try Regex(line.answer).firstMatch(in: reply), "\(record.place)")
                    #expect(match[line.take]?.substring.map(String.init) == value, "\(record.place)")
                    checked += 1
                }
            }
        }
        #expect(checked >= 30)
    }

    @Test func everyExchangeNamesChannelsOfItsProfile() throws {
        var count = 0
        for profile in try profiles() {
            for record in try RecordedExchange.of(profile.name, in: Self.folder) {
                count += 1
                #expect(profile.protocols.contains(record.protocol), "\(record.place)")
                for name in Array(record.gives.keys) + Array(record.givesText.keys) {
                    #expect(throws: Never.self, "\(record.place)") { try profile.channel(name) }
                }
                #expect(
                    (record.gives.isEmpty && record.givesText.isEmpty) == (record.refused != nil), "\(record.place)")
            }
        }
        #expect(count >= 150)
    }

    @Test func theCatalogueIsCurrent() throws {
        let page = try String(contentsOfFile: Self.root + "/docs/devices.md", encoding: .utf8)
        #expect(
            page == ProfileCatalogue.markdown(try profiles()),
            "docs/devices.md is not what the profiles give: `steelyard device profile --catalogue > docs/devices.md`")
    }
}
