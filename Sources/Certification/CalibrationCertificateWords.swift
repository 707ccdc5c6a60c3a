/// The `refType` words of a certificate: those of PTB's vocabulary, and ours.
///
/// PTB's words are for calibration; a statutory verification says more (a conclusion that binds, a
/// last day of validity, a record), so its words are declared in `dcc:refTypeDefinitions`.
enum CertificateWord: String, CaseIterable {
    case certificate = "verification_certificate"
    case notice = "verification_rejectionNotice"
    case validity = "verification_validUntil"
    case record = "verification_record"
    case recordDigest = "verification_recordDigest"
    case code = "verification_code"
    case authorization = "verification_authorization"
    case demonstration = "verification_demonstration"
    case place = "verification_place"
    case check = "verification_check"
    case point = "verification_point"
    case failing = "verification_failingItem"
    case note = "verification_note"

    var meaning: CertificateDocument.Words {
        switch self {
        case .certificate:
            .init(
                zh: "检定证书：计量器具符合检定规程",
                en: "verification certificate: the instrument conforms to the regulation")
        case .notice:
            .init(
                zh: "检定结果通知书：计量器具不符合检定规程",
                en: "rejection notice: the instrument does not conform to the regulation")
        case .validity:
            .init(zh: "检定有效期的最后一日", en: "last day on which the verification is valid")
        case .record: .init(zh: "原始记录编号", en: "number of the record of the verification")
        case .recordDigest: .init(zh: "原始记录的 SHA-256", en: "SHA-256 of the record of the verification")
        case .code: .init(zh: "证书真伪核验码", en: "code that tells a genuine certificate")
        case .authorization:
            .init(zh: "检定机构的计量授权", en: "authorization of the institution to verify")
        case .demonstration:
            .init(zh: "演示证书，无法律效力", en: "demonstration certificate without legal force")
        case .place: .init(zh: "检定地点", en: "place of the verification")
        case .check: .init(zh: "检查项目（非量值）", en: "check without a measured value")
        case .point: .init(zh: "检定点名称", en: "names of the verification points")
        case .failing: .init(zh: "不合格项目", en: "item that does not conform")
        case .note: .init(zh: "说明", en: "note")
        }
    }

    /// `dcc:refTypeDefinitions`: one definition a word, each standing in this document itself.
    static var definitions: CertificateElement {
        .init(
            "dcc:refTypeDefinitions",
            allCases.map { word in
                let id = "word-\(word.rawValue)"
                return .init(
                    "dcc:refTypeDefinition", with: ["refType": word.rawValue],
                    [
                        .init("dcc:name", with: ["id": id], [.init("dcc:content", text: word.rawValue)]),
                        .init(
                            "dcc:description",
                            [
                                .init("dcc:content", with: ["lang": "zh"], text: word.meaning.zh),
                                .init("dcc:content", with: ["lang": "en"], text: word.meaning.en),
                            ]),
                        .init("dcc:namespace", text: "verification"),
                        .init("dcc:link", text: "#\(id)"),
                    ])
            })
    }

    /// Words of the vocabulary of PTB and DKD, from PTB's good practice certificates; a word that is
    /// not among them has to be declared.
    static let common: Set<String> = Set(
        """
        basic_acceptanceLimitLower basic_acceptanceLimitUpper basic_adjustment basic_arithmenticMean \
        basic_calibrationMethod basic_calibrationValue basic_conformity basic_humidityRelative \
        basic_humidityRelativeMax basic_humidityRelativeMin basic_indicatedValue basic_isInCMC \
        basic_measuredValue basic_measurementConditions basic_measurementDimension \
        basic_measurementError basic_measurementError_correction basic_measurementRange \
        basic_measurementRangeMax basic_measurementRangeMin basic_measurementRangeScaleInterval \
        basic_measurementSecondaryCondition basic_metrologicallyTraceableToSI basic_nominalValue \
        basic_normalUsed basic_orderNumber basic_recalibration basic_referenceValue basic_revision \
        basic_serialNumber basic_standardUsed basic_temperature basic_temperatureMax \
        basic_temperatureMin basic_toleranceLimitLower basic_toleranceLimitUpper basic_uncertainty \
        basic_validityRange basic_validityRangeMax basic_validityRangeMin \
        basic_validitySecondaryCondition basic_valueSettlingTime gp_coefficients gp_current \
        gp_dinEn60751 gp_gasTemperature gp_immersionDepth gp_measuringResult1 gp_method \
        gp_relativeGasHumidityAboveWater gp_resistanceThermometer gp_table1 gp_table2 \
        gp_temperatureSensor gp_uncertainty gp_valueAdjustmentTime gp_valueFlowVelocity
        """.xmlTokens)
}
