/// A polynomial for arguments from −1 to 1, constant term first.
struct Polynomial {
    let coefficients: [Double]

    func value(_ t: Double) -> Double { coefficients.reversed().reduce(0) { $0 * t + $1 } }

    var derivative: Polynomial {
        Polynomial(coefficients: coefficients.indices.dropFirst().map { Double($0) * coefficients[$0] })
    }

    /// How far a value may be off by rounding alone.
    var rounding: Double { 16 * Double.ulpOfOne * coefficients.reduce(0) { $0 + abs($1) } }

    /// Where the polynomial is `y`, in ascending order; where it only touches `y`, once.
    ///
    /// Between two turning points it takes a value once at most, and the turning points are those of the derivative's
    /// zeros: none is missed, however near to another.
    func places(of y: Double) -> [Double] {
        guard coefficients.count > 1 else { return [] }
        let tolerance = rounding + 16 * Double.ulpOfOne * abs(y)
        let nodes = [-1] + derivative.places(of: 0).filter { abs($0) < 1 } + [1]
        let values = nodes.map { value($0) - y }
        var places: [Double] = []
        for index in nodes.indices {
            if abs(values[index]) <= tolerance {
                places.append(nodes[index])
            } else if index > 0, abs(values[index - 1]) > tolerance, values[index - 1] * values[index] < 0 {
                places.append(closeIn(y, nodes[index - 1], nodes[index]))
            }
        }
        return places
    }

    private func closeIn(_ y: Double, _ low: Double, _ high: Double) -> Double {
        var (low, high) = (low, high)
        let isRising = value(high) > y
        while true {
            let middle = low + (high - low) / 2
            guard high - low > 1e-18, middle > low, middle < high else { return middle }
            if (value(middle) < y) == isRising { low = middle } else { high = middle }
        }
    }
}
