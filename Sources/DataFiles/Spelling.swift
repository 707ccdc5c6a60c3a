/// What somebody probably meant.
public enum Spelling {
    /// Of `words` those within `distance` single-character edits of `word`, the nearest first.
    public static func nearest(to word: String, in words: [String], within distance: Int = 2) -> [String] {
        words.map { ($0, Self.distance($0, word)) }.filter { $0.1 <= distance }
            .sorted { ($0.1, $0.0) < ($1.1, $1.0) }.map(\.0)
    }

    /// Number of single-character edits between two words (Levenshtein).
    private static func distance(_ a: String, _ b: String) -> Int {
        let (a, b) = (Array(a), Array(b))
        var row = Array(0...b.count)
        for i in a.indices {
            var diagonal = row[0]
            row[0] = i + 1
            for j in b.indices {
                let change = diagonal + (a[i] == b[j] ? 0 : 1)
                diagonal = row[j + 1]
                row[j + 1] = min(change, row[j] + 1, row[j + 1] + 1)
            }
        }
        return row[b.count]
    }
}
