/// Dimension and scale of a quantity: what may be done with it in a formula.
///
/// Points on the Celsius scale may be subtracted and shifted, not added, multiplied or raised to a power; levels may be
/// added, subtracted and scaled by numbers, and may stand in an exponent. All else would give numbers that depend on
/// where the zero of a scale happens to be.
public struct QuantityKind: Hashable, Sendable {
    public let dimension: QuantityDimension
    public let scale: MeasurementUnit.Scale

    public init(_ dimension: QuantityDimension, _ scale: MeasurementUnit.Scale = .ratio) {
        self.dimension = dimension
        self.scale = scale
    }

    public static let one = QuantityKind(.one)

    public init(of unit: MeasurementUnit) {
        self.init(unit.dimension, unit.scale)
    }

    private var isNumber: Bool { self == .one }

    private static let celsius =
        "a temperature on the Celsius scale has no sum, multiple, power or function: take a difference, or write kelvin(t)"

    static func add(_ a: QuantityKind, _ b: QuantityKind) throws(KindError) -> QuantityKind {
        switch (a.scale, b.scale) {
        case (.ratio, .ratio):
            guard a.dimension == b.dimension else {
                throw KindError("cannot add unlike quantities: \(a.dimension) and \(b.dimension)")
            }
            return a
        case (.celsius, .ratio) where b.dimension == .temperature: return a
        case (.ratio, .celsius) where a.dimension == .temperature: return b
        case (.celsius, _), (_, .celsius): throw KindError(celsius)
        case (.level(let x), .level(let y)):
            guard x == y else { throw KindError("cannot add levels in \(x) and in \(y)") }
            return a
        case (.level, .ratio) where b.isNumber: return a
        case (.ratio, .level) where a.isNumber: return b
        default: throw KindError("cannot add unlike quantities: \(a) and \(b)")
        }
    }

    static func subtract(_ a: QuantityKind, _ b: QuantityKind) throws(KindError) -> QuantityKind {
        if a.scale == .celsius, b.scale == .celsius { return QuantityKind(.temperature) }
        if b.scale == .celsius { throw KindError(celsius) }
        if a.scale == .ratio, b.scale == .ratio, a.dimension != b.dimension {
            throw KindError("cannot subtract unlike quantities: \(a.dimension) and \(b.dimension)")
        }
        return try add(a, b)
    }

    static func multiply(_ a: QuantityKind, _ b: QuantityKind) throws(KindError) -> QuantityKind {
        switch (a.scale, b.scale) {
        case (.ratio, .ratio): return QuantityKind(a.dimension * b.dimension)
        case (.level, .ratio) where b.isNumber: return a
        case (.ratio, .level) where a.isNumber: return b
        case (.celsius, _), (_, .celsius): throw KindError(celsius)
        default: throw KindError("cannot multiply \(a) by \(b): a level takes numbers only")
        }
    }

    static func divide(_ a: QuantityKind, _ b: QuantityKind) throws(KindError) -> QuantityKind {
        switch (a.scale, b.scale) {
        case (.ratio, .ratio): return QuantityKind(a.dimension / b.dimension)
        case (.level, .ratio) where b.isNumber: return a
        case (.celsius, _), (_, .celsius): throw KindError(celsius)
        default: throw KindError("cannot divide \(a) by \(b): a level takes numbers only")
        }
    }

    func negated() throws(KindError) -> QuantityKind {
        if scale == .celsius { throw KindError(Self.celsius) }
        return self
    }

    /// Requires a quantity that sums and products are defined for.
    func ratio(_ what: String) throws(KindError) -> QuantityDimension {
        switch scale {
        case .ratio: return dimension
        case .celsius: throw KindError(Self.celsius)
        case .level(let unit): throw KindError("\(what) of a level in \(unit) has no meaning")
        }
    }

    /// Requires a number, or a level, which is the exponent of a ratio.
    func exponent() throws(KindError) {
        if case .level = scale { return }
        if scale == .celsius { throw KindError(Self.celsius) }
        guard isNumber else { throw KindError("an exponent is a number, not \(dimension)") }
    }

    /// Why a result of this kind cannot be stated in `unit`; nil where it can.
    func misfit(_ unit: MeasurementUnit) -> String? {
        guard dimension == unit.dimension else { return "comes out in \(dimension), which is no number of \(unit)" }
        switch (scale, unit.scale) {
        case (.ratio, .celsius):
            return "comes out as a difference of temperatures or in kelvin: state it in K, or write celsius(T)"
        case (.level(let x), .level(let y)) where x != y: return "comes out as a level in \(x), not in \(y)"
        case (.level(let x), .ratio) where unit != .one:
            return "comes out as a level in \(x), which is no number of \(unit)"
        default: return nil
        }
    }
}

extension QuantityKind: CustomStringConvertible {
    public var description: String {
        switch scale {
        case .ratio: dimension.description
        case .celsius: "a temperature on the Celsius scale"
        case .level(let unit): "a level in \(unit)"
        }
    }
}

/// Why quantities do not go together.
struct KindError: Error {
    let message: String

    init(_ message: String) { self.message = message }
}
