import Devices
import Metrology
import Testing

/// M-Bus frames in streams: cut, noisy, lying, mutated; and records built here and read back.
@Suite struct MBusStreamTests {
    private typealias Scanner = FrameScanner<MBusFormat>

    private static func frames() throws -> [[UInt8]] {
        let frames = try MBusCodecTests.cases().map(\.bytes)
        try #require(frames.count >= 24)
        return frames
    }

    private func scan(_ pieces: [[UInt8]], acknowledgement: Bool = false) -> ([ScannedFrame<MBusFrame>], Scanner) {
        var scanner = Scanner(MBusFormat(takesAcknowledgement: acknowledgement))
        var found = pieces.flatMap { scanner.feed($0) }
        found += scanner.finish()
        return (found, scanner)
    }

    @Test func oneByteAtATimeGivesTheSame() throws {
        var stream: [UInt8] = []
        for frame in try Self.frames() { stream += [0x00, 0x68, 0x05] + frame + [0xFF, 0x10] }
        let (whole, scanner) = scan([stream])
        let (single, other) = scan(stream.map { [$0] })
        #expect(whole == single)
        #expect(scanner.skipped == other.skipped)
        #expect(whole.map(\.bytes) == (try Self.frames()))
        #expect(scanner.skipped + whole.reduce(0) { $0 + $1.bytes.count } == stream.count)
    }

    @Test func aLyingLengthHidesNoFrameBehindIt() throws {
        let frame = try Self.frames()[0]
        // Says 255 bytes and holds none.
        let (found, scanner) = scan([[0x68, 0xFF, 0xFF, 0x68] + frame])
        #expect(found.map(\.bytes) == [frame])
        #expect(scanner.skipped == 4)
        for length in frame.indices {
            #expect(scan([Array(frame.prefix(length))]).0.isEmpty, "cut to \(length) bytes")
        }
    }

    @Test func acknowledgementCountsOnlyWhereItIsAwaited() {
        #expect(scan([[0xE5]]).0.isEmpty)
        #expect(scan([[0x00, 0xE5]], acknowledgement: true).0.map(\.frame) == [.acknowledgement])
        #expect(MBusFrame.acknowledgement.bytes == [0xE5])
        #expect(
            MBusFrame.long(control: 8, address: 1, information: 0x72, data: Array(repeating: 0, count: 253)).bytes
                == nil)
    }

    /// Reckons the check by itself, so that a wrong one in the code cannot agree with itself.
    private func isWhole(_ bytes: [UInt8]) -> Bool {
        let check = { (body: ArraySlice<UInt8>) in UInt8(body.reduce(0) { $0 + Int($1) } % 256) }
        switch bytes.first {
        case 0x10: return bytes.count == 5 && bytes[3] == check(bytes[1..<3]) && bytes[4] == 0x16
        case 0x68:
            let count = bytes.count
            return count >= 9 && bytes[1] == bytes[2] && Int(bytes[1]) == count - 6 && bytes[3] == 0x68
                && bytes[count - 2] == check(bytes[4..<(count - 2)]) && bytes[count - 1] == 0x16
        default: return false
        }
    }

    @Test func mutationsNeitherCrashNorPass() throws {
        let frames = try Self.frames()
        var random = SeededGenerator(seed: 20)
        var (accepted, decoded, refused) = (0, 0, 0)
        for round in 0..<100_000 {
            var bytes = frames[round % frames.count]
            for _ in 0...Int.random(in: 0...3, using: &random) {
                let at = Int.random(in: 0..<bytes.count, using: &random)
                switch Int.random(in: 0...3, using: &random) {
                case 0: bytes[at] = UInt8.random(in: 0...255, using: &random)
                case 1: bytes.insert(UInt8.random(in: 0...255, using: &random), at: at)
                case 2 where bytes.count > 1: bytes.remove(at: at)
                default: bytes[at] ^= 1 << UInt8.random(in: 0...7, using: &random)
                }
            }
            // Every other one with its check put right, so that the records are reached.
            if round % 2 == 1, bytes.count >= 9 {
                bytes[0] = 0x68
                bytes[1] = UInt8(truncatingIfNeeded: bytes.count - 6)
                bytes[2] = bytes[1]
                bytes[3] = 0x68
                bytes[bytes.count - 2] = UInt8(bytes[4..<(bytes.count - 2)].reduce(0) { $0 + Int($1) } % 256)
                bytes[bytes.count - 1] = 0x16
            }
            for found in scan([bytes]).0 {
                #expect(isWhole(found.bytes))
                accepted += 1
                do {
                    let telegram = try MBusTelegram(found.frame)
                    for record in telegram.records { _ = try? record.quantity() }
                    decoded += 1
                } catch {
                    refused += 1
                }
                _ = try? MBusFixedTelegram(found.frame)
            }
        }
        #expect(accepted > 40_000)
        #expect(decoded > 10_000)
        #expect(refused > 1000)
    }

    // MARK: records

    private func telegram(_ records: [UInt8]) throws -> MBusTelegram {
        let header = bytes("78 56 34 12 24 40 01 07 55 00 00 00")
        return try MBusTelegram(.long(control: 8, address: 2, information: 0x72, data: header + records))
    }

    private func content(_ record: [UInt8]) throws -> Result<MBusValue, FrameFault> {
        try #require(try telegram(record).records.first).content
    }

    @Test func randomNumbersComeBack() throws {
        var random = SeededGenerator(seed: 7)
        for _ in 0..<2000 {
            for (dif, width) in [(1, 1), (2, 2), (3, 3), (4, 4), (6, 6), (7, 8)] as [(UInt8, Int)] {
                let value = Int64.random(in: .min ... .max, using: &random) >> (64 - 8 * width)
                let data = (0..<width).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
                let due = ExactDecimal(coefficient: Int128(value), places: 0)
                #expect(try content([dif, 0x13] + data) == .success(.number(due)))
            }
            for (dif, width) in [(9, 1), (10, 2), (11, 3), (12, 4), (14, 6)] as [(UInt8, Int)] {
                let digits = (0..<(2 * width)).map { _ in Int.random(in: 0...9, using: &random) }
                var halves = digits.map { UInt8($0) }
                let isNegative = Bool.random(using: &random)
                if isNegative { halves[0] = 0xF }
                let text = (isNegative ? digits.dropFirst() : digits[...]).map(String.init).joined()
                let data = stride(from: 2 * width - 2, through: 0, by: -2).map { halves[$0] << 4 | halves[$0 + 1] }
                let due = decimal((isNegative ? "-" : "") + text)
                #expect(try content([dif, 0x13] + data) == .success(.number(due)))
            }
            let real = Float(Int32.random(in: -9_999_999...9_999_999, using: &random)) / 1000
            let data = (0..<4).map { UInt8(truncatingIfNeeded: real.bitPattern >> (8 * UInt32($0))) }
            #expect(try content([5, 0x2B] + data) == .success(.number(decimal("\(real)"))))
        }
    }

    @Test func recordFaultsLeaveTheOthers() throws {
        // Letters for digits, as one heat meter shows them; the same as a value during an error.
        let records = try telegram(
            bytes("0C 2B BD EB DD DD 3C 2B BD EB DD DD 0C 06 78 56 34 12 04 86 15 01 00 00 00 04 86 16 01 00 00 00")
        ).records
        #expect(
            records.map(\.content) == [
                .failure(.notDecimal(bytes("BD EB DD DD"))), .failure(.notAvailable),
                .success(.number(decimal("12345678"))), .failure(.notAvailable),
                .failure(.refused(code: 0x16, names: ["data overflow"])),
            ])
        #expect(try records[2].quantity() == Quantity("12345678000 Wh"))
    }

    @Test func storageTariffAndSubunitGrowWithTheirExtensions() throws {
        let record = try #require(try telegram(bytes("C4 D1 61 06 01 00 00 00")).records.first)
        #expect(record.storage == 0b10_0011 && record.tariff == 0b1001 && record.subunit == 0b11)
        #expect(record.dif == "C4D161" && record.function == .instantaneous)
    }

    @Test(arguments: [
        ("42 6C 5F 1C", "2010-12-31"), ("04 6D 2B 0F 79 1A", "2011-10-25 15:43"),
        ("06 6D 1E 2B 0F 79 1A 00", "2011-10-25 15:43:30"), ("03 6D 1E 2B 0F", "15:43:30"),
    ])
    func timesAreReadByTheirLength(record: String, due: String) throws {
        guard case .success(.time(let time)) = try content(bytes(record)) else {
            Issue.record("\(record) is no time")
            return
        }
        #expect("\(time)" == due)
    }

    @Test func timesThatAreNoneAreNamed() throws {
        #expect(try content(bytes("02 6C FF FF")) == .failure(.notAvailable))
        #expect(try content(bytes("04 6D AB 0F 79 1A")) == .failure(.notAvailable))
        #expect(try content(bytes("02 6C 5F 1D")) == .failure(.notATime([0x5F, 0x1D])))
    }

    @Test func variableDataTextFillersAndMoreTelegrams() throws {
        let whole = try telegram(bytes("2F 0D FD 11 03 43 42 41 2F 0D 13 E2 FE FF 0D 13 D1 12 1F 01 02"))
        #expect(
            whole.records.map(\.content) == [
                .success(.text("ABC")), .success(.number(decimal("-2"))), .success(.number(decimal("-12"))),
            ])
        #expect(whole.manufacturerData == [1, 2] && whole.moreFollows)
        #expect(throws: FrameFault.malformed("the length FF of a variable record is reserved")) {
            try telegram(bytes("0D 13 FF 00"))
        }
    }

    @Test func selectionAndStatus() throws {
        let selection = try #require(MBusSelection(identification: "1234FFFF", manufacturer: "ELV", medium: 4))
        let frame = MBusRequest.select(selection)
        let due = bytes("68 0B 0B 68 53 FD 52 FF FF 34 12 96 15 FF 04 00 16")
        let sum = due[4..<15].reduce(0) { $0 + Int($1) }
        #expect(frame.bytes == due.prefix(15) + [UInt8(sum % 256), 0x16])
        #expect(MBusSelection(identification: "1234567") == nil)
        #expect(MBusSelection(manufacturer: "elv") == nil)
        #expect(MBusStatus(0x0D).names == ["application busy", "power low", "permanent error"])
        #expect(MBusManufacturer.letters(0x1596) == "ELV" && MBusManufacturer.code("ELV") == 0x1596)
    }

    @Test func headersOfOtherForms() throws {
        let record = bytes("0C 13 27 04 85 02")
        let none = try MBusTelegram(.long(control: 8, address: 1, information: 0x78, data: record))
        let short = try MBusTelegram(
            .long(control: 8, address: 1, information: 0x7A, data: [0x2A, 0x04, 0, 0] + record))
        #expect(none.header == nil && none.records == short.records)
        #expect(short.accessNumber == 0x2A && short.status?.names == ["power low"])
        #expect(throws: FrameFault.unsupported("an encrypted telegram")) {
            try MBusTelegram(.long(control: 8, address: 1, information: 0x7A, data: [1, 0, 0, 5] + record))
        }
        #expect(throws: FrameFault.refused(code: 8, names: ["application busy"])) {
            try MBusTelegram(.long(control: 8, address: 1, information: 0x70, data: [8]))
        }
    }
}
