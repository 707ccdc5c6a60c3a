import Certification
import Foundation

/// A certificate and a notice of a water meter verified at Q3, Q2 and Q1, with invented values.
enum Sample {
    static func certificate() throws -> CertificateDocument {
        try JSONDecoder().decode(CertificateDocument.self, from: Data(json.utf8))
    }

    /// The same meter outside its limit at Q1.
    static func notice() throws -> CertificateDocument {
        var document = try certificate()
        document.kind = .notice
        document.number = "HZ-2026-000124"
        document.title = .init(zh: "检定结果通知书", en: "Rejection notice")
        document.conclusion = .init(zh: "不合格", en: "Not conforming")
        document.failing_items = [.init(zh: "Q1 示值误差 6.3 %，超过 ±5 %", en: "error at Q1 6.3 %, beyond ±5 %")]
        document.results[0].quantities[3].values[2] = "6.3"
        document.results[0].quantities[3].verdicts = [.pass, .pass, .fail]
        return document
    }

    /// A certificate that corrects an issued one, with a condition that varied and a unit from
    /// outside the SI.
    static func correction() throws -> CertificateDocument {
        var document = try certificate()
        document.number = "HZ-2026-000125"
        var pressure = document.environment.items[0]
        pressure.id = "air-pressure"
        pressure.label = .init(zh: "大气压", en: "air pressure")
        (pressure.value, pressure.unit) = ("758", "mmHg")
        document.environment.items[0].value = "21.1 … 21.8"
        document.environment.items.append(pressure)
        let replaced = """
            {"title": {"zh": "检定证书", "en": "Verification certificate"}, "number": "HZ-2026-000123",
             "digest": "\(String(repeating: "e5", count: 32))",
             "reason": {"zh": "更正客户名称", "en": "name of the customer corrected"}}
            """
        document.replaces = try JSONDecoder().decode(
            CertificateDocument.Replaced.self, from: Data(replaced.utf8))
        return document
    }

    static func xml(_ document: CertificateDocument) throws -> String {
        String(decoding: try CalibrationCertificateXML.write(document), as: UTF8.self)
    }

    private static let json = """
        {
          "kind": "certificate", "demonstration": true, "number": "HZ-2026-000123",
          "title": {"zh": "检定证书", "en": "Verification certificate"},
          "institution": {
            "code": "EX-01", "name": {"zh": "示例计量所", "en": "Example Institute of Metrology"},
            "authorization": "（示）法计（2025）001", "address": "示例路 1 号", "postcode": "437100",
            "telephone": "0715-0000000", "email": "office@example.invalid", "city": "示例市"
          },
          "client": {"name": "示例供水有限公司", "address": "示例街 2 号"},
          "instrument": {
            "category": "water-meter", "name": {"zh": "冷水水表", "en": "Cold water meter"},
            "model": "LXS-20", "serial": "W20260001", "maker": "示例水表厂",
            "particulars": [
              {"label": {"zh": "常用流量 Q3", "en": "permanent flow rate Q3"}, "value": "2.5 m³/h"},
              {"label": {"zh": "准确度等级", "en": "accuracy class"}, "value": "2"}
            ]
          },
          "conclusion": {"zh": "准予作 2 级使用", "en": "Conforming: accepted for use as class 2"},
          "received_on": "2026-03-01", "begun_on": "2026-03-02", "verified_on": "2026-03-02",
          "issued_on": "2026-03-03",
          "valid_until": {"label": {"zh": "有效期至", "en": "Valid until"}, "value": "2028-03-01", "months": 24},
          "signatures": [
            {"role": {"zh": "检定员", "en": "Verifier"}, "name": "示例甲", "signed_at": "2026-03-02 16:00:00",
             "signature": "a1b2c3d4", "isMain": false},
            {"role": {"zh": "核验员", "en": "Checker"}, "name": "示例乙", "signed_at": "2026-03-03 09:00:00",
             "signature": "b1b2c3d4", "isMain": false},
            {"role": {"zh": "批准人", "en": "Signatory"}, "name": "示例丙", "signed_at": "2026-03-03 10:00:00",
             "signature": "c1b2c3d4", "isMain": true}
          ],
          "record": "R-2026-000123",
          "record_digest": "0f1e2d3c4b5a69788796a5b4c3d2e1f00f1e2d3c4b5a69788796a5b4c3d2e1f0",
          "regulation": {"number": "JJG 162-2019", "title": {"zh": "饮用冷水水表", "en": "Cold water meters"}},
          "procedure": {
            "digest": "1111111111111111111111111111111111111111111111111111111111111111",
            "review": {"zh": "已转录，待审核", "en": "transcribed, awaiting review"}
          },
          "standards": [{
            "key": "bench-1", "name": {"zh": "水表检定装置", "en": "Water meter test bench"},
            "maker": "示例装置厂", "model": "LJS-15-25", "serial": "B-17", "range": "(0.016~4) m³/h",
            "accuracy": "U = 0.2 % (k=2)", "certificate": "PROV-2025-0042", "issuer": "示例省计量院",
            "valid_until": "2027-05-01", "assessment": "[2024]示量标证字第001号",
            "chain": [
              {"level": 1, "what": "水表检定装置", "certificate": "PROV-2025-0042", "issuer": "示例省计量院",
               "uncertainty": "U = 0.2 % (k=2)", "valid_until": "2027-05-01",
               "digest": "2222222222222222222222222222222222222222222222222222222222222222", "inDate": true},
              {"level": 2, "what": "静态质量法水流量标准装置", "certificate": "NAT-2024-0007", "issuer": "示例国家院",
               "uncertainty": "U = 0.05 % (k=2)", "valid_until": "2026-02-01", "digest": null, "inDate": false}
            ]
          }],
          "chain": [],
          "environment": {
            "place": "流量实验室",
            "items": [
              {"id": "room-temperature", "label": {"zh": "室温", "en": "room temperature"}, "value": "21.4",
               "unit": "°C", "requirement": ""},
              {"id": "room-humidity", "label": {"zh": "相对湿度", "en": "relative humidity"}, "value": "48",
               "unit": "%RH", "requirement": ""},
              {"id": "water-temperature", "label": {"zh": "水温", "en": "water temperature"}, "value": "19.8",
               "unit": "°C", "requirement": "10 °C ~ 30 °C"},
              {"id": "vibration", "label": {"zh": "振动", "en": "vibration"}, "value": "无", "unit": "",
               "requirement": ""}
            ]
          },
          "checks": [
            {"label": {"zh": "外观与功能", "en": "appearance and functions"}, "result": {"zh": "合格", "en": "pass"}},
            {"label": {"zh": "密封性", "en": "tightness"}, "result": {"zh": "合格", "en": "pass"}}
          ],
          "tables": [],
          "results": [{
            "id": "indication", "name": {"zh": "示值误差", "en": "Error of indication"},
            "points": ["Q3", "Q2", "Q1"],
            "quantities": [
              {"role": "nominal", "name": {"zh": "流量", "en": "flow rate"}, "unit": "m3/h",
               "values": ["2.5", "0.025", "0.0156"]},
              {"role": "measured", "name": {"zh": "示值", "en": "indicated volume"}, "unit": "L",
               "values": ["100.4", "20.1", "10.1"]},
              {"role": "reference", "name": {"zh": "标准体积", "en": "reference volume"}, "unit": "L",
               "values": ["100.0", "20.0", "10.0"],
               "expandedUncertainties": ["0.20", "0.04", "0.02"], "k": "2", "coverageProbability": "0.95"},
              {"role": "error", "name": {"zh": "相对误差", "en": "relative error"}, "unit": "%",
               "values": ["0.4", "0.5", "1.0"],
               "expandedUncertainties": ["0.3", "0.3", "0.6"], "k": "2", "coverageProbability": "0.95",
               "verdicts": ["pass", "pass", "pass"]},
              {"role": "limitLower", "name": {"zh": "下限", "en": "lower limit"}, "unit": "%",
               "values": ["-2", "-2", "-5"]},
              {"role": "limitUpper", "name": {"zh": "上限", "en": "upper limit"}, "unit": "%",
               "values": ["2", "2", "5"]}
            ]
          }],
          "failing_items": [],
          "decision_rule": {"zh": "示值误差不超过最大允许误差即合格（不计不确定度）",
            "en": "conforming where the error is within its limit (simple acceptance)"},
          "uncertainty": {"zh": "扩展不确定度 U，k=2，包含概率约 95 %", "en": "expanded uncertainty U, k=2, about 95 %"},
          "notes": [{"zh": "结果仅对所检器具有效", "en": "The results hold for the instrument verified only"}],
          "verify": {"code": "0f1e2d3c4b5a6978", "hint": {"zh": "扫码核验", "en": "Scan to verify"}},
          "software": {"name": "Steelyard 衡准", "version": "0.1.0"}
        }
        """
}

/// The schema of the DCC, which is not part of the package: PTB publishes it.
enum PublishedSchema {
    /// `$STEELYARD_SHARED` or the folder `shared` beside the package; nil where it holds no schema.
    static let shared: URL? = {
        let package = URL(filePath: #filePath)
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        let named = ProcessInfo.processInfo.environment["STEELYARD_SHARED"].map { URL(filePath: $0) }
        let folder = named ?? package.deletingLastPathComponent().appending(path: "shared")
        guard FileManager.default.fileExists(atPath: schema(in: folder).path()) else {
            print("skipped: no DCC schema under \(folder.path()); set STEELYARD_SHARED to check against it")
            return nil
        }
        return folder
    }()

    static func schema(in folder: URL) -> URL {
        folder.appending(path: "schemas/dcc/v3.3.0/dcc.xsd")
    }

    /// What `xmllint` has to say about `xml`; empty where it is valid.
    static func complaints(about xml: Data) throws -> String {
        guard let shared else { return "there is no schema" }
        let file = FileManager.default.temporaryDirectory.appending(path: "\(UUID().uuidString).xml")
        try xml.write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        let output = Pipe()
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = [
            "xmllint", "--nonet", "--noout", "--schema", schema(in: shared).path(), file.path(),
        ]
        process.standardError = output
        try process.run()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        return process.terminationStatus == 0 ? "" : text
    }
}
