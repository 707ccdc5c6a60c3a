import Metrology

/// When a line of a procedure applies: all of its requirements hold.
///
/// `when: {class: [1, 1.6], load: {above: 500 * e}, stage: first}`
public struct Applicability: Sendable {
    public enum Requirement: Sendable {
        /// A word (a choice on the plate, the stage, the point, the stroke, an attribute) is one of these.
        case isOneOf([String])
        /// A number is one of these.
        case equals([ProcedureFormula])
        case range(
            atLeast: ProcedureFormula?, above: ProcedureFormula?, atMost: ProcedureFormula?, below: ProcedureFormula?)
    }

    public let requirements: [(name: String, requirement: Requirement)]

    public static let always = Applicability(requirements: [])

    public init(requirements: [(name: String, requirement: Requirement)]) {
        self.requirements = requirements
    }

    /// Whether it holds where `scope` is asked; a number that is not there does not hold.
    func holds(in scope: some ValueScope) throws -> Bool {
        for (name, requirement) in requirements {
            switch requirement {
            case .isOneOf(let words):
                guard let word = scope.word(name), words.contains(word) else { return false }
            case .equals(let formulas):
                guard let value = try scope.value(.name(name)) else { return false }
                let isOne = try formulas.contains { formula in
                    try formula.evaluate(scope.value).map(value.isEqual) ?? false
                }
                guard isOne else { return false }
            case .range(let atLeast, let above, let atMost, let below):
                guard let value = try scope.value(.name(name)) else { return false }
                // On paper a value that equals the limit is at it, whatever binary arithmetic made of the two.
                func compares(_ formula: ProcedureFormula?, _ holds: (Double, Double) -> Bool, atEqual: Bool) throws
                    -> Bool
                {
                    guard let formula else { return true }
                    guard let limit = try formula.evaluate(scope.value) else { return false }
                    return value.isEqual(to: limit) ? atEqual : holds(value.value, limit.value)
                }
                guard try compares(atLeast, >, atEqual: true), try compares(above, >, atEqual: false),
                    try compares(atMost, <, atEqual: true), try compares(below, <, atEqual: false)
                else { return false }
            }
        }
        return true
    }
}

/// Where names have values.
protocol ValueScope {
    /// A word by its name; nil where there is none.
    func word(_ name: String) -> String?
    /// SI; nil where there is none.
    func value(_ operand: ProcedureFormula.Operand) throws -> Computed?
}
