import DataFiles
import Devices
import Foundation
import Metrology
import Testing

/// The same demands on every codec that finds frames in streams: cut, noisy, lying, mutated.
@Suite struct StreamCodecTests {
    /// A protocol with sound frames of others, and a check reckoned here, so that a wrong one in the code cannot
    /// agree with itself.
    private struct Subject<Format: FrameFormat> {
        let format: Format
        let frames: [[UInt8]]
        let isWhole: @Sendable ([UInt8]) -> Bool
        /// The frame of other bytes with its length and check put right.
        let mended: @Sendable ([UInt8]) -> [UInt8]
        /// Begins like a frame, says more than comes.
        let lie: [UInt8]
        /// What a caller does with a frame: it may refuse, it may not stop.
        let use: @Sendable (Format.Frame) -> Void

        func scan(_ pieces: [[UInt8]]) -> ([ScannedFrame<Format.Frame>], FrameScanner<Format>) {
            var scanner = FrameScanner(format)
            var found = pieces.flatMap { scanner.feed($0) }
            found += scanner.finish()
            return (found, scanner)
        }
    }

    /// The sound frames of a file, without the bytes that wake a meter.
    static func published(_ name: String, _ keys: [String] = ["ask", "answer"]) throws -> [[UInt8]] {
        let others = ["value", "identifier", "signed", "address", "names", "origin", "gives", "time"]
        let path = MBusCodecTests.root.path + "/Frames/\(name).yaml"
        let frames: [[UInt8]] = try DataNode.load(path).mapping { file in
            var frames: [[UInt8]] = []
            for node in try file.required("exchanges").list() {
                frames += try node.mapping { entry -> [[UInt8]] in
                    for key in others { _ = entry.optional(key) }
                    let isRefused = entry.optional("refused") != nil
                    var texts: [String] = []
                    for key in ["ask", "answer"] {
                        guard let text = try entry.optional(key)?.text(), keys.contains(key) else { continue }
                        texts.append(text)
                    }
                    return isRefused ? [] : texts.map { bytes($0) }
                }
            }
            return frames
        }
        try #require(frames.count >= 20)
        return frames.map { Array($0.drop { $0 == 0xFE }) }
    }

    private static func sum(_ body: some Sequence<UInt8>) -> UInt8 { UInt8(body.reduce(0) { $0 + Int($1) } % 256) }

    private static func dlt645() throws -> Subject<DLT645Format> {
        Subject(
            format: DLT645Format(), frames: try published("dlt645"),
            isWhole: { frame in
                frame.count >= 12 && frame[0] == 0x68 && frame[7] == 0x68 && Int(frame[9]) + 12 == frame.count
                    && frame[frame.count - 2] == sum(frame.dropLast(2)) && frame.last == 0x16
            },
            mended: { bytes in
                guard bytes.count >= 12, bytes.count <= 212 else { return bytes }
                var frame = bytes
                (frame[0], frame[7], frame[9]) = (0x68, 0x68, UInt8(frame.count - 12))
                frame[frame.count - 2] = sum(frame.dropLast(2))
                frame[frame.count - 1] = 0x16
                return frame
            },
            lie: bytes("68 12 34 56 78 90 12 68 91 C8"),
            use: { frame in
                for edition in DLT645Edition.allCases {
                    _ = try? DLT645Request(.read(0x9010), of: .any, edition: edition)?.answer(in: frame)
                }
                guard frame.data.count > 4 else { return }
                let data = Array(frame.data.dropFirst(4))
                _ = try? DLT645Data.number(data, places: 2, sign: .topBit)
                _ = try? DLT645Data.block(data, width: 4, places: 2)
                _ = try? DLT645Data.demand(data)
                _ = try? DLT645Data.date(data)
                _ = try? DLT645Data.time(data)
                _ = try? DLT645Data.text(data)
            })
    }

    private static func cjt188() throws -> Subject<CJT188Format> {
        Subject(
            format: CJT188Format(), frames: try published("cjt188"),
            isWhole: { frame in
                frame.count >= 13 && frame[0] == 0x68 && Int(frame[10]) + 13 == frame.count
                    && frame[frame.count - 2] == sum(frame.dropLast(2)) && frame.last == 0x16
            },
            mended: { bytes in
                guard bytes.count >= 13, bytes.count <= 141 else { return bytes }
                var frame = bytes
                (frame[0], frame[10]) = (0x68, UInt8(frame.count - 13))
                frame[frame.count - 2] = sum(frame.dropLast(2))
                frame[frame.count - 1] = 0x16
                return frame
            },
            lie: bytes("68 10 01 02 03 04 05 06 07 81 7F"),
            use: { frame in
                let request = CJT188Request(.read(0x901F), type: frame.type, of: .any)
                guard let answer = try? request.answer(in: frame) else { return }
                for offset in 0..<50 {
                    _ = try? answer.number(at: offset, count: 4, places: 2)
                    _ = try? answer.unit(at: offset)
                    _ = try? answer.time(at: offset)
                }
            })
    }

    private static func modbusASCII() throws -> Subject<ModbusASCIIFormat> {
        Subject(
            format: ModbusASCIIFormat(),
            frames: try published("modbus-rtu").compactMap {
                ModbusMessage(unit: $0[0], pdu: Array($0[1..<($0.count - 2)]))?.ascii
            },
            isWhole: { line in
                guard line.first == 0x3A, line.suffix(2) == [0x0D, 0x0A] else { return false }
                let digits = String(decoding: line.dropFirst().dropLast(2), as: UTF8.self)
                let values = digits.compactMap { $0.isLowercase ? nil : $0.hexDigitValue }
                guard values.count == digits.utf8.count, values.count % 2 == 0 else { return false }
                var total = 0
                for (index, value) in values.enumerated() { total += index % 2 == 0 ? 16 * value : value }
                return total % 256 == 0
            },
            mended: { bytes in
                ModbusMessage(unit: bytes[0], pdu: Array(bytes.dropFirst().prefix(20)))?.ascii ?? bytes
            },
            lie: Array(":0103".utf8), use: { _ in })
    }

    private static func modbusRTU() throws -> Subject<ModbusRTUFormat> {
        Subject(
            format: ModbusRTUFormat(.answers), frames: try published("modbus-rtu", ["answer"]),
            isWhole: { frame in
                var crc = 0xFFFF
                for byte in frame {
                    crc ^= Int(byte)
                    for _ in 0..<8 { crc = crc % 2 == 1 ? (crc / 2) ^ 0xA001 : crc / 2 }
                }
                return crc == 0
            },
            mended: { bytes in
                var message = Array(bytes.prefix(200))
                guard message.count >= 3 else { return bytes }
                message[0] &= 0x7F
                message[1] = 3
                message[2] = UInt8(message.count - 3)
                let crc = ModbusFrame.checksum(message)
                return message + [UInt8(crc & 0xFF), UInt8(crc >> 8)]
            },
            lie: bytes("01 03 FA"),
            use: { frame in _ = try? ModbusIdentification(pdu: frame.pdu, category: .basic) })
    }

    // MARK: demands

    private func cuts<Format>(_ subject: Subject<Format>) {
        var stream: [UInt8] = []
        for frame in subject.frames { stream += [0x00, 0x16] + frame + [0xFF, 0x00] }
        let (whole, scanner) = subject.scan([stream])
        #expect(whole.map(\.bytes) == subject.frames)
        #expect(scanner.skipped == 4 * subject.frames.count)
        let (single, other) = subject.scan(stream.map { [$0] })
        #expect(whole == single)
        #expect(scanner.skipped == other.skipped && scanner.faults == other.faults)
        var random = SeededGenerator(seed: 3)
        for _ in 0..<50 {
            var pieces: [[UInt8]] = []
            var rest = stream[...]
            while !rest.isEmpty {
                let count = Int.random(in: 1...40, using: &random)
                pieces.append(Array(rest.prefix(count)))
                rest = rest.dropFirst(count)
            }
            #expect(subject.scan(pieces).0 == whole)
        }
    }

    @Test func howAStreamIsCutDoesNotMatter() throws {
        cuts(try Self.dlt645())
        cuts(try Self.cjt188())
        cuts(try Self.modbusASCII())
        cuts(try Self.modbusRTU())
    }

    private func truncations<Format>(_ subject: Subject<Format>) {
        for frame in subject.frames {
            for length in 1..<frame.count {
                #expect(subject.scan([Array(frame.prefix(length))]).0.isEmpty, "cut to \(length): \(frame)")
            }
            let (found, scanner) = subject.scan([subject.lie + frame])
            #expect(found.map(\.bytes) == [frame])
            #expect(scanner.skipped == subject.lie.count)
        }
    }

    @Test func truncatedFramesAreNoneAndALyingLengthHidesNone() throws {
        truncations(try Self.dlt645())
        truncations(try Self.cjt188())
        truncations(try Self.modbusASCII())
        truncations(try Self.modbusRTU())
    }

    private func mutations<Format>(_ subject: Subject<Format>, _ name: String) {
        var random = SeededGenerator(seed: 20)
        var (accepted, faults) = (0, 0)
        for round in 0..<200_000 {
            var bytes = subject.frames[round % subject.frames.count]
            for _ in 0...Int.random(in: 0...3, using: &random) {
                let at = Int.random(in: 0..<bytes.count, using: &random)
                switch Int.random(in: 0...3, using: &random) {
                case 0: bytes[at] = UInt8.random(in: 0...255, using: &random)
                case 1: bytes.insert(UInt8.random(in: 0...255, using: &random), at: at)
                case 2 where bytes.count > 1: bytes.remove(at: at)
                default: bytes[at] ^= 1 << UInt8.random(in: 0...7, using: &random)
                }
            }
            // Every fourth with its check put right, so that what comes after it is reached.
            if round % 4 == 1 { bytes = subject.mended(bytes) }
            let (found, scanner) = subject.scan([bytes])
            faults += scanner.faults.values.reduce(0, +)
            for frame in found {
                accepted += 1
                if !subject.isWhole(frame.bytes) { Issue.record("\(name) accepted \(frame.bytes)") }
                subject.use(frame.frame)
            }
            let inFrames = found.reduce(0) { $0 + $1.bytes.count }
            if scanner.skipped + inFrames > bytes.count { Issue.record("\(name) counts bytes twice in \(bytes)") }
        }
        #expect(accepted > 20_000, "\(name)")
        #expect(faults > 20_000, "\(name)")
    }

    @Test func mutationsOfDLT645NeitherCrashNorPass() throws { mutations(try Self.dlt645(), "DL/T 645") }
    @Test func mutationsOfCJT188NeitherCrashNorPass() throws { mutations(try Self.cjt188(), "CJ/T 188") }
    @Test func mutationsOfModbusASCIINeitherCrashNorPass() throws { mutations(try Self.modbusASCII(), "ASCII") }
    @Test func mutationsOfModbusRTUNeitherCrashNorPass() throws { mutations(try Self.modbusRTU(), "RTU") }
}
