public import DataFiles
public import Registry

/// What counts as one category 类 when capabilities are counted.
public enum CountingUnit: String, CaseIterable, Sendable {
    /// A level-2 row of the catalogue.
    case entry
    /// A level-1 row, as soon as one of its level-2 rows is covered.
    case level1 = "level-1"
    /// A regulation 检定项目.
    case regulation

    public var name: Bilingual {
        switch self {
        case .entry: Bilingual(zh: "二级目录项", en: "level-2 row")
        case .level1: Bilingual(zh: "一级目录项", en: "level-1 row")
        case .regulation: Bilingual(zh: "检定规程", en: "regulation")
        }
    }
}

/// How many categories an institute of each level has to cover, and how they are counted: the
/// `targets` of `Calibration/regions.yaml`.
public struct CoverageTargets: Sendable {
    public let source: String
    public let unit: CountingUnit
    private let atLeast: [Institution.Level: Int]

    public init(source: String, unit: CountingUnit, atLeast: [Institution.Level: Int]) {
        self.source = source
        self.unit = unit
        self.atLeast = atLeast
    }

    /// - Throws: `DataFileError` at the place that is wrong.
    public static func load(_ path: String) throws -> CoverageTargets {
        try CoverageTargets(DataNode.load(path))
    }

    public init(_ node: DataNode) throws {
        self = try node.mapping { keys in
            // The rest of the file is the registry's.
            _ = (keys.optional("source"), keys.optional("regions"))
            return try keys.required("targets").mapping { keys in
                var atLeast: [Institution.Level: Int] = [:]
                for (level, number) in try keys.required("at_least").entries() {
                    let count = try number.integer()
                    guard count >= 0 else { throw number.error("'\(number.path)' must not be negative") }
                    atLeast[try level.oneOf(Institution.Level.self)] = count
                }
                return CoverageTargets(
                    source: try keys.required("source").text(),
                    unit: try keys.required("counting_unit").oneOf(CountingUnit.self),
                    atLeast: atLeast)
            }
        }
    }

    /// Nil where institutes of that level have no target.
    public func target(of level: Institution.Level) -> Int? { atLeast[level] }
}
