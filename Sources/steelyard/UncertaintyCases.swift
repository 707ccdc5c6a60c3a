import DataFiles
import Metrology

/// The answer of one of the small kinds: type-a, type-b, line-fit, anova, coverage-factor,
/// coverage-region, rounding, numerical-tolerance.
///
/// - Returns: nil for any other kind, which is a measurement model.
func smallUncertaintyAnswer(kind: String, _ node: DataNode) throws -> CaseValue? {
    nil
}
