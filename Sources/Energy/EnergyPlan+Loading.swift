public import DataFiles
import Metrology
import Registry

extension EnergyPlan {
    /// Reads a plan file.
    ///
    /// - Throws: ``DataFiles/DataFileError`` at the first place that is not right.
    public static func load(_ path: String) throws -> EnergyPlan {
        try read(DataNode.load(path))
    }

    public static func read(_ node: DataNode) throws -> EnergyPlan {
        try node.mapping { plan in
            let enterprise = try Enterprise.read(plan.required("enterprise"))
            let destinations = try plan.required("destinations").list().map(Destination.read)
            let points = try plan.required("points").list().map(MeteringPoint.read)
            try refuseRepeats(plan.required("destinations"), destinations.map(\.key), "key")
            try refuseRepeats(plan.required("points"), points.map(\.key), "key")
            // Two points under one code and statistic would overwrite each other on the platform.
            try refuseRepeats(
                plan.required("points"), points.map { "\($0.code.hyphenated)" }, "code")
            return EnergyPlan(enterprise: enterprise, destinations: destinations, points: points)
        }
    }

    private static func refuseRepeats(_ list: DataNode, _ names: [String], _ key: String) throws {
        var seen: Set<String> = []
        for (name, item) in zip(names, try list.list()) where !seen.insert(name).inserted {
            throw item.error("the \(key) \(name) stands twice: each may appear once")
        }
    }
}

extension Enterprise {
    static func read(_ node: DataNode) throws -> Enterprise {
        try node.mapping { keys in
            let region = try keys.required("region")
            let level = try keys.required("consumption_level")
            let consumption = try level.integer()
            guard (1...6).contains(consumption) else {
                throw level.error("the consumption level is 1 to 6, not \(consumption)")
            }
            return Enterprise(
                code: try keys.required("credit_code").creditCode(),
                name: try keys.required("name").text(),
                regionCode: try region.digits(6),
                typeCode: try keys.required("type_code").text(),
                typeName: try keys.required("type_name").text(),
                industryCode: try keys.required("industry_code").text(),
                isCentral: try keys.required("central").boolean(),
                isConverting: try keys.required("converting").boolean(),
                consumptionLevel: consumption,
                latitude: try keys.required("latitude").decimal(),
                longitude: try keys.required("longitude").decimal(),
                phone: try keys.required("phone").text())
        }
    }
}

extension Destination {
    static func read(_ node: DataNode) throws -> Destination {
        try node.mapping { keys in
            Destination(
                key: try keys.required("key").text(),
                dialect: try keys.required("dialect").oneOf(Dialect.self),
                registerURL: try keys.required("register").reading { try PlatformURL($0) },
                sending: try keys.required("send").oneOf(Sending.self))
        }
    }
}

extension MeteringPoint {
    static func read(_ node: DataNode) throws -> MeteringPoint {
        try node.mapping { keys in
            let codeNode = try keys.required("code")
            let code = try codeNode.reading { try DataCode($0) }
            let scope = try keys.required("scope").named(CollectionScope.self)
            _ = try codeNode.reading { _ in try code.check(against: scope) }
            let range = try keys.required("range")
            let (least, greatest) = try range.mapping {
                (try $0.required("least").decimal(), try $0.required("greatest").decimal())
            }
            guard least < greatest else {
                throw range.error("the range is empty: least \(least), greatest \(greatest)")
            }
            let ratio = try keys.optional("ratio")?.positive() ?? ExactDecimal(1)
            return MeteringPoint(
                key: try keys.required("key").text(), code: code,
                name: try keys.required("name").text(),
                device: try keys.required("device").text(),
                connection: try keys.required("connection").text(),
                channel: try keys.required("channel").text(),
                unit: try keys.required("unit").text(), ratio: ratio,
                rollsOverAt: try keys.optional("rolls_over_at")?.positive(),
                inputType: try keys.required("input").named(InputType.self),
                statistic: try keys.required("statistic").named(StatisticType.self), scope: scope,
                least: least, greatest: greatest, source: try keys.required("source").text())
        }
    }
}

extension DataNode {
    /// Reads the text with `body`, putting this place before its complaint.
    fileprivate func reading<T>(_ body: (String) throws -> T) throws -> T {
        do { return try body(text()) } catch let error as EnergyError {
            throw self.error(error.description)
        }
    }

    fileprivate func creditCode() throws -> SocialCreditCode {
        let text = try text()
        guard let code = SocialCreditCode(text) else {
            throw error(
                "'\(text)' is not a unified social credit code: copy the 18 characters from the "
                    + "business licence; the last one checks the others")
        }
        return code
    }

    fileprivate func decimal() throws -> ExactDecimal {
        let text = try text()
        guard let value = ExactDecimal(text) else {
            throw error("'\(path)' must be a decimal number of at most 18 digits, not '\(text)'")
        }
        return value
    }

    fileprivate func positive() throws -> ExactDecimal {
        let value = try decimal()
        guard value > ExactDecimal(0) else { throw error("'\(path)' must be above zero, not \(value)") }
        return value
    }

    fileprivate func digits(_ count: Int) throws -> String {
        let text = try text()
        guard text.count == count, text.allSatisfy({ ("0"..."9").contains($0) }) else {
            throw error("'\(path)' must be \(count) digits, not '\(text)'")
        }
        return text
    }

    fileprivate func named<T: NamedInPlan>(_ type: T.Type) throws -> T {
        let text = try text()
        guard let value = T.named(text) else {
            throw error("'\(path)' must be one of \(T.known), not '\(text)'")
        }
        return value
    }
}
