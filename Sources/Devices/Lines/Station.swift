/// One of the instruments of a line, by what it is called there.
public enum Station: Hashable, Sendable, Comparable {
    case unit(Int)
    /// The digits of a longer address.
    case address(String)
    /// Alone on its line.
    case only

    /// `address 7`.
    public var words: String {
        switch self {
        case .unit(let unit): "address \(unit)"
        case .address(let digits): "address \(digits)"
        case .only: "the instrument"
        }
    }
}

extension Sequence<Station> {
    /// `addresses 1–6 and 9`, by what they are called on the line; nil where there is none.
    var words: String? {
        let units = compactMap { if case .unit(let unit) = $0 { unit } else { nil } }.sorted()
        var ranges: [ClosedRange<Int>] = []
        for unit in units {
            if let last = ranges.last, last.upperBound + 1 == unit {
                ranges[ranges.count - 1] = last.lowerBound...unit
            } else {
                ranges.append(unit...unit)
            }
        }
        var words = ranges.flatMap { range in
            range.count == 2
                ? ["\(range.lowerBound)", "\(range.upperBound)"]
                : [range.count == 1 ? "\(range.lowerBound)" : "\(range.lowerBound)–\(range.upperBound)"]
        }
        words += compactMap { if case .address(let digits) = $0 { digits } else { nil } }.sorted()
        guard let last = words.popLast() else { return nil }
        let isOne = words.isEmpty && !last.contains("–")
        return (isOne ? "address " : "addresses ")
            + (words.isEmpty ? last : words.joined(separator: ", ") + " and " + last)
    }
}
