import DataFiles
import Devices
import Foundation
import Testing

/// The JSON Schema an editor checks by and the loader know the same keys, at every place.
@Suite struct ProfileSchemaTests {
    private static let folder =
        URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().path + "/Devices"

    private func schema() throws -> [String: Any] {
        try #require(
            try JSONSerialization.jsonObject(
                with: Data(contentsOf: URL(fileURLWithPath: Self.folder + "/profile.schema.json"))) as? [String: Any])
    }

    /// The keys the schema has at `path`, like `properties.modbus`.
    private func keys(_ path: String) throws -> [String] {
        var place = try schema()
        for step in path.split(separator: ".") {
            place = try #require(place[String(step)] as? [String: Any], "\(path)")
        }
        return try #require(place["properties"] as? [String: Any], "\(path)").keys.sorted()
    }

    /// The keys the loader names when it meets one it does not know.
    private func known(_ text: String) throws -> [String] {
        let error = try #require(#expect(throws: DataFileError.self) { try DeviceProfile.parse(text, name: "t") })
        let list = try #require(error.message.components(separatedBy: "known here: ").last)
        #expect(error.message.hasPrefix("unknown key 'surely_unknown'"), "\(error.message)")
        return list.components(separatedBy: ", ").sorted()
    }

    private func file(
        _ protocols: String = "modbus-rtu", _ block: String = "modbus: {function: input}",
        _ channel: String = "{quantity: q, unit: V, at: 0, as: uint16}", _ rest: String = ""
    ) -> String {
        """
        maker: Test
        models: [T]
        kind: test instrument
        source: test
        confidence: found
        protocols: [\(protocols)]
        \(block)
        channels:
          a: \(channel)
        \(rest)
        """
    }

    @Test func theFile() throws {
        let keys = try keys("").filter { $0 != "$schema" }
        #expect(try known(file("modbus-rtu", "modbus: {function: input}", rest: "surely_unknown: 1")) == keys)
    }

    private func file(_ protocols: String, _ block: String, rest: String) -> String {
        file(protocols, block, "{quantity: q, unit: V, at: 0, as: uint16}", rest)
    }

    @Test(arguments: [
        ("modbus-rtu", "modbus", "function: input"), ("dlt645-2007", "dlt645", "baud: 2400"),
        ("cjt188", "cjt188", "identifier: \"901F\""), ("mbus", "mbus", "baud: 2400"), ("text", "text", "flavour: scpi"),
        ("own", "own", "name: X"),
    ])
    func theProtocols(name: String, block: String, keys given: String) throws {
        #expect(try known(file(name, "\(block): {\(given), surely_unknown: 1}")) == keys("properties.\(block)"))
    }

    @Test(arguments: [
        ("modbus-rtu", "modbus: {function: input}", "at: 0, as: uint16, surely_unknown: 1", ""),
        ("dlt645-2007", "dlt645: {}", "dlt645: {identifier: \"02010100\", bytes: 2, surely_unknown: 1}", "dlt645"),
        (
            "cjt188", "cjt188: {identifier: \"901F\"}", "cjt188: {offset: 3, bytes: 4, surely_unknown: 1}", "cjt188"
        ),
        ("mbus", "mbus: {}", "mbus: {dif: \"04\", vif: \"06\", surely_unknown: 1}", "mbus"),
        ("text", "text: {flavour: scpi}", "text: {answer: \"(?<value>.*)\", surely_unknown: 1}", "text"),
        ("own", "own: {name: X}", "own: {code: X, surely_unknown: 1}", "own"),
        (
            "modbus-rtu", "modbus: {function: input}",
            "at: 0, as: uint16, counter: {rolls_over_at: 1 V, surely_unknown: 1}", "counter"
        ),
    ])
    func theChannels(name: String, block: String, channel: String, place: String) throws {
        let path = "$defs.channel" + (place.isEmpty ? "" : ".properties.\(place)")
        #expect(try known(file(name, block, "{quantity: q, unit: V, \(channel)}")) == keys(path))
    }

    @Test func theProbes() throws {
        func probe(_ outer: String, _ alternative: String, _ item: String) -> String {
            file(
                "modbus-rtu", "modbus: {function: input}",
                rest: """
                    probes:
                      p:
                        settles: scale
                        alternatives: {a: {}, b: {scale: 1\(alternative)}}
                        decided_by: {a: {within: [1 V, 2 V]\(item)}}
                        \(outer)
                    """)
        }
        let unknown = ", surely_unknown: 1"
        #expect(try known(probe("surely_unknown: 1", "", "")) == keys("$defs.probe"))
        #expect(
            try known(probe("", unknown, ""))
                == keys("$defs.probe.properties.alternatives.additionalProperties"))
        #expect(
            try known(probe("", "", unknown)) == keys("$defs.probe.properties.decided_by.additionalProperties"))
    }

    @Test func theWordsOfChoice() throws {
        let schema = try schema()
        let properties = try #require(schema["properties"] as? [String: Any])
        let confidence = try #require((properties["confidence"] as? [String: Any])?["enum"] as? [String])
        #expect(confidence.sorted() == DeviceProfile.Confidence.allCases.map(\.rawValue).sorted())
        let items = try #require((properties["protocols"] as? [String: Any])?["items"] as? [String: Any])
        #expect((items["enum"] as? [String])?.sorted() == DeviceProtocol.allCases.map(\.rawValue).sorted())
        let channel = try #require((schema["$defs"] as? [String: Any])?["channel"] as? [String: Any])
        let formats = try #require(
            ((channel["properties"] as? [String: Any])?["as"] as? [String: Any])?["enum"] as? [String])
        #expect(formats.sorted() == RegisterFormat.allCases.map(\.rawValue).sorted())
    }
}
