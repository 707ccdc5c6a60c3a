/// Formulas as a straight list of operations: no tree is walked and no name is looked up when it runs.
///
/// Registers are numbered: first the inputs, then the constants, then one for the result of each operation.
/// Equal operations on equal operands are done once.
struct Tape: Sendable {
    enum Operation: UInt8, Hashable, Sendable {
        case add, subtract, multiply, divide, negate
        /// By a whole exponent and by a fixed one, in `parameter`; by a varying one.
        case wholePower, fixedPower, power
        case absolute, minimum, maximum, squareRoot, exponential, logarithm, commonLogarithm
        case sine, cosine, tangent, arcSine, arcCosine, arcTangent, arcTangent2
        /// One where it holds, else zero.
        case less, lessOrEqual, equal, unequal, and, or, not
        /// `b` where `a` is not zero, else `c`.
        case select
        /// In the table numbered `c`.
        case lookup
    }

    struct Instruction: Hashable, Sendable {
        let operation: Operation
        let a: Int
        let b: Int
        let c: Int
        let parameter: Double
    }

    /// The text an instruction came from, for complaints.
    struct Origin: Sendable {
        let text: String
        let offset: Int
    }

    let inputCount: Int
    let constants: [Double]
    let instructions: [Instruction]
    let origins: [Origin]
    let tables: [InterpolationTable]
    /// Registers of the results.
    let outputs: [Int]

    var registerCount: Int { inputCount + constants.count + instructions.count }
    /// The register of the first instruction.
    var firstResult: Int { inputCount + constants.count }
}

extension Tape {
    /// Builds a tape from one formula or several that use one another's results.
    ///
    /// Registers are numbered provisionally: inputs from zero, constants from -1 downwards, results from the number
    /// of inputs upwards; ``tape(outputs:)`` puts the constants between.
    struct Builder {
        private let inputCount: Int
        private var registers: [String: Int]
        private var constants: [UInt64: Int] = [:]
        private var constantValues: [Double] = []
        private var instructions: [Instruction] = []
        private var known: [Instruction: Int] = [:]
        private var origins: [Origin] = []
        private var tables: [InterpolationTable] = []
        private var text = ""

        init(inputs: [String]) {
            inputCount = inputs.count
            registers = Dictionary(inputs.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
        }

        /// Makes a result usable by `name` in what follows.
        mutating func define(_ name: String, as register: Int) { registers[name] = register }

        func defines(_ name: String) -> Bool { registers[name] != nil }

        mutating func constant(_ value: Double) -> Int {
            if let register = constants[value.bitPattern] { return register }
            constantValues.append(value)
            constants[value.bitPattern] = -constantValues.count
            return -constantValues.count
        }

        /// - Returns: the register of the result.
        /// - Throws: ``FormulaError`` for a name that is not known.
        mutating func add(_ node: Formula.Node, of text: String) throws -> Int {
            self.text = text
            return try add(node)
        }

        func tape(outputs: [Int]) -> Tape {
            let count = constantValues.count
            func final(_ register: Int) -> Int {
                if register < 0 { return inputCount - register - 1 }
                return register < inputCount ? register : register + count
            }
            return Tape(
                inputCount: inputCount, constants: constantValues,
                instructions: instructions.map {
                    Instruction(
                        operation: $0.operation, a: final($0.a), b: final($0.b),
                        c: $0.operation == .lookup ? $0.c : final($0.c), parameter: $0.parameter)
                },
                origins: origins, tables: tables, outputs: outputs.map(final))
        }

        private mutating func add(_ node: Formula.Node) throws -> Int {
            if let value = node.constant, value.isFinite { return constant(value) }
            switch node {
            case .number(let value): return constant(value)
            case .name(let name, let offset):
                guard let register = registers[name] else {
                    let known = registers.keys.sorted().joined(separator: ", ")
                    throw FormulaError(
                        message: "'\(name)' is not known here: known are \(known)", offset: offset, in: text)
                }
                return register
            case .negate(let a, let offset): return emit(.negate, try add(a), at: offset)
            case .binary(let symbol, let a, let b, let offset):
                let operation: Operation =
                    switch symbol {
                    case .add: .add
                    case .subtract: .subtract
                    case .multiply: .multiply
                    case .divide: .divide
                    }
                return emit(operation, try add(a), try add(b), at: offset)
            case .power(let a, let exponent, let offset):
                let base = try add(a)
                guard let n = exponent.constant else { return emit(.power, base, try add(exponent), at: offset) }
                let isWhole = n == n.rounded() && abs(n) <= 64
                return emit(isWhole ? .wholePower : .fixedPower, base, parameter: n, at: offset)
            case .lookup(let table, let a, let offset):
                let index = tables.firstIndex(of: table) ?? tables.count
                if index == tables.count { tables.append(table) }
                return emit(.lookup, try add(a), 0, index, at: offset)
            case .comparison(let comparison, let a, let b, let offset):
                let (x, y) = (try add(a), try add(b))
                switch comparison {
                case .less: return emit(.less, x, y, at: offset)
                case .lessOrEqual: return emit(.lessOrEqual, x, y, at: offset)
                case .greater: return emit(.less, y, x, at: offset)
                case .greaterOrEqual: return emit(.lessOrEqual, y, x, at: offset)
                case .equal: return emit(.equal, x, y, at: offset)
                case .unequal: return emit(.unequal, x, y, at: offset)
                }
            case .logical(let logical, let parts):
                let first = try add(parts[0])
                switch logical {
                case .not: return emit(.not, first, at: 0)
                case .and: return emit(.and, first, try add(parts[1]), at: 0)
                case .or: return emit(.or, first, try add(parts[1]), at: 0)
                }
            case .conditional(let condition, let a, let b, let offset):
                return emit(.select, try add(condition), try add(a), try add(b), at: offset)
            case .call(let function, let arguments, let offset):
                let values = try arguments.map { try add($0) }
                // In SI both are the same number.
                if function == .kelvin || function == .celsius { return values[0] }
                if function == .min || function == .max {
                    return values.dropFirst().reduce(values[0]) {
                        emit(function == .min ? .minimum : .maximum, $0, $1, at: offset)
                    }
                }
                return emit(Self.operation(function), values[0], values.count > 1 ? values[1] : 0, at: offset)
            }
        }

        private static func operation(_ function: Formula.Function) -> Operation {
            switch function {
            case .abs: .absolute
            case .min: .minimum
            case .max: .maximum
            case .sqrt: .squareRoot
            case .exp: .exponential
            case .ln: .logarithm
            case .log10: .commonLogarithm
            case .sin: .sine
            case .cos: .cosine
            case .tan: .tangent
            case .asin: .arcSine
            case .acos: .arcCosine
            case .atan: .arcTangent
            case .atan2: .arcTangent2
            case .kelvin, .celsius: .negate
            }
        }

        private mutating func emit(
            _ operation: Operation, _ a: Int, _ b: Int = 0, _ c: Int = 0, parameter: Double = 0, at offset: Int
        ) -> Int {
            let instruction = Instruction(operation: operation, a: a, b: b, c: c, parameter: parameter)
            if let register = known[instruction] { return register }
            let register = inputCount + instructions.count
            instructions.append(instruction)
            origins.append(Origin(text: text, offset: offset))
            known[instruction] = register
            return register
        }
    }
}
