/// A formula as a regulation writes it: `(indicated - reference) / reference`.
///
/// Parsed once; then checked for dimension, evaluated, and differentiated exactly.
public struct Formula: Sendable {
    indirect enum Node: Sendable {
        case number(Double)
        case name(String, offset: Int)
        case negate(Node)
        case binary(Operator, Node, Node, offset: Int)
        case power(Node, Int, offset: Int)
        case call(Function, [Node], offset: Int)
    }

    enum Operator: Character, Sendable {
        case add = "+"
        case subtract = "-"
        case multiply = "*"
        case divide = "/"
    }

    enum Function: String, CaseIterable, Sendable {
        case abs, min, max, sqrt, exp, ln
    }

    public let text: String
    let root: Node

    /// - Throws: ``FormulaError`` with the offset of the character it is about.
    public init(_ text: String) throws {
        self.text = text
        var parser = FormulaParser(text)
        root = try parser.parse()
    }

    /// The names used, each once, in order of first use.
    public var names: [String] {
        var found: [String] = []
        func walk(_ node: Node) {
            switch node {
            case .number: break
            case .name(let name, _): if !found.contains(name) { found.append(name) }
            case .negate(let a), .power(let a, _, _): walk(a)
            case .binary(_, let a, let b, _):
                walk(a)
                walk(b)
            case .call(_, let arguments, _): arguments.forEach(walk)
            }
        }
        walk(root)
        return found
    }
}

/// A formula that cannot be read, or whose dimensions do not fit.
public struct FormulaError: Error, Equatable, Sendable {
    public let message: String
    /// Unicode scalars from the start of the formula.
    public let offset: Int
}

extension FormulaError: CustomStringConvertible {
    public var description: String { "\(message) (at character \(offset + 1))" }
}
