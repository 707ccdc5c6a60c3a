import Foundation
import Procedures
import Testing
import Verification

/// The run of a session at a keyboard, as a value.
@Suite struct TypedSessionStateTests {
    private func job(_ procedure: String, _ nameplate: String) throws -> ReadingsJob {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().path
        let path = NSTemporaryDirectory() + "job-\(UUID().uuidString).yaml"
        defer { try? FileManager.default.removeItem(atPath: path) }
        try """
        job: trial
        procedure: \(procedure)
        institution: "421200"
        verifier: v
        client: c
        place: here
        standards: {}
        instruments:
          - {maker: a, model: b, serial: "1", nameplate: \(nameplate)}
          - {maker: a, model: b, serial: "2", nameplate: \(nameplate)}
        """.write(toFile: path, atomically: true, encoding: .utf8)
        return try ReadingsJob.load(path, procedures: "\(root)/Calibration/procedures")
    }

    /// Answers questions as `text` says, until it says nothing; the questions asked.
    private func run(
        _ state: inout TypedSessionState, _ text: (TypedQuestion) -> String?
    ) throws -> [TypedQuestion] {
        var asked: [TypedQuestion] = []
        while let question = try state.next() {
            asked.append(question)
            guard let answer = text(question) else { break }
            state.apply(TypedAnswer(answering: question, answer))
        }
        return asked
    }

    private func repetitions(_ asked: [TypedQuestion], position: Int, point: String) -> Set<Int> {
        Set(
            asked.compactMap { question -> Int? in
                guard question.position == position, case .reading(_, let place, _) = question.what,
                    place.point == point
                else { return nil }
                return place.repetition
            })
    }

    /// A second reading is asked for where the first is outside, of that instrument and at that point alone.
    @Test func aFurtherReadingWhereTheFirstIsOutside() throws {
        let job = try job("JJG 162-2019", "{Q3: 2.5, R: 80, class: 2, DN: 20}")
        var state = TypedSessionState(job.procedure, job.subjects)
        let asked = try run(&state) { question in
            switch question.what {
            case .condition: return "20"
            case .check: return "pass"
            case .points: return nil
            case .reading(_, let place, let name):
                let isBad = question.position == 2 && place.point == "Q2" && place.repetition == 1
                return name == "reference" ? "100" : name == "temperature" ? "20" : isBad ? "103" : "101"
            }
        }
        #expect(try state.next() == nil)
        for position in 1...2 {
            for point in ["Q3", "Q2", "Q1"] {
                #expect(
                    repetitions(asked, position: position, point: point)
                        == (position == 2 && point == "Q2" ? [1, 2] : [1]))
            }
        }
        let data = try state.data(of: job.subjects[1])
        #expect(data.tests["indication"]?.count == 4)
    }

    /// Whatever the moment at which it ends: the answers alone say where it stands.
    @Test func theAnswersAreTheWholeState() throws {
        let job = try job(
            "JJG 52-2013",
            "{class: 1.6, lower: 0 MPa, upper: 1.6 MPa, division: 0.05 MPa, stop_pin: \"no\", oxygen: \"no\"}")
        func text(_ question: TypedQuestion) -> String? {
            switch question.what {
            case .condition: "20"
            case .check: "pass"
            case .points: "0 0.8 1.6"
            case .reading(_, let place, _): place.at
            }
        }
        var whole = TypedSessionState(job.procedure, job.subjects)
        let asked = try run(&whole, text)
        #expect(Set(asked).count == asked.count)
        for moment in 0...whole.answers.count {
            var again = TypedSessionState(job.procedure, job.subjects, Array(whole.answers.prefix(moment)))
            #expect(try again.next() == (moment < asked.count ? asked[moment] : nil))
            #expect(try run(&again, text) == Array(asked.dropFirst(moment)))
            #expect(again.answers == whole.answers)
        }
        // Of two instruments, one is left: the other is asked all the same.
        var left = TypedSessionState(job.procedure, job.subjects, Array(whole.answers.prefix(4)))
        left.apply(TypedAnswer.abandonment(of: 1, why: "broken"))
        #expect(try left.next()?.position == 2)
    }
}
