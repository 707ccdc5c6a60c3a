/// The 16 digits that name one collected quantity of an enterprise (采集数据项编码, NHJC-02).
///
/// Process (2), process unit (2), equipment type (2), equipment number (2), class of the collected
/// object (2), energy type (4), usage (2). Canonical text has no hyphens; a dialect adds its own.
public struct DataCode: Hashable, Sendable {
    /// 16 ASCII digits.
    public let digits: String

    /// Reads a code with or without hyphens.
    ///
    /// - Throws: ``EnergyError/notADataCode(text:why:)`` where it is not 16 digits, or names no
    ///   known class of collected object.
    public init(_ text: String) throws {
        let bare = text.filter { $0 != "-" }
        guard bare.allSatisfy({ ("0"..."9").contains($0) }) else {
            throw EnergyError.notADataCode(
                text: text, why: "it holds something other than digits and hyphens")
        }
        guard bare.count == 16 else {
            throw EnergyError.notADataCode(text: text, why: "it has \(bare.count) digits")
        }
        digits = bare
        guard (1...10).contains(Int(objectClass) ?? 0) else {
            throw EnergyError.notADataCode(
                text: text, why: "digits 9 and 10 name the collected object, 01 to 10, not \(objectClass)")
        }
    }

    /// 生产工序
    public var process: String { part(0, 2) }
    /// 工序单元
    public var processUnit: String { part(2, 2) }
    /// 重点耗能设备类型
    public var equipment: String { part(4, 2) }
    /// 设备编号
    public var equipmentUnit: String { part(6, 2) }
    /// 采集对象类型: 01 primary energy, 02 secondary energy, 03 energy-carrying medium, …
    public var objectClass: String { part(8, 2) }
    /// 能源分类 and 分项: 3300 is electricity.
    public var energyType: String { part(10, 4) }
    /// 用途
    public var usage: String { part(14, 2) }

    /// `00-00-0000-023300-11`, the printed form of Dialect A.
    public var hyphenated: String {
        "\(process)-\(processUnit)-\(equipment)\(equipmentUnit)-\(objectClass)\(energyType)-\(usage)"
    }

    private func part(_ start: Int, _ length: Int) -> String {
        String(digits.dropFirst(start).prefix(length))
    }
}

extension DataCode: CustomStringConvertible {
    public var description: String { digits }
}

extension DataCode {
    /// The zero rules: what lies below the scope is written as zeros.
    ///
    /// - Throws: ``EnergyError/scopeContradictsCode(code:scope:why:)``
    public func check(against scope: CollectionScope) throws {
        let rules: [(name: String, value: String, isZero: Bool)] =
            switch scope {
            case .wholePlant:
                [
                    ("process", process, true), ("process unit", processUnit, true),
                    ("equipment", equipment, true), ("equipment number", equipmentUnit, true),
                ]
            case .process:
                [
                    ("process", process, false), ("process unit", processUnit, true),
                    ("equipment", equipment, true), ("equipment number", equipmentUnit, true),
                ]
            case .processUnit:
                [
                    ("process unit", processUnit, false), ("equipment", equipment, true),
                    ("equipment number", equipmentUnit, true),
                ]
            case .equipment:
                [("equipment", equipment, false), ("equipment number", equipmentUnit, false)]
            }
        for rule in rules where (rule.value == "00") != rule.isZero {
            throw EnergyError.scopeContradictsCode(
                code: hyphenated, scope: scope.name,
                why: rule.isZero
                    ? "the \(rule.name) digits must be 00, not \(rule.value)"
                    : "the \(rule.name) digits must not be 00")
        }
    }
}
