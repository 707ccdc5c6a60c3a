public import Chronometry
import Metrology

/// Why a verification could not be carried out. An instrument that fails is not an error.
public enum VerificationError: Error, Sendable {
    case missingPoint(String, job: String, procedure: String)
    case unknownPoint(String, procedure: String, known: [String])
    case missingCheck(String, position: Int)
    case unknownCheck(String, position: Int, known: [String])
    case duplicatePosition(Int)
    case duplicateInstrument(serial: String, positions: [Int])
    case mixedNameplates(name: String, positions: [Int])
    case jobChanged(String)
    case unknown(what: String, key: String)
    case notQualified(person: String, role: String, category: String, on: CivilDate)
    case notOfInstitution(person: String, institution: String)
    case standardNotInDate(String)
    case standardNotCovered(standard: String, flow: String)
    case standardTooUncertain(point: String, uncertainty: String, allowed: String)
    case certificateUnit(String, unit: String)
    case conditionOutside(name: String, value: String, allowed: String)
    case wrongInstrument(position: Int, expected: String, found: String)
    case flowOutside(point: String, flow: String, allowed: String, attempts: Int)
    case batchStalled(point: String)
    case clockSetBack(now: String, last: String)
    case otherCategory(instrument: String, category: String, procedure: String, categories: [String])
    case elsewhere(instrument: String, job: String)
    case stillOpen(job: String)
    case closed(job: String)
    case notAnAnswer(String, why: String)
    /// A value far from what was set, for which no reason is given yet.
    case slip(String)
    case notReady(order: String, waiting: [String])
    case handedBack(order: String)
    case beyondCertificate(standard: String, value: String, largest: String)
    case noFlowTest(procedure: String)
    case implausible(serial: String, what: String)
    case missingCondition(String, serial: String)
    case objection(serial: String, what: String)
    case noLimit(point: String)
    case incomplete(job: String)
    case missingObservation(String, point: String)
    case unknownRecord(String)
    case malformedRow(table: String, id: Int64)
    case notRecomputable(record: String, why: String)
}

extension VerificationError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .missingPoint(let point, let job, let procedure):
            "the job \(job) leaves out the point \(point), which \(procedure) requires: add it under 'points'"
        case .unknownPoint(let point, let procedure, let known):
            "\(procedure) has no point '\(point)': it has \(known.joined(separator: ", "))"
        case .missingCheck(let check, let position):
            "position \(position) says nothing of the check '\(check)': add 'pass' or 'fail' under 'checks'"
        case .unknownCheck(let check, let position, let known):
            "position \(position) names a check '\(check)' that the procedure does not have: it has \(known.joined(separator: ", "))"
        case .duplicatePosition(let position): "position \(position) stands twice in the job"
        case .duplicateInstrument(let serial, let positions):
            "the instrument \(serial) stands at positions \(positions.map(String.init).joined(separator: " and ")) at once"
        case .mixedNameplates(let name, let positions):
            "the instruments at positions \(positions.map(String.init).joined(separator: ", ")) differ in \(name), "
                + "and share no flow that is right for all: verify them in two jobs"
        case .jobChanged(let job):
            "the job \(job) was changed since its session began: put the file back, or give the new work another name"
        case .unknown(let what, let key): "no \(what) '\(key)' is known: register it first"
        case .notQualified(let person, let role, let category, let day):
            "\(person) is not qualified as \(role) for \(category) on \(day)"
        case .notOfInstitution(let person, let institution):
            "\(person) does not belong to institution \(institution)"
        case .standardNotInDate(let sentence): sentence
        case .standardNotCovered(let standard, let flow):
            "the certificate of \(standard) says nothing at \(flow): it cannot be used there"
        case .standardTooUncertain(let point, let uncertainty, let allowed):
            "at \(point) the standard's U of \(uncertainty) is larger than the \(allowed) the procedure allows"
        case .certificateUnit(let certificate, let unit):
            "certificate \(certificate) states its corrections in \(unit); only relative corrections in % are understood here"
        case .conditionOutside(let name, let value, let allowed):
            "\(name) is \(value), outside \(allowed): let the room or the water settle, then repeat the command"
        case .wrongInstrument(let position, let expected, let found):
            "position \(position) answers with serial number \(found), the job says \(expected): correct the job or the bench"
        case .flowOutside(let point, let flow, let allowed, let attempts):
            "at \(point) the flow was \(flow), outside \(allowed), \(attempts) times: check valve and controller, then repeat the command"
        case .batchStalled(let point):
            "at \(point) the batch began but no water passes: check valve and supply, then repeat the command"
        case .noFlowTest(let procedure):
            "\(procedure) has no test that a flow bench makes: give its readings with the job"
        case .clockSetBack(let now, let last):
            "the clock says \(now), and the ledger's last entry is of \(last): set the clock right before anything is dated"
        case .otherCategory(let instrument, let category, let procedure, let categories):
            "the instrument \(instrument) is on file as '\(category)', and \(procedure) is for "
                + "\(categories.joined(separator: ", ")): check its serial number or take the right procedure"
        case .elsewhere(let instrument, let job):
            "the instrument \(instrument) stands in the session \(job), which is not closed: finish that one first"
        case .stillOpen(let job):
            "the session \(job) was begun at a keyboard and is not closed: go on with `steelyard session`"
        case .closed(let job): "the session \(job) is closed: what was read is in its records"
        case .notAnAnswer(let text, let why): "'\(text)': \(why)"
        case .slip(let what): "\(what): look at the decimal point and the unit"
        case .notReady(let order, let waiting):
            "the order \(order) cannot be handed back yet: \(waiting.joined(separator: ", ")) not verified; --as-they-are hands "
                + "them back all the same"
        case .handedBack(let order): "the order \(order) was handed back already"
        case .beyondCertificate(let standard, let value, let largest):
            "\(value) is beyond what the certificate of the standard \(standard) covers, \(largest): take one that covers it"
        case .implausible(let serial, let what):
            "instrument \(serial): \(what): look at the decimal point and the unit; if it is right, say why: 'unusual: REASON'"
        case .missingCondition(let condition, let serial):
            "instrument \(serial): the condition '\(condition)' is missing: write down what the room's instrument showed"
        case .objection(let serial, let what): "instrument \(serial): \(what)"
        case .noLimit(let point):
            "the procedure gives no limit of error at \(point) for this class and water temperature"
        case .incomplete(let job): "the session of job \(job) is not finished: run `steelyard verify` again"
        case .missingObservation(let what, let point):
            "\(what) was not taken at \(point): nothing can be computed there"
        case .unknownRecord(let number): "there is no record '\(number)'"
        case .malformedRow(let table, let id):
            "row \(id) of \(table) cannot be understood: run `steelyard audit verify`"
        case .notRecomputable(let record, let why): "record \(record) cannot be recomputed: \(why)"
        }
    }

    /// Whether the input or the order of things is wrong, as against a bench that failed.
    public var isWrongUse: Bool {
        switch self {
        case .conditionOutside, .wrongInstrument, .flowOutside, .batchStalled, .malformedRow,
            .missingObservation:
            false
        default: true
        }
    }
}
