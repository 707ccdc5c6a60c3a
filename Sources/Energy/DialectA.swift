public import Chronometry
import Foundation
public import Metrology
public import Registry

/// The national-style terminal interface (NHJC-04) as public implementations show it: JSON over
/// HTTPS POST, codes with hyphens, numbers as JSON numbers, local time of China, success is
/// `responseCode` "0". Pure: texts out, texts in.
///
/// The specification's full text is not public. The shapes here agree with its sample message as
/// quoted in public code; `valid` is a boolean, as in that sample.
public enum DialectA {
    /// One value as it stands in `data` of an upload.
    public struct Value: Sendable, Equatable {
        public let code: DataCode
        public let value: ExactDecimal
        public let inputType: InputType
        public let statistic: StatisticType
        /// Start of the period, `yyyy-MM-dd HH:mm:ss`.
        public let statDate: String
        public let scope: CollectionScope
        public let isValid: Bool

        public init(
            code: DataCode, value: ExactDecimal, inputType: InputType, statistic: StatisticType,
            statDate: String, scope: CollectionScope, isValid: Bool
        ) {
            self.code = code
            self.value = value
            self.inputType = inputType
            self.statistic = statistic
            self.statDate = statDate
            self.scope = scope
            self.isValid = isValid
        }
    }

    /// The body of `uploadEnergyData`.
    public static func encode(
        _ values: [Value], deviceID: String, enterprise: SocialCreditCode, uploadedAt: Instant
    ) -> String {
        let uploadDate = uploadedAt.platformText
        return JSONText.object([
            "deviceId": .string(deviceID),
            "enterpriseCode": .string(enterprise.text),
            "data": .list(
                values.map { value in
                    .object([
                        "dataCode": .string(value.code.hyphenated),
                        "dataValue": .number(value.value),
                        "inputType": .integer(value.inputType.rawValue),
                        "statType": .integer(value.statistic.rawValue),
                        "statDate": .string(value.statDate),
                        "uploadDate": .string(uploadDate),
                        "scope": .integer(value.scope.rawValue),
                        "valid": .boolean(value.isValid),
                    ])
                }),
        ]).text
    }

    static func registration(of enterprise: Enterprise) -> String {
        JSONText.object([
            "enterpriseCode": .string(enterprise.code.text),
            "region": .string(enterprise.regionCode),
        ]).text
    }

    static func versionCheck(deviceID: String) -> String {
        JSONText.object(["deviceId": .string(deviceID)]).text
    }

    /// The body of the configuration upload: the enterprise and one entry a point and statistic.
    static func configuration(_ plan: EnergyPlan, deviceID: String) -> String {
        JSONText.object([
            "deviceId": .string(deviceID),
            "enterpriseCode": .string(plan.enterprise.code.text),
            "collectItemConfig": .list(plan.points.map(item)),
            "enterprise": description(of: plan.enterprise),
            "process": .list([]),
            "processUnit": .list([]),
        ]).text
    }

    private static func item(_ point: MeteringPoint) -> JSONText {
        .object([
            "name": .string(point.name),
            "dataCode": .string(point.code.hyphenated),
            "processCode": .string(point.code.process),
            "processUnitCode": .string(point.code.processUnit),
            "equipmentCode": .string(point.code.equipment),
            "equipmentUnitCode": .string(point.code.equipmentUnit),
            "energyClassCode": .string(point.code.objectClass),
            "energyTypeCode": .string(point.code.energyType),
            "dataUsageCode": .string(point.code.usage),
            "inputType": .integer(point.inputType.rawValue),
            "dataValueMax": .number(point.greatest),
            "dataValueMin": .number(point.least),
            "statType": .integer(point.statistic.rawValue),
            "collectSystemName": .string("Steelyard"),
            "scope": .integer(point.scope.rawValue),
            "remark": .string(""),
        ])
    }

    private static func description(of enterprise: Enterprise) -> JSONText {
        .object([
            "code": .string(enterprise.code.text),
            "name": .string(enterprise.name),
            "typeCode": .string(enterprise.typeCode),
            "typeName": .string(enterprise.typeName),
            "industryCode": .string(enterprise.industryCode),
            "regionCode": .string(enterprise.regionCode),
            "center": .boolean(enterprise.isCentral),
            "corporationCode": .string(enterprise.code.text),
            "jgzh": .boolean(enterprise.isConverting),
            "energyConsumeLevel": .integer(enterprise.consumptionLevel),
            "latitude": .number(enterprise.latitude),
            "longitude": .number(enterprise.longitude),
            "phone": .string(enterprise.phone),
        ])
    }
}

extension DialectA {
    /// What a platform's answer means for the one who asked.
    public enum Answer: Sendable, Equatable {
        /// `responseCode` "0".
        case accepted(Fields)
        /// The platform looked at the request and said no, in its own words.
        case refused(String)
        /// The platform does not know this terminal: register again.
        case unknownTerminal(String)
        /// Not an answer of this interface (a proxy's page, an error status): ask again later.
        case unusable(String)
    }

    /// What the answers to registration and version check carry.
    public struct Fields: Sendable, Equatable, Decodable {
        public let deviceId: String?
        public let loadDicVersionURL: String?
        /// Absent from one variant of the interface, which has no configuration upload to call.
        public let centerInfoURL: String?
        public let centerDataURL: String?
        public let uploadTime: String?
        public let regVersion: String?
        public let dicVersion: String?
    }

    /// The one text by which a wrong pair of terminal and enterprise is known.
    static let unknownTerminal = "序列号与企业统一社会信用代码不符"

    public static func decode(status: Int, body: String) -> Answer {
        guard status == 200 else { return .unusable("HTTP status \(status)") }
        let data = Data(body.utf8)
        guard let head = try? JSONDecoder().decode(Head.self, from: data) else {
            return .unusable("the answer is not the JSON of this interface")
        }
        guard head.responseCode.text == "0" else {
            let message = head.responseMessage ?? "responseCode \(head.responseCode.text)"
            return message.contains(unknownTerminal)
                ? .unknownTerminal(message) : .refused(message)
        }
        guard let fields = try? JSONDecoder().decode(Fields.self, from: data) else {
            return .unusable("the answer's fields are not texts")
        }
        return .accepted(fields)
    }

    private struct Head: Decodable {
        let responseCode: Code
        let responseMessage: String?
    }

    /// "0" in every log seen; a number is taken too.
    private struct Code: Decodable {
        let text: String

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if let number = try? container.decode(Int.self) {
                text = String(number)
            } else {
                text = try container.decode(String.self)
            }
        }
    }
}
