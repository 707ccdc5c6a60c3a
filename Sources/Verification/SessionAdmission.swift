import Chronometry
import Ledger
import Procedures
import Registry
import Traceability

/// What has to hold on the day before water runs, and again when a session is resumed: people,
/// edition, standards and conditions may all have lapsed in between.
struct SessionAdmission: Sendable {
    let procedure: Procedure
    let institution: String
    let verifier: String
    let client: String
    /// Role → key.
    let standards: [(role: String, key: String)]
    let laboratory: VerificationSession.Laboratory

    private var day: CivilDate { laboratory.clock().date(in: laboratory.zone) }

    /// Dates on certificates come from this clock: one that was set back would write the past anew.
    func checkClock() throws {
        let now = laboratory.clock()
        guard let last = try laboratory.ledger.lastChange(), last.milliseconds - now.milliseconds > 5000 else { return }
        throw VerificationError.clockSetBack(now: now.text(in: laboratory.zone), last: last.text(in: laboratory.zone))
    }

    /// The edition in force on the day decides.
    func checkEdition() throws {
        guard procedure.isInForce(on: day) else {
            throw ProcedureError.notInForce(procedure.number, on: day, from: procedure.inForceFrom)
        }
        if let replacement = laboratory.catalogue?.replacement(of: procedure.number, by: day) {
            throw ProcedureError.replaced(
                procedure.number, by: replacement.edition.number, since: replacement.since)
        }
    }

    /// One instrument is one thing of one kind, at one bench at a time.
    func checkInstrument(maker: String, model: String, serial: String) throws {
        let name = "\(maker) \(model) \(serial)"
        try laboratory.ledger.read { db in
            guard let found = try Instruments.find(maker: maker, model: model, serial: serial, in: db) else { return }
            guard procedure.categories.contains(found.instrument.category) else {
                throw VerificationError.otherCategory(
                    instrument: name, category: found.instrument.category, procedure: procedure.number,
                    categories: procedure.categories)
            }
            if let other = try SessionStore.openSession(with: found.id, in: db) {
                throw VerificationError.elsewhere(instrument: name, job: other)
            }
        }
    }

    /// The verifier belongs to the institution and is qualified; the client is known.
    func checkPeople() throws {
        let category = procedure.categories[0]
        let person = try laboratory.ledger.read { try People.find(verifier, in: $0) }
        guard let person else { throw VerificationError.unknown(what: "person", key: verifier) }
        guard person.institution == institution else {
            throw VerificationError.notOfInstitution(person: person.name, institution: institution)
        }
        guard
            person.qualified(
                .verifier, for: category, regulations: [procedure.number], on: day) != nil
        else {
            throw VerificationError.notQualified(
                person: person.name, role: Role.verifier.name.en, category: category, on: day)
        }
        let owner = try laboratory.ledger.read { try Owners.find(client, in: $0) }
        guard owner != nil else { throw VerificationError.unknown(what: "owner", key: client) }
    }

    /// The standards of the session, all in date today with their whole chains.
    func standardsUsed() throws -> [StandardUsed] {
        try laboratory.ledger.read { db in
            let assessments = try PublicStandards.all(of: institution, in: db)
            return try standards.map { role, key in
                guard try Standards.find(key, in: db) != nil else {
                    throw VerificationError.unknown(what: "standard", key: key)
                }
                let chain = try Chains.chain(of: key, on: day, in: db)
                let standing = Standing(of: chain)
                guard standing.isInDate else {
                    throw VerificationError.standardNotInDate(standing.en)
                }
                // One piece may belong to several public standards: that for this kind of instrument is meant.
                let own = assessments.filter { $0.mainStandards.contains(key) }
                let assessment = own.first { !$0.categories.filter(procedure.categories.contains).isEmpty } ?? own.first
                guard
                    let standard = StandardUsed(
                        role: role, chain: chain,
                        assessment: assessment?.assessment.number ?? "")
                else { throw VerificationError.unknown(what: "certificate of standard", key: key) }
                return standard
            }
        }
    }

    /// The first condition that is outside what the procedure allows, as the error it is.
    func outside(_ conditions: [Observation]) -> VerificationError? {
        for rule in procedure.conditions {
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
