/// Points no curve can be fitted through, or a curve that cannot be used as asked.
public enum CurveError: Error, Equatable, Sendable, CustomStringConvertible {
    case unequalCounts
    case tooFewPoints(needed: Int, found: Int)
    case notPositive(what: String)
    case impossibleCorrelation(Double)
    case notDistinct
    case notPositiveDefinite
    case noConvergence
    case noInverse(y: Double, roots: Int, range: ClosedRange<Double>)

    public var description: String {
        switch self {
        case .unequalCounts: "as many y, and uncertainties, as x are needed"
        case .tooFewPoints(let needed, let found): "this curve needs \(needed) points or more, not \(found)"
        case .notPositive(let what): "\(what) must be positive"
        case .impossibleCorrelation(let r): "a correlation of \(r) does not lie between -1 and 1"
        case .notDistinct: "too many x are the same for this curve"
        case .notPositiveDefinite: "the covariance matrix of y is none: it has an eigenvalue that is not positive"
        case .noConvergence:
            "the fit does not converge: the points scatter more than their uncertainties allow for a line"
        case .noInverse(let y, let roots, let range):
            "the curve takes the value \(y) \(roots) times between \(range.lowerBound) and \(range.upperBound), not once"
        }
    }
}
