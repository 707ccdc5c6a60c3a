/// Which rows of the catalogue there are procedures for.
public struct ProcedureCoverage: Sendable {
    /// Names of the level-1 rows 一级目录, in the order of the catalogue.
    public let all: [String]
    /// Those with a procedure for one of their instruments.
    public let covered: [String]
    private let level1: [String: String]

    public init(of catalogue: Catalogue, by procedures: [Procedure]) {
        level1 = Dictionary(catalogue.entries.map { ($0.key, $0.level1Zh) }) { first, _ in first }
        var seen: Set<String> = []
        all = catalogue.entries.map(\.level1Zh).filter { seen.insert($0).inserted }
        let names = Set(procedures.flatMap(\.categories).compactMap { [level1] in level1[$0] })
        covered = all.filter(names.contains)
    }

    public var missing: [String] { all.filter { !covered.contains($0) } }

    /// The level-1 rows that `procedure` belongs to.
    public func level1(of procedure: Procedure) -> [String] {
        var seen: Set<String> = []
        return procedure.categories.compactMap { level1[$0] }.filter { seen.insert($0).inserted }
    }
}
