import DataFiles
import Metrology

extension DataNode {
    /// The decimal exactly as it is written.
    func decimal() throws -> ExactDecimal {
        let text = try text()
        guard let value = ExactDecimal(text) else {
            throw error("'\(path)' must be a decimal of at most 18 digits, not '\(text)'")
        }
        return value
    }

    func decimals() throws -> [ExactDecimal] { try list().map { try $0.decimal() } }

    func notNegativeDecimal() throws -> ExactDecimal {
        let value = try decimal()
        guard value >= ExactDecimal(0) else { throw error("'\(path)' must not be negative, as \(value) is") }
        return value
    }

    func positive() throws -> Double {
        let value = try number()
        guard value > 0 else { throw error("'\(path)' must be positive, not \(value)") }
        return value
    }

    func probability() throws -> Double {
        let value = try number()
        guard value > 0, value < 1 else {
            throw error("'\(path)' is a probability, between 0 and 1, not \(value): 95 % is 0.95")
        }
        return value
    }

    /// A positive number, or `inf`.
    func degreesOfFreedom() throws -> Double {
        if ["inf", "Infinity", "infinity", ".inf"].contains(try text()) { return .infinity }
        return try positive()
    }

    func count(atLeast least: Int) throws -> Int {
        let value = try integer()
        guard value >= least else { throw error("'\(path)' must be \(least) at least, not \(value)") }
        return value
    }
}
