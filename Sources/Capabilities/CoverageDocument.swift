import Chronometry
import Foundation
import Registry

extension CoverageReport {
    /// The report for a program: what the HTTP API returns.
    public func json() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(CoverageDocument(self)), as: UTF8.self)
    }
}

/// The shape of a coverage report in JSON.
private struct CoverageDocument: Encodable {
    struct Text: Encodable {
        let code: String
        let zh: String
        let en: String
    }

    struct Ending: Encodable {
        let lastDay: String
        let what: Text

        init(_ lapse: Lapse) {
            lastDay = lapse.lastDay.description
            what = Text(code: lapse.code, zh: lapse.text.zh, en: lapse.text.en)
        }
    }

    struct Category: Encodable {
        let category: String
        let capable: Bool
        let editions: [String]
        let lapse: Ending?
        let gaps: [Text]

        init(_ capability: Capability) {
            category = capability.category
            capable = capability.isCapable
            editions = capability.editions
            lapse = capability.lapse.map(Ending.init)
            gaps = capability.gaps.map { Text(code: $0.code, zh: $0.text.zh, en: $0.text.en) }
        }
    }

    struct Forecast: Encodable {
        struct Change: Encodable {
            let day: String
            let category: String
            let gained: Bool
            let count: Int
            let cause: Ending?
        }

        let day: String
        let count: Int
        let belowTargetFrom: String?
        let changes: [Change]

        init(_ forecast: CoverageForecast) {
            day = forecast.day.description
            count = forecast.count
            belowTargetFrom = forecast.belowTargetFrom?.description
            changes = forecast.changes.map {
                Change(
                    day: $0.day.description, category: $0.category, gained: $0.isGained,
                    count: $0.count, cause: $0.cause.map(Ending.init))
            }
        }
    }

    struct Institute: Encodable {
        let institution: String
        let name: [String: String]
        let region: String?
        let level: String
        let demonstration: Bool
        let count: Int
        let target: Int?
        let belowTarget: Bool
        let categories: [Category]
        let cheapest: [String]
        let forecast: Forecast?
    }

    let day: String
    let unit: String
    let categories: Int
    let targetSource: String
    let institutions: [Institute]

    init(_ report: CoverageReport) {
        day = report.day.description
        unit = report.unit.rawValue
        categories = report.categories
        targetSource = report.targetSource
        institutions = report.institutions.map { coverage in
            let institution = coverage.institution
            return Institute(
                institution: institution.key,
                name: ["zh": institution.name.zh, "en": institution.name.en],
                region: institution.region, level: institution.level.rawValue,
                demonstration: institution.isDemonstration, count: coverage.count,
                target: coverage.target, belowTarget: coverage.isBelowTarget,
                categories: coverage.capabilities.map(Category.init),
                cheapest: coverage.remedies.map(\.category),
                forecast: coverage.forecast.map(Forecast.init))
        }
    }
}
