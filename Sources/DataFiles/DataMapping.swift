/// The keys of one mapping while they are read; remembers which were asked for.
public final class DataMapping {
    public let node: DataNode
    private let entries: [(key: DataNode, value: DataNode)]
    private var asked: [String] = []

    init(node: DataNode, entries: [(key: DataNode, value: DataNode)]) {
        self.node = node
        self.entries = entries
    }

    /// The value of `key`, or nil where the file leaves it out.
    public func optional(_ key: String) -> DataNode? {
        asked.append(key)
        return entries.first { (try? $0.key.text()) == key }?.value
    }

    /// The value of `key`.
    ///
    /// - Throws: ``DataFileError`` at the mapping where the file leaves it out.
    public func required(_ key: String) throws -> DataNode {
        guard let value = optional(key) else {
            let place = node.path.isEmpty ? "the file" : "'\(node.path)'"
            throw node.error("\(place) lacks the required key '\(key)'")
        }
        return value
    }

    func refuseUnknown() throws {
        for (key, _) in entries {
            let name = try key.text()
            guard !asked.contains(name) else { continue }
            let known = Set(asked).sorted().joined(separator: ", ")
            let hint = Spelling.nearest(to: name, in: asked.sorted()).first.map { "did you mean '\($0)'? " } ?? ""
            throw key.error("unknown key '\(name)': \(hint)known here: \(known)")
        }
    }
}
