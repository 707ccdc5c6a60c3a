extension AnswerPattern {
    /// Where each group stands in an answer.
    typealias Groups = [String: Range<Int>]

    /// nil unless the whole of `answer` is of this pattern.
    func groups(in answer: [UInt8]) -> Groups? {
        root.matched(answer, 0, [:]) { end, groups in end == answer.count ? groups : nil }
    }
}

extension AnswerPattern.Node {
    func takes(_ text: [UInt8]) -> Bool {
        matched(text, 0, [:]) { end, groups in end == text.count ? groups : nil } != nil
    }

    /// Tries every way to match from `start`, the longest first, until `next` takes one.
    fileprivate func matched(
        _ text: [UInt8], _ start: Int, _ groups: AnswerPattern.Groups,
        _ next: (Int, AnswerPattern.Groups) -> AnswerPattern.Groups?
    ) -> AnswerPattern.Groups? {
        switch self {
        case .character(let rule):
            return start < text.count && rule.takes(text[start]) ? next(start + 1, groups) : nil
        case .sequence(let nodes): return Self.matched(nodes[...], text, start, groups, next)
        case .choice(let nodes):
            for node in nodes {
                if let found = node.matched(text, start, groups, next) { return found }
            }
            return nil
        case .group(let name, let inner):
            return inner.matched(text, start, groups) { end, groups in
                var groups = groups
                groups[name] = start..<end
                return next(end, groups)
            }
        case .many(let inner, let range): return Self.matched(inner, range, 0, text, start, groups, next)
        }
    }

    private static func matched(
        _ nodes: ArraySlice<Self>, _ text: [UInt8], _ start: Int, _ groups: AnswerPattern.Groups,
        _ next: (Int, AnswerPattern.Groups) -> AnswerPattern.Groups?
    ) -> AnswerPattern.Groups? {
        guard let first = nodes.first else { return next(start, groups) }
        return first.matched(text, start, groups) { end, groups in
            matched(nodes.dropFirst(), text, end, groups, next)
        }
    }

    private static func matched(
        _ node: Self, _ range: ClosedRange<Int>, _ count: Int, _ text: [UInt8], _ start: Int,
        _ groups: AnswerPattern.Groups, _ next: (Int, AnswerPattern.Groups) -> AnswerPattern.Groups?
    ) -> AnswerPattern.Groups? {
        if count < range.upperBound {
            let more = node.matched(text, start, groups) { end, groups in
                // What matches nothing is not repeated for ever.
                end == start && count >= range.lowerBound
                    ? nil : matched(node, range, count + 1, text, end, groups, next)
            }
            if let more { return more }
        }
        return count >= range.lowerBound ? next(start, groups) : nil
    }
}

extension AnswerPattern {
    /// An answer with as little in it as the pattern allows, and `given` in the groups of these names.
    func shortest(_ given: [String: [UInt8]]) -> [UInt8] { root.shortest(given) }
}

extension AnswerPattern.Node {
    fileprivate func shortest(_ given: [String: [UInt8]]) -> [UInt8] {
        switch self {
        case .character(let rule): return [rule.example]
        case .sequence(let nodes): return nodes.flatMap { $0.shortest(given) }
        case .choice(let nodes):
            return (nodes.first { $0.holds(given) } ?? nodes.first)?.shortest(given) ?? []
        case .group(let name, let inner): return given[name] ?? inner.shortest(given)
        case .many(let inner, let range):
            let count = max(range.lowerBound, inner.holds(given) ? 1 : 0)
            return (0..<count).flatMap { _ in inner.shortest(given) }
        }
    }

    private func holds(_ given: [String: [UInt8]]) -> Bool {
        given.keys.contains { node(of: $0) != nil } || isGiven(given)
    }

    private func isGiven(_ given: [String: [UInt8]]) -> Bool {
        if case .group(let name, _) = self { return given[name] != nil }
        return false
    }

    /// What can stand here, as far as it is a short list.
    var words: [[UInt8]] {
        switch self {
        case .character(let rule):
            return (UInt8(0x20)...0x7E).filter { rule.takes($0) }.prefix(64).map { [$0] }
        case .sequence(let nodes):
            return nodes.reduce([[]]) { found, node in
                Array(found.flatMap { head in node.words.map { head + $0 } }.prefix(256))
            }
        case .choice(let nodes): return nodes.flatMap(\.words)
        case .group(_, let inner): return inner.words
        case .many(let inner, let range):
            let once = range.upperBound >= 1 ? inner.words : []
            return range.lowerBound == 0 ? [[]] + once : once
        }
    }
}

extension AnswerPattern.CharacterRule {
    /// One of its bytes, a plain one if it may be.
    fileprivate var example: UInt8 {
        "0 Aa".utf8.first(where: takes) ?? (0x20...0x7E).first(where: takes) ?? ranges.first?.lowerBound ?? 0x30
    }
}
