public import Metrology
public import Registry

/// What one enterprise measures and where it sends it: the content of a plan file.
public struct EnergyPlan: Sendable, Equatable {
    public let enterprise: Enterprise
    public private(set) var destinations: [Destination]
    public private(set) var points: [MeteringPoint]

    init(enterprise: Enterprise, destinations: [Destination], points: [MeteringPoint]) {
        self.enterprise = enterprise
        self.destinations = destinations
        self.points = points
    }

    /// Reads `point` at another address than the plan says; for a commissioning or a demonstration.
    ///
    /// - Throws: ``EnergyError/unknownPoint(key:)``
    public mutating func connect(_ point: String, to connection: String) throws {
        guard let index = points.firstIndex(where: { $0.key == point }) else {
            throw EnergyError.unknownPoint(key: point)
        }
        points[index].connection = connection
    }

    /// Registers with `destination` at another address than the plan says.
    ///
    /// - Throws: ``EnergyError/unknownDestination(key:)``
    public mutating func register(_ destination: String, at url: PlatformURL) throws {
        guard let index = destinations.firstIndex(where: { $0.key == destination }) else {
            throw EnergyError.unknownDestination(key: destination)
        }
        destinations[index].registerURL = url
    }
}

/// The energy-using unit as the platform's configuration upload describes it.
public struct Enterprise: Sendable, Equatable {
    public let code: SocialCreditCode
    public let name: String
    /// Six digits, county level.
    public let regionCode: String
    /// 单位类别, code and name.
    public let typeCode: String
    public let typeName: String
    /// GB/T 4754, letter and digits.
    public let industryCode: String
    /// 央企
    public let isCentral: Bool
    /// 加工转换类
    public let isConverting: Bool
    /// 1…6 by yearly use in tonnes of coal equivalent.
    public let consumptionLevel: Int
    /// Degrees, WGS 84 or as the platform asks, kept as written.
    public let latitude: ExactDecimal
    public let longitude: ExactDecimal
    public let phone: String
}

/// A platform that receives the values.
public struct Destination: Sendable, Equatable {
    public enum Dialect: String, CaseIterable, Sendable {
        case a
    }

    public enum Sending: String, CaseIterable, Sendable {
        /// As soon as a value is made.
        case atOnce = "at-once"
        /// From the platform's upload time on the day after, the whole day together.
        case daily
    }

    public let key: String
    public let dialect: Dialect
    public internal(set) var registerURL: PlatformURL
    public let sending: Sending
}

/// 采集数据项: one energy quantity, the meter behind it and the name the platform knows it by.
public struct MeteringPoint: Sendable, Equatable {
    public let key: String
    public let code: DataCode
    public let name: String
    /// The device profile, the connection and the channel of the counter; this module only carries them.
    public let device: String
    public internal(set) var connection: String
    public let channel: String
    /// Unit of the counter and of the value sent.
    public let unit: String
    /// What a counter difference is multiplied by: current times voltage transformer ratio.
    public let ratio: ExactDecimal
    /// The reading at which the counter stands at zero again, in ``unit``; nil where unknown.
    public let rollsOverAt: ExactDecimal?
    public let inputType: InputType
    public let statistic: StatisticType
    public let scope: CollectionScope
    /// Least and greatest value of one period, in ``unit``.
    public let least: ExactDecimal
    public let greatest: ExactDecimal
    /// Where code and range come from.
    public let source: String
}
