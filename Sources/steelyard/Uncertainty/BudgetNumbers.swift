import Foundation

/// Numbers of a budget as people read them.
enum BudgetNumbers {
    /// With so many significant digits; plain from 10⁻⁵ to 10⁷, else with a power of ten.
    static func significant(_ value: Double, _ digits: Int) -> String {
        guard value.isFinite else { return value.isNaN ? "–" : value < 0 ? "-∞" : "∞" }
        if value == 0 { return "0" }
        let scientific = String(format: "%.\(digits - 1)e", value)
        guard let mark = scientific.firstIndex(of: "e"),
            let exponent = Int(scientific[scientific.index(after: mark)...])
        else { return scientific }
        if (-5...6).contains(exponent) { return String(format: "%.\(max(0, digits - 1 - exponent))f", value) }
        return "\(scientific[..<mark])e\(exponent)"
    }

    /// To the place of the second digit of `uncertainty`; all digits where there is none.
    static func toThePlace(_ value: Double, of uncertainty: Double) -> String {
        guard value.isFinite, uncertainty.isFinite, uncertainty > 0 else { return shortest(value) }
        let exponent = Int(log10(uncertainty).rounded(.down))
        let size = abs(value) > 0 ? Int(log10(abs(value)).rounded(.down)) : exponent
        guard (-5...6).contains(size) || (-5...6).contains(exponent) else {
            return significant(value, max(2, size - exponent + 2))
        }
        return String(format: "%.\(max(0, 1 - exponent))f", value)
    }

    static func shortest(_ value: Double) -> String {
        let text = value.description
        return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
    }

    static func percent(_ share: Double) -> String { String(format: "%.1f %%", 100 * share) }

    static func degreesOfFreedom(_ value: Double) -> String {
        value.isFinite ? (value == value.rounded() ? shortest(value) : significant(value, 3)) : "∞"
    }
}
