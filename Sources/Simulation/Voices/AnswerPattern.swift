/// The pattern of an answer: the part of regular expressions that profiles of instruments use. Bytes are characters
/// of ISO 8859-1.
///
/// Characters and classes with their escapes, groups with and without names, alternation, anchors at both ends, and
/// quantifiers, of which lazy ones mean the same here.
struct AnswerPattern: Hashable, Sendable {
    indirect enum Node: Hashable, Sendable {
        case character(CharacterRule)
        case sequence([Node])
        case choice([Node])
        case group(String, Node)
        case many(Node, ClosedRange<Int>)
    }

    /// Any of some bytes.
    struct CharacterRule: Hashable, Sendable {
        var ranges: [ClosedRange<UInt8>]
        var isNegated = false

        func takes(_ byte: UInt8) -> Bool { ranges.contains { $0.contains(byte) } != isNegated }

        static let digits = CharacterRule(ranges: [0x30...0x39])
        static let word = CharacterRule(ranges: [0x30...0x39, 0x41...0x5A, 0x5F...0x5F, 0x61...0x7A])
        static let blanks = CharacterRule(ranges: [0x09...0x0D, 0x20...0x20])
        /// All but the end of a line.
        static let any = CharacterRule(ranges: [0x0A...0x0A, 0x0D...0x0D], isNegated: true)
    }

    let root: Node

    /// nil for what is not understood here.
    init?(_ text: String) {
        guard text.unicodeScalars.allSatisfy({ $0.value < 0x100 }) else { return nil }
        var parser = Parser(rest: text.unicodeScalars.map { UInt8(truncatingIfNeeded: $0.value) }[...])
        guard let root = parser.choice(), parser.rest.isEmpty else { return nil }
        self.root = root
    }

    func hasGroup(_ name: String) -> Bool { root.node(of: name) != nil }
}

extension AnswerPattern.Node {
    /// What the group `name` holds.
    func node(of name: String) -> Self? {
        switch self {
        case .character: nil
        case .sequence(let nodes), .choice(let nodes): nodes.lazy.compactMap { $0.node(of: name) }.first
        case .group(name, let inner): inner
        case .group(_, let inner), .many(let inner, _): inner.node(of: name)
        }
    }
}

/// Takes a pattern apart, by recursive descent.
private struct Parser {
    typealias Node = AnswerPattern.Node
    typealias Rule = AnswerPattern.CharacterRule

    var rest: ArraySlice<UInt8>

    private mutating func take(_ text: String) -> Bool {
        guard rest.starts(with: text.utf8) else { return false }
        rest.removeFirst(text.utf8.count)
        return true
    }

    mutating func choice() -> Node? {
        var branches: [Node] = []
        repeat {
            guard let branch = sequence() else { return nil }
            branches.append(branch)
        } while take("|")
        return branches.count == 1 ? branches[0] : .choice(branches)
    }

    private mutating func sequence() -> Node? {
        var nodes: [Node] = []
        while let next = rest.first, next != UInt8(ascii: "|"), next != UInt8(ascii: ")") {
            // The whole answer is meant anyhow.
            if take("^") || take("$") { continue }
            guard let atom = atom(), let node = quantified(atom) else { return nil }
            nodes.append(node)
        }
        return .sequence(nodes)
    }

    private mutating func atom() -> Node? {
        if take("(?:") {
            guard let inner = choice(), take(")") else { return nil }
            return inner
        }
        if take("(?<") {
            guard let end = rest.firstIndex(of: UInt8(ascii: ">")) else { return nil }
            let name = String(decoding: rest[..<end], as: UTF8.self)
            rest = rest[(end + 1)...]
            guard let inner = choice(), take(")") else { return nil }
            return .group(name, inner)
        }
        if take("(") {
            guard rest.first != UInt8(ascii: "?"), let inner = choice(), take(")") else { return nil }
            return inner
        }
        if take("[") { return characterClass().map { .character($0) } }
        if take(".") { return .character(.any) }
        if take("\\") { return escaped().map { .character($0) } }
        guard let byte = rest.popFirst(), !"*+?{".utf8.contains(byte) else { return nil }
        return .character(Rule(ranges: [byte...byte]))
    }

    private mutating func quantified(_ atom: Node) -> Node? {
        var range: ClosedRange<Int>?
        if take("*") {
            range = 0...Int.max
        } else if take("+") {
            range = 1...Int.max
        } else if take("?") {
            range = 0...1
        } else if take("{") {
            guard let end = rest.firstIndex(of: UInt8(ascii: "}")) else { return nil }
            let ends = String(decoding: rest[..<end], as: UTF8.self).split(
                separator: ",", omittingEmptySubsequences: false)
            rest = rest[(end + 1)...]
            guard let least = ends.first.flatMap({ Int($0) }) else { return nil }
            let most = ends.count == 1 ? least : (ends[1].isEmpty ? Int.max : Int(ends[1]) ?? -1)
            guard least >= 0, most >= least, ends.count <= 2 else { return nil }
            range = least...most
        }
        guard let range else { return atom }
        _ = take("?")
        return .many(atom, range)
    }

    private mutating func escaped() -> Rule? {
        guard let byte = rest.popFirst() else { return nil }
        switch Character(Unicode.Scalar(byte)) {
        case "d": return .digits
        case "w": return .word
        case "s": return .blanks
        case "D": return Rule(ranges: Rule.digits.ranges, isNegated: true)
        case "W": return Rule(ranges: Rule.word.ranges, isNegated: true)
        case "S": return Rule(ranges: Rule.blanks.ranges, isNegated: true)
        case "r": return Rule(ranges: [0x0D...0x0D])
        case "n": return Rule(ranges: [0x0A...0x0A])
        case "t": return Rule(ranges: [0x09...0x09])
        case "x":
            guard let code = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16) else { return nil }
            rest = rest.dropFirst(2)
            return Rule(ranges: [code...code])
        case let letter where letter.isLetter || letter.isNumber: return nil
        default: return Rule(ranges: [byte...byte])
        }
    }

    private mutating func characterClass() -> Rule? {
        var rule = Rule(ranges: [], isNegated: take("^"))
        var isFirst = true
        while isFirst || rest.first != UInt8(ascii: "]") {
            guard let one = member() else { return nil }
            isFirst = false
            // A hyphen at the end is one.
            let next = rest.dropFirst().first
            if one.ranges.count == 1, let low = one.ranges[0].only, rest.first == UInt8(ascii: "-"), let next,
                next != UInt8(ascii: "]")
            {
                rest.removeFirst()
                guard let high = member()?.ranges.first?.only, high >= low else { return nil }
                rule.ranges.append(low...high)
            } else if one.isNegated {
                return nil
            } else {
                rule.ranges += one.ranges
            }
        }
        rest.removeFirst()
        return rule
    }

    private mutating func member() -> Rule? {
        if take("\\") { return escaped() }
        return rest.popFirst().map { Rule(ranges: [$0...$0]) }
    }
}

extension ClosedRange<UInt8> {
    fileprivate var only: UInt8? { lowerBound == upperBound ? lowerBound : nil }
}
