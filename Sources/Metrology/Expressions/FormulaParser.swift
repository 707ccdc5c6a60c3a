/// Precedence climbing over Unicode scalars: `^` binds tighter than unary minus, then `* /`, then `+ -`, then
/// comparisons, `not`, `and`, `or`.
struct FormulaParser {
    private let text: String
    private let scalars: [Character]
    private let tables: [String: InterpolationTable]
    private var position = 0
    private var depth = 0

    init(_ text: String, tables: [String: InterpolationTable]) {
        self.text = text
        self.tables = tables
        scalars = text.unicodeScalars.map(Character.init)
    }

    mutating func parse() throws -> Formula.Node {
        let node = try sum()
        skipSpace()
        guard position == scalars.count else {
            throw error("'\(scalars[position])' was not expected here")
        }
        return node
    }

    private mutating func sum() throws -> Formula.Node {
        var left = try product()
        while let (symbol, offset) = take(["+", "-"]) {
            left = .binary(symbol, left, try product(), offset: offset)
        }
        return left
    }

    private mutating func product() throws -> Formula.Node {
        var left = try signed()
        while let (symbol, offset) = take(["*", "/"]) {
            left = .binary(symbol, left, try signed(), offset: offset)
        }
        return left
    }

    private mutating func signed() throws -> Formula.Node {
        depth += 1
        defer { depth -= 1 }
        guard depth < 200 else { throw error("the formula is nested too deeply") }
        if let (_, offset) = take(["-"]) { return .negate(try signed(), offset: offset) }
        return try powered()
    }

    private mutating func powered() throws -> Formula.Node {
        let base = try primary()
        skipSpace()
        guard position < scalars.count, scalars[position] == "^" else { return base }
        let offset = position
        position += 1
        return .power(base, try signed(), offset: offset)
    }

    private mutating func primary() throws -> Formula.Node {
        skipSpace()
        let start = position
        guard position < scalars.count else { throw error("the formula ends too early") }
        let first = scalars[position]
        if first == "(" {
            position += 1
            let inner = try sum()
            try expect(")")
            return inner
        }
        if first.isNumber || first == "." { return .number(try literal()) }
        guard first.isLetter else { throw error("'\(first)' was not expected here") }
        let name = takeName()
        skipSpace()
        guard position < scalars.count, scalars[position] == "(" else {
            return name == "pi" ? .number(.pi) : .name(name, offset: start)
        }
        position += 1
        if name == "if" { return try conditional(start) }
        if let table = tables[name] {
            let argument = try sum()
            try expect(")")
            return .lookup(table, argument, offset: start)
        }
        return try call(name, start)
    }

    private mutating func literal() throws -> Double {
        let start = position
        var digits = takeWhile { $0.isNumber || $0 == "." }
        // An exponent only where digits follow: `2 e` is a number and a name.
        if position < scalars.count, scalars[position] == "e" || scalars[position] == "E" {
            var next = position + 1
            if next < scalars.count, scalars[next] == "+" || scalars[next] == "-" { next += 1 }
            if next < scalars.count, scalars[next].isNumber {
                digits += String(scalars[position..<next])
                position = next
                digits += takeWhile(\.isNumber)
            }
        }
        guard let value = Double(digits), value.isFinite else {
            throw error("'\(digits)' is not a number", at: start)
        }
        return value
    }

    private mutating func call(_ name: String, _ start: Int) throws -> Formula.Node {
        guard let function = Formula.Function(rawValue: name) else {
            let known = (Formula.Function.allCases.map(\.rawValue) + ["if"] + tables.keys.sorted())
                .joined(separator: ", ")
            throw error("there is no function '\(name)': known are \(known)", at: start)
        }
        var arguments = [try sum()]
        while takeComma() { arguments.append(try sum()) }
        try expect(")")
        guard function.arity.contains(arguments.count) else {
            let count =
                switch function.arity {
                case 1...1: "one value"
                case 2...2: "two values"
                default: "two or more values"
                }
            throw error("\(name) takes \(count)", at: start)
        }
        return .call(function, arguments, offset: start)
    }

    private mutating func conditional(_ start: Int) throws -> Formula.Node {
        let condition = try disjunction()
        guard takeComma() else { throw error("if takes a condition and two values: 'if(a < b, a, b)'", at: start) }
        let then = try sum()
        guard takeComma() else { throw error("if takes a condition and two values: 'if(a < b, a, b)'", at: start) }
        let otherwise = try sum()
        try expect(")")
        return .conditional(condition, then: then, otherwise: otherwise, offset: start)
    }

    private mutating func disjunction() throws -> Formula.Node {
        var left = try conjunction()
        while takeWord("or") { left = .logical(.or, [left, try conjunction()]) }
        return left
    }

    private mutating func conjunction() throws -> Formula.Node {
        var left = try negation()
        while takeWord("and") { left = .logical(.and, [left, try negation()]) }
        return left
    }

    private mutating func negation() throws -> Formula.Node {
        depth += 1
        defer { depth -= 1 }
        guard depth < 200 else { throw error("the formula is nested too deeply") }
        if takeWord("not") { return .logical(.not, [try negation()]) }
        skipSpace()
        // A parenthesis opens a condition or a value: which, is seen from what follows its end.
        let start = position
        if position < scalars.count, scalars[position] == "(" {
            position += 1
            if let inner = try? disjunction(), (try? expect(")")) != nil {
                skipSpace()
                if position == scalars.count || [",", ")"].contains(scalars[position]) || peekWord("and")
                    || peekWord("or")
                {
                    return inner
                }
            }
            position = start
        }
        let left = try sum()
        skipSpace()
        let offset = position
        // The longer symbols first, lest `<=` be read as `<`.
        for comparison in Formula.Comparison.allCases.sorted(by: { $0.rawValue.count > $1.rawValue.count }) {
            let symbol = Array(comparison.rawValue)
            if scalars[position...].starts(with: symbol) {
                position += symbol.count
                return .comparison(comparison, left, try sum(), offset: offset)
            }
        }
        throw error("a comparison is missing: one of < <= > >= == !=")
    }

    private func peekWord(_ word: String) -> Bool {
        let end = position + word.count
        return scalars[position...].starts(with: Array(word))
            && (end >= scalars.count || !(scalars[end].isLetter || scalars[end].isNumber || scalars[end] == "_"))
    }

    private mutating func takeWord(_ word: String) -> Bool {
        skipSpace()
        guard peekWord(word) else { return false }
        position += word.count
        return true
    }

    private mutating func take(
        _ symbols: [Character]
    ) -> (symbol: Formula.Operator, offset: Int)? {
        skipSpace()
        guard position < scalars.count, symbols.contains(scalars[position]),
            let symbol = Formula.Operator(rawValue: scalars[position])
        else { return nil }
        position += 1
        return (symbol, position - 1)
    }

    private mutating func takeComma() -> Bool {
        skipSpace()
        guard position < scalars.count, scalars[position] == "," else { return false }
        position += 1
        return true
    }

    private mutating func expect(_ character: Character) throws {
        skipSpace()
        guard position < scalars.count, scalars[position] == character else {
            throw error("'\(character)' is missing")
        }
        position += 1
    }

    private mutating func takeName() -> String { takeWhile { $0.isLetter || $0.isNumber || $0 == "_" } }

    private mutating func takeWhile(_ condition: (Character) -> Bool) -> String {
        let start = position
        while position < scalars.count, condition(scalars[position]) { position += 1 }
        return String(scalars[start..<position])
    }

    private mutating func skipSpace() {
        while position < scalars.count, [" ", "\n", "\t", "\r"].contains(scalars[position]) { position += 1 }
    }

    private func error(_ message: String, at offset: Int? = nil) -> FormulaError {
        FormulaError(message: message, offset: offset ?? position, in: text)
    }
}
