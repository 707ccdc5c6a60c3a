import Capabilities
import Chronometry
import Foundation
import Ledger
import Procedures
import Registry
import Testing
import Traceability

/// The demonstration data as `steelyard demo` loads it, on a day far from any that its author saw.
@Suite struct Demonstration {
    private static let today = CivilDate(daysSinceEpoch: 22_000)

    private func withDemonstration<T>(_ body: (Ledger) throws -> T) throws -> T {
        let folder = FileManager.default.temporaryDirectory.appending(path: "coverage-\(UUID())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let ledger = try Ledger(
            path: folder.appending(path: "ledger.sqlite").path,
            schemas: [RegistryTables.schema, TraceabilityTables.schema])
        let loaded = try load(into: ledger)
        #expect(loaded.updated == 0 && loaded.unchanged == 0)
        return try body(ledger)
    }

    private func load(into ledger: Ledger, on day: CivilDate = today) throws -> KeptCounts {
        let regions = try RegionsFile(path: "\(calibration)/regions.yaml")
        let institutions = try InstitutionsFile(
            path: "\(calibration)/demonstration/institutions.yaml", today: day)
        let standards = try StandardsFile(
            path: "\(calibration)/demonstration/standards.yaml", today: day)
        return try ledger.commit("demonstration", reason: "demonstration data") {
            try regions.keep(in: $0) + institutions.keep(in: $0)
                + standards.keep(why: "demonstration reloaded", in: $0)
        }
    }

    private func report(
        _ ledger: Ledger, region: String? = nil, forecastDays: Int? = nil
    ) throws -> CoverageReport {
        let catalogue = try Catalogue.load("\(calibration)/catalogue.yaml")
        return try Coverage.report(
            ledger.read { try CoverageFacts(catalogue: catalogue, in: $0) },
            targets: CoverageTargets.load("\(calibration)/regions.yaml"), region: region,
            on: Self.today, forecastDays: forecastDays)
    }

    @Test func `the counts are those counted by hand`() throws {
        try withDemonstration { ledger in
            let report = try report(ledger)
            #expect(report.categories == 44)
            // City: all 44 but rail-auto, rail-digital, tank-ship, tank-railtank (no standard),
            // auto-hopper, moisture (edition not confirmed), bio-eeg (one verifier).
            // Xian'an: scales, fuel, LPG, CNG, water, gas, electricity, BP 2, gauges, thermometers,
            // taximeters, optics 2, hearts 2, charging = 17. Jiayu: without CNG, optics, charging = 13.
            // Tongcheng: scales, LPG, water, electricity, BP 2, gauges, thermometers, taximeters = 9.
            // Chongyang: Jiayu's 13, sound, exhausts = 15. Tongshan: Jiayu's 13 without hearts 2 = 11.
            // Chibi: Jiayu's 13, CNG, optics 2 = 16.
            #expect(
                report.institutions.map { "\($0.institution.key) \($0.count)/\($0.target ?? 0)" } == [
                    "421200 37/35", "421202 17/15", "421221 13/15", "421222 9/15", "421223 15/15",
                    "421224 11/15", "421281 16/15",
                ])
        }
    }

    @Test(arguments: [
        ("421200", "bio-eeg", "too-few-verifiers"), ("421200", "rail-auto", "no-public-standard"),
        ("421200", "auto-hopper", "no-edition-in-force"),
        ("421202", "sound-level-meter", "assessment-not-valid"),
        ("421221", "focimeter", "not-traceable"), ("421221", "charging-pile", "too-few-verifiers"),
        ("421222", "fuel-dispenser", "assessed-for-other-edition"),
        ("421222", "gas-meter", "not-traceable"),
        ("421223", "charging-pile", "public-certificate-not-valid"),
        ("421224", "bio-ecg", "not-authorized"), ("421281", "charging-pile", "not-traceable"),
    ])
    func `each gap is of the kind it was made to be`(
        institution: String, category: String, code: String
    ) throws {
        try withDemonstration { ledger in
            let coverage = try #require(
                try report(ledger).institutions.first { $0.institution.key == institution })
            let capability = try #require(coverage.capabilities.first { $0.category == category })
            #expect(capability.gaps.map(\.code).contains(code), "\(capability.gaps)")
        }
    }

    @Test func `Chongyang falls under its target when its second taximeter verifier lapses`() throws {
        try withDemonstration { ledger in
            let report = try report(ledger, region: "421223", forecastDays: 90)
            #expect(report.institutions.map(\.institution.key) == ["421223"])
            let forecast = try #require(report.institutions.first?.forecast)
            #expect(forecast.belowTargetFrom == Self.today.advanced(byDays: 17))
            #expect(forecast.changes.map(\.category) == ["taximeter", "sound-level-meter"])
            #expect(forecast.changes.map(\.count) == [14, 13])
            #expect(forecast.changes.first?.cause?.what == .verifier(name: "肖演示"))
        }
    }

    @Test func `the cheapest gain comes first`() throws {
        try withDemonstration { ledger in
            let coverage = try #require(
                try report(ledger).institutions.first { $0.institution.key == "421221" })
            // One verifier, or one calibration: each one fact; livelihood ones in catalogue order.
            #expect(
                coverage.remedies.prefix(3).map(\.category)
                    == ["charging-pile", "focimeter", "refractometer"])
        }
    }

    @Test func `the water-meter bench of the city is traceable to the national standard`() throws {
        try withDemonstration { ledger in
            for key in [
                "flow-reference-421200", "water-temperature-421200", "water-pressure-421200",
                "room-climate-421200",
            ] {
                let chain = try ledger.read { try Chains.chain(of: key, on: Self.today, in: $0) }
                #expect(chain.isUnbroken, "\(chain.text)")
                #expect(chain.links.map(\.standard.kind) == [.working, .province, .national])
            }
            let verifiers = try ledger.read {
                try People.qualified(.verifier, for: "water-meter", of: "421200", on: Self.today, in: $0)
            }
            #expect(verifiers.map(\.key) == ["li-421200", "zhang-421200"])
        }
    }

    @Test func `loading it twice changes nothing, and the audit chain is sound`() throws {
        try withDemonstration { ledger in
            let again = try load(into: ledger)
            #expect(again.inserted == 0 && again.updated == 0 && again.unchanged > 400, "\(again)")
            guard case .sound = try ledger.verifyAudit() else {
                Issue.record("the audit chain is not sound")
                return
            }
        }
    }

    @Test func `loaded again a month later it is as fresh as before`() throws {
        try withDemonstration { ledger in
            let counts = try load(into: ledger, on: Self.today.advanced(byDays: 30))
            #expect(counts.inserted == 0 && counts.updated > 200, "\(counts)")
            let catalogue = try Catalogue.load("\(calibration)/catalogue.yaml")
            let later = try Coverage.report(
                ledger.read { try CoverageFacts(catalogue: catalogue, in: $0) },
                targets: CoverageTargets.load("\(calibration)/regions.yaml"),
                on: Self.today.advanced(byDays: 30))
            #expect(later.institutions.map(\.count) == [37, 17, 13, 9, 15, 11, 16])
        }
    }

    @Test func `the report reads well and is valid JSON`() throws {
        try withDemonstration { ledger in
            let catalogue = try Catalogue.load("\(calibration)/catalogue.yaml")
            let report = try report(ledger, forecastDays: 60)
            let text = report.text(catalogue, detailed: "421223")
            #expect(text.contains("demonstration data: no real institute"))
            #expect(text.contains("under the target of 15 from \(Self.today.advanced(byDays: 17))"))
            let json = try JSONSerialization.jsonObject(with: Data(report.json().utf8))
            let document = try #require(json as? [String: Any])
            #expect((document["institutions"] as? [Any])?.count == 7)
            #expect(document["unit"] as? String == "entry")
        }
    }
}
