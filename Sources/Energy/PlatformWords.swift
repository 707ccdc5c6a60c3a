/// 范围: what part of the enterprise a value stands for. Raw values are the platform's.
public enum CollectionScope: Int, Sendable {
    case wholePlant = 1
    case process = 2
    case processUnit = 3
    case equipment = 4
}

/// 采集来源: where a value comes from. Raw values are the platform's; its dictionary is longer than
/// these five, but only these are publicly known.
public enum InputType: Int, Sendable {
    case managementSystem = 1
    case productionMonitoring = 2
    case distributedControl = 3
    case fieldMeter = 4
    case enteredByHand = 5
}

/// 频率: the period a value stands for. Raw values are the platform's.
public enum StatisticType: Int, Sendable {
    /// 实时: the quarter hour.
    case realTime = 0
    case day = 1
    case month = 2
    case year = 3
}

/// A word of the plan file for one of the platform's numbers.
protocol NamedInPlan: RawRepresentable where RawValue == Int {
    static var names: [(name: String, value: Self)] { get }
}

extension NamedInPlan {
    static func named(_ name: String) -> Self? { names.first { $0.name == name }?.value }
    static var known: String { names.map(\.name).joined(separator: ", ") }
}

extension CollectionScope: NamedInPlan {
    static let names: [(name: String, value: CollectionScope)] = [
        ("whole-plant", .wholePlant), ("process", .process), ("process-unit", .processUnit),
        ("equipment", .equipment),
    ]

    var name: String { Self.names.first { $0.value == self }?.name ?? "\(rawValue)" }
}

extension InputType: NamedInPlan {
    static let names: [(name: String, value: InputType)] = [
        ("management-system", .managementSystem), ("production-monitoring", .productionMonitoring),
        ("dcs", .distributedControl), ("field-meter", .fieldMeter), ("by-hand", .enteredByHand),
    ]
}

extension StatisticType: NamedInPlan {
    /// Only what is made today can be asked for.
    static let names: [(name: String, value: StatisticType)] = [("real-time", .realTime)]
}
