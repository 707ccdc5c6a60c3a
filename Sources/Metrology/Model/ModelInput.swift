/// An input of a measurement model: its best estimate and every elementary influence on it.
public struct ModelInput: Hashable, Sendable {
    /// One elementary influence. The input is the sum of its components.
    public struct Component: Hashable, Sendable {
        public let name: String
        /// In the unit of the input, divided by `factor`.
        public let distribution: InputDistribution
        /// u for the law of propagation.
        public let standardUncertainty: Double
        /// Infinite for an influence taken as known.
        public let degreesOfFreedom: Double
        /// The identity of an influence that acts elsewhere too: components of one source are one and the same
        /// random quantity, which correlates the inputs they are parts of (JCGM 100, F.1.2.3).
        public let source: String?
        /// How much of the source enters this input.
        public let factor: Double

        /// - Parameters:
        ///   - standardUncertainty: where the law of propagation is to use another than the distribution's.
        ///   - degreesOfFreedom: likewise.
        public init(
            name: String, distribution: InputDistribution, standardUncertainty: Double? = nil,
            degreesOfFreedom: Double? = nil, source: String? = nil, factor: Double = 1
        ) {
            self.name = name
            self.distribution = distribution
            self.standardUncertainty = standardUncertainty ?? distribution.standardUncertainty
            self.degreesOfFreedom = degreesOfFreedom ?? distribution.degreesOfFreedom
            self.source = source
            self.factor = factor
        }
    }

    public let name: String
    public let unit: MeasurementUnit
    public let components: [Component]

    public init(name: String, unit: MeasurementUnit = .one, components: [Component]) {
        self.name = name
        self.unit = unit
        self.components = components
    }

    public init(
        _ name: String, _ distribution: InputDistribution, unit: MeasurementUnit = .one,
        standardUncertainty: Double? = nil, degreesOfFreedom: Double? = nil
    ) {
        self.init(
            name: name, unit: unit,
            components: [
                Component(
                    name: name, distribution: distribution, standardUncertainty: standardUncertainty,
                    degreesOfFreedom: degreesOfFreedom)
            ])
    }

    /// In `unit`.
    public var estimate: Double { components.reduce(0) { $0 + $1.factor * $1.distribution.mean } }
}

/// A correlation that is stated rather than known from a common source.
public struct InputCorrelation: Hashable, Sendable {
    public let a: String
    public let b: String
    /// -1…1.
    public let r: Double

    public init(_ a: String, _ b: String, r: Double) {
        self.a = a
        self.b = b
        self.r = r
    }

    /// The sample correlation coefficient of readings taken together (JCGM 100, equation 17 over 5.2.2).
    ///
    /// - Returns: nil for unequal counts, fewer than two, or readings that do not vary.
    public static func coefficient(_ a: [Double], _ b: [Double]) -> Double? {
        guard a.count == b.count, a.count >= 2 else { return nil }
        let count = Double(a.count)
        let (meanA, meanB) = (a.reduce(0, +) / count, b.reduce(0, +) / count)
        var (products, squaresA, squaresB) = (0.0, 0.0, 0.0)
        for (x, y) in zip(a, b) {
            products += (x - meanA) * (y - meanB)
            squaresA += (x - meanA) * (x - meanA)
            squaresB += (y - meanB) * (y - meanB)
        }
        guard squaresA > 0, squaresB > 0 else { return nil }
        return max(-1, min(1, products / (squaresA * squaresB).squareRoot()))
    }
}

/// A model that cannot be evaluated: one sentence that says what and which.
public struct ModelError: Error, Equatable, Sendable, CustomStringConvertible {
    public let description: String

    public init(_ description: String) { self.description = description }
}
