import Foundation
import Testing

/// Meters that speak DL/T 645 and M-Bus: published answers, replayed by a program that knows nothing of ours.
@Suite struct PortMeterTests {
    private let folder: Folder

    init() throws { folder = try Folder() }

    private func read(
        _ profile: String, _ kind: String, _ fault: String, _ answers: [String], _ settings: String,
        _ channels: String...
    ) throws -> Outcome {
        let (meter, address) = try folder.startPeer("replay_instrument.py", [kind, fault] + answers, until: "at ")
        defer { meter.stop() }
        return try folder.steelyard(
            ["device", "read", "--profile", profile, "--connect", "\(address)?timeout=300\(settings)"] + channels)
    }

    /// The frames stand in the published captures that the profile's exchanges are taken from: 0.26 kWh and 100.1 V.
    private static let electricity = [
        "6861010000000068110433333433" + "1416=6861010000000068910833333433593333338A16",
        "6861010000000068110433343435" + "1716=6861010000000068910633343435" + "34431016",
    ]

    @Test(arguments: ["none", "byte", "noise:0068ff", "echo", "flip", "late"], ["pty", "tcp"])
    func `an electricity meter is read by its address`(fault: String, kind: String) throws {
        let found = try read(
            "dlt645-2007-electricity", kind, fault, Self.electricity, "&address=000000000161", "active-energy-import",
            "voltage-l1")
        #expect(found.status == 0, "\(found.errors)")
        #expect(
            found.output.contains("active-energy-import  0.26 kWh")
                && found.output.contains("voltage-l1            100.1 V"))
        #expect(found.output.contains("< 68 61 01 00 00 00 00 68 91 08 33 33 34 33 59 33 33 33 8A 16"))
    }

    @Test func `a meter that is not the one asked is not believed`() throws {
        let wrong = ["68610100000000681104333334331416=68129078563412689108333334338967453354" + "16"]
        let found = try read(
            "dlt645-2007-electricity", "pty", "none", wrong, "&address=000000000161", "active-energy-import")
        #expect(found.status == 2 && found.errors.contains("123456789012"), "\(found)")
    }

    @Test(arguments: [("silent", "has not answered within 300 ms"), ("cut", "is no answer")])
    func `silence and half an answer are told apart`(fault: String, words: String) throws {
        let found = try read(
            "dlt645-2007-electricity", "pty", fault, Self.electricity, "&address=000000000161", "voltage-l1")
        #expect(found.status == 3 && found.output.isEmpty && found.errors.contains(words), "\(found)")
    }

    @Test func `an address that is none is refused`() throws {
        let unit = try folder.steelyard(
            "device", "read", "--profile", "dlt645-2007-electricity", "--connect", "serial:///dev/x?unit=1")
        #expect(unit.status == 2 && unit.errors.contains("name it by address="), "\(unit)")
        for profile in ["sdm630", "allmess/cf50", "mettler-toledo/mt-sics"] {
            let unused = try folder.steelyard(
                "device", "read", "--profile", profile, "--connect", "serial:///dev/x?address=12")
            #expect(unused.status == 2 && unused.errors.contains("address= means nothing here"), "\(unused)")
        }
        for address in ["1234567890123", "12345678901x", ""] {
            let found = try folder.steelyard(
                "device", "read", "--profile", "dlt645-2007-electricity", "--connect",
                "serial:///dev/x?address=\(address)")
            #expect(found.status == 2 && found.errors.contains("address"), "\(found)")
        }
    }

    /// A heat meter on M-Bus: link initialised (E5), then one telegram; 0.3 m³, 128.8 °C, 77.23 K.
    @Test(arguments: ["none", "byte", "noise:0068ff", "flip"])
    func `a heat meter is read over M-Bus`(fault: String) throws {
        let telegram =
            "683D3D6808017200512002824D0204008800000407000000000C15030000000B2E0000000B3B0000000A5A88120A5E16050B6123770002"
            + "6C8C110227370D0F60006716"
        let found = try read(
            "allmess/cf50", "pty", fault, ["1040014116=E5", "105B015C16=\(telegram)", "107B017C16=\(telegram)"],
            "&unit=1",
            "volume", "flow-temperature", "temperature-difference")
        #expect(found.status == 0, "\(found.errors)")
        // One conversation for all three: the link initialised once, one telegram.
        #expect(found.output.components(separatedBy: "> 10 40 01 41 16").count == 2, "\(found.output)")
        for words in [
            "volume                  0.3", "flow-temperature        128.8 °C", "temperature-difference  77.23 K",
            "> 10 40 01 41 16",
        ] {
            #expect(found.output.contains(words), "\(found.output)")
        }
    }
}
