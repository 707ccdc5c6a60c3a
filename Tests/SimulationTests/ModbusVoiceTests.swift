import Simulation
import Testing

/// A Modbus instrument in its three framings, byte by byte as the specifications print them.
struct ModbusVoiceTests {
    private let image = RegisterImage([
        SimulatedChannel("power", at: RegisterLayout(.input, 0, .float32, count: 2), .number(constant(50))),
        SimulatedChannel(
            "level", at: RegisterLayout(.holding, 10, .int16, count: 1, scale: 0.1), .number(constant(-12.3)),
            isWritable: true),
        SimulatedChannel("alarm", at: RegisterLayout(.discrete, 3, .bool, count: 1), .number(constant(1))),
        SimulatedChannel(
            "valve", at: RegisterLayout(.coil, 4, .bool, count: 1), .number(constant(0)), isWritable: true),
        SimulatedChannel("name", at: RegisterLayout(.holding, 20, .ascii, count: 3), .text("Meter")),
    ])

    private static func constant(_ value: Double) -> SimulatedValue { SimulatedValue(.constant(value)) }

    private func voice(_ frames: SlaveFrames) -> ModbusVoice {
        ModbusVoice(
            ModbusSlave(unit: 1, bank: image, identification: [0: "Maker", 1: "M1", 2: "1.0"]), frames)
    }

    /// What a protocol data unit is answered with over Modbus TCP.
    private func answer(_ pdu: [UInt8]) -> [UInt8] {
        var voice = voice(.tcp)
        let spoken = voice.hear([0x12, 0x34, 0, 0, 0, UInt8(pdu.count + 1), 1] + pdu, at: 0)
        #expect(spoken.first.map { Array($0.bytes.prefix(4)) } == [0x12, 0x34, 0, 0])
        return spoken.first.map { Array($0.bytes.dropFirst(7)) } ?? []
    }

    @Test func theEightFunctionsAndTheirRefusals() {
        #expect(answer([4, 0, 0, 0, 2]) == [4, 4, 0x42, 0x48, 0, 0])
        #expect(answer([3, 0, 10, 0, 1]) == [3, 2, 0xFF, 0x85])
        #expect(answer([3, 0, 20, 0, 3]) == [3, 6] + Array("Meter ".utf8))
        #expect(answer([2, 0, 3, 0, 1]) == [2, 1, 1])
        #expect(answer([5, 0, 4, 0xFF, 0]) == [5, 0, 4, 0xFF, 0])
        #expect(answer([1, 0, 4, 0, 1]) == [1, 1, 1])
        #expect(answer([15, 0, 4, 0, 1, 1, 0]) == [15, 0, 4, 0, 1])
        #expect(answer([1, 0, 4, 0, 1]) == [1, 1, 0])
        #expect(answer([6, 0, 10, 0, 7]) == [6, 0, 10, 0, 7])
        #expect(answer([3, 0, 10, 0, 1]) == [3, 2, 0, 7])
        #expect(answer([16, 0, 10, 0, 1, 2, 0, 9]) == [16, 0, 10, 0, 1])
        #expect(answer([3, 0, 10, 0, 1]) == [3, 2, 0, 9])
        // Where no channel stands, past one, and where nothing may be written.
        #expect(answer([4, 0, 5, 0, 1]) == [0x84, 2])
        #expect(answer([4, 0, 0, 0, 3]) == [0x84, 2])
        #expect(answer([6, 0, 20, 0, 7]) == [0x86, 2])
        #expect(answer([4, 0, 0, 0, 0]) == [0x84, 3])
        #expect(answer([5, 0, 4, 0x12, 0]) == [0x85, 3])
        #expect(answer([7]) == [0x87, 1])
    }

    @Test func itSaysWhatItIs() {
        let objects: [UInt8] = [0, 5] + Array("Maker".utf8) + [1, 2] + Array("M1".utf8) + [2, 3] + Array("1.0".utf8)
        #expect(answer([43, 14, 1, 0]) == [43, 14, 1, 0x81, 0, 0, 3] + objects)
        #expect(answer([43, 14, 4, 1]) == [43, 14, 4, 0x81, 0, 0, 1, 1, 2] + Array("M1".utf8))
        #expect(answer([43, 14, 4, 9]) == [0xAB, 2])
    }

    @Test func questionsMayComeInPiecesAndTogether() {
        let rtu: [UInt8] = [1, 4, 0, 0, 0, 2, 0x71, 0xCB]
        let expected: [UInt8] = [1, 4, 4, 0x42, 0x48, 0, 0, 0x6E, 0x7A]
        var voice = voice(.rtu)
        #expect(rtu.dropLast().flatMap { voice.hear([$0], at: 0) }.isEmpty)
        #expect(voice.hear([0xCB], at: 0).map { Array($0.bytes.dropLast(2)) } == [Array(expected.dropLast(2))])
        // Half a question and a pause: the next one is whole.
        #expect(voice.hear(Array(rtu.prefix(5)), at: 0).isEmpty)
        voice.hearSilence(at: 0)
        #expect(voice.hear(rtu, at: 0).count == 1)
        var network = self.voice(.tcp)
        let one: [UInt8] = [0, 1, 0, 0, 0, 6, 1, 4, 0, 0, 0, 2]
        let two: [UInt8] = [0, 2, 0, 0, 0, 6, 1, 3, 0, 10, 0, 1]
        #expect(network.hear(one + two, at: 0).map { $0.bytes[1] } == [1, 2])
        var characters = self.voice(.ascii)
        #expect(characters.hear(Array(":010400000002F9\r\n".utf8), at: 0).count == 1)
        #expect(characters.hear(Array(":010400000002F8\r\n".utf8), at: 0).isEmpty)
    }
}
