import DataFiles
import Devices
import Foundation
import Metrology
import Testing

/// Modbus on serial lines, both framings, and device identification.
@Suite struct ModbusFramingCodecTests {
    private struct Case {
        let ask, answer: [UInt8]?
        let refused: String?
        let place: String
    }

    private static func cases() throws -> [Case] {
        let cases = try DataNode.load(MBusCodecTests.root.path + "/Frames/modbus-rtu.yaml").mapping { file in
            try file.required("exchanges").list().map { node in
                try node.mapping { entry in
                    Case(
                        ask: try entry.optional("ask").map { bytes(try $0.text()) },
                        answer: try entry.optional("answer").map { bytes(try $0.text()) },
                        refused: try entry.optional("refused")?.text(), place: "modbus-rtu.yaml:\(node.line)")
                }
            }
        }
        try #require(cases.count >= 50)
        return cases
    }

    @Test func publishedFramesAreFoundOrRefused() throws {
        var (asked, answered, refused) = (0, 0, 0)
        for sample in try Self.cases() {
            if let ask = sample.ask {
                let found = try ModbusRTUFormat(.requests).first(in: ask)
                #expect(found.bytes == ask && found.frame.rtu == ask, "\(sample.place)")
                asked += 1
            }
            guard let answer = sample.answer else { continue }
            let format = ModbusRTUFormat(.answers, unit: sample.ask?[0])
            do {
                let found = try format.first(in: answer)
                #expect(found.bytes == answer && found.frame.rtu == answer, "\(sample.place)")
                answered += 1
                // Sound by itself: who asked something else must refuse it.
                let isOther = sample.ask.map { $0[1] != found.frame.pdu[0] & 0x7F } ?? false
                #expect(isOther == (sample.refused == "other function"), "\(sample.place)")
            } catch {
                #expect(error.name == sample.refused, "\(sample.place): \(error)")
                refused += 1
            }
        }
        #expect(asked >= 45 && answered >= 38 && refused >= 6)
    }

    /// In one document two bytes of noise follow an answer.
    @Test func noiseAfterAnAnswerIsLeftOut() throws {
        let found = try ModbusRTUFormat(.answers, unit: 1).first(in: bytes("00 B0 01 03 02 11 78 B4 36 B0 AA"))
        #expect(found.bytes == bytes("01 03 02 11 78 B4 36") && found.skipped == 2)
    }

    /// Reckoned by hand: 11 + 03 + 00 + 6B + 00 + 03 is 82H, and its two's complement 7EH.
    @Test func asciiFrames() throws {
        let line = Array(":1103006B00037E\r\n".utf8)
        let message = try #require(ModbusMessage(unit: 0x11, pdu: bytes("03 00 6B 00 03")))
        #expect(message.ascii == line)
        #expect(try ModbusASCIIFormat().first(in: [0x00] + line).frame == message)
        #expect(ModbusMessage.longitudinalCheck([]) == 0)
    }

    @Test(arguments: [
        (":1103006B00037F\r\n", "checksum"), (":1103006B0003\r7E", "malformed"), (":1103006b00037E\r\n", "malformed"),
        (":1103006B00037\r\n", "malformed"), (":11EF\r\n", "too short"), (":1103006B00037E\r", "too short"),
        ("1103006B00037E\r\n", "no frame"), (":\r\n", "too short"),
        (":" + String(repeating: "00", count: 300) + "\r\n", "line too long"),
    ])
    func asciiLinesThatAreNone(line: String, fault: String) {
        do {
            let found = try ModbusASCIIFormat().first(in: Array(line.utf8))
            Issue.record("\(line) gives \(found)")
        } catch {
            #expect(error.name == fault, "\(line): \(error)")
        }
    }

    @Test func aNewColonBeginsANewFrame() throws {
        var scanner = FrameScanner(ModbusASCIIFormat())
        let found = scanner.feed(Array(":1103:1103006B00037E\r\n".utf8))
        #expect(found.map(\.skipped) == [5] && scanner.faults == ["malformed": 1])
    }

    @Test func randomMessagesComeBack() throws {
        var random = SeededGenerator(seed: 43)
        for _ in 0..<5000 {
            let count = Int.random(in: 1...ModbusMessage.pduLimit, using: &random)
            let pdu = (0..<count).map { _ in UInt8.random(in: 0...255, using: &random) }
            let message = try #require(ModbusMessage(unit: UInt8.random(in: 0...255, using: &random), pdu: pdu))
            #expect(try ModbusASCIIFormat().first(in: message.ascii).frame == message)
        }
        #expect(ModbusMessage(unit: 1, pdu: []) == nil)
        #expect(ModbusMessage(unit: 1, pdu: Array(repeating: 0, count: 254)) == nil)
    }

    // MARK: device identification

    /// The example of the specification (6.21): vendor, product code and revision.
    private static let basic =
        bytes("2B 0E 01 01 00 00 03 00 16") + Array("Company identification".utf8) + bytes("01 0D")
        + Array("Product code ".utf8.prefix(13)) + bytes("02 05") + Array("V2.11".utf8)

    @Test func identificationOfTheSpecification() throws {
        #expect(ModbusIdentification.request(.basic) == bytes("2B 0E 01 00"))
        let device = try ModbusIdentification(pdu: Self.basic, category: .basic)
        #expect(device.objects == [0: "Company identification", 1: "Product code ", 2: "V2.11"])
        #expect(device.conformity == 1 && device.next == nil)
        #expect(ModbusIdentification.names[1] == "product code")
    }

    @Test func aFrameOfIdentificationEndsWithItsLastObject() throws {
        let message = try #require(ModbusMessage(unit: 1, pdu: Self.basic))
        var scanner = FrameScanner(ModbusRTUFormat(.answers))
        let found = (message.rtu + [0xB0]).flatMap { scanner.feed([$0]) }
        #expect(found.map(\.frame) == [message] && scanner.waiting == 1)
    }

    @Test func moreObjectsAreAskedForFromWhereTheyGoOn() throws {
        var pdu = Self.basic
        (pdu[4], pdu[5]) = (0xFF, 3)
        #expect(try ModbusIdentification(pdu: pdu, category: .basic).next == 3)
        pdu[5] = 0
        #expect(throws: FrameFault.self, "would be asked for ever") {
            try ModbusIdentification(pdu: pdu, category: .basic)
        }
    }

    @Test func identificationsThatAreNone() throws {
        func fault(_ pdu: [UInt8]) -> String? {
            do {
                _ = try ModbusIdentification(pdu: pdu, category: .basic)
                return nil
            } catch { return error.name }
        }
        #expect(fault(bytes("AB 01")) == "refused")
        #expect(
            throws: FrameFault.refused(code: 1, names: ["illegal function"])
        ) { try ModbusIdentification(pdu: bytes("AB 01"), category: .basic) }
        #expect(fault([]) == "too short")
        #expect(fault(bytes("03 02 00 00")) == "other function")
        for length in 1..<Self.basic.count { #expect(fault(Array(Self.basic.prefix(length))) == "too short") }
        #expect(fault(Self.basic + [0]) == "wrong length")
        var pdu = Self.basic
        pdu[2] = 2
        #expect(fault(pdu) == "malformed")
        pdu = Self.basic
        pdu[4] = 0x7F
        #expect(fault(pdu) == "malformed")
        pdu = bytes("2B 0E 01 01 00 00 02 00 01 41 00 01 42")
        #expect(fault(pdu) == "malformed")
    }
}
