import Capabilities
import Chronometry
import Procedures
import Registry
import Testing
import Traceability

/// One institute with one public standard for water meters, of which each test takes something away.
private struct Institute {
    var today = CivilDate(daysSinceEpoch: 20_700)
    var authorizationUntil = 100
    var scope = Scope.all
    var assessmentUntil = 90
    var certificateUntil = 80
    var regulations = ["JJG 162-2019"]
    var calibratedUntil = 70
    /// Last days of the verifiers.
    var verifiers = [60, 50]

    func day(_ offset: Int) -> CivilDate { today.advanced(byDays: offset) }

    var institution: Institution {
        Institution(
            key: "i", level: .county, region: "421223", name: Bilingual(zh: "演示", en: "demo"),
            authorization: Institution.Authorization(
                number: "A", validUntil: day(authorizationUntil), scope: scope),
            contact: Institution.Contact(address: "a", postcode: "p", telephone: "t", email: "e"),
            isDemonstration: true)
    }

    func facts() throws -> CoverageFacts {
        func standard(_ key: String, _ kind: Standard.Kind) -> Standard {
            Standard(
                key: key, institution: "i", name: Bilingual(zh: key, en: key), maker: "m",
                model: "m", serial: "s", quantity: "volume", unit: "m3/h", range: "r",
                accuracy: "a", kind: kind)
        }
        func certificate(_ number: String, _ key: String, _ above: String?, _ until: Int) throws
            -> CalibrationCertificate
        {
            try CalibrationCertificate(
                number: number, standard: key, issuer: "p", issuedOn: day(-200),
                validUntil: day(until), reference: above,
                influence: CalibrationCertificate.Influence(name: "flow rate", unit: "m3/h"),
                unit: "%",
                points: [
                    CalibrationCertificate.Point(
                        at: 1, correction: 0, expandedUncertainty: 0.1, coverageFactor: 2)
                ], documentDigest: nil, review: .demonstration)
        }
        func paper(_ number: String, _ until: Int) -> PublicStandard.Paper {
            PublicStandard.Paper(number: number, validFrom: day(-500), validUntil: day(until))
        }
        return CoverageFacts(
            catalogue: try Catalogue.load("\(calibration)/catalogue.yaml"),
            regions: [
                Region(
                    code: "421223", name: Bilingual(zh: "崇阳县", en: "Chongyang"), level: .county,
                    parent: nil)
            ],
            institutions: [institution],
            people: verifiers.enumerated().map { index, until in
                Person(
                    key: "v\(index)", name: "V\(index)", institution: "i",
                    qualifications: [
                        Qualification(
                            role: .verifier, certificate: "Q\(index)", scope: .listed(["water-meter"]),
                            validUntil: day(until))
                    ])
            },
            publicStandards: [
                PublicStandard(
                    key: "bench", institution: "i", name: Bilingual(zh: "装置", en: "bench"),
                    assessment: paper("K", assessmentUntil),
                    certificate: paper("S", certificateUntil), categories: ["water-meter"],
                    regulations: regulations, range: "r", accuracy: "a", mainStandards: ["ref"])
            ],
            graph: ReferenceGraph(
                standards: [standard("ref", .working), standard("top", .national)],
                certificates: [
                    try certificate("C-top", "top", nil, 900),
                    try certificate("C-ref", "ref", "top", calibratedUntil),
                ]))
    }

    func capability(of category: String = "water-meter", on offset: Int = 0) throws -> Capability {
        let facts = try facts()
        let entry = try #require(facts.catalogue.entry(category))
        return facts.capability(of: institution, for: entry, on: day(offset))
    }
}

@Suite struct ACapability {
    @Test func `everything in place, and the second verifier is the first to lapse`() throws {
        let institute = Institute()
        #expect(
            try institute.capability().verdict
                == .capable(
                    editions: ["JJG 162-2019"],
                    lapse: Lapse(lastDay: institute.day(50), what: .verifier(name: "V1"))))
    }

    @Test func `it holds through the last day and not on the next`() throws {
        let institute = Institute(verifiers: [60, 50])
        #expect(try institute.capability(on: 50).isCapable)
        #expect(try institute.capability(on: 51).gaps == [.tooFewVerifiers(qualified: ["V0"])])
    }

    @Test func `one verifier is not enough, and a third makes the second dispensable`() throws {
        #expect(try Institute(verifiers: [60]).capability().gaps == [.tooFewVerifiers(qualified: ["V0"])])
        #expect(try Institute(verifiers: []).capability().missingFacts == 2)
        let three = Institute(verifiers: [60, 50, 65])
        #expect(
            try three.capability().lapse
                == Lapse(lastDay: three.day(60), what: .verifier(name: "V0")))
    }

    @Test func `the assessment, the public certificate and the authorization end it each by itself`() throws {
        let assessed = Institute(assessmentUntil: 10)
        #expect(try assessed.capability().lapse == Lapse(lastDay: assessed.day(10), what: .assessment("K")))
        #expect(try assessed.capability(on: 11).gaps.map(\.code) == ["assessment-not-valid"])
        let published = Institute(certificateUntil: 10)
        #expect(try published.capability(on: 10).isCapable)
        #expect(try published.capability(on: 11).gaps.map(\.code) == ["public-certificate-not-valid"])
        let authorized = Institute(authorizationUntil: 10)
        #expect(try authorized.capability(on: 10).isCapable)
        #expect(
            try authorized.capability(on: 11).gaps
                == [.authorizationLapsed(authorization: "A", lastDay: authorized.day(10))])
    }

    @Test func `an expired calibration ends it, and says which certificate`() throws {
        let institute = Institute(calibratedUntil: 10)
        #expect(
            try institute.capability().lapse
                == Lapse(
                    lastDay: institute.day(10),
                    what: .calibration(certificate: "C-ref", standard: "ref")))
        #expect(
            try institute.capability(on: 11).gaps
                == [
                    .notTraceable(
                        .expired(
                            standard: "ref", link: "ref", certificate: "C-ref",
                            since: institute.day(11)))
                ])
    }

    @Test func `an authorization that does not cover it, and another public standard's edition`() throws {
        #expect(
            try Institute(scope: .listed(["taximeter"])).capability().gaps
                == [.notAuthorized(authorization: "A")])
        #expect(try Institute(scope: .listed(["JJG 162-2019"])).capability().isCapable)
        #expect(
            try Institute(regulations: ["JJG 162-2009"]).capability().gaps.map(\.code)
                == ["assessed-for-other-edition"])
    }

    @Test func `nothing at all is three facts and two verifiers`() throws {
        let capability = try Institute().capability(of: "taximeter")
        #expect(capability.gaps == [.tooFewVerifiers(qualified: []), .noPublicStandard])
        #expect(capability.missingFacts == 5)
    }

    @Test func `what the catalogue does not ask for is no capability`() throws {
        #expect(try Institute().capability(of: "load-cell").gaps == [.notCompulsory])
    }
}

@Suite struct Counts {
    @Test func `a forecast finds the day on which the count falls under the target`() throws {
        // A third verifier lapses on the way, which leaves the count at the target.
        let institute = Institute(verifiers: [60, 50, 5])
        let report = try Coverage.report(
            institute.facts(),
            targets: CoverageTargets(source: "s", unit: .entry, atLeast: [.county: 1]),
            on: institute.today, forecastDays: 60)
        let coverage = try #require(report.institutions.first)
        #expect(coverage.count == 1)
        let forecast = try #require(coverage.forecast)
        #expect(forecast.count == 0)
        #expect(forecast.belowTargetFrom == institute.day(51))
        #expect(forecast.changes.map(\.category) == ["water-meter"])
        #expect(forecast.changes.first?.cause?.what == .verifier(name: "V1"))
    }

    @Test func `regulations may be the unit`() throws {
        let all = Institute(regulations: [])
        func count(_ unit: CountingUnit) throws -> Int? {
            try Coverage.report(
                all.facts(), targets: CoverageTargets(source: "s", unit: unit, atLeast: [.county: 1]),
                on: all.today
            ).institutions.first?.count
        }
        #expect(try count(.entry) == 1)
        #expect(try count(.level1) == 1)
        // Cold and hot water.
        #expect(try count(.regulation) == 2)
    }

    @Test func `an unknown region and a look back are refused`() throws {
        let targets = CoverageTargets(source: "s", unit: .entry, atLeast: [.county: 1])
        let facts = try Institute().facts()
        #expect(throws: CapabilitiesError.unknownRegion(code: "999999")) {
            try Coverage.report(facts, targets: targets, region: "999999", on: Institute().today)
        }
        #expect(throws: CapabilitiesError.pastForecast(days: -1)) {
            try Coverage.report(facts, targets: targets, on: Institute().today, forecastDays: -1)
        }
    }

    @Test func `columns stand under each other with Chinese in them`() {
        var table = AlignedTable()
        table.add(["水表", "x"])
        table.add(["abc", "y"])
        #expect(table.text == "水表  x\nabc   y")
        #expect(AlignedTable.cells(of: "DN 15 … 水表") == 12)
    }
}
