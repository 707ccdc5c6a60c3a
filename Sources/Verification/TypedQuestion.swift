import Metrology
public import Procedures

/// One thing a person is asked in a session whose readings are typed.
public struct TypedQuestion: Hashable, Sendable {
    public enum What: Hashable, Sendable {
        /// A condition of the room, asked once for all positions.
        case condition(String)
        case check(String)
        /// Which points of a test the technician takes, several values in one answer.
        case points(test: String)
        case reading(test: String, place: Place, name: String)
    }

    public struct Place: Hashable, Sendable {
        /// Id of a point that is listed; nil where `at` says which.
        public let point: String?
        /// The setting as it was typed.
        public let at: String?
        public let stroke: String?
        public let repetition: Int
    }

    /// Nil for what belongs to all positions.
    public let position: Int?
    public let what: What

    /// By which the ledger finds the answer again.
    var key: String {
        switch what {
        case .condition(let id): "condition \(id)"
        case .check(let id): "check \(id)"
        case .points(let test): "points \(test)"
        case .reading(let test, let place, let name):
            "reading \(test) \(place.point ?? place.at ?? "-") \(place.stroke ?? "-") \(place.repetition) \(name)"
        }
    }
}

/// An answer as the ledger keeps it; never changed: a correction is another one.
public struct TypedAnswer: Hashable, Sendable {
    public let position: Int?
    /// Of the question.
    public let key: String
    /// As typed.
    public let text: String
    /// Why it takes the place of an earlier one, or is far from what was to be expected.
    public let reason: String?

    /// An answer to `question`.
    public init(answering question: TypedQuestion, _ text: String, reason: String? = nil) {
        self.init(position: question.position, key: question.key, text: text, reason: reason)
    }

    /// That an instrument is left, and why.
    public static func abandonment(of position: Int, why: String) -> TypedAnswer {
        TypedAnswer(position: position, key: TypedSessionState.abandonment, text: why)
    }

    init(position: Int?, key: String, text: String, reason: String? = nil) {
        self.position = position
        self.key = key
        self.text = text
        self.reason = reason
    }
}

/// What was asked and answered, as a value: answers in, the next question out. It reads no clock and no store, so a session
/// that ends at any moment is a list of answers that ends there.
public struct TypedSessionState: Sendable {
    private let procedure: Procedure
    private let subjects: [ReadingsJob.Subject]
    /// The latest by position and key.
    private var latest: [Slot: TypedAnswer] = [:]
    /// In the order in which they were given.
    public private(set) var answers: [TypedAnswer] = []
    public private(set) var abandoned: [Int: String] = [:]

    private struct Slot: Hashable {
        let position: Int?
        let key: String
    }

    static let abandonment = "abandoned"

    public init(_ procedure: Procedure, _ subjects: [ReadingsJob.Subject], _ answers: [TypedAnswer] = []) {
        self.procedure = procedure
        self.subjects = subjects
        for answer in answers { apply(answer) }
    }

    public mutating func apply(_ answer: TypedAnswer) {
        answers.append(answer)
        if answer.key == Self.abandonment, let position = answer.position { abandoned[position] = answer.text }
        latest[Slot(position: answer.position, key: answer.key)] = answer
    }

    public func answer(to question: TypedQuestion) -> TypedAnswer? {
        latest[Slot(position: question.position, key: question.key)]
    }

    /// The first question that has no answer; nil where all is there.
    ///
    /// - Throws: `ProcedureError`, `ReadingsFault` for a plate the procedure does not take.
    public func next() throws -> TypedQuestion? {
        for condition in procedure.conditions {
            let question = TypedQuestion(position: nil, what: .condition(condition.id))
            if answer(to: question) == nil { return question }
        }
        for subject in subjects where abandoned[subject.position] == nil {
            if let question = try questions(for: subject).first(where: { answer(to: $0) == nil }) { return question }
        }
        return nil
    }

    /// How many questions of a position are answered, of how many.
    public func progress(of subject: ReadingsJob.Subject) throws -> (done: Int, all: Int) {
        let all = try questions(for: subject)
        return (all.count { answer(to: $0) != nil }, all.count)
    }

    /// All that is asked about one instrument, in the order of work, as far as the answers so far say what it is.
    public func questions(for subject: ReadingsJob.Subject) throws -> [TypedQuestion] {
        let plan = try procedure.workPlan(nameplate: subject.data.nameplate, stage: subject.data.stage)
        var found = plan.checks.map { TypedQuestion(position: subject.position, what: .check($0.id)) }
        for test in plan.tests {
            var points = test.points.map {
                TypedQuestion.Place(point: $0.id, at: $0.at?.description, stroke: nil, repetition: 1)
            }
            if test.isChosen {
                let question = TypedQuestion(position: subject.position, what: .points(test: test.test.id))
                found.append(question)
                guard let typed = answer(to: question) else { return found }
                points = typed.text.split(separator: " ").map { value in
                    test.test.setting == nil
                        ? .init(point: String(value), at: nil, stroke: nil, repetition: 1)
                        : .init(point: nil, at: String(value), stroke: nil, repetition: 1)
                }
            }
            for (index, stroke) in (test.test.strokes.isEmpty ? [nil] : test.test.strokes.map(Optional.some))
                .enumerated()
            {
                // The second stroke comes back the way the first went.
                for place in index % 2 == 0 ? points : points.reversed() {
                    let first = TypedQuestion.Place(point: place.point, at: place.at, stroke: stroke, repetition: 1)
                    let further = try furtherReadings(of: test.test, at: first, subject)
                    for repetition in 1...(test.test.repeats.lowerBound + further) {
                        for reading in test.test.readings {
                            let own = TypedQuestion.Place(
                                point: place.point, at: place.at, stroke: stroke, repetition: repetition)
                            found.append(
                                .init(
                                    position: subject.position,
                                    what: .reading(test: test.test.id, place: own, name: reading.name)))
                        }
                    }
                }
            }
        }
        return found
    }

    /// How many readings are due beside the first because that is outside; none while it is not complete.
    private func furtherReadings(
        of test: Procedure.Test, at place: TypedQuestion.Place, _ subject: ReadingsJob.Subject
    ) throws -> Int {
        guard let retest = test.retest, let result = test.result(retest.result) else { return 0 }
        var values: [String: Quantity] = [:]
        for reading in test.readings {
            let question = TypedQuestion(
                position: subject.position, what: .reading(test: test.id, place: place, name: reading.name))
            guard let given = answer(to: question) else { return 0 }
            if let quantity = Quantity(given.text) { values[reading.name] = quantity }
        }
        var data = subject.data
        data.tests = [
            test.id: [
                .init(
                    point: place.point, at: place.at.flatMap { Quantity($0) }, stroke: place.stroke, repetition: 1,
                    values: values)
            ]
        ]
        let isOutside = try procedure.limits(of: result, in: test, data).contains { value in
            value.lower.map { value.compared < $0 } ?? false || value.upper.map { value.compared > $0 } ?? false
        }
        return isOutside ? retest.readingsAtMost - 1 : 0
    }

    /// The question that was answered last; nil where none was, or an instrument was left then.
    public func lastAnswered() throws -> TypedQuestion? {
        guard let last = answers.last else { return nil }
        guard let subject = subjects.first(where: { $0.position == last.position }) else {
            return procedure.conditions.map { TypedQuestion(position: nil, what: .condition($0.id)) }
                .first { $0.key == last.key }
        }
        return try questions(for: subject).first { $0.key == last.key }
    }

    /// What the answers so far are as data of one instrument.
    public func data(of subject: ReadingsJob.Subject) throws -> VerificationData {
        var data = subject.data
        for condition in procedure.conditions {
            let given = answer(to: .init(position: nil, what: .condition(condition.id)))
            if let quantity = given.flatMap({ Quantity($0.text) }) {
                data.conditions[condition.id] =
                    quantity.unit == .one ? Quantity(quantity.number, condition.unit) : quantity
            }
        }
        var rows: [(test: String, place: TypedQuestion.Place, values: [String: Quantity])] = []
        for question in try questions(for: subject) {
            guard let given = answer(to: question) else { continue }
            switch question.what {
            case .condition, .points: break
            case .check(let id): data.checks[id] = given.text == "pass"
            case .reading(let test, let place, let name):
                if rows.last?.test != test || rows.last?.place != place { rows.append((test, place, [:])) }
                // `-` stands for a reading that need not be there.
                if let quantity = Quantity(given.text) { rows[rows.count - 1].values[name] = quantity }
            }
        }
        for row in rows {
            data.tests[row.test, default: []].append(
                .init(
                    point: row.place.point, at: row.place.at.flatMap { Quantity($0) }, stroke: row.place.stroke,
                    repetition: row.place.repetition, values: row.values))
        }
        return data
    }

    /// Reasons given for strange readings of one instrument, for its record.
    public func reasons(of position: Int) -> String? {
        let given = answers.filter { $0.position == position }.compactMap(\.reason)
        return given.isEmpty ? nil : given.joined(separator: "; ")
    }
}
