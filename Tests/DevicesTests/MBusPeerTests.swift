import Devices
import Foundation
import Metrology
import Testing

/// What pyMeterBus, a decoder of others, reads in the same telegrams.
@Suite struct MBusPeerTests {
    @Test func pyMeterBusReadsTheSameNumbers() throws {
        let root = MBusCodecTests.root.deletingLastPathComponent().deletingLastPathComponent().path
        let samples = try MBusCodecTests.cases().filter { $0.kind == "telegram" }
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("mbus-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: file) }
        let lines = samples.map { $0.bytes.map { byte in String(byte, radix: 16).leftPadded }.joined() }
        try Data(lines.joined(separator: "\n").utf8).write(to: file)

        let process = Process()
        let python = ProcessInfo.processInfo.environment["STEELYARD_PYTHON"] ?? "\(root)/.venv/bin/python3"
        process.executableURL = URL(fileURLWithPath: python)
        process.arguments = ["\(root)/Tests/peers/mbus_peer.py", file.path]
        let pipe = Pipe()
        process.standardOutput = pipe
        try process.run()
        let output = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        let answers = output.split(separator: "\n")
        try #require(answers.count == samples.count, "pyMeterBus must be installed: Tests/requirements.txt")

        var compared = 0
        for (sample, answer) in zip(samples, answers) {
            // It gives up on some telegrams as a whole.
            guard
                let theirs = try JSONSerialization.jsonObject(
                    with: Data(answer.utf8), options: .fragmentsAllowed) as? [[String]]
            else { continue }
            let frame = try MBusFormat(takesAcknowledgement: false).first(in: sample.bytes).frame
            let ours = try MBusTelegram(frame).records
            for (record, their) in zip(ours, theirs) {
                // It prints what stands in a record during an error; here it is not available.
                guard let quantity = try? record.quantity(), record.meaning?.others.isEmpty == true,
                    let number = Double(their[2])
                else { continue }
                let isTime = quantity.unit.dimension == MeasurementUnit("s")?.dimension
                let value = isTime ? quantity.si : quantity.number.double
                let place = "\(sample.name), record \(record.number)"
                #expect(abs(value - number) <= 1e-6 * abs(number) + 1e-12, "\(place): \(value), not \(number)")
                #expect(Int(their[1]) == record.storage, "\(place)")
                compared += 1
            }
        }
        #expect(compared >= 60)
    }
}

extension String {
    fileprivate var leftPadded: String { count == 1 ? "0" + self : self }
}
