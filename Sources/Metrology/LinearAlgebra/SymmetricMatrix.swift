/// A small dense symmetric matrix: a correlation or covariance matrix.
struct SymmetricMatrix: Hashable, Sendable {
    let size: Int
    /// Row by row.
    private(set) var elements: [Double]

    /// - Parameter element: asked for the lower triangle only; the upper one is its mirror image.
    init(size: Int, _ element: (_ row: Int, _ column: Int) -> Double) {
        self.size = size
        elements = .init(repeating: 0, count: size * size)
        for row in 0..<size {
            for column in 0...row {
                let value = element(row, column)
                elements[row * size + column] = value
                elements[column * size + row] = value
            }
        }
    }

    subscript(_ row: Int, _ column: Int) -> Double { elements[row * size + column] }

    /// Eigenvalues in ascending order, and for each its vector, by cyclic Jacobi rotations, which find small
    /// eigenvalues beside large ones to their own precision where the matrix is scaled.
    func eigen() -> (values: [Double], vectors: [[Double]]) {
        var matrix = elements
        // Column j of the rotations so far becomes the eigenvector of the jth diagonal element.
        var rotations = Self.identity(size)
        for _ in 0..<100 {
            var largest = 0.0
            for row in 0..<size {
                for column in 0..<row {
                    largest = max(largest, abs(matrix[row * size + column]))
                    rotate(&matrix, &rotations, column, row)
                }
            }
            if largest == 0 { break }
        }
        let order = (0..<size).sorted { matrix[$0 * size + $0] < matrix[$1 * size + $1] }
        return (
            order.map { matrix[$0 * size + $0] },
            order.map { column in (0..<size).map { rotations[$0 * size + column] } }
        )
    }

    /// Makes element (p, q) zero.
    private func rotate(_ matrix: inout [Double], _ rotations: inout [Double], _ p: Int, _ q: Int) {
        let element = matrix[p * size + q]
        let (first, second) = (matrix[p * size + p], matrix[q * size + q])
        // Already less than the rounding of what it would change.
        guard abs(element) > 1e-18 * (abs(first) * abs(second)).squareRoot(), abs(element) > 1e-300 else {
            matrix[p * size + q] = 0
            matrix[q * size + p] = 0
            return
        }
        let half = (second - first) / (2 * element)
        let tangent = (half < 0 ? -1 : 1) / (abs(half) + (half * half + 1).squareRoot())
        let cosine = 1 / (tangent * tangent + 1).squareRoot()
        let sine = tangent * cosine
        for k in 0..<size {
            let (x, y) = (matrix[k * size + p], matrix[k * size + q])
            matrix[k * size + p] = cosine * x - sine * y
            matrix[k * size + q] = sine * x + cosine * y
        }
        for k in 0..<size {
            let (x, y) = (matrix[p * size + k], matrix[q * size + k])
            matrix[p * size + k] = cosine * x - sine * y
            matrix[q * size + k] = sine * x + cosine * y
            let (a, b) = (rotations[k * size + p], rotations[k * size + q])
            rotations[k * size + p] = cosine * a - sine * b
            rotations[k * size + q] = sine * a + cosine * b
        }
        matrix[p * size + q] = 0
        matrix[q * size + p] = 0
    }

    private static func identity(_ size: Int) -> [Double] {
        (0..<size * size).map { $0 / size == $0 % size ? 1 : 0 }
    }

    /// R with R·Rᵀ equal to this matrix, which must not have an eigenvalue below zero beyond rounding; row by row.
    ///
    /// From the eigenvalues, so that also a matrix without full rank (r = 1) has its root.
    func squareRoot() -> [Double] {
        let (values, vectors) = eigen()
        return (0..<size).flatMap { row in
            (0..<size).map { vectors[$0][row] * max(0, values[$0]).squareRoot() }
        }
    }

    /// The lower triangular L with L·Lᵀ equal to this matrix, row by row; a row that follows from those above it
    /// has a zero on the diagonal.
    ///
    /// The matrix must not have an eigenvalue below zero beyond rounding.
    func cholesky() -> [Double] {
        var root = [Double](repeating: 0, count: size * size)
        let largest = (0..<size).map { self[$0, $0] }.max() ?? 0
        let zero = Double(size) * 4 * Double.ulpOfOne * largest
        for row in 0..<size {
            for column in 0...row {
                var rest = self[row, column]
                for k in 0..<column { rest -= root[row * size + k] * root[column * size + k] }
                if row == column {
                    root[row * size + row] = rest > zero ? rest.squareRoot() : 0
                } else if root[column * size + column] > 0 {
                    root[row * size + column] = rest / root[column * size + column]
                }
            }
        }
        return root
    }
}
