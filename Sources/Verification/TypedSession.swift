import Chronometry
import GRDB
import Ledger
import Metrology
public import Procedures
import Registry
import Traceability

/// A session at a keyboard: each answer is in the ledger before the next question is put.
///
/// The run is a ``TypedSessionState``; whatever watches or types, it is the ledger's answers that count. A program that ends,
/// for whatever reason, loses nothing that was answered, and the same job goes on where it stood.
public struct TypedSession: Sendable {
    private let job: ReadingsJob
    private let laboratory: VerificationSession.Laboratory
    private let closing: ReadingsSession
    private let store: SessionStore

    public init(_ job: ReadingsJob, in laboratory: VerificationSession.Laboratory) {
        self.job = job
        self.laboratory = laboratory
        closing = ReadingsSession(job, in: laboratory)
        store = SessionStore(ledger: laboratory.ledger)
    }

    /// Everything that forbids to begin or to go on, each with its remedy; empty where nothing does.
    public func obstacles() throws -> [String] {
        if job.subjects.contains(where: { !$0.data.tests.isEmpty }) {
            return ["the job \(job.name) holds readings already: `steelyard verify` takes them"]
        }
        if let session = try store.find(job: job.name, institution: job.institution) {
            guard session.jobDigest == job.digest else { return ["\(VerificationError.jobChanged(job.name))"] }
            if try store.isClosed(session.id) { return [] }
        }
        return closing.obstacles(isOpen: try isOpen)
    }

    private var isOpen: Bool {
        get throws { try store.find(job: job.name, institution: job.institution) != nil }
    }

    /// The answers so far; begins the session where it has not begun.
    ///
    /// - Throws: ``VerificationError`` where the job is not the one that was begun, or something forbids to begin.
    public func state() throws -> TypedSessionState {
        let session = try session()
        return TypedSessionState(job.procedure, job.subjects, try store.answers(of: session.id))
    }

    private func session() throws -> SessionStore.Session {
        if let found = try store.find(job: job.name, institution: job.institution) {
            guard found.jobDigest == job.digest else { throw VerificationError.jobChanged(job.name) }
            return found
        }
        try closing.begin()
        guard let begun = try store.find(job: job.name, institution: job.institution) else {
            throw VerificationError.incomplete(job: job.name)
        }
        return begun
    }

    /// Whether the records are made.
    public func isClosed() throws -> Bool {
        guard let found = try store.find(job: job.name, institution: job.institution) else { return false }
        return try store.isClosed(found.id)
    }

    /// Writes an answer down.
    ///
    /// - Throws: ``VerificationError/implausible(serial:what:)`` for a value far from what was set without a reason, and for what is no
    ///   answer to the question.
    ///
    /// - Parameters:
    ///   - reason: why it takes the place of another, or is so strange.
    ///   - isConfirmed: whether a value far from what was set is meant.
    public func answer(
        _ question: TypedQuestion, _ text: String, reason: String? = nil, isConfirmed: Bool = false
    ) throws {
        let text = try checked(question, text, isConfirmed: isConfirmed)
        try keep(TypedAnswer(answering: question, text, reason: reason))
    }

    /// An instrument that cannot be gone on with; the others go on.
    public func abandon(_ position: Int, why: String) throws {
        try keep(.abandonment(of: position, why: why))
    }

    private func keep(_ answer: TypedAnswer) throws {
        let session = try session()
        guard try !store.isClosed(session.id) else { throw VerificationError.closed(job: job.name) }
        try laboratory.ledger.commit(job.verifier, reason: "answer in \(job.name): \(answer.key)") { transaction in
            try transaction.insert(
                "typed_answer",
                [
                    "session": session.id, "position": answer.position, "question": answer.key, "answer": answer.text,
                    "reason": answer.reason, "at": transaction.at.iso8601,
                ])
        }
    }

    /// The text as it is kept, or a fault: a quantity in the unit asked for, pass or fail, values of points.
    private func checked(_ question: TypedQuestion, _ text: String, isConfirmed: Bool) throws -> String {
        let procedure = job.procedure
        func refuse(_ why: String) -> VerificationError { .notAnAnswer(text, why: why) }
        switch question.what {
        case .condition(let id):
            guard let condition = procedure.conditions.first(where: { $0.id == id }) else {
                throw refuse("there is no such condition")
            }
            let quantity = try quantity(text, condition.unit, refuse)
            if let within = condition.within, quantity.unit == condition.unit, !within.contains(quantity.number) {
                throw VerificationError.conditionOutside(
                    name: condition.words.en, value: "\(quantity)",
                    allowed: "\(within.lowerBound) … \(within.upperBound) \(condition.unit)")
            }
            return quantity.description
        case .check:
            guard let passed = ["y": "pass", "pass": "pass", "n": "fail", "fail": "fail"][text.lowercased()] else {
                throw refuse("type y (passed) or n (failed)")
            }
            return passed
        case .points(let id):
            guard let test = procedure.test(id) else { throw refuse("there is no such test") }
            return try points(text, test, refuse)
        case .reading(let id, let place, let name):
            guard let test = procedure.test(id), let reading = test.reading(name) else {
                throw refuse("there is no such reading")
            }
            if text == "-", reading.isOptional { return text }
            let quantity = try quantity(text, reading.unit, refuse)
            // The other points say how large the test is.
            let state = try state()
            let subject = job.subjects.first { $0.position == question.position }
            let others =
                try subject.map { try state.questions(for: $0) }?.compactMap { other -> VerificationData.Row? in
                    guard case .reading(id, let place, _) = other.what else { return nil }
                    return .init(at: place.at.flatMap { Quantity($0) }, values: [:])
                } ?? []
            let row = VerificationData.Row(
                point: place.point, at: place.at.flatMap { Quantity($0) }, stroke: place.stroke,
                repetition: place.repetition,
                values: [name: quantity])
            let data = VerificationData(stage: .subsequent, nameplate: [:], tests: [id: [row] + others])
            if !isConfirmed, let slip = PlausibilityOfReadings().slip(in: data, under: procedure) {
                throw VerificationError.slip(slip)
            }
            return quantity.description
        }
    }

    private func points(
        _ text: String, _ test: Procedure.Test, _ refuse: (String) -> VerificationError
    ) throws -> String {
        let values = text.split(separator: " ").map(String.init)
        if let setting = test.setting {
            for value in values { _ = try quantity(value, setting.unit, refuse) }
        }
        guard Set(values).count == values.count else { throw refuse("a point stands twice") }
        if case .chosen(let least, _, _, _) = test.points, values.count < least {
            throw refuse("at least \(least) points are taken, separated by spaces")
        }
        guard !values.isEmpty else { throw refuse("type the points, separated by spaces") }
        return values.joined(separator: " ")
    }

    private func quantity(
        _ text: String, _ unit: MeasurementUnit, _ refuse: (String) -> VerificationError
    ) throws -> Quantity {
        guard let quantity = Quantity(text.trimmingSpaces) else { throw refuse("it is no number: type it in \(unit)") }
        if quantity.unit == .one { return Quantity(quantity.number, unit) }
        guard QuantityKind(of: quantity.unit) == QuantityKind(of: unit) else {
            throw refuse("it is no number of \(unit)")
        }
        return quantity
    }

    /// What follows from the answers about one instrument so far.
    ///
    /// - Throws: `ReadingsFault` for readings the procedure cannot take.
    public func outcome(of subject: ReadingsJob.Subject, _ state: TypedSessionState) throws -> ProcedureOutcome {
        let session = try session()
        var data = try state.data(of: subject)
        for standard in session.standards {
            if let statement = standard.statement { data.standards[standard.role] = statement }
        }
        return try job.procedure.evaluate(data, isComplete: false)
    }

    /// Makes the records of all instruments that were not abandoned.
    ///
    /// - Throws: ``VerificationError``, `ReadingsFault` for what is still missing or may not be.
    public func close() throws -> [Records.Stored] {
        let session = try session()
        let records = Records(laboratory.ledger)
        guard try !store.isClosed(session.id) else {
            return try records.records(ofJob: job.name, institution: job.institution)
        }
        let state = try state()
        guard try state.next() == nil else { throw VerificationError.incomplete(job: job.name) }
        let subjects = try job.subjects.filter { state.abandoned[$0.position] == nil }.map { subject in
            subject.with(try state.data(of: subject), unusual: state.reasons(of: subject.position))
        }
        try closing.close(subjects, of: session)
        return try records.records(ofJob: job.name, institution: job.institution)
    }
}

extension String {
    var trimmingSpaces: String {
        var text = Substring(self)
        while text.first == " " { text.removeFirst() }
        while text.last == " " { text.removeLast() }
        return String(text)
    }
}
