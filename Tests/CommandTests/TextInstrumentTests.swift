import Devices
import Foundation
import Testing

/// Instruments that answer in characters, played by a program that knows nothing of ours.
@Suite struct TextInstrumentTests {
    private let folder: Folder

    init() throws { folder = try Folder() }

    private func read(
        _ profile: String, _ kind: String, _ fault: String, _ answers: [(ask: String, reply: String)],
        _ options: [String] = []
    ) throws -> Outcome {
        func hexadecimal(_ text: String) -> String { (text + "\r\n").utf8.map { String(format: "%02x", $0) }.joined() }
        let (instrument, address) = try folder.startPeer(
            "replay_instrument.py", [kind, fault] + answers.map { "\(hexadecimal($0.ask))=\(hexadecimal($0.reply))" },
            until: "at ")
        defer { instrument.stop() }
        return try folder.steelyard(
            ["device", "read", "--profile", profile, "--connect", "\(address)?timeout=400"] + options)
    }

    private static let balance = [
        (ask: "S", reply: "S S     100.00 g"), ("SI", "S D      99.98 g"), ("I4", "I4 A \"0123456789\""),
    ]

    @Test(arguments: ["none", "byte", "noise:00ff0d0a"])
    func `a balance tells weight, unit and whether it stands still`(fault: String) throws {
        let found = try read(
            "mettler-toledo/mt-sics", "pty", fault, Self.balance, ["weight-stable", "weight", "serial-number"])
        #expect(found.status == 0, "\(found.errors)")
        #expect(found.output.contains("weight-stable  100.00 g  (stable)"), "\(found.output)")
        #expect(found.output.contains("weight         99.98 g  (dynamic)"))
        #expect(found.output.contains("serial-number  0123456789"))
        // The bytes behind each value: S S     100.00 g CR LF.
        #expect(found.output.contains("> 53 0D 0A"))
        #expect(found.output.contains("53 20 53 20 20 20 20 20 31 30 30 2E 30 30 20 67 0D 0A"))
    }

    @Test func `over the network the answer is the same, for programs too`() throws {
        let found = try read(
            "mettler-toledo/mt-sics", "tcp", "none", Self.balance, ["weight-stable", "--format", "json"])
        #expect(
            found.status == 0 && found.output.contains("\"value\" : \"100.00\"")
                && found.output.contains("\"unit\" : \"g\""), "\(found)")
        #expect(found.output.contains("\"state\" : \"stable\""))
    }

    @Test(arguments: [
        ("silent", "has not answered", Int32(3)), ("late", "has not answered", 3), ("cut", "is no answer", 3),
        ("gone", "went away in the middle of a measurement", 3),
    ])
    func `a line that fails is an error of the line`(fault: String, words: String, status: Int32) throws {
        let found = try read("mettler-toledo/mt-sics", "tcp", fault, Self.balance, ["weight-stable"])
        #expect(found.status == status && found.output.isEmpty, "\(found)")
        #expect(found.errors.split(separator: "\n").count == 1 && found.errors.contains(words), "\(found.errors)")
    }

    @Test func `an overload is a state and no value, nonsense is refused`() throws {
        let over = try read("mettler-toledo/mt-sics", "pty", "none", [("S", "S +")], ["weight-stable"])
        #expect(over.status == 0 && over.output.contains("weight-stable  no value  (overload)"), "\(over)")
        let nonsense = try read("mettler-toledo/mt-sics", "pty", "none", [("S", "hello")], ["weight-stable"])
        #expect(nonsense.status == 2 && nonsense.errors.contains("'weight-stable' of mettler-toledo/"), "\(nonsense)")
    }

    /// The weight that comes after its question was given up must not be taken for the weight asked next.
    @Test(arguments: ["pty", "tcp"])
    func `an answer that comes too late answers nothing`(kind: String) async throws {
        let (balance, address) = try folder.startPeer(
            "replay_instrument.py",
            [kind, "late", "530d0a=5320532031312e303020670d0a", "53490d0a=5320532032322e303020670d0a"], until: "at ")
        defer { balance.stop() }
        let profile = try DeviceProfile.named("mettler-toledo/mt-sics", in: "\(Programs.root)/Devices")
        let instrument = try profile.portInstrument(at: try Connection("\(address)?timeout=300"))
        await #expect(throws: DeviceError.self) { try await instrument.read(["weight-stable"]) }
        let weight = try await instrument.read(["weight"])
        #expect(weight[0].exchanges[0].answer == Array("S S 22.00 g\r\n".utf8))
        // What comes late on a connection that was given up cannot be heard on the next one.
        #expect(balance.output.components(separatedBy: "connected").count == (kind == "tcp" ? 3 : 1))
    }
}
