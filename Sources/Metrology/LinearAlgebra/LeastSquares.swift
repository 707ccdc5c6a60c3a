/// Least squares by Householder reflections, which do not square the condition of the problem as normal equations do.
struct LeastSquares {
    /// The x of smallest |A·x − b|.
    let solution: [Double]
    /// (AᵀA)⁻¹.
    let covariance: SymmetricMatrix
    /// |A·x − b|².
    let sumOfSquares: Double

    /// - Parameters:
    ///   - rows: of A, at least as many as columns.
    ///   - values: b.
    /// - Returns: nil where the columns do not differ enough to be told apart.
    init?(_ rows: [[Double]], _ values: [Double]) {
        let count = rows.count
        guard let columns = rows.first?.count, columns >= 1, count >= columns, values.count == count else { return nil }
        var a = rows
        var b = values
        var scale = [Double](repeating: 0, count: columns)
        for column in 0..<columns {
            scale[column] = rows.reduce(0) { $0 + $1[column] * $1[column] }.squareRoot()
            let norm = (column..<count).reduce(0.0) { $0 + a[$1][column] * a[$1][column] }.squareRoot()
            // What is left of a column is the rounding of what was taken away.
            guard norm > 1e-13 * scale[column] else { return nil }
            let alpha = a[column][column] > 0 ? -norm : norm
            var reflector = (column..<count).map { a[$0][column] }
            reflector[0] -= alpha
            let square = reflector.reduce(0) { $0 + $1 * $1 }
            func reflect(_ element: (Int) -> Double, _ store: (Int, Double) -> Void) {
                var product = 0.0
                for row in column..<count { product += reflector[row - column] * element(row) }
                let factor = 2 * product / square
                for row in column..<count { store(row, element(row) - factor * reflector[row - column]) }
            }
            for other in column..<columns { reflect({ a[$0][other] }, { a[$0][other] = $1 }) }
            reflect({ b[$0] }, { b[$0] = $1 })
        }
        var x = [Double](repeating: 0, count: columns)
        for row in (0..<columns).reversed() {
            var rest = b[row]
            for column in row + 1..<max(columns, row + 1) { rest -= a[row][column] * x[column] }
            x[row] = rest / a[row][row]
        }
        solution = x
        sumOfSquares = (columns..<max(count, columns)).reduce(0) { $0 + b[$1] * b[$1] }
        // R⁻¹, column by column.
        var inverse = [[Double]](repeating: .init(repeating: 0, count: columns), count: columns)
        for column in 0..<columns {
            for row in (0...column).reversed() {
                var rest = row == column ? 1.0 : 0
                for k in row + 1..<max(column + 1, row + 1) { rest -= a[row][k] * inverse[k][column] }
                inverse[row][column] = rest / a[row][row]
            }
        }
        covariance = SymmetricMatrix(size: columns) { row, column in
            (0..<columns).reduce(0) { $0 + inverse[row][$1] * inverse[column][$1] }
        }
    }
}
