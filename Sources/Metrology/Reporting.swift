/// How results are written: U with two significant digits, the estimate to the same last place
/// (JJF 1059.1-2012, 5.3.8; JCGM 100, 7.2.6), ties to even (GB/T 8170-2008).
public enum Reporting {
    /// Digits after the point that leave `expanded` two significant digits, 0 at least.
    public static func places(forUncertainty expanded: Double) -> Int {
        guard expanded > 0, expanded.isFinite else { return 3 }
        var places = 0
        var scaled = expanded
        while scaled < 9.95, places < 9 {
            scaled *= 10
            places += 1
        }
        return places
    }

    /// `value` rounded to `places`, as it is printed.
    ///
    /// - Returns: nil where `value` is not finite or too large to be a result (10¹⁸).
    public static func rounded(_ value: Double, places: Int) -> ExactDecimal? {
        ExactDecimal(fifteenDigitsOf: value)?.rounded(toPlaces: places)
    }

    /// `value` with as many digits as it has on paper, fifteen at most: a limit of 0.3 % that binary arithmetic made
    /// 0.30000000000000004 is 0.3.
    ///
    /// - Returns: nil where `value` is not finite or too large to be a result (10¹⁸).
    public static func written(_ value: Double) -> ExactDecimal? {
        guard let exact = ExactDecimal(fifteenDigitsOf: value) else { return nil }
        var (coefficient, places) = (exact.coefficient, exact.places)
        while places > 0, coefficient % 10 == 0 {
            coefficient /= 10
            places -= 1
        }
        return ExactDecimal(coefficient: coefficient, places: places)
    }
}
