import Chronometry
public import GRDB
public import Procedures
public import Registry
public import Traceability

/// Everything a capability is computed from, read at one moment. What it answers depends on nothing
/// else, so that a later day is asked the same way as today.
public struct CoverageFacts: Sendable {
    public let catalogue: Catalogue
    public let regions: [Region]
    public let institutions: [Institution]
    public let graph: ReferenceGraph
    private let people: [String: [Person]]
    private let publicStandards: [String: [PublicStandard]]

    public init(
        catalogue: Catalogue, regions: [Region], institutions: [Institution], people: [Person],
        publicStandards: [PublicStandard], graph: ReferenceGraph
    ) {
        self.catalogue = catalogue
        self.regions = regions
        self.institutions = institutions
        self.graph = graph
        self.people = Dictionary(grouping: people, by: \.institution)
        self.publicStandards = Dictionary(grouping: publicStandards, by: \.institution)
    }

    public init(catalogue: Catalogue, in database: Database) throws {
        self.init(
            catalogue: catalogue, regions: try Regions.all(in: database),
            institutions: try Institutions.all(in: database),
            people: try People.all(in: database),
            publicStandards: try PublicStandards.all(in: database),
            graph: try ReferenceGraph(in: database))
    }

    func people(of institution: Institution) -> [Person] { people[institution.key] ?? [] }

    func publicStandards(
        of institution: Institution, for category: String
    ) -> [PublicStandard] {
        publicStandards[institution.key]?.filter { $0.categories.contains(category) } ?? []
    }

    /// The days after `day` and up to `horizon` on which an answer for `institution` may change:
    /// each first day of a paper, and each day after a last one.
    func turningDays(
        of institution: Institution, after day: CivilDate, to horizon: CivilDate
    ) -> [CivilDate] {
        var firsts: [CivilDate] = [catalogue.inForceFrom]
        var lasts: [CivilDate] = [institution.authorization.validUntil]
        firsts += catalogue.entries.compactMap(\.compulsoryFrom)
        firsts += catalogue.editions.compactMap(\.inForceFrom.value)
        lasts += people(of: institution).flatMap(\.qualifications).map(\.validUntil)
        for standard in publicStandards[institution.key] ?? [] {
            firsts += [standard.assessment.validFrom, standard.certificate.validFrom]
            lasts += [standard.assessment.validUntil, standard.certificate.validUntil]
        }
        // Chains leave the institute, so that every certificate counts.
        firsts += graph.certificates.map(\.issuedOn)
        lasts += graph.certificates.map(\.validUntil)
        // An edition whose first day is not known counts from a new year on.
        firsts += (day.components.year...horizon.components.year + 1).compactMap {
            CivilDate(year: $0, month: 1, day: 1)
        }
        let turning = Set(firsts + lasts.map { $0.advanced(byDays: 1) })
        return turning.filter { day < $0 && $0 <= horizon }.sorted()
    }
}
