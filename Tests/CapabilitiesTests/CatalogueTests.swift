import Chronometry
import DataFiles
import Foundation
import Procedures
import Testing

/// The `Calibration` folder of the repository.
let calibration = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "Calibration").path

func date(_ year: Int, _ month: Int, _ day: Int) throws -> CivilDate {
    try #require(CivilDate(year: year, month: month, day: day))
}

@Suite struct CatalogueOfTheRepository {
    private let catalogue: Catalogue

    init() throws {
        catalogue = try Catalogue.load("\(calibration)/catalogue.yaml")
    }

    @Test func `every row and edition is there`() {
        #expect(catalogue.entries.count == 66)
        #expect(catalogue.editions.count == 110)
        #expect(catalogue.entry("water-meter")?.regulations == ["JJG 162-2019", "JJG 686-2015"])
        #expect(catalogue.review == "transcribed, awaiting review")
    }

    @Test func `no doubtful value ships as a value`() {
        for entry in catalogue.entries {
            if case .known(_, let evidence) = entry.supervision {
                #expect(evidence.confidence != .low, "supervision of \(entry.key)")
            }
            if case .known(_, let evidence) = entry.period {
                #expect(evidence.confidence != .low, "period of \(entry.key)")
            }
        }
        for edition in catalogue.editions {
            if case .known(_, let evidence) = edition.period {
                #expect(evidence.confidence != .low, "period of \(edition.number)")
            }
        }
        // The weakest facts by name: these stay unknown until somebody reads the paper.
        for key in ["bio-ecg", "breath-alcohol", "heat-meter", "flow-meter", "bp-manual", "gas-meter"] {
            #expect(catalogue.entry(key)?.period?.value == nil, "\(key)")
        }
        #expect(catalogue.entry("trial-lens")?.supervision.value == nil)
    }

    @Test func `a doubtful value is refused by the reader`() throws {
        let text = try String(contentsOfFile: "\(calibration)/catalogue.yaml", encoding: .utf8)
        let doubtful = text.replacing(
            "period: {at_most_months: 12, confidence: secondary",
            with: "period: {at_most_months: 12, confidence: low")
        let isChanged = doubtful != text
        #expect(isChanged)
        let error = #expect(throws: DataFileError.self) {
            _ = try Catalogue(DataNode.parse(doubtful, file: "catalogue.yaml"))
        }
        #expect(error?.message.contains("write 'unknown: why'") == true)
    }

    @Test func `a wrong key is shown with line and column`() throws {
        let text = try String(contentsOfFile: "\(calibration)/catalogue.yaml", encoding: .utf8)
        let wrong = text.replacing(
            "    livelihood: true\n", with: "    livelyhood: true\n", maxReplacements: 1)
        let error = #expect(throws: DataFileError.self) {
            _ = try Catalogue(DataNode.parse(wrong, file: "catalogue.yaml"))
        }
        #expect(error?.message.contains("'livelihood'") == true)
        let extra = text.replacing(
            "    livelihood: true\n", with: "    livelihood: true\n    livelyhood: true\n",
            maxReplacements: 1)
        let unknown = #expect(throws: DataFileError.self) {
            _ = try Catalogue(DataNode.parse(extra, file: "catalogue.yaml"))
        }
        let expected = extra.split(separator: "\n", omittingEmptySubsequences: false)
            .firstIndex { $0.contains("livelyhood") }
        #expect(unknown?.line == (expected ?? -2) + 1)
        #expect(unknown?.column == 5)
        #expect(unknown?.message.contains("did you mean 'livelihood'") == true)
    }

    @Test func `the edition in force on the day decides`() throws {
        let scales = try #require(catalogue.entry("nawi"))
        let before = catalogue.editions(of: scales, on: try date(2027, 1, 7)).map(\.number)
        let after = catalogue.editions(of: scales, on: try date(2027, 1, 8)).map(\.number)
        #expect(!before.contains("JJG 1204-2025"))
        #expect(after.contains("JJG 1204-2025"))
        #expect(before.contains("JJG 539-2016"))
        let fuel = try #require(catalogue.entry("fuel-dispenser"))
        #expect(catalogue.editions(of: fuel, on: try date(2024, 4, 30)).isEmpty)
        #expect(!catalogue.editions(of: fuel, on: try date(2024, 5, 1)).isEmpty)
        let replaced = catalogue.replacement(of: "JJG 443-2015", by: try date(2024, 5, 1))
        #expect(replaced?.edition.number == "JJG 443-2023")
        #expect(catalogue.replacement(of: "JJG 443-2015", by: try date(2024, 4, 30)) == nil)
        #expect(
            catalogue.lastDay(of: "JJG 443-2015", after: try date(2024, 1, 1))
                == (try date(2024, 4, 30)))
    }

    @Test func `an edition of which the number is doubtful is never in force`() throws {
        #expect(catalogue.edition("JJG 648-2017")?.identity.confidence == .low)
        #expect(!catalogue.isInForce("JJG 648-2017", on: try date(2026, 11, 25)))
    }

    @Test func `charging piles are compulsory from 2023 on`() throws {
        let piles = try #require(catalogue.entry("charging-pile"))
        #expect(!catalogue.requiresVerification(piles, on: try date(2022, 12, 31)))
        #expect(catalogue.requiresVerification(piles, on: try date(2023, 1, 1)))
        let gauges = try #require(catalogue.entry("pressure-gauge"))
        #expect(!catalogue.requiresVerification(gauges, on: try date(2020, 10, 25)))
        let lenses = try #require(catalogue.entry("trial-lens"))
        #expect(!catalogue.requiresVerification(lenses, on: try date(2026, 11, 25)))
    }
}

extension String {
    func replacing(_ old: String, with new: String, maxReplacements: Int) -> String {
        guard maxReplacements > 0, let range = range(of: old) else { return self }
        return replacingCharacters(in: range, with: new)
    }
}
