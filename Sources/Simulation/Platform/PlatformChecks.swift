import Chronometry
import Foundation

/// Why the platform refuses a request, in its own language.
///
/// Only the text for an unknown pair of terminal and enterprise was seen in a public log of a real
/// platform. All other texts are invented for this simulator.
struct PlatformRefusal: Error {
    let text: String

    static let unknownPair = PlatformRefusal(text: "序列号与企业统一社会信用代码不符")
}

/// What a configuration upload announced about one data code and statistic.
struct ConfiguredItem {
    let least: Decimal
    let greatest: Decimal
}

/// One row of an upload after all checks.
struct CheckedValue {
    let key: ReceivedKey
    let value: Decimal
    let isValid: Bool
}

/// What a value is known by: the same value sent again has the same key.
struct ReceivedKey: Hashable {
    let enterprise: String
    let code: String
    let statistic: Int
    let date: String
}

/// The checks of one row, in the order in which the platform makes them.
enum PlatformChecks {
    static func check(
        _ row: DataUpload.Row, of enterprise: String, against items: [String: ConfiguredItem]
    ) throws -> CheckedValue {
        // Mandatory attributes.
        func required(_ value: LooseValue?, _ name: String) throws -> LooseValue {
            guard let value, !value.text.isEmpty else {
                throw PlatformRefusal(text: "\(name)不能为空")
            }
            return value
        }
        let codeText = try required(row.dataCode, "dataCode").text
        let valueText = try required(row.dataValue, "dataValue")
        let input = try required(row.inputType, "inputType")
        let statisticText = try required(row.statType, "statType")
        let dateText = try required(row.statDate, "statDate").text
        let uploadText = try required(row.uploadDate, "uploadDate").text
        let scopeText = try required(row.scope, "scope")
        let validText = try required(row.valid, "valid").text

        // Enumerations and forms.
        func within(_ value: LooseValue, _ range: ClosedRange<Int>, _ name: String) throws -> Int {
            guard let number = value.integer, range.contains(number) else {
                throw PlatformRefusal(text: "\(name)取值不正确:\(value.text)")
            }
            return number
        }
        _ = try within(input, 1...5, "inputType")
        let statistic = try within(statisticText, 0...3, "statType")
        let scope = try within(scopeText, 1...4, "scope")
        guard let value = valueText.decimal else {
            throw PlatformRefusal(text: "dataValue不是数值:\(valueText.text)")
        }
        guard ["true", "false", "1", "0"].contains(validText) else {
            throw PlatformRefusal(text: "valid取值不正确:\(validText)")
        }
        guard let date = Instant(dateText, zone: .china), dateText.count == 19,
            Instant(uploadText, zone: .china) != nil
        else { throw PlatformRefusal(text: "日期格式应为yyyy-MM-dd HH:mm:ss") }

        // The code: known from the configuration, and right for its scope.
        guard let code = PlatformDataCode(codeText) else {
            throw PlatformRefusal(text: "采集数据项编码格式不正确:\(codeText)")
        }
        guard let item = items["\(code.text)/\(statistic)"] else {
            throw PlatformRefusal(text: "采集数据项未配置:\(codeText)")
        }
        if let violation = code.violation(scope: scope) { throw PlatformRefusal(text: violation) }

        // The date: the start of its period.
        guard isStart(date, of: statistic) else {
            throw PlatformRefusal(text: "statDate不是统计周期的开始时间:\(dateText)")
        }
        // The value: within the announced range.
        guard value >= item.least, value <= item.greatest else {
            throw PlatformRefusal(text: "dataValue超出配置范围:\(value)")
        }
        return CheckedValue(
            key: ReceivedKey(
                enterprise: enterprise, code: code.text, statistic: statistic, date: dateText),
            value: value, isValid: ["true", "1"].contains(validText))
    }

    private static func isStart(_ date: Instant, of statistic: Int) -> Bool {
        let civil = date.civil(in: .china)
        let (_, month, day) = civil.date.components
        guard civil.second == 0 else { return false }
        guard statistic > 0 else { return civil.minute % 15 == 0 }
        guard civil.hour == 0, civil.minute == 0 else { return false }
        return statistic == 1 || (day == 1 && (statistic == 2 || month == 1))
    }
}
