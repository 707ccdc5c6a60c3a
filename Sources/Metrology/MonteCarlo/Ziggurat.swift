/// Draws from a density that falls on both sides of zero, by the ziggurat method (Marsaglia and Tsang, 2000): the
/// density is cut into 256 layers of equal area, and nearly every draw is one multiplication and one comparison.
///
/// Exact to rounding: the corners of the layers and the tail are drawn from the density itself.
package final class Ziggurat: Sendable {
    package enum Shape: Hashable, Sendable {
        case normal
        case studentT(degreesOfFreedom: Double)
    }

    static let normal = Ziggurat(.normal)

    private static let layers = 256

    private let shape: Shape
    /// Right edges of the layers, from the lowest up; the lowest is as wide as if its part of the tail stood beside it.
    private let edges: [Double]
    /// The density at the edges, 1 at zero.
    private let heights: [Double]
    /// The edges over 2⁵³: a whole number of 53 bits times the scale is a place in the layer.
    private let scales: [Double]
    /// Below it, a whole number of 53 bits stands for a place that is under the density for certain.
    private let limits: [UInt64]
    /// P(X > edge of the lowest layer).
    private let tail: Double

    package init(_ shape: Shape) {
        self.shape = shape
        // By bisection, where the lowest layer ends if the 256 layers are to fill the density exactly.
        var (low, high) = (-5.0, 600.0)
        while true {
            let middle = (low + high) / 2
            guard middle > low, middle < high else { break }
            if Self.stack(shape, from: exponential(middle)).top > 1 { low = middle } else { high = middle }
        }
        let start = exponential(high)
        let stack = Self.stack(shape, from: start)
        tail = shape.upperTail(start)
        edges = [stack.volume / shape.density(start)] + stack.edges + [0]
        heights = edges.map(shape.density)
        scales = edges.map { $0 * 0x1p-53 }
        limits = zip(edges, edges.dropFirst()).map { UInt64($1 / $0 * 0x1p53) }
    }

    /// The edges of the layers on top of a lowest one that ends at `start`, and the height they reach.
    private static func stack(
        _ shape: Shape, from start: Double
    ) -> (edges: [Double], volume: Double, top: Double) {
        var x = start
        var height = shape.density(x)
        let volume = x * height + shape.area * shape.upperTail(x)
        var edges = [x]
        while edges.count < layers - 1 {
            height += volume / x
            guard height < 1 else { return (edges, volume, .infinity) }
            x = shape.place(ofHeight: height)
            edges.append(x)
        }
        return (edges, volume, height + volume / x)
    }

    /// Fills `count` places with draws, each times `scale` plus `mean`.
    package func fill(
        _ places: UnsafeMutablePointer<Double>, _ count: Int, mean: Double, scale: Double,
        with generator: inout SeededGenerator
    ) {
        scales.withUnsafeBufferPointer { scales in
            limits.withUnsafeBufferPointer { limits in
                for index in 0..<count {
                    let bits = generator.next()
                    let layer = Int(truncatingIfNeeded: bits & 0xFF)
                    let place = bits >> 11
                    var x = Double(Int64(bitPattern: place)) * scales[layer]
                    if place >= limits[layer] { x = corner(layer, x, &generator) }
                    // Bit 8 is the sign; 0 to 7 chose the layer, 11 to 63 the place.
                    let sign = (bits & 0x100) << 55
                    places[index] = mean + scale * Double(bitPattern: x.bitPattern | sign)
                }
            }
        }
    }

    /// A draw (without its sign) that fell outside the part of a layer that is under the density for certain.
    @inline(never)
    private func corner(_ layer: Int, _ x: Double, _ generator: inout SeededGenerator) -> Double {
        var (layer, x) = (layer, x)
        while true {
            if layer == 0 {
                if x < edges[1] { return x }
                // In the tail, by inversion: at most one draw in 256 comes here.
                return shape.quantile(upperTail: tail * (1 - generator.uniform()))
            }
            let height = heights[layer] + generator.uniform() * (heights[layer + 1] - heights[layer])
            if height < shape.density(x) { return x }
            let bits = generator.next()
            layer = Int(truncatingIfNeeded: bits & 0xFF)
            x = Double(Int64(bitPattern: bits >> 11)) * scales[layer]
            if bits >> 11 < limits[layer] { return x }
        }
    }
}

extension Ziggurat.Shape {
    /// The density over its greatest value.
    func density(_ x: Double) -> Double {
        switch self {
        case .normal: exponential(-0.5 * x * x)
        case .studentT(let nu): exponential(-0.5 * (nu + 1) * naturalLogarithm(onePlus: x * x / nu))
        }
    }

    /// Under ``density(_:)``.
    var area: Double {
        switch self {
        case .normal: 1 / StandardNormal.density(0)
        case .studentT(let nu): 1 / StudentT.density(0, degreesOfFreedom: nu)
        }
    }

    /// Where the density falls to `height`.
    func place(ofHeight height: Double) -> Double {
        switch self {
        case .normal: max(0, -2 * naturalLogarithm(height)).squareRoot()
        case .studentT(let nu):
            max(0, nu * (exponential(-2 / (nu + 1) * naturalLogarithm(height)) - 1)).squareRoot()
        }
    }

    /// P(X > x).
    func upperTail(_ x: Double) -> Double {
        switch self {
        case .normal: StandardNormal.upperTail(x)
        case .studentT(let nu): StudentT.upperTail(x, degreesOfFreedom: nu)
        }
    }

    func quantile(upperTail q: Double) -> Double {
        switch self {
        case .normal: StandardNormal.quantile(upperTail: q)
        case .studentT(let nu): StudentT.quantile(upperTail: q, degreesOfFreedom: nu)
        }
    }
}
