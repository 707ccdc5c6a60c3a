/// A formula as a regulation writes it: `(indicated - reference) / reference`.
///
/// Parsed and compiled once; then checked for dimension, evaluated, and differentiated exactly.
///
/// Known are `+ - * / ^ ( )`, decimal and exponent literals, `pi`, the functions of ``Function``, comparisons and
/// `and or not` inside `if(condition, then, else)`, and, as functions of one value, the tables handed over.
/// `^` binds tighter than unary minus and from right to left.
public struct Formula: Sendable {
    indirect enum Node: Sendable {
        case number(Double)
        case name(String, offset: Int)
        case negate(Node, offset: Int)
        case binary(Operator, Node, Node, offset: Int)
        case power(Node, Node, offset: Int)
        case call(Function, [Node], offset: Int)
        case lookup(InterpolationTable, Node, offset: Int)
        case comparison(Comparison, Node, Node, offset: Int)
        case logical(Logical, [Node])
        case conditional(Node, then: Node, otherwise: Node, offset: Int)
    }

    enum Operator: Character, Sendable {
        case add = "+"
        case subtract = "-"
        case multiply = "*"
        case divide = "/"
    }

    enum Function: String, CaseIterable, Sendable {
        case abs, min, max, sqrt, exp, ln, log10, sin, cos, tan, asin, acos, atan, atan2
        /// From a point on the Celsius scale to a thermodynamic temperature, and back.
        case kelvin, celsius

        /// How many values it takes.
        var arity: ClosedRange<Int> {
            switch self {
            case .min, .max: 2...Int.max
            case .atan2: 2...2
            default: 1...1
            }
        }
    }

    enum Comparison: String, CaseIterable, Sendable {
        case less = "<"
        case lessOrEqual = "<="
        case greater = ">"
        case greaterOrEqual = ">="
        case equal = "=="
        case unequal = "!="
    }

    enum Logical: Sendable {
        case and, or, not
    }

    public let text: String
    /// The names used, each once, in order of first use.
    public let names: [String]
    let root: Node
    /// Compiled over ``names``, one output.
    let tape: Tape

    /// - Parameter tables: usable as functions of one value, by name.
    /// - Throws: ``FormulaError`` with the offset of the character it is about.
    public init(_ text: String, tables: [String: InterpolationTable] = [:]) throws {
        self.text = text
        var parser = FormulaParser(text, tables: tables)
        root = try parser.parse()
        names = root.names
        var builder = Tape.Builder(inputs: names)
        let output = try builder.add(root, of: text)
        tape = builder.tape(outputs: [output])
    }
}

extension Formula.Node {
    /// The names used, each once, in order of first use.
    var names: [String] {
        var found: [String] = []
        func walk(_ node: Self) {
            switch node {
            case .number: break
            case .name(let name, _): if !found.contains(name) { found.append(name) }
            case .negate(let a, _), .lookup(_, let a, _): walk(a)
            case .binary(_, let a, let b, _), .power(let a, let b, _), .comparison(_, let a, let b, _):
                walk(a)
                walk(b)
            case .call(_, let arguments, _), .logical(_, let arguments): arguments.forEach(walk)
            case .conditional(let condition, let a, let b, _):
                walk(condition)
                walk(a)
                walk(b)
            }
        }
        walk(self)
        return found
    }

    /// The number this is without any input; nil where a name takes part.
    var constant: Double? {
        switch self {
        case .number(let value): value
        case .negate(let a, _): a.constant.map { -$0 }
        case .binary(let symbol, let a, let b, _):
            if let a = a.constant, let b = b.constant {
                switch symbol {
                case .add: a + b
                case .subtract: a - b
                case .multiply: a * b
                case .divide: a / b
                }
            } else {
                nil
            }
        default: nil
        }
    }
}

/// A formula that cannot be read, whose dimensions do not fit, or that has no value.
public struct FormulaError: Error, Equatable, Sendable {
    public let message: String
    /// Unicode scalars from the start of the formula.
    public let offset: Int
    /// From 1.
    public let line: Int
    /// From 1, in Unicode scalars.
    public let column: Int
    /// The formula it is about.
    public let text: String

    init(message: String, offset: Int, in text: String) {
        self.message = message
        self.offset = offset
        self.text = text
        let before = text.unicodeScalars.prefix(offset)
        line = 1 + before.count { $0 == "\n" }
        column = 1 + before.reversed().prefix { $0 != "\n" }.count
    }
}

extension FormulaError: CustomStringConvertible {
    public var description: String {
        line == 1 ? "\(message) (at character \(column))" : "\(message) (line \(line), column \(column))"
    }
}
