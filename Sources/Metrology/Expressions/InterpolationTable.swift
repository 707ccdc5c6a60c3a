/// A function given by points, straight between them: the correction of a standard, the density of water.
public struct InterpolationTable: Hashable, Sendable {
    public let name: String
    /// Ascending.
    public let x: [Double]
    public let y: [Double]
    /// What goes in and what comes out.
    public let argument: QuantityKind
    public let result: QuantityKind

    /// - Parameters:
    ///   - x: in the coherent SI unit of `argument`, in any order.
    ///   - y: in the coherent SI unit of `result`, one for each x.
    /// - Throws: ``InterpolationTableError`` for fewer than two points, unequal counts, or an x that comes twice.
    public init(
        name: String, x: [Double], y: [Double], argument: QuantityKind = .one, result: QuantityKind = .one
    ) throws(InterpolationTableError) {
        guard x.count == y.count else { throw .unequalCounts(name: name, x: x.count, y: y.count) }
        guard x.count >= 2 else { throw .tooFewPoints(name: name) }
        let points = zip(x, y).sorted { $0.0 < $1.0 }
        for (point, next) in zip(points, points.dropFirst()) where !(point.0 < next.0) {
            throw .repeated(name: name, x: next.0)
        }
        self.name = name
        self.x = points.map(\.0)
        self.y = points.map(\.1)
        self.argument = argument
        self.result = result
    }

    /// Value and slope at `at`; both not a number outside the points. The slope at a point is that of the
    /// interval to its right, at the last point of the one to its left.
    func value(_ at: Double) -> (value: Double, slope: Double) {
        guard at >= x[0], at <= x[x.count - 1] else { return (.nan, .nan) }
        var (low, high) = (0, x.count - 1)
        while high - low > 1 {
            let middle = (low + high) / 2
            if x[middle] <= at { low = middle } else { high = middle }
        }
        let slope = (y[high] - y[low]) / (x[high] - x[low])
        return (y[low] + slope * (at - x[low]), slope)
    }
}

public enum InterpolationTableError: Error, Equatable, Sendable, CustomStringConvertible {
    case unequalCounts(name: String, x: Int, y: Int)
    case tooFewPoints(name: String)
    case repeated(name: String, x: Double)

    public var description: String {
        switch self {
        case .unequalCounts(let name, let x, let y): "the table '\(name)' has \(x) x and \(y) y"
        case .tooFewPoints(let name): "the table '\(name)' needs two points or more"
        case .repeated(let name, let x): "the table '\(name)' has two values at \(x), or an x that is no number"
        }
    }
}
