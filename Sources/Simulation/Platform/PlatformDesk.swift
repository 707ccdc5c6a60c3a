import Chronometry
import Foundation

/// The platform behind its addresses: what it knows and what it answers.
actor PlatformDesk {
    enum Reply: Sendable {
        case answer(String)
        /// Taken in, but the answer does not leave.
        case cut
    }

    private struct Terminal {
        let enterprise: String
        var items: [String: ConfiguredItem] = [:]
    }

    private var terminals: [String: Terminal] = [:]
    private var values = ReceivedValues()
    private var faults: PlatformFaults
    private let journal: PlatformJournal?
    private var uploads = 0
    private var refused = 0
    private var cut = 0

    /// - Throws: ``PlatformError/journal(path:why:)``, or why an entry of it cannot be read.
    init(faults: PlatformFaults, journal path: String?) throws {
        self.faults = faults
        journal = try path.map { try PlatformJournal(path: $0) }
    }

    /// Takes in again what the journal says was accepted, cut answers among it.
    func remember() throws {
        for entry in try journal?.entries() ?? [] where entry.isAcceptance {
            _ = try answer(entry.operation, Data(entry.request.utf8), base: "", isReplay: true)
        }
    }

    var report: PlatformReport { values.report(refused: refused, cut: cut) }
    var delay: Double { faults.delay }

    /// Answers one request and keeps it in the journal before the answer leaves.
    ///
    /// - Parameters:
    ///   - base: this platform's own address, for the addresses it assigns.
    ///   - isReplay: true for entries of the journal: no faults, and nothing is written.
    func answer(
        _ operation: String, _ body: Data, base: String, isReplay: Bool = false
    ) throws -> Reply {
        var isCut = false
        var fields = ["responseCode": "0", "responseMessage": "RECEIVE SUCCESS"]
        do {
            switch operation {
            case "register": fields.merge(try register(body, base)) { $1 }
            case "versionCheck": fields.merge(try checkVersion(body)) { $1 }
            case "uploadConfigData": try configure(body)
            default:
                if !isReplay { isCut = try disturb() }
                try receive(body)
            }
        } catch let refusal as PlatformRefusal {
            if operation == "uploadEnergyData", !isReplay { refused += 1 }
            fields = ["responseCode": "1", "responseMessage": refusal.text]
            isCut = false
        }
        let text = String(decoding: try Self.encoder.encode(fields), as: UTF8.self)
        if !isReplay {
            if isCut { cut += 1 }
            try journal?.append(
                PlatformJournal.Entry(
                    at: SystemClock.now().iso8601, operation: operation,
                    request: String(decoding: body, as: UTF8.self), answer: text, isCut: isCut))
        }
        return isCut ? .cut : .answer(text)
    }

    private static let encoder: JSONEncoder = {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return encoder
    }()

    /// Does what was asked for in faults, once each.
    ///
    /// - Returns: whether the answer to this upload is to be cut off.
    private func disturb() throws -> Bool {
        if faults.refuseFirst > 0 {
            faults.refuseFirst -= 1
            throw PlatformRefusal(text: "系统繁忙,请稍后重试")
        }
        uploads += 1
        guard let after = faults.awayAfter, uploads > after else { return false }
        faults.awayAfter = nil
        return true
    }

    private func decode<T: Decodable>(_ type: T.Type, _ body: Data) throws -> T {
        guard let value = try? JSONDecoder().decode(type, from: body) else {
            throw PlatformRefusal(text: "JSON格式不正确")
        }
        return value
    }

    private func register(_ body: Data, _ base: String) throws -> [String: String] {
        let request = try decode(Registration.self, body)
        guard let enterprise = request.enterpriseCode, enterprise.count == 18 else {
            throw PlatformRefusal(text: "企业统一社会信用代码不正确")
        }
        guard let region = request.region, region.count == 6, Int(region) != nil else {
            throw PlatformRefusal(text: "行政区划代码不正确")
        }
        // Registering again gives the same terminal its same number.
        let id = Self.deviceID(enterprise)
        if terminals[id] == nil { terminals[id] = Terminal(enterprise: enterprise) }
        return [
            "deviceId": id, "loadDicVersionURL": "\(base)/inf/versionCheck",
            "centerInfoURL": "\(base)/inf/uploadConfigData",
            "centerDataURL": "\(base)/inf/uploadEnergyData", "uploadTime": "01:38:00",
        ]
    }

    /// 32 hexadecimal digits from the enterprise's code (FNV-1a, twice): nothing but a name.
    private static func deviceID(_ enterprise: String) -> String {
        ["", "terminal"].map { salt in
            let hash = (enterprise + salt).utf8.reduce(0xCBF2_9CE4_8422_2325 as UInt64) {
                ($0 ^ UInt64($1)) &* 0x100_0000_01B3
            }
            let digits = String(hash, radix: 16)
            return String(repeating: "0", count: 16 - digits.count) + digits
        }.joined()
    }

    private func checkVersion(_ body: Data) throws -> [String: String] {
        let request = try decode(VersionQuery.self, body)
        guard let id = request.deviceId, terminals[id] != nil else { throw PlatformRefusal.unknownPair }
        return ["regVersion": "1", "dicVersion": "1"]
    }

    private func terminal(_ id: String?, _ enterprise: String?) throws -> (String, Terminal) {
        guard let id, let terminal = terminals[id], terminal.enterprise == enterprise else {
            throw PlatformRefusal.unknownPair
        }
        return (id, terminal)
    }

    private func configure(_ body: Data) throws {
        let request = try decode(ConfigurationUpload.self, body)
        var (id, terminal) = try terminal(request.deviceId, request.enterpriseCode)
        guard let described = request.enterprise else {
            throw PlatformRefusal(text: "enterprise不能为空")
        }
        if let missing = described.missing {
            throw PlatformRefusal(text: "enterprise.\(missing)不能为空")
        }
        for item in request.collectItemConfig ?? [] {
            guard let code = item.code else { throw PlatformRefusal(text: "采集数据项编码格式不正确") }
            guard let statistic = item.statType?.integer, (0...3).contains(statistic) else {
                throw PlatformRefusal(text: "statType取值不正确")
            }
            guard let scope = item.scope?.integer, (1...4).contains(scope) else {
                throw PlatformRefusal(text: "scope取值不正确")
            }
            if let violation = code.violation(scope: scope) {
                throw PlatformRefusal(text: violation)
            }
            guard let least = item.dataValueMin?.decimal, let greatest = item.dataValueMax?.decimal,
                least < greatest
            else { throw PlatformRefusal(text: "dataValueMin、dataValueMax不正确") }
            terminal.items["\(code.text)/\(statistic)"] = ConfiguredItem(
                least: least, greatest: greatest)
        }
        terminals[id] = terminal
    }

    /// All rows or none: one bad row refuses the upload.
    private func receive(_ body: Data) throws {
        let request = try decode(DataUpload.self, body)
        let (_, terminal) = try terminal(request.deviceId, request.enterpriseCode)
        guard let rows = request.data, !rows.isEmpty else { throw PlatformRefusal(text: "data不能为空") }
        let checked = try rows.map {
            try PlatformChecks.check($0, of: terminal.enterprise, against: terminal.items)
        }
        for value in checked { values.take(value) }
    }
}
