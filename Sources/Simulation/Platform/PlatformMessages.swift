import Foundation

/// A JSON value that terminals send as text, number or boolean, as they please.
struct LooseValue: Decodable {
    let text: String

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let text = try? container.decode(String.self) {
            self.text = text
        } else if let flag = try? container.decode(Bool.self) {
            text = flag ? "true" : "false"
        } else {
            // Decimal reads the digits as they stand; a binary float would blur them.
            text = try container.decode(Decimal.self).description
        }
    }

    var integer: Int? { Int(text) }
    var decimal: Decimal? { Decimal(string: text, locale: Locale(identifier: "en_US_POSIX")) }
}

struct Registration: Decodable {
    let enterpriseCode: String?
    let region: String?
}

struct VersionQuery: Decodable {
    let deviceId: String?
}

struct ConfigurationUpload: Decodable {
    struct Item: Decodable {
        let dataCode: String?
        let processCode: String?
        let processUnitCode: String?
        let equipmentCode: String?
        let equipmentUnitCode: String?
        let energyClassCode: String?
        let energyTypeCode: String?
        let dataUsageCode: String?
        let dataValueMin: LooseValue?
        let dataValueMax: LooseValue?
        let statType: LooseValue?
        let scope: LooseValue?

        /// The code as sent, or put together from its parts.
        var code: PlatformDataCode? {
            let parts = [
                processCode, processUnitCode, equipmentCode, equipmentUnitCode, energyClassCode,
                energyTypeCode, dataUsageCode,
            ]
            return PlatformDataCode(dataCode ?? parts.map { $0 ?? "" }.joined())
        }
    }

    struct Described: Decodable {
        let code: String?
        let name: String?
        let typeCode: String?
        let typeName: String?
        let industryCode: String?
        let regionCode: String?
        let center: LooseValue?
        let corporationCode: String?
        let jgzh: LooseValue?
        let energyConsumeLevel: LooseValue?
        let latitude: LooseValue?
        let longitude: LooseValue?
        let phone: String?

        /// The first required attribute that is not there.
        var missing: String? {
            let required: [(String, String?)] = [
                ("code", code), ("name", name), ("typeCode", typeCode), ("typeName", typeName),
                ("industryCode", industryCode), ("regionCode", regionCode),
                ("center", center?.text), ("corporationCode", corporationCode),
                ("jgzh", jgzh?.text), ("energyConsumeLevel", energyConsumeLevel?.text),
                ("latitude", latitude?.text), ("longitude", longitude?.text), ("phone", phone),
            ]
            return required.first { $0.1?.isEmpty != false }?.0
        }
    }

    let deviceId: String?
    let enterpriseCode: String?
    let collectItemConfig: [Item]?
    let enterprise: Described?
}

struct DataUpload: Decodable {
    struct Row: Decodable {
        let dataCode: LooseValue?
        let dataValue: LooseValue?
        let inputType: LooseValue?
        let statType: LooseValue?
        let statDate: LooseValue?
        let uploadDate: LooseValue?
        let scope: LooseValue?
        let valid: LooseValue?
    }

    let deviceId: String?
    let enterpriseCode: String?
    let data: [Row]?
}
