import DataFiles
import Metrology

extension ModelReader {
    typealias Reading = (distribution: InputDistribution, observations: [Double]?, degreesOfFreedom: Double?)

    /// What is known of an input or of one influence on it.
    func distribution(_ node: DataNode) throws -> Reading {
        try node.mapping { keys in
            let type = try keys.required("type").oneOf(DistributionType.self)
            let reading = try type.read(keys, node)
            if let fault = reading.distribution.fault { throw node.error(fault) }
            return reading
        }
    }
}

private enum DistributionType: String, CaseIterable {
    case constant, normal, rectangular, triangular, trapezoidal, arcsine, observations, exponential, gamma, counts
    case resolution, certificate, drift, hysteresis, environment
    case curvilinear = "ctrap"
    case studentT = "student-t"
    case studentTOfDeviation = "student-t-std"

    private static let influences: Set<Self> = [.resolution, .certificate, .drift, .hysteresis]

    func read(_ keys: DataMapping, _ node: DataNode) throws -> ModelReader.Reading {
        func number(_ key: String) throws -> Double {
            // An influence on an input is about zero unless it says otherwise.
            guard key == "mean", Self.influences.contains(self) else { return try keys.required(key).number() }
            return try keys.optional(key)?.number() ?? 0
        }

        if self == .observations {
            let values = try keys.required("values").numbers()
            guard let distribution = InputDistribution.observations(values) else {
                throw node.error("a type A evaluation needs two readings or more, not \(values.count)")
            }
            return (distribution, values, nil)
        }
        // Degrees of freedom of a normal input count for the law of propagation only.
        let nu = try self == .normal || self == .certificate ? keys.optional("dof")?.degreesOfFreedom() : nil
        return (try single(number, keys, node), nil, nu)
    }

    private func single(
        _ number: (String) throws -> Double, _ keys: DataMapping, _ node: DataNode
    ) throws -> InputDistribution {
        switch self {
        case .constant: return .constant(try number("value"))
        case .normal: return .normal(mean: try number("mean"), standardDeviation: try number("std"))
        case .rectangular: return .rectangular(mean: try number("mean"), halfWidth: try number("half_width"))
        case .triangular: return .triangular(mean: try number("mean"), halfWidth: try number("half_width"))
        case .trapezoidal:
            return .trapezoidal(
                mean: try number("mean"), halfWidth: try number("half_width"), beta: try number("beta"))
        case .arcsine: return .arcsine(mean: try number("mean"), halfWidth: try number("half_width"))
        case .curvilinear:
            return .curvilinearTrapezoid(
                mean: try number("mean"), halfWidth: try number("half_width"),
                inexactness: try number("inexactness"))
        case .studentT:
            return .studentT(
                mean: try number("mean"), scale: try number("scale"),
                degreesOfFreedom: try keys.required("dof").degreesOfFreedom())
        case .studentTOfDeviation:
            return .studentTOfDeviation(
                mean: try number("mean"), standardDeviation: try number("std"),
                degreesOfFreedom: try keys.required("dof").degreesOfFreedom())
        case .exponential: return .exponential(mean: try number("mean"))
        case .gamma: return .gamma(shape: try number("shape"), scale: try number("scale"))
        case .counts:
            return .gamma(shape: Double(try keys.required("count").count(atLeast: 0)) + 1, scale: 1)
        case .resolution:
            return .resolution(mean: try number("mean"), step: try keys.required("step").positive())
        case .hysteresis:
            // Rising and falling indications differ by `width`: as likely anywhere between.
            return .resolution(mean: try number("mean"), step: try keys.required("width").positive())
        case .drift:
            // What a standard may have moved since its calibration, either way.
            return .rectangular(mean: try number("mean"), halfWidth: try keys.required("change").positive())
        case .environment:
            // A quantity that a controller keeps between two limits swings from one to the other (JCGM 100, F.2.3.3).
            let (low, high) = (try number("low"), try number("high"))
            guard low < high else { throw node.error("'low' must be below 'high'") }
            return .arcsine(mean: (low + high) / 2, halfWidth: (high - low) / 2)
        case .certificate:
            let expanded = try keys.required("U").positive()
            if let k = keys.optional("k") {
                return .certificate(mean: try number("mean"), expanded: expanded, k: try k.positive())
            }
            let p = try keys.required("p").probability()
            let nu = try keys.optional("dof")?.degreesOfFreedom() ?? .infinity
            return .certificate(
                mean: try number("mean"), expanded: expanded,
                k: CoverageFactor.studentT(p: p, degreesOfFreedom: nu))
        case .observations: throw node.error("observations are read on their own")
        }
    }
}
