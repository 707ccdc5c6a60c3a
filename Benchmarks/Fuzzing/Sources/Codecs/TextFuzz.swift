import Foundation
import Metrology

/// Lines in a stream, numbers in characters, and answers of balances.
struct TextFuzz: FuzzedCodec {
    static let name = "text"
    private static let ends: [String?] = ["\r\n", "\r", "\n", "\u{3}", ";\r", nil, "aab", ""]

    static func seeds(_ published: Published) -> [[UInt8]] {
        published.lines.filter { !$0.isEmpty }.map { Array(($0 + "\r\n").utf8) }
            + ["+1.234567E-03\r\n", "- 12.5\n", "S S     100.00 g\r\n", "1E-30\r", "9.9e37\r", "aaab"].map {
                Array($0.utf8)
            }
    }

    init(_ published: Published) {}

    func examine(_ input: FuzzInput, _ report: inout FuzzReport) {
        let end = Self.ends[input.choice % 8]
        let lines = input.mends ? 2 : 1
        let limit = [16, 1024][input.choice / 8 % 2]
        let made = TextScanner(end: end, linesInAnswer: lines, limit: limit)
        var whole = made
        let found = whole.feed(input.bytes) + whole.finish()
        // Byte by byte in every other input.
        let width = input.choice / 16 % 2 == 0 ? 1 : 2 + input.choice % 7
        var pieces = made
        var inPieces: [TextLine] = []
        for start in stride(from: 0, to: input.bytes.count, by: width) {
            inPieces += pieces.feed(input.bytes[start..<min(input.bytes.count, start + width)])
            report.require(pieces.waiting <= limit + (end ?? "").utf8.count, "what waits is bounded")
        }
        inPieces += pieces.finish()
        report.require(inPieces == found, "the answers do not depend on how the stream is cut")
        report.require(pieces.skipped == whole.skipped, "the noise does not depend on how the stream is cut")
        report.require(
            found.reduce(whole.skipped) { $0 + $1.bytes.count } == input.bytes.count, "each byte is accounted for")
        let mark = Array((end ?? "").utf8)
        for line in found {
            report.accept()
            report.require(line.bytes.count <= limit + mark.count, "an answer is not longer than its limit")
            report.require(
                mark.isEmpty || line.bytes.suffix(mark.count).elementsEqual(mark), "an answer ends with its mark")
            // A refusal at the end may have fewer lines.
            if !mark.isEmpty {
                report.require((1...lines).contains(Self.count(mark, line.bytes)), "an answer is one answer")
            }
            number(line.text, &report)
            balance(line.text, &report)
        }
        if !mark.isEmpty, lines == 1, whole.faults.isEmpty { follow(made, input.bytes, mark, &report) }
    }

    /// After any bytes and an end mark the next answer is found.
    private func follow(_ made: TextScanner, _ bytes: [UInt8], _ mark: [UInt8], _ report: inout FuzzReport) {
        var scanner = made
        _ = scanner.feed(bytes + mark)
        let found = scanner.feed(Array("+1.5 g".utf8) + mark)
        report.require(found.last?.text == "+1.5 g", "an answer after noise and an end mark is found")
    }

    /// Marks that do not overlap.
    private static func count(_ mark: [UInt8], _ bytes: [UInt8]) -> Int {
        var count = 0
        var place = 0
        while place + mark.count <= bytes.count {
            let isMark = bytes[place..<(place + mark.count)].elementsEqual(mark)
            count += isMark ? 1 : 0
            place += isMark ? mark.count : 1
        }
        return count
    }

    private func number(_ text: String, _ report: inout FuzzReport) {
        guard let number = try? TextNumber.decimal(text) else { return }
        report.accept()
        let characters = text.replacingOccurrences(of: " ", with: "")
        report.require(
            characters.utf8.allSatisfy { "+-.0123456789eE".utf8.contains($0) },
            "a number is of the characters of numbers")
        let due = strtod(characters, nil)
        report.require(
            (number.double - due).magnitude <= 1e-14 * due.magnitude, "the number is that of the characters")
    }

    private func balance(_ text: String, _ report: inout FuzzReport) {
        guard let gram = MeasurementUnit("g"), let reading = try? MTSICS.reading(text, units: ["g": gram]) else {
            return
        }
        report.accept()
        let words = text.split(separator: " ")
        switch (reading.value, reading.state) {
        case (.number(let number, _)?, .stable), (.number(let number, _)?, .dynamic):
            report.require(
                words.count == 4 && words[3] == "g" && words[1] == (reading.state == .stable ? "S" : "D")
                    && (number.double - strtod(String(words[2]), nil)).magnitude <= 1e-14 * number.double.magnitude,
                "a weight is stable only where the balance says so, and the number is that sent")
        case (nil, .overload): report.require(words.count == 2 && words[1] == "+", "overload is said")
        case (nil, .underload): report.require(words.count == 2 && words[1] == "-", "underload is said")
        case (nil, .cannotExecute): report.require(words.count == 2 && words[1] == "I", "a refusal is said")
        case (.text?, .unstated): report.require(words.count > 2 && words[1] == "A", "a text is said to be one")
        default: report.violated("a reading has a value or the state says why not")
        }
    }
}

/// Answers read by the patterns of every profile that speaks in characters.
struct PatternFuzz: FuzzedCodec {
    static let name = "text-patterns"
    private let channels: [(profile: String, channel: DeviceProfile.Channel)]

    static func seeds(_ published: Published) -> [[UInt8]] {
        published.lines.enumerated().map { index, line in [UInt8(index % 256)] + Array(line.utf8) }
    }

    init(_ published: Published) throws {
        let profiles = try DeviceProfile.all(in: published.profileFolder).map {
            try DeviceProfile.named($0, in: published.profileFolder)
        }
        channels = profiles.flatMap { profile in profile.channels.map { (profile.name, $0) } }.filter { _, channel in
            channel.ways.contains { if case .line = $0 { true } else { false } }
        }
    }

    func examine(_ input: FuzzInput, _ report: inout FuzzReport) {
        guard let first = input.bytes.first, !channels.isEmpty else { return }
        let text = TextScanner.text(input.bytes.dropFirst().prefix(1024))
        let (profile, channel) = channels[(Int(first) * 64 + input.choice) % channels.count]
        for flavour in TextFlavour.allCases {
            guard let reading = try? channel.reading(of: text, unitAnswer: "V", flavour: flavour) else { continue }
            report.accept()
            let hasNone = [.overload, .underload, .cannotExecute].contains(reading.state)
            report.require((reading.value == nil) == hasNone, "a reading has a value or the state says why not")
            guard case .number(let number, _)? = reading.value else { continue }
            for case .line(let line) in channel.ways where line.form == .decimal {
                report.require(
                    Self.stands(number, scale: line.scale, in: text),
                    "a value is a whole number of the answer, and no part of one (\(profile), \(channel.name))")
            }
        }
    }

    /// Whether the digits of the number, its scale undone, stand somewhere in the characters.
    private static func stands(_ number: ExactDecimal, scale: ExactDecimal, in text: String) -> Bool {
        let raw = (number.double / scale.double).magnitude
        return [text, text.filter { $0 != " " }].contains { digits in
            digits.indices.contains { place in
                let value = strtod(String(digits[place...]), nil).magnitude
                return (value - raw).magnitude <= 1e-12 * raw
            }
        }
    }
}
