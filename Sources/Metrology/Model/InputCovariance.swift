extension MeasurementModel {
    /// Covariance of two inputs, SI: from the sources they share, or from the correlation stated.
    func covariance(_ i: Int, _ j: Int) -> Double {
        if i == j { return uncertainties[i] * uncertainties[i] }
        var sum = 0.0
        for a in parts[i] {
            for b in parts[j] where a.source == b.source {
                let u = sources[a.source].standardUncertainty
                sum += a.factor * b.factor * u * u
            }
        }
        for pair in stated where (pair.a, pair.b) == (i, j) || (pair.a, pair.b) == (j, i) {
            sum += pair.r * uncertainties[i] * uncertainties[j]
        }
        return sum
    }

    /// u of an input for the law of propagation, in its unit.
    public func standardUncertainty(of name: String) -> Double? {
        inputs.firstIndex { $0.name == name }.map { uncertainties[$0] / abs(inputs[$0].unit.factor) }
    }

    /// Correlation coefficient of two inputs; zero where one is exact.
    public func correlation(_ a: String, _ b: String) -> Double? {
        guard let i = inputs.firstIndex(where: { $0.name == a }), let j = inputs.firstIndex(where: { $0.name == b })
        else { return nil }
        if i == j { return 1 }
        let product = uncertainties[i] * uncertainties[j]
        return product > 0 ? covariance(i, j) / product : 0
    }

    /// Pairs of inputs that are correlated, by whichever way.
    public var correlatedPairs: [(a: String, b: String, r: Double)] {
        correlatedIndices.map { (inputs[$0.a].name, inputs[$0.b].name, $0.r) }
    }

    var correlatedIndices: [(a: Int, b: Int, r: Double)] {
        var pairs: [(a: Int, b: Int, r: Double)] = []
        for i in inputs.indices {
            for j in inputs.indices.dropFirst(i + 1) {
                let product = uncertainties[i] * uncertainties[j]
                let r = product > 0 ? covariance(i, j) / product : 0
                if r != 0 { pairs.append((i, j, r)) }
            }
        }
        return pairs
    }

    /// Inputs that hang together by correlations of which one at least is stated as a coefficient. Nothing is
    /// known of how such inputs vary together but their covariance.
    var statedGroups: [[Int]] {
        if stated.isEmpty { return [] }
        var groups: [Set<Int>] = []
        for pair in correlatedIndices {
            let touched = groups.filter { $0.contains(pair.a) || $0.contains(pair.b) }
            groups.removeAll { touched.contains($0) }
            groups.append(touched.reduce([pair.a, pair.b]) { $0.union($1) })
        }
        return groups.map { $0.sorted() }.filter { group in stated.contains { group.contains($0.a) } }
    }

    /// The correlation matrix of some inputs.
    func correlationMatrix(of indices: [Int]) -> SymmetricMatrix {
        SymmetricMatrix(size: indices.count) { row, column in
            let (i, j) = (indices[row], indices[column])
            let product = uncertainties[i] * uncertainties[j]
            return i == j ? 1 : product > 0 ? covariance(i, j) / product : 0
        }
    }

    /// Stated coefficients may each be possible and together be impossible: no quantities have a correlation
    /// matrix with a negative eigenvalue (JCGM 101, 6.4.8.1, note 2).
    func checkCorrelations() throws(ModelError) {
        for group in statedGroups {
            let eigen = correlationMatrix(of: group).eigen()
            // Rounding of coefficients stated to the last digit of a Double, and of the iteration.
            guard let smallest = eigen.values.first, smallest < -1e-9 else { continue }
            let value = abs(smallest) < 1e-4 ? nil : Reporting.rounded(smallest, places: 4)
            let names = group.map { "'\(inputs[$0].name)'" }.joined(separator: ", ")
            throw ModelError(
                "the correlations of \(names) cannot be true together: their matrix has the eigenvalue "
                    + "\(value?.description ?? "\(smallest)"), and a correlation matrix has none below zero")
        }
    }
}
