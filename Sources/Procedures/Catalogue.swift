public import Chronometry

/// 强制管理计量器具目录: which kinds of instrument are verified compulsorily, and by which regulations.
///
/// It is data of one announcement; what it says of a day is asked with that day.
public struct Catalogue: Sendable {
    /// How a value of the catalogue is known.
    public enum Confidence: String, CaseIterable, Sendable {
        /// A public page says so; not the regulation's own text.
        case found
        /// A secondary source of low trust says so.
        case secondary
        /// General knowledge of the field, no document read.
        case high, medium, low
    }

    public struct Evidence: Hashable, Sendable {
        public let confidence: Confidence
        public let source: String
    }

    /// A value with its evidence, or why it is not written.
    public enum Stated<Value: Hashable & Sendable>: Hashable, Sendable {
        case known(Value, Evidence)
        case unknown(why: String)

        public var value: Value? {
            if case .known(let value, _) = self { value } else { nil }
        }
    }

    public let titleZh: String
    public let titleEn: String
    /// Such as `市场监管总局公告 2020年第42号`.
    public let announcement: String
    public let source: String
    /// Whether anybody compared it with the paper.
    public let review: String
    /// The first day on which it governs.
    public let inForceFrom: CivilDate
    /// The last day on which anybody looked whether an edition is still current.
    public let checkedOn: CivilDate
    /// In the order of the catalogue.
    public let entries: [CatalogueEntry]
    public let editions: [RegulationEdition]
    private let entriesByKey: [String: CatalogueEntry]
    private let editionsByNumber: [String: RegulationEdition]
    /// By the number of the replaced edition, the edition that ends it.
    private let successors: [String: RegulationEdition]

    init(
        titleZh: String, titleEn: String, announcement: String, source: String, review: String,
        inForceFrom: CivilDate, checkedOn: CivilDate, entries: [CatalogueEntry],
        editions: [RegulationEdition]
    ) {
        self.titleZh = titleZh
        self.titleEn = titleEn
        self.announcement = announcement
        self.source = source
        self.review = review
        self.inForceFrom = inForceFrom
        self.checkedOn = checkedOn
        self.entries = entries
        self.editions = editions
        entriesByKey = Dictionary(entries.map { ($0.key, $0) }) { first, _ in first }
        editionsByNumber = Dictionary(editions.map { ($0.number, $0) }) { first, _ in first }
        successors = Dictionary(
            editions.flatMap { edition in edition.replaces.map { ($0, edition) } }
        ) { first, _ in first }
    }

    public func entry(_ key: String) -> CatalogueEntry? { entriesByKey[key] }

    public func edition(_ number: String) -> RegulationEdition? { editionsByNumber[number] }

    /// Whether the announcement governs on `day` and marks the entry for compulsory verification
    /// 强制检定 by then. An entry whose supervision is not known is not so marked.
    public func requiresVerification(_ entry: CatalogueEntry, on day: CivilDate) -> Bool {
        inForceFrom <= day && (entry.compulsoryFrom ?? inForceFrom) <= day
            && entry.supervision.value?.contains(.verification) == true
    }

    /// The editions by which the entry is verified on `day`: in force, not replaced by then, and
    /// known well enough to be named.
    public func editions(of entry: CatalogueEntry, on day: CivilDate) -> [RegulationEdition] {
        entry.regulations.compactMap(edition).filter {
            isInForce($0.number, on: day)
        }
    }

    /// Whether the edition is known, in force on `day`, and not replaced by then.
    public func isInForce(_ number: String, on day: CivilDate) -> Bool {
        guard let edition = edition(number), edition.hasEnteredIntoForce(by: day) else { return false }
        return replacement(of: number, by: day) == nil
    }

    /// The edition that has taken the place of `number` by `day`, and since when where that is
    /// known; nil where none has. `number` need not be an edition of this catalogue.
    public func replacement(
        of number: String, by day: CivilDate
    ) -> (edition: RegulationEdition, since: CivilDate?)? {
        guard let successor = successors[number], successor.hasEnteredIntoForce(by: day) else {
            return nil
        }
        return (successor, successor.inForceFrom.value)
    }

    /// The last day of `number`, where an edition that replaces it has a known first day after `day`.
    public func lastDay(of number: String, after day: CivilDate) -> CivilDate? {
        guard let first = successors[number]?.inForceFrom.value, first > day else { return nil }
        return first.advanced(byDays: -1)
    }
}

/// One row of the catalogue.
public struct CatalogueEntry: Hashable, Sendable {
    public enum Supervision: String, CaseIterable, Sendable {
        /// 型式批准
        case typeApproval = "P"
        /// 强制检定
        case verification = "V"
    }

    public enum Mode: String, CaseIterable, Sendable {
        /// 周期检定
        case periodic
        /// 只做首次强制检定，失准报废
        case firstOnlyScrap = "first-only-scrap"
        /// 只做首次强制检定，限期使用，到期轮换
        case firstOnlyLimited = "first-only-limited"
        /// 只做型式批准
        case typeApprovalOnly = "type-approval-only"
    }

    /// The name by which everything else refers to the row, such as `water-meter`.
    public let key: String
    public let zh: String
    public let en: String
    /// The name of the level-1 row 一级目录 it belongs to.
    public let level1Zh: String
    public let level1En: String
    /// The official number of the level-1 row, where it is known.
    public let level1Number: Int?
    /// How it is known that the row is in the list at all.
    public let membership: Catalogue.Evidence
    public let supervision: Catalogue.Stated<Set<Supervision>>
    /// Nil where it is not known.
    public let modes: [Mode]?
    public let modeNote: String?
    /// A first day of compulsory verification later than the catalogue's own.
    public let compulsoryFrom: CivilDate?
    /// Numbers of the editions, each with its year.
    public let regulations: [String]
    /// The verification period in months, an upper bound; nil where the row is not verified.
    public let period: Catalogue.Stated<Int>?
    /// 民生计量
    public let isLivelihood: Bool
    public let scope: String
    public let source: String
}

/// One edition of one regulation.
public struct RegulationEdition: Hashable, Sendable {
    public enum Period: Hashable, Sendable {
        /// An upper bound, in months.
        case atMost(months: Int)
        /// No period, and what holds instead.
        case none(String)
    }

    /// With its year: `JJG 162-2019`.
    public let number: String
    public let title: String
    /// How number and title are known.
    public let identity: Catalogue.Evidence
    public let issued: CivilDate?
    public let inForceFrom: Catalogue.Stated<CivilDate>
    /// Numbers of the editions it ends.
    public let replaces: [String]
    public let period: Catalogue.Stated<Period>
    /// The regulation's own words on the period.
    public let periodRule: String?
    public let note: String?

    /// Where the first day is not known, the edition counts from the year after its number: it was
    /// current when last checked, and editions take at most months to come into force. An edition
    /// that is only doubtfully the right one counts never.
    public func hasEnteredIntoForce(by day: CivilDate) -> Bool {
        guard identity.confidence != .low else { return false }
        if let first = inForceFrom.value { return first <= day }
        guard let year = number.split(separator: "-").last.flatMap({ Int($0) }) else { return false }
        return day.components.year > year
    }
}
