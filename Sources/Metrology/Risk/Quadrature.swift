/// Adaptive Gauss–Kronrod quadrature (7 and 15 points, QUADPACK).
enum Quadrature {
    /// The integral of `function` over [`a`, `b`], a part of a probability: each panel to 10⁻¹² of
    /// itself, or to 10⁻¹⁷, below which it changes no risk anybody states. Without that floor a tail
    /// of 10⁻²⁰⁰, whose own rounding is larger than 10⁻¹², would be halved for ever.
    ///
    /// - Parameter tolerance: of each panel relative to itself, where less than that will do.
    static func integrate(
        _ a: Double, _ b: Double, tolerance: Double = 1e-12, depth: Int = 0, _ function: (Double) -> Double
    ) -> Double {
        guard b > a else { return 0 }
        let (fine, coarse) = panel(a, b, function)
        let miss = abs(fine - coarse)
        if miss <= tolerance * abs(fine) || miss < 1e-5 * tolerance || depth >= 14 { return fine }
        let middle = (a + b) / 2
        return integrate(a, middle, tolerance: tolerance, depth: depth + 1, function)
            + integrate(middle, b, tolerance: tolerance, depth: depth + 1, function)
    }

    private static func panel(
        _ a: Double, _ b: Double, _ function: (Double) -> Double
    ) -> (fine: Double, coarse: Double) {
        let centre = (a + b) / 2
        let half = (b - a) / 2
        var fine = 0.0
        var coarse = 0.0
        for (index, node) in nodes.enumerated() {
            let sum =
                node == 0
                ? function(centre) : function(centre - half * node) + function(centre + half * node)
            fine += kronrod[index] * sum
            // Every second node, from the second on, is one of Gauss's.
            if index % 2 == 1 { coarse += gauss[index / 2] * sum }
        }
        return (fine * half, coarse * half)
    }

    private static let nodes = [
        0.991455371120812639206854697526329, 0.949107912342758524526189684047851, 0.864864423359769072789712788640926,
        0.741531185599394439863864773280788, 0.586087235467691130294144691838259, 0.405845151377397166906606412076961,
        0.207784955007898467600689403773245, 0,
    ]

    private static let kronrod = [
        0.022935322010529224963732008058970, 0.063092092629978553290700663189204, 0.104790010322250183839876322541518,
        0.140653259715525918745189590510238, 0.169004726639267902826583426598550, 0.190350578064785409913256402421014,
        0.204432940075298892414161999234649, 0.209482141084727828012999174891714,
    ]

    private static let gauss = [
        0.129484966168869693270611432679082, 0.279705391489276667901467771423780, 0.381830050505118944950369775488975,
        0.417959183673469387755102040816327,
    ]
}
