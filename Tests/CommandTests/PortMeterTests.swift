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

    /// The frames of 1997 stand in published captures: 9580.15 kWh and 100 V, of two meters.
    @Test(arguments: ["none", "byte", "echo", "flip"])
    func `an electricity meter of 1997 is read by its address`(fault: String) throws {
        let energy = "68140400000000680102" + "43C3F116=6814040000000068810643C348B3C8336B16"
        let found = try read(
            "dlt645-1997-electricity", "pty", fault, [energy], "&address=414", "active-energy-import")
        #expect(found.status == 0 && found.output.contains("active-energy-import  9580.15 kWh"), "\(found)")
        let voltage = "68030000000000680102" + "44E90316=6803000000000068810444E93334EC16"
        let other = try read("dlt645-1997-electricity", "tcp", fault, [voltage], "&address=3", "voltage-l1")
        #expect(other.status == 0 && other.output.contains("voltage-l1  100 V"), "\(other)")
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
        for profile in ["sdm630", "mettler-toledo/mt-sics"] {
            let unused = try folder.steelyard(
                "device", "read", "--profile", profile, "--connect", "serial:///dev/x?address=12")
            #expect(unused.status == 2 && unused.errors.contains("address= means nothing here"), "\(unused)")
        }
        for (profile, address) in [
            ("dlt645-2007-electricity", "1234567890123"), ("dlt645-2007-electricity", "12345678901x"),
            ("dlt645-2007-electricity", ""), ("generic/cjt188-water", "123456789012345"), ("allmess/cf50", "123456789"),
            ("allmess/cf50", "12&unit=1"), ("generic/cjt188-water", "12&unit=1"),
        ] {
            let found = try folder.steelyard(
                "device", "read", "--profile", profile, "--connect", "serial:///dev/x?address=\(address)")
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

    /// A frame of DL/T 645 with its check, from the meter 000000000161.
    private func frame(_ control: UInt8, _ data: [UInt8]) -> String {
        let head: [UInt8] = [0x68, 0x61, 0x01, 0, 0, 0, 0, 0x68, control, UInt8(data.count)]
        let bytes = head + data.map { $0 &+ 0x33 }
        let check = bytes.reduce(UInt8(0), &+)
        return (bytes + [check, 0x16]).map { String(format: "%02X", $0) }.joined()
    }

    /// The four bytes of an energy in two parts: 000123.45 kWh.
    @Test func `an answer in parts is joined`() throws {
        let identifier: [UInt8] = [0, 0, 1, 0]
        let parts = [
            frame(0x11, identifier) + "=" + frame(0xB1, identifier + [0x45, 0x23]),
            frame(0x12, identifier + [1]) + "=" + frame(0x92, identifier + [0x01, 0x00, 1]),
        ]
        let found = try read(
            "dlt645-2007-electricity", "tcp", "none", parts, "&address=000000000161", "active-energy-import")
        #expect(found.output.contains("active-energy-import  123.45 kWh"), "\(found)")
        let wrong = [parts[0], frame(0x12, identifier + [1]) + "=" + frame(0x92, identifier + [0x01, 0x00, 2])]
        let refused = try read(
            "dlt645-2007-electricity", "tcp", "none", wrong, "&address=000000000161", "active-energy-import")
        #expect(refused.status == 2 && refused.errors.contains("part 2 was answered when part 1 was due"), "\(refused)")
    }

    /// A published answer of a water meter: 123 m³. It understands one order of the identifier only.
    @Test(arguments: ["none", "byte", "noise:fefe68", "echo", "flip"], ["1F90", "901F"])
    func `a water meter is read over CJ/T 188`(fault: String, order: String) throws {
        let question = order == "1F90" ? "1F90003916" : "901F003916"
        let answer = "6810010000050800008116901F0000230100" + "2C000000002C0000000000000000004816"
        let found = try read(
            "generic/cjt188-water", "pty", fault, ["68100100000508000001" + "03\(question)=\(answer)"],
            "&address=00000805000001", "volume")
        #expect(found.status == 0 && found.output.contains("volume  123"), "\(found)")
    }

    /// The same heat meter, known by the number printed on it.
    @Test func `a heat meter is selected by its identification`() throws {
        let telegram =
            "683D3D6808017200512002824D0204008800000407000000000C15030000000B2E0000000B3B0000000A5A88120A5E16050B6123770002"
            + "6C8C110227370D0F60006716"
        let answers = ["680B0B6853FD5200512002FFFFFFFF1116=E5", "107BFD7816=\(telegram)"]
        let found = try read("allmess/cf50", "pty", "none", answers, "&address=02205100", "flow-temperature")
        #expect(found.status == 0 && found.output.contains("flow-temperature  128.8 °C"), "\(found)")
        let absent = try read("allmess/cf50", "pty", "none", answers, "&address=02205101", "flow-temperature")
        #expect(absent.status == 3 && absent.errors.contains("has not answered"), "\(absent)")
    }
}
