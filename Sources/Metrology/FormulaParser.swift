/// Precedence climbing over Unicode scalars: `^` binds tighter than unary minus, then `* /`, then `+ -`.
struct FormulaParser {
    private let scalars: [Character]
    private var position = 0
    private var depth = 0

    init(_ text: String) {
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
        if take(["-"]) != nil { return .negate(try signed()) }
        return try powered()
    }

    private mutating func powered() throws -> Formula.Node {
        let base = try primary()
        skipSpace()
        guard position < scalars.count, scalars[position] == "^" else { return base }
        let offset = position
        position += 1
        skipSpace()
        let start = position
        let isNegative = position < scalars.count && scalars[position] == "-"
        if isNegative { position += 1 }
        let digits = takeWhile(\.isNumber)
        guard let exponent = Int(digits), exponent <= 9 else {
            throw error("a power needs a whole exponent between -9 and 9", at: start)
        }
        return .power(base, isNegative ? -exponent : exponent, offset: offset)
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
        if first.isNumber || first == "." {
            let text = takeWhile { $0.isNumber || $0 == "." }
            guard let value = Double(text) else { throw error("'\(text)' is not a number", at: start) }
            return .number(value)
        }
        guard first.isLetter else { throw error("'\(first)' was not expected here") }
        let name = takeWhile { $0.isLetter || $0.isNumber || $0 == "_" }
        skipSpace()
        guard position < scalars.count, scalars[position] == "(" else {
            return .name(name, offset: start)
        }
        guard let function = Formula.Function(rawValue: name) else {
            let known = Formula.Function.allCases.map(\.rawValue).joined(separator: ", ")
            throw error("there is no function '\(name)': known are \(known)", at: start)
        }
        position += 1
        var arguments = [try sum()]
        while takeComma() { arguments.append(try sum()) }
        try expect(")")
        let isPair = function == .min || function == .max
        guard isPair ? arguments.count >= 2 : arguments.count == 1 else {
            throw error("\(name) takes \(isPair ? "two or more values" : "one value")", at: start)
        }
        return .call(function, arguments, offset: start)
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

    private mutating func takeWhile(_ condition: (Character) -> Bool) -> String {
        let start = position
        while position < scalars.count, condition(scalars[position]) { position += 1 }
        return String(scalars[start..<position])
    }

    private mutating func skipSpace() {
        while position < scalars.count, scalars[position] == " " { position += 1 }
    }

    private func error(_ message: String, at offset: Int? = nil) -> FormulaError {
        FormulaError(message: message, offset: offset ?? position)
    }
}
