/// Unit numbers of a line as they are written: `1`, `1-5`, `1,3,7`.
struct UnitList {
    let units: [UInt8]

    /// nil where `text` is none, or names a number outside 1 to 247. Each number counts once, where it stands first.
    init?(_ text: String) {
        var found: [UInt8] = []
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            let ends = part.split(separator: "-", omittingEmptySubsequences: false).map { UInt8($0) }
            guard (1...2).contains(ends.count), let first = ends[0], let last = ends[ends.count - 1],
                (1...247).contains(first), (first...max(first, 247)).contains(last)
            else { return nil }
            found += Array(first...last).filter { !found.contains($0) }
        }
        units = found
    }
}
