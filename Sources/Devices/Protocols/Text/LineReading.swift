import Metrology
import Synchronization

extension DeviceProfile.Channel {
    /// What the answer to this channel's question says: pure, the same characters say the same for ever.
    ///
    /// - Parameter unitAnswer: the answer to the question that tells the unit, where it was asked.
    /// - Throws: ``FrameFault/noMatch(answer:)`` where the answer has not the form of a value,
    ///   ``FrameFault/refused(code:names:)`` where the instrument says why, ``FrameFault/notAvailable``,
    ///   ``FrameFault/notANumber(_:)``, ``FrameFault/unknownUnit(_:)``; ``FrameFault/unsupported(_:)`` where the
    ///   channel is no line of text.
    public func reading(
        of answer: String, unitAnswer: String? = nil, flavour: TextFlavour = .plain
    ) throws(FrameFault) -> TextReading {
        for case .line(let line) in ways {
            if let match = try LineMatch(line.answer, answer) {
                return try line.reading(match, channelUnit: unit, unitAnswer: unitAnswer)
            }
            if TextNumber.isNotAvailable(answer) { throw .notAvailable }
            if flavour == .mtSICS {
                // A balance that gives no value says why in a form of its own.
                let reading = try MTSICS.reading(answer, units: line.units)
                if reading.value == nil { return reading }
            }
            throw .noMatch(answer: answer)
        }
        throw .unsupported("the channel '\(name)' as a line of text")
    }
}

/// The groups of a pattern in an answer; absent groups are told from empty ones.
struct LineMatch {
    /// What a group holds, and the character of the answer behind it.
    private struct Group {
        let text: String
        let next: Character?
    }

    private let groups: [String: Group]

    /// Patterns are compiled once; each by the thread that has the lock, as a compiled one is nobody else's meanwhile.
    private static let compiled = Mutex<[String: Regex<AnyRegexOutput>]>([:])

    /// nil where the answer does not match.
    init?(_ pattern: String, _ answer: String) throws(FrameFault) {
        let found = Self.compiled.withLock { compiled -> Result<[String: Group]?, FrameFault> in
            guard let regex = compiled[pattern] ?? (try? Regex(pattern)) else {
                return .failure(.unsupported("the pattern \(pattern)"))
            }
            compiled[pattern] = regex
            guard let match = try? regex.firstMatch(in: answer) else { return .success(nil) }
            var groups: [String: Group] = [:]
            for element in match.output {
                guard let name = element.name, let text = element.substring else { continue }
                groups[name] = Group(text: String(text), next: answer[text.endIndex...].first)
            }
            return .success(groups)
        }
        guard let groups = try found.get() else { return nil }
        self.groups = groups
    }

    subscript(_ group: String) -> String? { groups[group]?.text }

    /// Whether the answer goes on behind `group` with what belongs to the same number: a pattern that lets it is too wide.
    func isCutShort(_ group: String) -> Bool {
        guard let next = groups[group]?.next else { return false }
        return next.isASCII && (next.isNumber || next == "." || next == "E" || next == "e")
    }
}

extension DeviceProfile.Line {
    fileprivate func reading(
        _ match: LineMatch, channelUnit: MeasurementUnit, unitAnswer: String?
    ) throws(FrameFault) -> TextReading {
        let state = self.state(match)
        guard state != .overload, state != .underload else { return TextReading(value: nil, state: state) }
        let taken = match[take] ?? ""
        if notAvailable.contains(taken.trimmed) || notAvailable.contains(taken) { throw .notAvailable }
        guard form != .text else { return TextReading(value: .text(taken), state: state) }
        let number = try self.number(match, taken)
        if notAvailable.contains(where: { ExactDecimal($0) == number }) { throw .notAvailable }
        return TextReading(
            value: .number(number * scale, try unit(match, channelUnit, unitAnswer)), state: state)
    }

    private func state(_ match: LineMatch) -> TextReading.State {
        if isStableWithUnit { return (match["unit"] ?? "").trimmed.isEmpty ? .dynamic : .stable }
        guard !stable.isEmpty || !unstable.isEmpty else { return .unstated }
        let word = (match["state"] ?? "").trimmed
        switch word {
        case "OL", "OVLD", "^": return .overload
        case "UL", "LOW", "v": return .underload
        default: return stable.contains(word) || (stable.isEmpty && !unstable.contains(word)) ? .stable : .dynamic
        }
    }

    private func number(_ match: LineMatch, _ taken: String) throws(FrameFault) -> ExactDecimal {
        switch form {
        case .decimal:
            guard !match.isCutShort(take) else { throw .notANumber(taken + "…") }
            return try TextNumber.decimal((match["sign"] ?? "") + taken)
        case .text: throw .notANumber(taken)
        case .hexadecimal:
            guard let raw = UInt64(taken, radix: 16) else { throw .notANumber(taken) }
            return ExactDecimal(coefficient: Int128(raw), places: 0)
        case .float32LittleEndian:
            guard taken.utf8.count == 8, let bits = UInt32(taken, radix: 16) else { throw .notANumber(taken) }
            let value = Float(bitPattern: bits.byteSwapped)
            guard value.isFinite else { throw .notAvailable }
            guard let number = ExactDecimal(nearest: value) else { throw .notANumber("\(value)") }
            return number
        case .mantissaExponent:
            let mantissa = match["mantissa"] ?? ""
            let power = match["exponent"] ?? ""
            guard let exponent = Int(power), let number = ExactDecimal("\(mantissa)e\(exponent - exponentZero)") else {
                throw .notANumber(mantissa + power)
            }
            return number
        }
    }

    /// - Returns: nil where the answer should tell the unit and does not.
    private func unit(
        _ match: LineMatch, _ channelUnit: MeasurementUnit, _ unitAnswer: String?
    ) throws(FrameFault) -> MeasurementUnit? {
        var written = match["unit"]
        if unitQuestion != nil, written == nil {
            guard let unitAnswer else { return nil }
            guard let unitAnswerPattern = self.unitAnswer, let told = try LineMatch(unitAnswerPattern, unitAnswer)
            else {
                throw .noMatch(answer: unitAnswer)
            }
            written = told["unit"]
        }
        guard let written, !units.isEmpty else { return channelUnit }
        if isStableWithUnit, written.trimmed.isEmpty { return nil }
        guard let unit = units[written] ?? units[written.trimmed] else { throw .unknownUnit(written) }
        return unit
    }
}

extension String {
    /// Without blanks at both ends.
    fileprivate var trimmed: String {
        String(drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
    }
}
