import Chronometry
import Ledger
import Procedures
import Registry
import Traceability

/// What has to hold on the day before water runs, and again when a session is resumed: people,
/// edition, standards and conditions may all have lapsed in between.
struct SessionAdmission: Sendable {
    let plan: SessionPlan
    let laboratory: VerificationSession.Laboratory

    private var day: CivilDate { laboratory.clock().date(in: laboratory.zone) }

    /// The edition in force on the day decides.
    func checkEdition() throws {
        guard plan.procedure.isInForce(on: day) else {
            throw ProcedureError.notInForce(plan.procedure.number, on: day, from: plan.procedure.inForceFrom)
        }
    }

    /// The verifier belongs to the institution and is qualified; the client is known.
    func checkPeople() throws {
        let job = plan.job
        let category = plan.procedure.categories[0]
        let person = try laboratory.ledger.read { try People.find(job.verifier, in: $0) }
        guard let person else { throw VerificationError.unknown(what: "person", key: job.verifier) }
        guard person.institution == job.institution else {
            throw VerificationError.notOfInstitution(person: person.name, institution: job.institution)
        }
        guard
            person.qualified(
                .verifier, for: category, regulations: [plan.procedure.number], on: day) != nil
        else {
            throw VerificationError.notQualified(
                person: person.name, role: Role.verifier.name.en, category: category, on: day)
        }
        let owner = try laboratory.ledger.read { try Owners.find(job.client, in: $0) }
        guard owner != nil else { throw VerificationError.unknown(what: "owner", key: job.client) }
    }

    /// The standards of the session, all in date today with their whole chains, the reference fit for every point.
    func standards() throws -> [StandardUsed] {
        let conditions = plan.procedure.conditions.compactMap { condition in
            plan.job.conditionStandards[condition.id].map { (condition.id, $0) }
        }
        let used = try laboratory.ledger.read { db in
            let assessments = try PublicStandards.all(of: plan.job.institution, in: db)
            return try ([("reference", plan.job.referenceStandard)] + conditions).map { role, key in
                guard try Standards.find(key, in: db) != nil else {
                    throw VerificationError.unknown(what: "standard", key: key)
                }
                let chain = try Chains.chain(of: key, on: day, in: db)
                let standing = Standing(of: chain)
                guard standing.isInDate else {
                    throw VerificationError.standardNotInDate(standing.en)
                }
                let assessment = assessments.first { $0.mainStandards.contains(key) }
                guard
                    let standard = StandardUsed(
                        role: role, chain: chain,
                        assessment: assessment?.assessment.number ?? "")
                else { throw VerificationError.unknown(what: "certificate of standard", key: key) }
                return standard
            }
        }
        try plan.check(used[0])
        return used
    }

    /// The first condition that is outside what the procedure allows, as the error it is.
    func outside(_ conditions: [Observation]) -> VerificationError? {
        for rule in plan.procedure.conditions {
            guard let within = rule.within,
                let value = conditions.first(where: { $0.condition == rule.id })?.number,
                !within.contains(value)
            else { continue }
            return .conditionOutside(
                name: rule.words.en, value: "\(value) \(rule.unit)",
                allowed: "\(within.lowerBound) … \(within.upperBound) \(rule.unit)")
        }
        return nil
    }
}
