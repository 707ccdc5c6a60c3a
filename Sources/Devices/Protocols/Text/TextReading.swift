public import Metrology

/// What an instrument answered in characters.
public struct TextReading: Hashable, Sendable {
    public enum Value: Hashable, Sendable {
        /// The unit is nil where the answer does not tell it.
        case number(ExactDecimal, MeasurementUnit?)
        case text(String)
    }

    public enum State: String, Hashable, Sendable, CaseIterable {
        /// The instrument says nothing of it.
        case unstated
        case stable
        /// Still moving.
        case dynamic
        case overload, underload
        case cannotExecute = "cannot execute"
    }

    /// nil where the state is one without a value.
    public let value: Value?
    public let state: State

    public init(value: Value?, state: State) {
        self.value = value
        self.state = state
    }

    /// The number in `unit`, exact where the units differ by a power of ten.
    ///
    /// - Throws: ``FrameFault/notAvailable`` where there is no value, ``FrameFault/unknownUnit(_:)`` where the
    ///   answer does not tell the unit or it is of another dimension, ``FrameFault/notANumber(_:)`` for a text.
    public func number(in unit: MeasurementUnit) throws(FrameFault) -> ExactDecimal {
        switch value {
        case nil: throw .notAvailable
        case .text(let text): throw .notANumber(text)
        case .number(_, nil): throw .unknownUnit("the answer does not tell")
        case .number(let number, let written?):
            guard written.dimension == unit.dimension, written.scale == unit.scale else {
                throw .unknownUnit(written.symbol)
            }
            if written == unit { return number }
            if written.offset == unit.offset, let shifted = number.shifted(by: written.factor / unit.factor) {
                return shifted
            }
            guard let converted = ExactDecimal(nearest: unit.number(fromSI: written.si(number.double))) else {
                throw .notANumber("\(number) \(written.symbol)")
            }
            return converted
        }
    }
}

extension ExactDecimal {
    /// nil where `factor` is no power of ten from 10⁻⁹ to 10⁹.
    fileprivate func shifted(by factor: Double) -> ExactDecimal? {
        for exponent in -9...9 {
            let power = ExactDecimal.powerOfTen(exponent)
            guard (factor / power.double - 1).magnitude <= 1e-12 else { continue }
            // The digits stay those that were shown.
            return exponent <= places
                ? ExactDecimal(coefficient: coefficient, places: places - exponent)
                : ExactDecimal(coefficient: coefficient, places: 0) * .powerOfTen(exponent - places)
        }
        return nil
    }
}
