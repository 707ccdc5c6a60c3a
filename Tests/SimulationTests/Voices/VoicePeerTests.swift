import Devices
import Foundation
import Metrology
import Simulation
import Testing

/// Programs of others read the simulated instruments, over the simulated lines.
@Suite(.serialized) struct VoicePeerTests {
    private static let root =
        URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().path

    /// The lines a peer prints.
    private func peer(_ name: String, _ arguments: [String]) throws -> [String] {
        let process = Process()
        let python = ProcessInfo.processInfo.environment["STEELYARD_PYTHON"] ?? "\(Self.root)/.venv/bin/python3"
        process.executableURL = URL(fileURLWithPath: python)
        process.arguments = ["\(Self.root)/Tests/peers/\(name).py"] + arguments
        let pipe = Pipe()
        process.standardOutput = pipe
        try process.run()
        let output = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        try #require(process.terminationStatus == 0, "\(name): see Tests/requirements.txt for what it needs")
        return String(decoding: output, as: UTF8.self).split(separator: "\n").map(String.init)
    }

    private func profile(_ name: String) throws -> DeviceProfile {
        try DeviceProfile.named(name, in: EveryProfileTests.devices)
    }

    /// The profile as an instrument on a line of its own while `body` runs; what `texts` does not name has no value.
    private func serve(
        _ name: String, _ settings: VoiceSettings, _ shape: AnswerShape, on place: SimulatedLine.Place,
        _ texts: [String: String], _ body: (SimulatedLine) throws -> Void
    ) throws {
        let voice = try profile(name).voice(settings) { channel, _ in
            texts[channel].map { text in
                ShownValue(ExactDecimal(text).map { .number($0) } ?? .characters(text))
            }
        }
        let line = try SimulatedLine([FaultyVoice(voice, shape)], on: place)
        defer { line.stop() }
        try body(line)
    }

    private static func host(_ line: SimulatedLine) -> String {
        String(line.address.dropFirst("tcp://".count))
    }

    @Test(arguments: [SimulatedLine.Place.tcp(port: 0), .terminal]) func dlt645(_ place: SimulatedLine.Place) throws {
        var settings = VoiceSettings(protocol: .dlt645Of2007, address: "202412345678")
        settings.wakeUp = 4
        let values = [
            "active-energy-import": "12345.67", "voltage-l1": "220.5", "current-l1": "-4.567", "active-power": "1.2345",
        ]
        try serve("generic/dlt645-2007-electricity", settings, .dlt645, on: place, values) { line in
            let where_ = place == .terminal ? line.port : Self.host(line)
            let told = try peer(
                "dlt645_client", [where_, "202412345678", "00010000", "02010100", "02020100", "02030000", "02090909"])
            try #require(told.count == 6)
            #expect(told[0].contains("12345.67"))
            #expect(told[1].contains("220.5"))
            #expect(told[2].contains("-4.567"))
            #expect(told[3].contains("1.2345"))
            #expect(told[4] == "null")
            #expect(told[5].contains("202412345678"))
        }
    }

    @Test func mbus() throws {
        let settings = VoiceSettings(protocol: .mbus, unit: 7, address: "12345678")
        let values = ["energy": "4567", "volume": "12.34", "flow-temperature": "65.43", "power": "1200"]
        try serve("kamstrup/multical-601", settings, .mbus, on: .terminal, values) { line in
            // Identification, maker KAM as 2D2C, version and medium of the profile, as its documents print it.
            let header = try #require(try profile("kamstrup/multical-601").settings.mbus)
            let ends = [header.version ?? 0, header.medium ?? 0].map { byte in
                (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
            }
            let told = try peer("mbus_client", [line.port, "7", "123456782D2C" + ends.joined(), "1"])
            try #require(told.count == 2)
            for text in told {
                let object = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
                #expect(object["manufacturer"] as? String == "KAM")
                #expect(object["identification"] as? String == "12345678")
                let numbers = try #require(object["values"] as? [String]).compactMap { Double($0) }
                // The peer counts in Wh, m³, °C and W.
                for expected in [4_567_000.0, 12.34, 65.43, 1200] {
                    #expect(
                        numbers.contains { ($0 - expected).magnitude < 1e-6 * expected }, "\(expected) in \(numbers)")
                }
            }
        }
    }

    @Test func scpi() throws {
        let values = ["display": "-10.00012", "voltage-dc": "-10.00012"]
        for place in [SimulatedLine.Place.tcp(port: 0), .terminal] {
            try serve("keysight/34450a", VoiceSettings(protocol: .text), .text, on: place, values) { line in
                let host = Self.host(line).split(separator: ":").map(String.init)
                let resource = place == .terminal ? "ASRL\(line.port)::INSTR" : "TCPIP::\(host[0])::\(host[1])::SOCKET"
                let told = try peer("scpi_client", [resource, "*CLS", ":READ?", "NOSUCH", "SYST:ERR?", "SYST:ERR?"])
                try #require(told.count == 3)
                #expect(Double(told[0]) == -10.00012)
                #expect(told[1].hasPrefix("-113,"))
                #expect(told[2].hasPrefix("0,"))
            }
        }
    }
}
