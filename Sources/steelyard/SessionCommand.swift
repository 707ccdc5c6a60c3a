import ArgumentParser
import Foundation
import Metrology
import Procedures
import Verification

/// `steelyard session`: the readings of a job asked for one by one at a keyboard.
struct SessionCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "session", abstract: "Take a job's readings at the keyboard, one question after the other.",
        discussion: """
            The job names the procedure and the instruments, without readings. Each answer is on disk before the next question; \
            the same command goes on where it stood, whatever ended it. A value far from what was set is questioned once: type it \
            again with a reason, as `2.81 the pointer jumped`.

            Beside an answer may be typed: `:back REASON` takes the last answer anew and keeps the old one, `:abandon REASON` leaves \
            this instrument and goes on with the others, `:list` shows what was answered, `:pause` ends for now.
            """)

    @OptionGroup var ledger: LedgerOptions
    @Argument(help: "Job file.") var job: String

    func run() async throws {
        let root = try ledger.dataRoot()
        let job = try ReadingsJob.load(job, procedures: root + "/Calibration/procedures")
        let session = TypedSession(
            job,
            in: .init(
                ledger: try Composition.openLedger(ledger.databasePath, create: false), devices: root + "/Devices",
                catalogue: try Catalogue.load(root + "/Calibration/catalogue.yaml")))
        let obstacles = try session.obstacles()
        guard obstacles.isEmpty else {
            for obstacle in obstacles { complain(obstacle) }
            throw ExitCode(2)
        }
        if try !session.isClosed(), try KeyboardSession(session, job).run() == .paused {
            print("暂停 paused: `steelyard session \(self.job)` goes on here")
            return
        }
        let records = try session.close()
        print(ReadingsTable(job.procedure, records).text)
        if records.contains(where: { $0.record.verdict != .conforming }) { throw ExitCode(1) }
    }
}

/// Questions on standard output, answers from standard input.
private struct KeyboardSession {
    enum End { case complete, paused }

    private let session: TypedSession
    private let job: ReadingsJob

    init(_ session: TypedSession, _ job: ReadingsJob) {
        self.session = session
        self.job = job
    }

    func run() throws -> End {
        var state = try session.state()
        // A question taken anew, and why.
        var again: (question: TypedQuestion, reason: String)?
        if !state.answers.isEmpty { print("继续 going on: \(state.answers.count) answers are there") }
        while let question = try again?.question ?? state.next() {
            prompt(question, try progress(question, state))
            guard let line = readLine() else {
                print("")
                return .paused
            }
            let text = line.trimmingCharacters(in: .whitespaces)
            if text.isEmpty { continue }
            if text.hasPrefix(":") {
                let words = text.split(separator: " ", maxSplits: 1).map(String.init)
                let reason = words.count > 1 ? words[1] : ""
                switch words[0] {
                case ":pause": return .paused
                case ":list": list(state)
                case ":back" where reason.isEmpty, ":abandon" where reason.isEmpty:
                    complain("say why: \(words[0]) REASON")
                case ":back":
                    again = try state.lastAnswered().map { ($0, reason) }
                    if again == nil { complain("there is no answer to take anew") }
                case ":abandon":
                    guard let position = question.position else {
                        complain("this question is of the room, not of an instrument")
                        continue
                    }
                    try session.abandon(position, why: reason)
                    state = try session.state()
                    again = nil
                default: complain("'\(words[0])' is no command: :back REASON, :abandon REASON, :list, :pause")
                }
                continue
            }
            do {
                try answer(question, text, again?.reason)
                again = nil
                state = try session.state()
                show(question, state)
            } catch let error as VerificationError {
                complain("\(error)")
                if case .slip = error { complain("if it is right, type it again with the reason: '\(text) REASON'") }
            }
        }
        return .complete
    }

    /// A number, or a number with the reason why it is strange.
    private func answer(_ question: TypedQuestion, _ text: String, _ reason: String?) throws {
        if case .reading = question.what, Quantity(text) == nil {
            let words = text.split(separator: " ", maxSplits: 1).map(String.init)
            if words.count == 2, Quantity(words[0]) != nil {
                let reasons = [reason, words[1]].compactMap { $0 }.joined(separator: "; ")
                return try session.answer(question, words[0], reason: reasons, isConfirmed: true)
            }
        }
        try session.answer(question, text, reason: reason)
    }

    private func progress(_ question: TypedQuestion, _ state: TypedSessionState) throws -> String {
        guard let subject = job.subjects.first(where: { $0.position == question.position }) else { return "" }
        let (done, all) = try state.progress(of: subject)
        return "[\(subject.position) \(subject.serial) \(done + 1)/\(all)] "
    }

    private func prompt(_ question: TypedQuestion, _ progress: String) {
        print("\(progress)\(words(question))", terminator: " ")
        fflush(nil)
    }

    private func words(_ question: TypedQuestion) -> String {
        let procedure = job.procedure
        switch question.what {
        case .condition(let id):
            guard let condition = procedure.conditions.first(where: { $0.id == id }) else { return id }
            return "\(condition.words.zh) \(condition.words.en) (\(condition.unit)):"
        case .check(let id):
            guard let check = procedure.checks.first(where: { $0.id == id }) else { return id }
            return "\(check.words.zh) \(check.words.en) (y/n):"
        case .points(let id):
            guard let test = procedure.test(id) else { return id }
            let unit = test.setting.map { " (\($0.unit))" } ?? ""
            return "\(test.words.zh) \(test.words.en): 检定点 points\(unit):"
        case .reading(let id, let place, let name):
            guard let test = procedure.test(id), let reading = test.reading(name) else { return name }
            let unit = test.setting.map { " \($0.unit)" } ?? ""
            let at = place.at.map { Quantity($0)?.unit == .one ? $0 + unit : $0 }
            let parts = [
                test.words.zh, place.point, at, place.stroke.map { ["rising": "升", "falling": "降"][$0] ?? $0 },
                test.repeats.lowerBound > 1 ? "第\(place.repetition)次" : nil,
            ].compactMap { $0 }
            return "\(parts.joined(separator: " ")) · \(reading.words.zh) \(reading.words.en) (\(reading.unit)):"
        }
    }

    /// What the last answer completed: the values at its place.
    private func show(_ question: TypedQuestion, _ state: TypedSessionState) {
        guard case .reading(let id, let place, let name) = question.what, let test = job.procedure.test(id),
            name == test.readings.last?.name,
            let subject = job.subjects.first(where: { $0.position == question.position }),
            // In the middle of a test not everything can be computed yet.
            let outcome = try? session.outcome(of: subject, state)
        else { return }
        let at = place.at.flatMap { Quantity($0) }
        for value in outcome.values where value.test == id && value.verdict != nil {
            let isHere =
                value.point == place.point || value.point == at.map { "\($0)" }
                || value.point == at.map { "\($0.number)" }
            guard isHere, value.stroke == nil || value.stroke == place.stroke,
                value.repetition == nil || value.repetition == place.repetition
            else { continue }
            let mark = value.verdict == .conforming ? "✓" : value.verdict == .notConforming ? "✗" : "?"
            let u = value.expandedUncertainty.flatMap { u in
                Reporting.rounded(u, places: Reporting.places(forUncertainty: u)).map { ", U = \($0)" }
            }
            print("    \(mark) \(value.words)\(u ?? "")")
        }
    }

    private func list(_ state: TypedSessionState) {
        for answer in state.answers {
            let reason = answer.reason.map { " (\($0))" } ?? ""
            print("    \(answer.position.map { "\($0) " } ?? "")\(answer.key): \(answer.text)\(reason)")
        }
    }
}
