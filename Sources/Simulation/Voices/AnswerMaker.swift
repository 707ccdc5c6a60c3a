import Metrology

/// Writes answers that match the pattern of a line and hold its value.
struct AnswerMaker: Sendable {
    let line: TextVoiceLine
    private let pattern: AnswerPattern
    private let unitPattern: AnswerPattern?
    /// A recorded answer of this form.
    private let sample: [UInt8]?

    /// nil where a pattern is not understood.
    init?(_ line: TextVoiceLine) {
        guard let pattern = AnswerPattern(line.answer) else { return nil }
        self.line = line
        self.pattern = pattern
        unitPattern = line.unitAnswer.flatMap { AnswerPattern($0) }
        if line.unitAnswer != nil, unitPattern == nil { return nil }
        sample = line.samples.compactMap(\.latin1).first { pattern.groups(in: $0) != nil }
    }

    /// The answer with `value`; nil where the pattern cannot hold it.
    func answer(_ value: ShownValue) -> [UInt8]? {
        for skeleton in [sample, pattern.shortest(texts(value).first ?? [:])].compactMap(\.self) {
            if let answer = put(value, into: skeleton) { return answer }
        }
        return texts(value).lazy.map { pattern.shortest($0) }.first { holds(value, $0) }
    }

    /// `answer`, which another channel shares, with this value in its place; nil where it does not fit.
    func put(_ value: ShownValue, into answer: [UInt8]) -> [UInt8]? {
        guard let places = pattern.groups(in: answer) else { return nil }
        for texts in texts(value) where texts.keys.allSatisfy({ places[$0] != nil }) {
            var result = answer
            for (name, text) in texts.sorted(by: {
                (places[$0.key]?.lowerBound ?? 0) > (places[$1.key]?.lowerBound ?? 0)
            }) {
                if let place = places[name] { result.replaceSubrange(place, with: text) }
            }
            if isRead(texts, result) { return result }
        }
        return nil
    }

    /// Whether `answer` says `value`.
    func holds(_ value: ShownValue, _ answer: [UInt8]) -> Bool {
        texts(value).contains { isRead($0, answer) }
    }

    /// What is answered to the question for the unit.
    var unitAnswer: [UInt8]? {
        guard let unitPattern, let unit = line.unit?.latin1 else { return nil }
        let answer = unitPattern.shortest(["unit": unit])
        return unitPattern.groups(in: answer) != nil ? answer : nil
    }

    private func isRead(_ texts: [String: [UInt8]], _ answer: [UInt8]) -> Bool {
        guard let groups = pattern.groups(in: answer) else { return false }
        return texts.allSatisfy { name, text in groups[name].map { Array(answer[$0]) } == text }
    }

    /// Every way to fill the groups that hold the value, its state and its unit, the best first.
    private func texts(_ value: ShownValue) -> [[String: [UInt8]]] {
        var found = spellings(value)
        if case .words(let stable, let unstable) = line.state {
            found = found.combined("state", states(value.isStable, stable, unstable))
        }
        if pattern.hasGroup("unit"), let unit = line.unit?.latin1 {
            let isHidden = line.state == .unit && !value.isStable
            let width = unit.count
            // Of a fixed width, units stand right or left of it.
            let written = [unit, [0x20] + unit, unit + [0x20]] + [[0x20, 0x20] + unit, unit + [0x20, 0x20]]
            let fitting = isHidden ? [[], [UInt8](repeating: 0x20, count: width)] : written
            found = found.combined("unit", fitting.filter { takes("unit", $0) })
        }
        return found
    }

    private func takes(_ group: String, _ text: [UInt8]) -> Bool { pattern.root.node(of: group)?.takes(text) ?? false }

    private func spellings(_ value: ShownValue) -> [[String: [UInt8]]] {
        if line.form == .text {
            return value.characters.latin1.map { takes(line.take, $0) ? [[line.take: $0]] : [] } ?? []
        }
        guard let number = value.number, let raw = WireNumber.quotient(number, by: line.scale) else { return [] }
        switch line.form {
        case .text: return []
        case .hexadecimal: return fitting(NumberSpelling.hexadecimal(raw))
        case .float32: return fitting([NumberSpelling.float32(raw)])
        case .mantissaExponent(let zero):
            return NumberSpelling.mantissas(raw, exponentZero: zero).compactMap { mantissa, exponent in
                guard takes("mantissa", Array(mantissa.utf8)), takes("exponent", Array(exponent.utf8)) else {
                    return nil
                }
                return ["mantissa": Array(mantissa.utf8), "exponent": Array(exponent.utf8)]
            }
        case .decimal:
            let shape = sample.flatMap { sample in
                pattern.groups(in: sample)?[line.take].map { String(decoding: sample[$0], as: UTF8.self) }
            }
            guard pattern.hasGroup("sign") else { return fitting(NumberSpelling.decimals(raw, like: shape)) }
            let signs = raw.coefficient < 0 ? ["-"] : ["", "+", " "]
            return fitting(NumberSpelling.decimals(raw.magnitude, like: shape)).combined(
                "sign", signs.map { Array($0.utf8) }.filter { takes("sign", $0) })
        }
    }

    private func fitting(_ texts: [String]) -> [[String: [UInt8]]] {
        texts.map { Array($0.utf8) }.filter { takes(line.take, $0) }.map { [line.take: $0] }
    }

    private func states(_ isStable: Bool, _ stable: [String], _ unstable: [String]) -> [[UInt8]] {
        let all = pattern.root.node(of: "state")?.words ?? []
        func isNone(of words: [String], _ word: [UInt8]) -> Bool {
            let text = String(decoding: word, as: UTF8.self)
            return !words.contains(text) && !words.contains(text.filter { $0 != " " })
                && !Self.overload.contains(text.filter { $0 != " " })
        }
        let (named, others) = isStable ? (stable, unstable) : (unstable, stable)
        let words = named.compactMap(\.latin1).filter { !Self.overload.contains(String(decoding: $0, as: UTF8.self)) }
        let rest = named.isEmpty ? all.filter { isNone(of: others, $0) } : []
        return (words + rest).filter { takes("state", $0) }
    }

    /// Words with which instruments say that there is too much or too little on them.
    private static let overload: Set<String> = ["OL", "OVLD", "^", "UL", "LOW", "v"]
}

extension [[String: [UInt8]]] {
    /// Each of these with each of `texts` in the group `name`.
    fileprivate func combined(_ name: String, _ texts: [[UInt8]]) -> Self {
        flatMap { groups in texts.map { groups.merging([name: $0]) { $1 } } }
    }
}

extension String {
    /// Its bytes in ISO 8859-1; nil for other characters.
    var latin1: [UInt8]? {
        let scalars = unicodeScalars
        guard scalars.allSatisfy({ $0.value < 0x100 }) else { return nil }
        return scalars.map { UInt8(truncatingIfNeeded: $0.value) }
    }
}
