/// An instrument spoken to in lines of characters that answers from its values.
///
/// Check characters that a pattern leaves open are not computed: they are those of a recorded answer, or zeros.
public struct TextVoice: InstrumentVoice {
    /// How it answers what it does not understand.
    public enum Flavour: Hashable, Sendable {
        /// Not at all, and tells why when asked `SYST:ERR?`.
        case scpi
        /// `ES`.
        case mtSICS
        case plain
    }

    private let flavour: Flavour
    private let endOfCommand, endOfAnswer: [UInt8]
    private let makers: [AnswerMaker]
    private let actions: [TextVoiceAction]
    private let values: ShownValues
    private let silentCommands: Set<String>
    /// The channel on its display, where one question serves several.
    public var shown: String?
    private var heard: [UInt8] = []
    /// When each command came last, counted.
    private var order: [String: Int] = [:]
    private var count = 0
    private var errors: [String] = []

    /// - Returns: nil where a pattern is not understood.
    public init?(
        _ flavour: Flavour, endOfCommand: String?, endOfAnswer: String?, lines: [TextVoiceLine],
        actions: [TextVoiceAction] = [], shown: String? = nil, values: @escaping ShownValues
    ) {
        let makers = lines.compactMap { AnswerMaker($0) }
        guard makers.count == lines.count, let endOfCommand = (endOfCommand ?? "").latin1,
            let endOfAnswer = (endOfAnswer ?? "").latin1
        else { return nil }
        self.flavour = flavour
        self.endOfCommand = endOfCommand
        self.endOfAnswer = endOfAnswer
        self.makers = makers
        self.actions = actions
        self.values = values
        self.shown = shown
        var silent: Set<String> = []
        for line in lines {
            let questions = [line.ask, line.unitQuestion].compactMap(\.self).flatMap { Self.parts($0, endOfCommand) }
            silent.formUnion(line.prepare.flatMap { Self.parts($0, endOfCommand) } + questions)
        }
        silentCommands = silent
    }

    public mutating func hear(_ bytes: [UInt8], at time: Double) -> [SpokenAnswer] {
        heard += bytes
        if heard.count > 4096 { heard.removeFirst(heard.count - 4096) }
        var answers: [SpokenAnswer] = []
        while let command = nextCommand() { answers += obey(command, time) }
        return answers
    }

    public mutating func hearSilence(at time: Double) { heard = [] }

    /// What an instrument that sends by itself sends at `time`; nothing from one that waits to be asked.
    public func speakUnasked(at time: Double) -> [SpokenAnswer] {
        answer(makers.filter { $0.line.ask == nil && $0.line.prepare.isEmpty }, time)
    }

    /// Up to its end mark; without one, as soon as it is a command of this instrument.
    private mutating func nextCommand() -> String? {
        if endOfCommand.isEmpty {
            guard isKnown(heard.text) else { return nil }
            defer { heard = [] }
            return heard.text
        }
        for start in heard.indices where heard[start...].starts(with: endOfCommand) {
            let command = heard[..<start]
            heard.removeFirst(start + endOfCommand.count)
            return Array(command).text
        }
        return nil
    }

    private func isKnown(_ command: String) -> Bool {
        silentCommands.contains(command) || actions.contains { $0.send == command }
    }

    private mutating func obey(_ command: String, _ time: Double) -> [SpokenAnswer] {
        // Either end of a line may be sent; the other character of it is left over.
        let command = String(command.drop { $0 == "\n" || $0 == "\r" }.reversed().drop { $0 == "\r" }.reversed())
        guard !command.isEmpty else { return [] }
        count += 1
        order[command] = count
        let asked = makers.filter { $0.line.ask.map { Self.parts($0, endOfCommand).last } == command }
        if !asked.isEmpty { return answer(best(asked), time) }
        let units = best(makers.filter { $0.line.unitQuestion == command })
        if let told = units.first?.unitAnswer { return [spoken(told)] }
        if let action = actions.first(where: { $0.send == command }) { return answer(to: action) }
        if silentCommands.contains(command) {
            // What sets an instrument that sends by itself to a channel also makes it send.
            return answer(makers.filter { $0.line.ask == nil && $0.line.prepare.last == command }, time)
        }
        return answer(toUnknown: command)
    }

    /// Those of one question, the one the instrument is set to first.
    private func best(_ makers: [AnswerMaker]) -> [AnswerMaker] {
        let ranked = makers.enumerated().map { place, maker -> (rank: [Int], maker: AnswerMaker) in
            let line = maker.line
            let commands = line.prepare.flatMap { Self.parts($0, endOfCommand) }
            let since = commands.map { order[$0] ?? -1 }.min() ?? 0
            return ([since, line.channel == shown ? 1 : 0, commands.count, -place], maker)
        }
        return ranked.sorted { $1.rank.lexicographicallyPrecedes($0.rank) }.map(\.maker)
    }

    /// One answer for all that share the question, as far as it has room for them: the first decides.
    private func answer(_ makers: [AnswerMaker], _ time: Double) -> [SpokenAnswer] {
        var placed: [(maker: AnswerMaker, value: ShownValue)] = []
        var answer: [UInt8]?
        for maker in makers {
            guard let value = values(maker.line.channel, time) else { continue }
            if isWaiting(maker.line, value) { return [spoken(Array("S I".utf8))] }
            guard let soFar = answer else {
                answer = maker.answer(value)
                if answer != nil { placed.append((maker, value)) }
                continue
            }
            if let more = maker.put(value, into: soFar), placed.allSatisfy({ $0.maker.holds($0.value, more) }) {
                answer = more
                placed.append((maker, value))
            }
        }
        return answer.map { [spoken($0)] } ?? []
    }

    /// A balance asked for a stable weight gives none that is not.
    private func isWaiting(_ line: TextVoiceLine, _ value: ShownValue) -> Bool {
        flavour == .mtSICS && line.ask == "S" && !value.isStable
    }

    private func answer(to action: TextVoiceAction) -> [SpokenAnswer] {
        guard let pattern = action.answer.flatMap({ AnswerPattern($0) }) else { return [] }
        let unit = makers.lazy.compactMap(\.line.unit).first?.latin1
        let given = unit.flatMap { pattern.root.node(of: "unit")?.takes($0) == true ? ["unit": $0] : nil }
        return [spoken(pattern.shortest(given ?? [:]))]
    }

    private mutating func answer(toUnknown command: String) -> [SpokenAnswer] {
        switch flavour {
        case .plain: return []
        case .mtSICS: return [spoken(Array("ES".utf8))]
        case .scpi:
            switch command.uppercased() {
            case "SYST:ERR?", "SYSTEM:ERROR?", "SYST:ERR:NEXT?", "SYSTEM:ERROR:NEXT?":
                let text = errors.isEmpty ? "0,\"No error\"" : errors.removeFirst()
                return [spoken(Array(text.utf8))]
            case "*CLS": errors = []
            case "*RST", "*WAI", "*OPC": break
            case "*OPC?": return [spoken([0x31])]
            default: if errors.count < 20 { errors.append("-113,\"Undefined header\"") }
            }
            return []
        }
    }

    private func spoken(_ text: [UInt8]) -> SpokenAnswer { SpokenAnswer(text + endOfAnswer) }

    /// A question may hold several commands, with the end mark between them.
    private static func parts(_ command: String, _ end: [UInt8]) -> [String] {
        guard !end.isEmpty else { return [command] }
        var parts: [String] = []
        var rest = (command.latin1 ?? [])[...]
        var part: [UInt8] = []
        while let byte = rest.first {
            if rest.starts(with: end) {
                parts.append(part.text)
                part = []
                rest = rest.dropFirst(end.count)
            } else {
                part.append(byte)
                rest = rest.dropFirst()
            }
        }
        return parts + [part.text]
    }
}

extension [UInt8] {
    /// As characters of ISO 8859-1.
    fileprivate var text: String { String(String.UnicodeScalarView(map { Unicode.Scalar($0) })) }
}
