/// An instrument of any protocol, with what goes wrong with its answers.
public struct FaultyVoice: InstrumentVoice {
    private var voice: any InstrumentVoice
    private let shape: AnswerShape
    public let faults: InstrumentFaults
    /// What was heard since the last answer.
    private var question: [UInt8] = []
    /// The first answers to each question, while the instrument sticks.
    private var kept: [[UInt8]: [SpokenAnswer]] = [:]
    /// It was asked, and closes the connection instead.
    public private(set) var hangsUp = false

    public init(_ voice: any InstrumentVoice, _ shape: AnswerShape, _ faults: InstrumentFaults = .init()) {
        self.voice = voice
        self.shape = shape
        self.faults = faults
    }

    public mutating func hear(_ bytes: [UInt8], at time: Double) -> [SpokenAnswer] {
        question += bytes.suffix(1024)
        hangsUp = false
        let answers = voice.hear(bytes, at: time)
        guard !answers.isEmpty else {
            question = question.suffix(1024)
            return []
        }
        let asked = shape.lasting(question)
        question = []
        let drawn = answers.map { _ in faults.drawn(at: time) }
        if drawn.joined().contains(.gone) {
            hangsUp = true
            return []
        }
        var due = answers
        if drawn.joined().contains(.sticking) {
            if let first = kept[asked], first.count == answers.count {
                due = zip(first, answers).map { SpokenAnswer(shape.again($0.bytes, for: $1.bytes), delay: $1.delay) }
            } else if kept.count < 1000 {
                kept[asked] = answers
            }
        } else {
            kept = [:]
        }
        return zip(due, drawn).flatMap { answer, faults in
            faults.reduce([answer]) { spoken, fault in spoken.flatMap { spoilt($0, by: fault) } }
        }
    }

    public mutating func hearSilence(at time: Double) {
        question = []
        voice.hearSilence(at: time)
    }

    private func spoilt(_ answer: SpokenAnswer, by fault: WireFault) -> [SpokenAnswer] {
        var answer = answer
        switch fault {
        case .silent: return []
        case .late(let milliseconds): answer.delay += Double(milliseconds) / 1000
        case .slow(let milliseconds):
            return answer.bytes.enumerated().map { index, byte in
                SpokenAnswer([byte], delay: Double(milliseconds) / 1000 + (index == 0 ? answer.delay : 0))
            }
        case .noise: answer.bytes = [0x00, 0xFF, 0x5A] + answer.bytes
        case .wrongChecksum: answer.bytes = shape.withWrongCheck(answer.bytes)
        case .cut: answer.bytes.removeLast(max(1, answer.bytes.count / 3))
        case .wrongUnit: answer.bytes = shape.withOtherUnit(answer.bytes) ?? answer.bytes
        case .wrongTransaction: answer.bytes = shape.withOtherTransaction(answer.bytes)
        case .exception(let code): answer.bytes = shape.refusal(of: answer.bytes, code: code) ?? answer.bytes
        case .duplicate: return [answer, SpokenAnswer(answer.bytes)]
        case .sticking, .drifting, .unstable, .reset, .gone: break
        }
        return [answer]
    }
}
