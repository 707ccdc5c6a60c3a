public import DataFiles
public import Ledger

/// The divisions in `Calibration/regions.yaml`.
public struct RegionsFile: Sendable {
    public let regions: [Region]

    /// - Throws: `DataFileError` at the place that is wrong.
    public init(path: String) throws {
        try self.init(DataNode.load(path))
    }

    public init(_ node: DataNode) throws {
        regions = try node.mapping { keys in
            _ = try keys.required("source").text()
            // The targets stand in the same file for those who edit it; Capabilities reads them.
            _ = keys.optional("targets")
            return try keys.required("regions").list().map(Self.region)
        }
    }

    /// Puts every region on file; reading the same file again changes nothing.
    @discardableResult
    public func keep(in transaction: Transaction) throws -> KeptCounts {
        var counts = KeptCounts()
        for region in regions { counts.count(try Regions.keep(region, in: transaction)) }
        return counts
    }

    private static func region(_ node: DataNode) throws -> Region {
        try node.mapping { keys in
            let code = try keys.required("code")
            let text = try code.text()
            guard text.count == 6, text.allSatisfy({ ("0"..."9").contains($0) }) else {
                throw code.error("'\(code.path)' must be a six-digit code like \"421223\", not '\(text)'")
            }
            return Region(
                code: text, name: try Bilingual(keys.required("name")),
                level: try keys.required("level").oneOf(Region.Level.self),
                parent: try keys.optional("parent")?.text())
        }
    }
}
