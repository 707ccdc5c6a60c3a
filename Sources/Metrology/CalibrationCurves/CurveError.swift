/// Points no curve can be fitted through, or a curve that cannot be used as asked.
public enum CurveError: Error, Equatable, Sendable, CustomStringConvertible {
    case unequalCounts
    case tooFewPoints(needed: Int, found: Int)
    case notPositive(what: String)
    case impossibleCorrelation(Double)
    case notDistinct
    case notPositiveDefinite
    case noSlope
    case notFinite
    case impossibleDegree(Int)
    case level(x: Double)
    case noInverse(y: Double, roots: Int, range: ClosedRange<Double>)

    public var description: String {
        switch self {
        case .unequalCounts: "as many y, and uncertainties, as x are needed"
        case .tooFewPoints(let needed, let found):
            "this curve needs \(needed) points or more, not \(found)"
        case .notPositive(let what): "\(what) must be positive"
        case .impossibleCorrelation(let r): "a correlation of \(r) does not lie between -1 and 1"
        case .notDistinct: "too many x are the same for this curve"
        case .notPositiveDefinite:
            "the covariance matrix of y is none: it has an eigenvalue that is not positive"
        case .noSlope:
            "an upright line is as near to the points as any other: their x differ too little for a line"
        case .notFinite: "x and y must be finite numbers"
        case .impossibleDegree(let degree): "a curve is of degree 1 or more, not \(degree)"
        case .level(let x):
            "the curve is level at x = \(x), where it takes the value: no x follows from a y there"
        case .noInverse(let y, let roots, let range):
            "the curve takes the value \(y) \(roots) times between \(range.lowerBound) and \(range.upperBound), not once"
        }
    }
}
