/// Units that a case, a procedure or an instrument brings along: the verification division `e` of a balance, 斤.
public struct CustomaryUnits: Hashable, Sendable {
    private(set) var units: [String: MeasurementUnit] = [:]

    public init() {}

    /// Adds `symbol` as so much of a known unit: `e` as 5 g.
    ///
    /// - Throws: ``CustomaryUnitError`` where the symbol is taken or no word, the quantity not positive, or its unit
    ///   a point on a scale or a level.
    public mutating func define(_ symbol: String, as quantity: Quantity) throws(CustomaryUnitError) {
        guard MeasurementUnit(symbol, with: self) == nil else { throw .known(symbol) }
        guard let first = symbol.first, first.isLetter, symbol.allSatisfy({ $0.isLetter || $0 == "_" }) else {
            throw .noWord(symbol)
        }
        guard quantity.unit.scale == .ratio else { throw .noRatio(symbol, unit: quantity.unit.symbol) }
        guard quantity.number > ExactDecimal(0) else { throw .notPositive(symbol) }
        units[symbol] = MeasurementUnit(
            symbol: symbol, dimension: quantity.unit.dimension, factor: quantity.number.double * quantity.unit.factor)
    }
}

public enum CustomaryUnitError: Error, Equatable, Sendable, CustomStringConvertible {
    case known(String)
    case noWord(String)
    case notPositive(String)
    case noRatio(String, unit: String)

    public var description: String {
        switch self {
        case .known(let symbol): "the unit '\(symbol)' is known already and cannot mean something else here"
        case .noWord(let symbol): "'\(symbol)' is no unit symbol: letters only"
        case .notPositive(let symbol): "the unit '\(symbol)' must be a positive quantity"
        case .noRatio(let symbol, let unit): "the unit '\(symbol)' cannot be a number of \(unit)"
        }
    }
}
