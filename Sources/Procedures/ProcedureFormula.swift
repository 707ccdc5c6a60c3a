import Foundation
import Metrology

/// A formula of a procedure: as ``Formula``, with quantities and with values taken over several readings.
///
/// Beyond ``Formula`` it knows
/// - `0.5[kPa]`: a quantity;
/// - `error[rising]`: the value on that stroke or at that point, which must be one;
/// - `mean(error)`, `mean(error[rising])`: over the readings in reach, also `max min range sd sum count first last`.
///   `range` is largest less smallest, `sd` the experimental standard deviation (Bessel).
public struct ProcedureFormula: Sendable {
    enum Operand: Hashable, Sendable {
        case name(String)
        case quantity(Quantity)
        case selected(String, label: String)
        case aggregate(Aggregate, String, label: String?)
    }

    enum Aggregate: String, CaseIterable, Sendable {
        case mean, max, min, range, sd, sum, count, first, last
    }

    /// As it stands in the file.
    public let text: String
    let formula: Formula
    /// One for each of the formula's names, in their order.
    let operands: [Operand]
    /// The value of a formula that names nothing: most limits are a quantity alone.
    private let constant: Computed?

    /// - Throws: `FormulaError` or ``ProcedureFormulaFault`` with the offset of the character it is about.
    init(_ text: String, tables: [String: InterpolationTable] = [:]) throws {
        self.text = text
        var reader = OperandReader(text)
        let plain = try reader.read()
        formula = try Formula(plain, tables: tables)
        let operands = formula.names.map { reader.operands[$0] ?? .name($0) }
        self.operands = operands
        let isConstant = operands.allSatisfy { if case .quantity = $0 { true } else { false } }
        constant = isConstant ? try Self.evaluate(formula, operands) { _ in nil } : nil
    }

    /// The kind of the value.
    ///
    /// - Parameter kind: of what is called by a plain name; nil where nothing is.
    /// - Throws: `FormulaError` for unknown names and quantities that do not go together.
    func kind(of kind: (String) -> QuantityKind?) throws -> QuantityKind {
        var kinds: [String: QuantityKind] = [:]
        for (name, operand) in zip(formula.names, operands) {
            switch operand {
            case .name(let own): kinds[name] = kind(own)
            case .quantity(let quantity): kinds[name] = QuantityKind(of: quantity.unit)
            case .selected(let own, _): kinds[name] = kind(own)
            case .aggregate(let aggregate, let own, _): kinds[name] = kind(own).map(aggregate.kind)
            }
        }
        return try formula.kind(of: kinds)
    }

    /// Whether every name in it stands for one value.
    var isPlain: Bool {
        operands.allSatisfy { operand in
            switch operand {
            case .name, .quantity: true
            case .selected, .aggregate: false
            }
        }
    }

    /// Every name used, without those of functions.
    var names: [String] {
        operands.compactMap { operand in
            switch operand {
            case .name(let name), .selected(let name, _), .aggregate(_, let name, _): name
            case .quantity: nil
            }
        }
    }

    /// - Parameter value: of an operand, SI; nil where it has none here.
    /// - Returns: nil where an operand has no value.
    func evaluate(_ value: (Operand) throws -> Computed?) throws -> Computed? {
        if let constant { return constant }
        return try Self.evaluate(formula, operands, value)
    }

    private static func evaluate(
        _ formula: Formula, _ operands: [Operand], _ value: (Operand) throws -> Computed?
    ) throws -> Computed? {
        var values: [String: Double] = [:]
        var noise: [String: Double] = [:]
        for (name, operand) in zip(formula.names, operands) {
            if case .quantity(let quantity) = operand {
                values[name] = quantity.si
                noise[name] = 0
            } else {
                guard let found = try value(operand) else { return nil }
                values[name] = found.value
                noise[name] = found.noise
            }
        }
        let (result, derivatives) = try formula.evaluate(values)
        let spread = derivatives.reduce(0.0) { sum, entry in
            let (name, slope) = entry
            guard slope.isFinite else { return sum }
            return sum + abs(slope) * ((noise[name] ?? 0) + Computed.step * abs(values[name] ?? 0))
        }
        return Computed(result, noise: spread + Computed.step * abs(result))
    }
}

extension ProcedureFormula.Aggregate {
    func kind(_ kind: QuantityKind) -> QuantityKind {
        switch self {
        case .count: .one
        // Differences of points on a scale are no points on it.
        case .range, .sd: kind.scale == .celsius ? QuantityKind(.temperature) : kind
        default: kind
        }
    }

    /// Nil where there are too few values.
    func value(_ values: [Computed]) -> Computed? {
        if self == .count { return Computed(Double(values.count)) }
        guard let first = values.first, let last = values.last else { return nil }
        let noise = values.map(\.noise).max() ?? 0
        let numbers = values.map(\.value)
        switch self {
        case .count: return nil
        case .first: return first
        case .last: return last
        case .max: return values.max { $0.value < $1.value }
        case .min: return values.min { $0.value < $1.value }
        case .range: return Computed((numbers.max() ?? 0) - (numbers.min() ?? 0), noise: 2 * noise)
        case .sum: return Computed(numbers.reduce(0, +), noise: noise * Double(numbers.count))
        case .mean:
            // About the first, so that equal values have exactly their own mean.
            let about = numbers.reduce(0) { $0 + ($1 - first.value) } / Double(numbers.count)
            return Computed(first.value + about, noise: noise + Computed.step * abs(first.value))
        case .sd: return experimentalStandardDeviation(numbers).map { Computed($0, noise: noise) }
        }
    }
}

/// A number, and how far binary arithmetic may have carried it from the one on paper.
struct Computed: Hashable, Sendable {
    /// Four roundings of a double of magnitude one.
    static let step = 0x1p-50

    var value: Double
    var noise: Double

    init(_ value: Double, noise: Double? = nil) {
        self.value = value
        self.noise = noise ?? Self.step * abs(value)
    }

    /// Rounded to a multiple of `step`, ties to the even multiple (GB/T 8170-2008, 3.2); what lies within the noise of a
    /// tie is one.
    func rounded(to step: Computed) -> Computed {
        guard step.value > 0 else { return self }
        let multiple = value / step.value
        let doubt = noise / step.value + Self.step * abs(multiple)
        let below = multiple.rounded(.down)
        let isTie = abs(multiple - below - 0.5) <= doubt
        let whole = isTie ? (below + 0.5).rounded(.toNearestOrEven) : multiple.rounded(.toNearestOrEven)
        return Computed(whole * step.value)
    }

    /// Whether nothing but noise is between them.
    func isEqual(to other: Computed) -> Bool { abs(value - other.value) <= noise + other.noise }
}

/// Puts a plain name of the same length in the place of each operand a ``Formula`` does not know, so that complaints
/// still point at the right character.
private struct OperandReader {
    private let text: String
    private var scalars: [Character]
    private var position = 0
    private(set) var operands: [String: ProcedureFormula.Operand] = [:]

    init(_ text: String) {
        self.text = text
        scalars = text.unicodeScalars.map(Character.init)
    }

    mutating func read() throws -> String {
        while position < scalars.count {
            let start = position
            if scalars[position].isNumber {
                let number = takeNumber()
                if peek("[") { try quantity(number, from: start) }
            } else if scalars[position].isLetter {
                let name = take { $0.isLetter || $0.isNumber || $0 == "_" }
                if peek("[") {
                    replace(start, .selected(name, label: try label()))
                } else if let aggregate = ProcedureFormula.Aggregate(rawValue: name), let operand = try over(aggregate)
                {
                    replace(start, operand)
                }
            } else {
                position += 1
            }
        }
        return String(scalars)
    }

    private mutating func quantity(_ number: String, from start: Int) throws {
        let symbol = try label()
        guard let number = ExactDecimal(number), let unit = MeasurementUnit(symbol) else {
            throw error("'\(symbol)' is not a unit known here", start)
        }
        replace(start, .quantity(Quantity(number, unit)))
    }

    /// `(name)` or `(name[label])` after the name of an aggregate; nil where something else stands there, as in
    /// `max(a, b)`.
    private mutating func over(_ aggregate: ProcedureFormula.Aggregate) throws -> ProcedureFormula.Operand? {
        let start = position
        guard peek("(") else { return nil }
        position += 1
        skipSpace()
        let name = take { $0.isLetter || $0.isNumber || $0 == "_" }
        guard name.first?.isLetter == true else {
            position = start
            return nil
        }
        let label = peek("[") ? try label() : nil
        skipSpace()
        guard peek(")") else {
            position = start
            return nil
        }
        position += 1
        return .aggregate(aggregate, name, label: label)
    }

    /// What stands between brackets.
    private mutating func label() throws -> String {
        let start = position
        position += 1
        let label = take { $0 != "]" && $0 != "[" }
        guard peek("]"), !label.isEmpty else { throw error("']' is missing", start) }
        position += 1
        return label.trimmingCharacters(in: .whitespaces)
    }

    private mutating func replace(_ start: Int, _ operand: ProcedureFormula.Operand) {
        let stem = "z\(operands.count)"
        let name = stem + String(repeating: "_", count: max(0, position - start - stem.count))
        operands[name] = operand
        scalars.replaceSubrange(start..<position, with: Array(name))
        position = start + name.count
    }

    private mutating func takeNumber() -> String {
        var digits = take { $0.isNumber || $0 == "." }
        if position < scalars.count, scalars[position] == "e" || scalars[position] == "E" {
            var next = position + 1
            if next < scalars.count, scalars[next] == "+" || scalars[next] == "-" { next += 1 }
            if next < scalars.count, scalars[next].isNumber {
                digits += String(scalars[position..<next])
                position = next
                digits += take(\.isNumber)
            }
        }
        return digits
    }

    private func peek(_ character: Character) -> Bool { position < scalars.count && scalars[position] == character }

    private mutating func skipSpace() { while peek(" ") { position += 1 } }

    private mutating func take(_ condition: (Character) -> Bool) -> String {
        let start = position
        while position < scalars.count, condition(scalars[position]) { position += 1 }
        return String(scalars[start..<position])
    }

    private func error(_ message: String, _ offset: Int) -> ProcedureFormulaFault {
        ProcedureFormulaFault(message: message, offset: offset)
    }
}

/// A complaint about what only procedures' formulas know.
struct ProcedureFormulaFault: Error {
    let message: String
    let offset: Int
}
