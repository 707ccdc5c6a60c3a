import Devices
import Metrology
import Testing

/// The table of identifiers: forms, blocks, and agreement with the profile.
@Suite struct DLT645ItemTests {
    private func value(_ code: UInt32, _ data: String) throws -> DLT645Value {
        try #require(DLT645Item(code)).value(bytes(data))
    }

    private func quantity(_ text: String) throws -> DLT645Value { .quantity(try #require(Quantity(text))) }

    @Test func signsAreInTheTopBitWhereTheStandardHasThem() throws {
        #expect(try value(0x0203_0100, "56 34 92") == quantity("-12.3456 kW"))
        #expect(try value(0x0202_0100, "23 01 80") == quantity("-0.123 A"))
        #expect(try value(0x0206_0000, "87 89") == quantity("-0.987 1"))
        #expect(try value(0x0280_0007, "05 81") == quantity("-10.5 °C"))
        #expect(try value(0x0000_0000, "67 45 23 81") == quantity("-12345.67 kWh"))
        #expect(try value(0x0001_0000, "67 45 23 81") == quantity("812345.67 kWh"))
        #expect(try value(0x0001_3F0C, "26 00 00 00") == quantity("0.26 kWh"))
    }

    @Test func demandsDatesNamesAndWords() throws {
        let time = try #require(MeterTime(year: 2024, month: 5, day: 31, hour: 23, minute: 45))
        let demand = try #require(Quantity("12.3456 kW"))
        #expect(try value(0x0101_0000, "56 34 12 45 23 31 05 24") == .demand(demand, at: time))
        #expect(try value(0x0101_0000, "56 34 12 00 00 00 00 00") == .demand(demand, at: nil))
        let date = try #require(MeterTime(year: 2024, month: 5, day: 31))
        #expect(try value(0x0400_0101, "05 31 05 24") == .time(date))
        #expect(try value(0x0400_0102, "59 58 23") == .time(try #require(MeterTime(hour: 23, minute: 58, second: 59))))
        #expect(try value(0x0400_0401, "78 56 34 12 24 00") == .text("002412345678"))
        #expect(try value(0x0400_0407, "20 30 2E 31") == .text("1.0"))
        #expect(try value(0x0400_0409, "00 16 00") == quantity("1600 1/kWh"))
        #expect(try value(0x0400_0503, "02 80") == .bits(0x8002))
    }

    @Test func faultsAreNamed() throws {
        #expect(throws: FrameFault.notAvailable) { try value(0x0201_0100, "FF FF") }
        #expect(throws: FrameFault.notDecimal(bytes("00 0A"))) { try value(0x0201_0100, "00 0A") }
        #expect(throws: FrameFault.wrongLength(said: 2, found: 3)) { try value(0x0201_0100, "00 00 00") }
        #expect(throws: FrameFault.notATime(bytes("45 24 31 05 24"))) {
            try value(0x0101_0000, "56 34 12 45 24 31 05 24")
        }
        #expect(throws: FrameFault.notATime(bytes("00 30 02 23"))) { try value(0x0400_0101, "00 30 02 23") }
        #expect(throws: FrameFault.notDecimal(bytes("78 56 34 1A 24 20"))) {
            try value(0x0400_0401, "78 56 34 1A 24 20")
        }
        #expect(throws: FrameFault.unsupported("the identifier 0A0B0C0D")) {
            try DLT645Item.entries(of: 0x0A0B_0C0D, in: [])
        }
    }

    @Test func blocksGiveTheirItemsAndOneWithoutValueHidesNoOther() throws {
        let voltages = try DLT645Item.entries(of: 0x0201_FF00, in: bytes("05 22 FF FF 05 2A"))
        #expect(voltages.map(\.item.identifier) == [0x0201_0100, 0x0201_0200, 0x0201_0300])
        #expect(
            voltages.map(\.value) == [
                .success(try quantity("220.5 V")), .failure(.notAvailable), .failure(.notDecimal([0x05, 0x2A])),
            ])
        let energies = try DLT645Item.entries(of: 0x0001_FF00, in: bytes("30 00 00 00 10 00 00 00 20 00 00 00"))
        #expect(energies.map(\.item.identifier) == [0x0001_0000, 0x0001_0100, 0x0001_0200])
        #expect(try energies[2].value.get() == quantity("0.20 kWh"))
        let powers = try DLT645Item.entries(of: 0x0203_FF00, in: [UInt8](repeating: 0x01, count: 12))
        #expect(powers.map(\.item.identifier) == [0x0203_0000, 0x0203_0100, 0x0203_0200, 0x0203_0300])
        let words = try DLT645Item.entries(of: 0x0400_05FF, in: [UInt8](repeating: 0, count: 14))
        #expect(words.map(\.item.identifier) == (1...7).map { 0x0400_0500 + $0 })
        #expect(DLT645Item(0x0201_FF00) == nil)
    }

    @Test(
        arguments: [
            (0x0201_FF00, 4), (0x0201_FF00, 7), (0x0001_FF00, 0), (0x0001_FF00, 10), (0x0001_FF00, 4 * 65),
            (0x0400_05FF, 12),
        ] as [(UInt32, Int)])
    func blocksOfOtherLengthsAreRefused(code: UInt32, count: Int) throws {
        let fault = try #require(throws: FrameFault.self) {
            try DLT645Item.entries(of: code, in: [UInt8](repeating: 0, count: count))
        }
        #expect(fault.name == "wrong length")
    }

    /// Two independent statements of the same facts.
    @Test func theProfileAgreesWithTheTable() throws {
        let profile = try DeviceProfile.named("generic/dlt645-2007-electricity", in: MBusCodecTests.devices)
        var compared = 0
        for channel in profile.channels {
            for case .identifier(let identifier) in channel.ways {
                guard let item = DLT645Item(try #require(identifier.number)) else { continue }
                #expect(item.form.bytes == identifier.bytes, "\(channel.name)")
                if case .number(_, let places, let sign) = item.form {
                    #expect(identifier.decimals == places, "\(channel.name)")
                    #expect(identifier.isSigned == (sign == .topBit), "\(channel.name)")
                    #expect(channel.unit == item.unit || channel.unit == .one, "\(channel.name)")
                }
                if case .text = item.form { #expect(identifier.isText, "\(channel.name)") }
                compared += 1
            }
        }
        #expect(compared >= 55)
    }

    @Test func randomNumbersComeBack() throws {
        var random = SeededGenerator(seed: 2007)
        for _ in 0..<5000 {
            let count = Int.random(in: 1...6, using: &random)
            let places = Int.random(in: 0...4, using: &random)
            let isSigned = Bool.random(using: &random)
            let sign: DLT645Data.Sign = isSigned ? .topBit : .none
            let bound = (0..<(2 * count - 1)).reduce(isSigned ? 8 : 10) { bound, _ in bound * 10 }
            let coefficient = Int.random(in: (isSigned ? 1 - bound : 0)..<bound, using: &random)
            let number = ExactDecimal(coefficient: Int128(coefficient), places: places)
            let data = try #require(DLT645Data.bytes(of: number, count: count, places: places, sign: sign))
            #expect(try DLT645Data.number(data, places: places, sign: sign) == number)
            let beyond = ExactDecimal(coefficient: Int128(bound), places: places)
            #expect(DLT645Data.bytes(of: beyond, count: count, places: places, sign: sign) == nil)
            #expect(DLT645Data.bytes(of: -number, count: count, places: places) == nil || coefficient <= 0)
        }
    }

    /// Bytes of any kind: what is accepted as a number is written back as the same bytes.
    @Test func randomDataGiveTheirOwnNumbersOrAFault() throws {
        let codes: [UInt32] = [
            0x0000_0000, 0x0001_0102, 0x0015_0000, 0x0101_0000, 0x0201_0100, 0x0202_0200, 0x0203_0300, 0x0206_0000,
            0x0280_0007, 0x0280_000A, 0x0400_0101, 0x0400_0102, 0x0400_0401, 0x0400_0403, 0x0400_0505, 0x0001_FF00,
            0x0201_FF00, 0x0203_FF0C, 0x0400_05FF, 0xFFFF_FFFF,
        ]
        var random = SeededGenerator(seed: 33)
        var (numbers, faults) = (0, 0)
        for round in 0..<100_000 {
            let code = codes[round % codes.count]
            let usual = DLT645Item(code)?.form.bytes ?? 12
            let count = round % 7 == 0 ? Int.random(in: 0...200, using: &random) : usual
            let data = (0..<count).map { _ in
                UInt8.random(in: 0...9, using: &random) << 4
                    | UInt8.random(in: 0...(round % 3 == 0 ? 15 : 9), using: &random)
            }
            guard let entries = try? DLT645Item.entries(of: code, in: data) else {
                faults += 1
                continue
            }
            for (index, entry) in entries.enumerated() {
                guard case .success(.quantity(let quantity)) = entry.value,
                    case .number(let bytes, let places, let sign) = entry.item.form
                else { continue }
                numbers += 1
                let again = DLT645Data.bytes(of: quantity.number, count: bytes, places: places, sign: sign)
                var part = Array(data[(index * bytes)..<((index + 1) * bytes)])
                if quantity.number == ExactDecimal(0) { part[bytes - 1] &= 0x7F }
                if again != part { Issue.record("\(entry.item.name): \(part) as \(quantity)") }
            }
        }
        #expect(numbers > 30_000)
        #expect(faults > 10_000)
    }
}
