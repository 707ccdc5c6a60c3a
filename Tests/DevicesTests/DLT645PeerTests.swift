import Devices
import Foundation
import Metrology
import Testing

/// What dlt645, a program of others, encodes and decodes with its own tables.
@Suite struct DLT645PeerTests {
    /// Answers to the jobs, one object each.
    private func peer(_ jobs: [String]) throws -> [[String: Any]] {
        let root = MBusCodecTests.root.deletingLastPathComponent().deletingLastPathComponent().path
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("dlt645-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: file) }
        try Data(jobs.joined(separator: "\n").utf8).write(to: file)
        let process = Process()
        let python = ProcessInfo.processInfo.environment["STEELYARD_PYTHON"] ?? "\(root)/.venv/bin/python3"
        process.executableURL = URL(fileURLWithPath: python)
        process.arguments = ["\(root)/Tests/peers/dlt645_peer.py", file.path]
        let pipe = Pipe()
        process.standardOutput = pipe
        try process.run()
        let output = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        let answers = try String(decoding: output, as: UTF8.self).split(separator: "\n").map {
            try #require(try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])
        }
        try #require(answers.count == jobs.count, "dlt645 must be installed: Tests/requirements.txt")
        return answers
    }

    private static func hexadecimal(_ bytes: [UInt8]) -> String {
        bytes.map { $0 < 16 ? "0" + String($0, radix: 16) : String($0, radix: 16) }.joined()
    }

    private struct Sample {
        let item: DLT645Item
        let number: ExactDecimal
        let request: DLT645Request
        let answer: DLT645Frame
    }

    private func samples(_ count: Int) throws -> [Sample] {
        let codes: [UInt32] = [
            0x0000_0000, 0x0001_0000, 0x0001_0400, 0x0002_0000, 0x0003_0000, 0x000A_0000, 0x0015_0000, 0x0201_0100,
            0x0201_0300, 0x0202_0200, 0x0203_0000, 0x0203_0300, 0x0204_0000, 0x0205_0000, 0x0206_0100, 0x0207_0200,
            0x0280_0001, 0x0280_0002, 0x0280_0004, 0x0280_0007, 0x0280_0008, 0x0280_000A,
        ]
        var random = SeededGenerator(seed: 645)
        return try (0..<count).map { index in
            let code = codes[index % codes.count]
            let item = try #require(DLT645Item(code), "\(code)")
            guard case .number(let bytes, let places, let sign) = item.form else {
                throw FrameFault.unsupported(item.name)
            }
            // Seven is the highest first digit that leaves the top bit free.
            let limit = (0..<(2 * bytes - 1)).reduce(8) { limit, _ in limit * 10 } - 1
            let coefficient = Int.random(in: (sign == .topBit ? -limit : 0)...limit, using: &random)
            let number = ExactDecimal(coefficient: Int128(coefficient), places: places)
            let digits = (0..<12).map { _ in String(Int.random(in: 0...9, using: &random)) }.joined()
            let address = try #require(DLT645Address(digits))
            let request = try #require(DLT645Request(.read(code), of: address))
            let data = try #require(DLT645Data.bytes(of: number, count: bytes, places: places, sign: sign))
            let answer = try #require(
                DLT645Frame(address: address, control: 0x91, data: request.frame.data + data))
            return Sample(item: item, number: number, request: request, answer: answer)
        }
    }

    @Test func bothEncodeAndDecodeTheSame() throws {
        let samples = try samples(2200)
        let answers = try peer(
            samples.map { sample in
                let code = Self.hexadecimal(sample.request.frame.data.reversed())
                return "value \(code) \(sample.number) \(Self.hexadecimal(sample.answer.bytes()))"
            })
        for (sample, theirs) in zip(samples, answers) {
            let place = "\(sample.item.name) \(sample.number)"
            #expect(theirs["isIdentified"] as? Bool == true, "\(place)")
            #expect(theirs["address"] as? String == "\(sample.request.address)", "\(place)")
            #expect(theirs["control"] as? Int == 0x91, "\(place)")
            let number = try #require(theirs["number"] as? Double, "\(place)")
            #expect(abs(number - sample.number.double) <= 1e-12 * abs(number), "\(place), not \(number)")
            #expect(theirs["request"] as? String == Self.hexadecimal(sample.request.frame.bytes(wakeUp: 4)), "\(place)")
            // Zero with a sign is the same number in other bytes.
            if sample.number.coefficient != 0 {
                #expect(theirs["answer"] as? String == Self.hexadecimal(sample.answer.bytes()), "\(place)")
            }
            guard case .data(let data, _) = try sample.request.answer(in: sample.answer) else {
                Issue.record("\(place) is no data")
                continue
            }
            #expect(try sample.item.value(data) == .quantity(Quantity(sample.number, sample.item.unit)), "\(place)")
        }
    }

    @Test func bothFindTheSameFramesInNoise() throws {
        var random = SeededGenerator(seed: 188)
        let streams = try samples(1500).map { sample -> [UInt8] in
            var frame = sample.answer.bytes(wakeUp: Int.random(in: 0...4, using: &random))
            if Bool.random(using: &random) {
                frame[Int.random(in: 0..<frame.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
            }
            let noise = {
                (0..<Int.random(in: 0...6, using: &random)).map { _ in UInt8.random(in: 0...255, using: &random) }
            }
            return noise() + frame + noise() + sample.request.frame.bytes()
        }
        let answers = try peer(streams.map { "stream \(Self.hexadecimal($0))" })
        var count = 0
        for (stream, theirs) in zip(streams, answers) {
            var scanner = FrameScanner(DLT645Format())
            let found = (scanner.feed(stream) + scanner.finish()).map { Self.hexadecimal($0.bytes) }
            let frames = try #require(theirs["frames"] as? [String])
            // The other waits for ever on a lying length; here silence ends it.
            #expect(found.starts(with: frames), "\(Self.hexadecimal(stream))")
            count += frames.count
        }
        #expect(count > 2000)
    }
}
